"""The roof as Django knows it: the secretariat's admin, and the commands that cross rooms."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SecretariatAdmin(AdminConfig):
    default_site = "rifess.desk.SecretariatSite"


class Roof(AppConfig):
    name = "rifess"
    label = "rifess"
    verbose_name = "RIFESS"

    def ready(self):
        from rifess import audit, checks, indexing, signing_in  # noqa: F401  (all but indexing register themselves)

        indexing.follow()
