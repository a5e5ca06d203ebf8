"""What visitors wrote, at the secretariat's desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.models import Enquiry
from rifess.base.admin import SecretariatModelAdmin


@admin.register(Enquiry)
class EnquiryAdmin(SecretariatModelAdmin):
    list_display = ["name", "email", "received_at", "language", "answered_on"]
    list_filter = [("answered_on", admin.EmptyFieldListFilter), "language"]
    date_hierarchy = "received_at"
    search_fields = ["name__resembles", "email", "text__resembles"]
    readonly_fields = ["name", "email", "language", "received_at", "text"]
    fieldsets = [
        (None, {"fields": [("name", "email", "language"), "received_at", "text"]}),
        (_("Answer"), {"fields": ["answered_on"]}),
    ]

    def has_add_permission(self, request):
        return False
