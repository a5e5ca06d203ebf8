"""Invitations at the secretariat's desk: who was invited to what, when it was sent, and the answer."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from members.invitations import check, invite, resend, revoke, roles_within_reach, sendings
from members.models import Invitation
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.admin.pages import EVERYWHERE, ChoiceFilter, SecretariatModelAdmin, resembles
from rifess.base.admin.reauthentication import confirm_oneself

ASKED = ["person", "email", "membership", "role", "language", "mandate_due_on", "accreditation"]


class InvitationForm(CarefulForm):
    """Says at once what an invitation contradicts."""

    def clean(self):
        given = super().clean()
        if not self.errors and not self.instance.pk:
            check(Invitation(**{name: given[name] for name in ASKED if name in given}))
        return given


class WhatBecameOfIt(ChoiceFilter):
    title, parameter_name = _("state"), "state"
    questions = {
        "waiting": (_("waiting for an answer"), lambda rows: rows.open()),
        "accepted": (_("accepted"), lambda rows: rows.filter(accepted_at__isnull=False)),
        "expired": (_("expired"), lambda rows: rows.expired()),
        "revoked": (_("withdrawn"), lambda rows: rows.filter(revoked_at__isnull=False)),
    }


@admin.register(Invitation)
class InvitationAdmin(SecretariatModelAdmin):
    """What is saved here goes out: an invitation is not changed afterwards, but taken back and made anew."""

    form = InvitationForm
    list_display = ["person", "membership", "role", "email", "language", "what_became_of_it", "sent_at", "sendings", "expires_at"]
    list_filter = [WhatBecameOfIt, "role", "language"]
    list_select_related = ["person", "membership__institution"]
    date_hierarchy = "invited_at"
    search_fields = ["person__name__resembles", "email", *resembles("membership__institution__name")]
    autocomplete_fields = ["person", "membership"]
    actions = ["send_once_more", "take_back"]
    asked = [
        (
            None,
            {
                "fields": ["person", "email", ("membership", "role"), "language"],
                "description": _("Saving sends it. It cannot be changed afterwards: withdraw it and make another."),
            },
        ),
        (_("The mandate it offers"), {"fields": [("mandate_due_on", "accreditation")]}),
    ]
    answered = (
        _("Result of sending"),
        {"fields": ["what_became_of_it", ("accepted_at", "accepted_by", "mandate"), ("revoked_at", "revoked_by")]},
    )
    sent = (_("When it was sent"), {"fields": [("invited_by", "invited_at"), "history", "expires_at"]})

    def get_fieldsets(self, request, obj=None):
        return [*self.asked, self.answered, self.sent] if obj else self.asked

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request):
        return request.user.has_perm("members.change_invitation")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Only roles whose rights the user has, too, can be chosen."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role":
            offered = roles_within_reach(request.user)
            field.choices = [choice for choice in field.choices if choice[0] in {"", *offered}]
        return field

    def save_model(self, request, obj, form, change):
        if obj.is_for_staff:  # it gives the rights of a group
            confirm_oneself(request)
        invite(obj, by=request.user)

    @admin.display(description=_("state"))
    def what_became_of_it(self, invitation):
        return invitation.state(timezone.now()).label

    @admin.display(description=_("messages"))
    def history(self, invitation):
        rows = ((date_format(each.written_at, "DATETIME_FORMAT"), each.get_state_display()) for each in sendings(invitation))
        return format_html_join("", "<div>{} (UTC): {}</div>", rows) or "-"

    @admin.action(description=_("Send again, with a new link"), permissions=["send"], location=EVERYWHERE)
    def send_once_more(self, request, queryset):
        self._each(request, queryset, resend, said("%(person)s: sent again."))

    @admin.action(description=_("Withdraw"), permissions=["send"], location=EVERYWHERE)
    def take_back(self, request, queryset):
        self._each(request, queryset, lambda row: revoke(row, by=request.user), said("%(person)s: taken back."))

    def _each(self, request, queryset, act, done):
        for invitation in queryset.select_related("person"):
            try:
                act(invitation)
                self.message_user(request, done % {"person": invitation.person}, messages.SUCCESS)
            except ValidationError as refusal:
                self.message_user(request, f"{invitation.person}: {' '.join(refusal.messages)}", messages.ERROR)
