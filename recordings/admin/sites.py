"""The sites that the secretariat trusts: their players and files may be loaded by our pages."""

from django.contrib import admin

from recordings.models import TrustedHost
from rifess.base.admin.pages import SecretariatModelAdmin


@admin.register(TrustedHost)
class TrustedHostAdmin(SecretariatModelAdmin):
    list_display = ["name", "note"]
    search_fields = ["name", "note__resembles"]
    fields = ["name", "note"]
