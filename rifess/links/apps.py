from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Links(AppConfig):
    name = "rifess.links"
    label = "links"
    verbose_name = _("Links")
