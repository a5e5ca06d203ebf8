"""When day, hour or place of a seminar change: what those who take part know, and the act that tells them."""

from auditlog.models import LogEntry
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models import AttendanceForm, LetterKind, LetterTold, Panel, Seminar
from events.notifications import send
from events.notifications.reminders import not_told_of_cancellation, not_told_of_reinstatement
from events.notifications.schedule_changes import SAYS_WHEN, unaware
from events.registration import workflow
from rifess.base.admin.confirmed_actions import GuidedAct
from rifess.base.admin.history import happenings

WHEN_AND_WHERE = [
    *(Seminar._meta.get_field(name) for name in ("starts_on", "ends_on", "time_zone", "place_es", "place_pt_br", "place_en")),
    *(Panel._meta.get_field(name) for name in ("held_on", "starts_at", "ends_at")),
]


class TellWhatChanged(GuidedAct):
    """Those who know another day, hour or place get a letter with what is so now."""

    title, button = gettext_lazy("Announce that the day, time or place has changed"), gettext_lazy("Send the letters")
    needs = ["events.change_registration"]

    def consequences(self, answers):
        people = unaware(self.row)
        count = people.count()
        if not count:
            return [_("Everyone who takes part has the current information. No emails will be sent.")]
        letter = ngettext(
            "%(count)d person has other information and gets the message “Changes”, in their language.",
            "%(count)d people have other information and get the message “Changes”, each in their language.",
            count,
        )
        return [letter % {"count": count}, *what_changed(self.row, people), *_now(self.row)]

    def carry_out(self, answers):
        if not self.row.is_published or self.row.is_cancelled or self.row.has_ended():
            raise ValidationError(
                _("Changes can only be announced for a published seminar that has not taken place."), code="over"
            )
        count = send.tell_each(unaware(self.row).order_by("pk"), LetterKind.CHANGED)
        if not count:
            raise ValidationError(_("Everyone has been notified."), code="told")
        said = ngettext("%(count)d person will be emailed.", "%(count)d people will be emailed.", count)
        return said % {"count": count}, reverse("admin:events_takingpart_change", args=[self.row.pk])


def offer_to_tell(request, seminar):
    """Say, after `seminar` was saved, who should hear of it, and lead to the act."""
    if not request.user.has_perms(TellWhatChanged.needs) or not seminar.is_published or seminar.has_ended():
        return
    if seminar.is_cancelled:
        _say_called_off(request, seminar)
    elif count := not_told_of_reinstatement(seminar).count():
        _say_reinstated(request, count)
    elif count := unaware(seminar).count():
        said = ngettext(
            "%(count)d participant knows another day, time or place.",
            "%(count)d participants know another day, time or place.",
            count,
        )
        url = reverse("admin:events_takingpart_tell-what-changed", args=[seminar.pk])
        link = format_html('<a href="{}">{}</a>', url, _("Notify them of the changes"))
        messages.warning(request, format_html("{} {}", said % {"count": count}, link))


def _say_called_off(request, seminar):
    workflow.suspend_offers(seminar)
    if count := not_told_of_cancellation(seminar).count():
        said = ngettext(
            "%(count)d participant is notified within minutes that it is cancelled.",
            "%(count)d participants are notified within minutes that it is cancelled.",
            count,
        )
        messages.warning(request, said % {"count": count})


def _say_reinstated(request, count):
    said = ngettext(
        "%(count)d person who read that it is cancelled is told within minutes that it takes place after all.",
        "%(count)d people who read that it is cancelled are told within minutes that it takes place after all.",
        count,
    )
    restored = _(
        "Registrations stand as they were. Offers begin anew: free places are offered to those who wait, in their order."
    )
    messages.warning(request, f"{said % {'count': count}} {restored}")


def what_changed(seminar, people):
    """Sentences: each day, hour or place that was written otherwise when the first of `people` was told."""
    told = LetterTold.objects.filter(registration__in=people.order_by().values("pk"), kind__in=SAYS_WHEN)
    since = told.aggregate(first=Min("told_at"))["first"]
    with timezone.override(seminar.zone):
        changes = [
            (happening.what, change)
            for happening in happenings(_entries(seminar, since))
            for change in happening.changes
            if change.name in {capfirst(str(column.verbose_name)) for column in WHEN_AND_WHERE}
        ]
    return [
        _("%(what)s: %(name)s was “%(before)s”, is “%(after)s”.")
        % {"what": what, "name": change.name, "before": change.before, "after": change.after}
        for what, change in changes
    ]


def _entries(seminar, since):
    """What the log has of `seminar` and its panels after the moment `since`, in order."""
    types = ContentType.objects.get_for_models(Seminar, Panel)
    of_panels = Q(content_type=types[Panel], object_id__in=list(seminar.panels.values_list("pk", flat=True)))
    entries = LogEntry.objects.filter(of_panels | Q(content_type=types[Seminar], object_id=seminar.pk), timestamp__gt=since)
    return entries.filter(action=LogEntry.Action.UPDATE).select_related("actor", "content_type").order_by("timestamp", "pk")


def _now(seminar):
    """What the letter says of it, in the language of the desk."""
    forms = seminar.seats.values_list("form", flat=True)
    form = AttendanceForm.IN_PERSON if AttendanceForm.IN_PERSON in forms else AttendanceForm.VIRTUAL
    facts = send.facts_of(LetterKind.CHANGED, {"when": send.say_when(seminar), "place": str(send.say_place(seminar, form))})
    return [f"{name}: {fact}" for name, fact in facts]
