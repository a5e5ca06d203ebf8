"""The outbox at the secretariat's desk: what was written to whom, and what became of it."""

import re

from django.contrib import admin, messages
from django.db.models.functions import Length
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.models import Message
from members.outbox.mail import send_again
from rifess.base.admin.pages import EVERYWHERE, SecretariatModelAdmin

# A part of an address that ends with a signature as django.core.signing makes them: 43 letters behind ":" (or "." here).
SIGNED = re.compile(r"[^\s/\"<>]+(?::|%3A|\.)[\w-]{43}(?![\w-])", re.IGNORECASE)
MASK = "•••"


def without_signed_links(text):
    """`text` without what opens the private page of a person: the desk has pages of its own for what it may see."""
    return SIGNED.sub(MASK, text)


class TroubleFilter(admin.SimpleListFilter):
    title, parameter_name = _("trouble"), "trouble"
    asks = {"any": "in_trouble", "given-up": "given_up", "overdue": "overdue"}

    def lookups(self, request, model_admin):
        return [
            ("any", _("any")),
            ("given-up", _("not sent, or uncertain")),
            ("overdue", _("waiting for more than an hour")),
        ]

    def queryset(self, request, queryset):
        if self.value() in self.asks:
            found = getattr(Message.objects, self.asks[self.value()])()
            return queryset.filter(pk__in=found.order_by().values("pk"))


@admin.register(Message)
class MessageAdmin(SecretariatModelAdmin):
    """To be read only. What lets somebody in is shown nowhere."""

    list_display = ["subject", "to", "state", "attempts", "written_at", "next_try_at", "sent_at", "what_happened", "kind"]
    list_filter = [TroubleFilter, "state", "is_bulk", "kind", "language"]
    date_hierarchy = "written_at"
    search_fields = ["to", "subject__resembles"]
    fieldsets = [
        (None, {"fields": ["subject", ("to", "user", "reply_to"), ("kind", "language"), ("is_bulk", "ends")]}),
        (
            _("Result of sending"),
            {"fields": ["state", "attempts", ("written_at", "sent_at", "next_try_at", "expires_at"), "trouble"]},
        ),
        (_("What it says"), {"fields": ["words", "files"]}),
    ]
    readonly_fields = ["words", "files", "ends"]
    actions = ["try_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request):
        return request.user.has_perm("members.change_message")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("html")

    @admin.display(description=_("text"))
    def words(self, message):
        return _("It lets someone in: it is not shown.") if message.is_secret else without_signed_links(message.text)

    @admin.display(description=_("address that ends such messages"))
    def ends(self, message):
        return without_signed_links(message.unsubscribe_url)

    @admin.display(description=_("attachments"))
    def files(self, message):
        files = message.attachments.defer("content").annotate(size=Length("content"))
        lines = format_html_join(
            "", "<li>{} ({}, {})</li>", ((file.name, file.content_type, filesizeformat(file.size)) for file in files)
        )
        return format_html("<ul>{}</ul>", lines) if lines else None

    @admin.display(description=_("what happened"), ordering="trouble")
    def what_happened(self, message):
        return Truncator(message.trouble).chars(60)

    @admin.action(description=_("Send again what failed or is uncertain"), permissions=["send"], location=EVERYWHERE)
    def try_again(self, request, queryset):
        count = send_again(queryset)
        said = ngettext("%(count)d message goes again.", "%(count)d messages go again.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)

    try_again.takes_any_number = True
