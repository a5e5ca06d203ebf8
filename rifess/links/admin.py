"""The secretariat's list of what broke, since when, and where a copy is."""

from datetime import UTC, timedelta

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rifess.base.admin.pages import EVERYWHERE, ChoiceFilter, SecretariatInline, SecretariatModelAdmin
from rifess.links.models import Address, Check
from rifess.links.policy import refuse_address
from rifess.links.tasks import check_addresses

AT_ONCE = 20
CHECKS_SHOWN = 20
MOMENTS = ("answered_at", "checked_at", "last_outcome")
RECENTLY = timedelta(days=30)


class Trouble(ChoiceFilter):
    title, parameter_name = _("trouble"), "trouble"
    questions = {
        "recent": (_("broke in the last 30 days"), lambda addresses: addresses.broken_since(_today() - RECENTLY)),
        "failing": (_("did not answer the last time"), lambda addresses: addresses.failing()),
        "look": (_("to be looked at by a person"), lambda addresses: addresses.undecided()),
        "no-copy": (_("dead, and no copy known"), lambda addresses: addresses.dead().filter(archived_url="")),
    }


def _today():
    """In UTC, as the days of failures are counted (rifess.links.models)."""
    return timezone.now().astimezone(UTC).date()


class ReadOnly:
    """What the checks write, nobody types."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class CheckInline(ReadOnly, SecretariatInline):
    model = Check
    verbose_name_plural = _("the last checks")
    fields = [("checked_at", "outcome", "status"), ("detail", "final_url")]

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        last = Check.objects.filter(address=request.resolver_match.kwargs["object_id"])[:CHECKS_SHOWN]
        return super().get_queryset(request).filter(pk__in=[check.pk for check in last])


@admin.register(Address)
class AddressAdmin(ReadOnly, SecretariatModelAdmin):
    list_display = ["url", "state", "failing_since", "checked_at", "last_outcome"]
    list_filter = ["state", Trouble, "last_outcome"]
    search_fields = ["url", "archived_url"]
    readonly_fields = [
        "link",
        "state",
        "failing_since",
        "failed_days",
        "answered_at",
        "checked_at",
        "last_outcome",
        "look_for_copy",
    ]
    inlines = [CheckInline]
    actions = ["check_now"]
    fieldsets = [
        (None, {"fields": ["link", ("state", "failing_since", "failed_days"), MOMENTS]}),
        (_("A copy"), {"fields": ["look_for_copy", "archived_url"]}),
    ]

    @admin.display(description=_("web address"))
    def link(self, address):
        try:
            refuse_address(address.url)
        except ValidationError:
            return address.url
        return _link(address.url)

    @admin.display(description=_("look for a copy"))
    def look_for_copy(self, address):
        """A link for the secretariat to follow; nothing is fetched from there."""
        return _link(f"https://web.archive.org/web/*/{address.url}")

    @admin.action(description=_("Check now"), permissions=["change"], location=EVERYWHERE)
    def check_now(self, request, queryset):
        ids = list(queryset.values_list("pk", flat=True)[:AT_ONCE])
        check_addresses.enqueue(ids)
        sentence = ngettext(
            "%(count)d address is being checked. Load this page again in a minute.",
            "%(count)d addresses are being checked. Load this page again in a minute.",
            len(ids),
        )
        self.message_user(request, sentence % {"count": len(ids)}, messages.SUCCESS)
        if queryset.count() > AT_ONCE:
            self.message_user(request, _("At most 20 are checked at once; the others wait for the night."), messages.WARNING)

    check_now.takes_any_number = True


def _link(url):
    return format_html('<a href="{0}" rel="noreferrer">{0}</a>', url)
