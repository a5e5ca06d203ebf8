from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Search(AppConfig):
    name = "rifess.search"
    label = "search"
    verbose_name = _("Search")
