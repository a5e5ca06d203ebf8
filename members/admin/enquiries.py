"""What visitors wrote, at the secretariat's desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.enquiries import accept_suspected
from members.models import Enquiry
from rifess.base.admin.pages import SecretariatModelAdmin


@admin.register(Enquiry)
class EnquiryAdmin(SecretariatModelAdmin):
    list_display = ["name", "email", "received_at", "language", "answered_on", "is_suspected_spam"]
    list_filter = [("answered_on", admin.EmptyFieldListFilter), "is_suspected_spam", "language"]
    date_hierarchy = "received_at"
    search_fields = ["name__resembles", "email", "text__resembles"]
    readonly_fields = ["name", "email", "language", "received_at", "text", "is_suspected_spam"]
    actions = ["accept"]
    fieldsets = [
        (None, {"fields": [("name", "email", "language"), "received_at", "text", "is_suspected_spam"]}),
        (_("Answer"), {"fields": ["answered_on"]}),
    ]

    @admin.action(description=_("Not spam: send to the Secretariat by email"), permissions=["change"])
    def accept(self, request, chosen):
        count = accept_suspected(chosen)
        said = ngettext(
            "%(count)d message was sent to the Secretariat.", "%(count)d messages were sent to the Secretariat.", count
        )
        self.message_user(request, said % {"count": count})

    def has_add_permission(self, request):
        return False
