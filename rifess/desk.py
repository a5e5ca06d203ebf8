"""The secretariat's desk: the front page of the administration."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SecretariatSite(admin.AdminSite):
    site_title = _("RIFESS Secretariat")
    site_header = _("Secretariat of the Network")
    index_title = _("Desk")
