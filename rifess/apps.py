"""The project as Django knows it: its administration, and the place of its catalogues."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SecretariatAdmin(AdminConfig):
    default_site = "rifess.portal.secretariat_desk.SecretariatSite"


class Project(AppConfig):
    name = "rifess"
    verbose_name = "RIFESS"
