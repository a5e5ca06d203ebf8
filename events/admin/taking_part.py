"""Who takes part in a seminar, at the secretariat's desk: its terms, seats and questions; how many registered and came."""

from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.admin.clocks import city_of, on_the_clock_of
from events.admin.door import ReceivesAtTheDoor
from events.admin.figures import ShowsFigures
from events.admin.issuing import IssuesCertificates, RulesInline
from events.admin.letters import WritesLetters
from events.admin.live import LIVE_INLINES, LooksAtQuestions
from events.admin.participant_acts import AddParticipant
from events.admin.participant_lists import BringsParticipantLists
from events.admin.platform_lists import BringsPlatformLists
from events.admin.questions import QuestionInline
from events.admin.surveys import ShowsSurvey, SurveyInline
from events.admin.telling import TellWhatChanged
from events.models import (
    Attendance,
    MissedReminder,
    Registration,
    RegistrationState,
    RegistrationTerms,
    Seats,
    TakingPart,
)
from events.notifications.reminders import reminders_of
from events.notifications.schedule_changes import changed_untold
from events.registration import workflow
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.admin.pages import ChoiceFilter, SecretariatInline, SecretariatModelAdmin, how_many, resembles
from rifess.base.dates import say_days
from rifess.base.integers import whole_number

SEATS_HOLD = next(each for each in Seats._meta.constraints if each.name == "no_seat_is_sold_twice")


def in_state(*states):
    return how_many(Registration.objects.filter(state__in=states), of="seminar")


class ComingOrPast(ChoiceFilter):
    title, parameter_name = pgettext_lazy("seminar", "when"), "when"
    questions = {
        "coming": (_("coming or under way"), lambda seminars: seminars.upcoming()),
        "past": (pgettext_lazy("seminars", "past"), lambda seminars: seminars.past()),
        "untold": (_("changed, and not told yet"), lambda seminars: seminars.filter(pk__in=changed_untold())),
        "missed": (
            _("reminders not sent in time"),
            lambda seminars: seminars.filter(pk__in=MissedReminder.objects.recent().order_by().values("seminar")),
        ),
    }


class TermsInline(SecretariatInline):
    model = RegistrationTerms
    fields = [("opens_at", "closes_at"), ("needs_approval", "hours_to_accept")]


class SeatsForm(CarefulForm):
    """Only the capacity is typed. What is taken is counted elsewhere, at the same time, and never written from here."""

    class Meta:
        model = Seats
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "form" in self.fields:
            self.fields["form"].disabled = True

    def _post_clean(self):
        super()._post_clean()
        if self.instance.pk and "capacity" in self.cleaned_data:
            self._hold_who_has_a_seat()

    def _hold_who_has_a_seat(self):
        self.instance.refresh_from_db(fields=["taken"])
        try:
            SEATS_HOLD.validate(Seats, self.instance)
        except ValidationError:
            self.add_error("capacity", ValidationError(SEATS_HOLD.violation_error_message, code="taken"))

    def save(self, commit=True):
        if not (commit and self.instance.pk):
            return super().save(commit)
        self.instance.save(update_fields=["capacity"])
        return self.instance


class SeatsFormSet(forms.BaseInlineFormSet):
    """Seats that somebody has, waits for or had, stay."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            seats = form.instance
            if self._should_delete_form(form) and seats.seminar.registrations.filter(form=seats.form).exists():
                raise ValidationError(_("People have registered for these places: they stay. Set them to none."), code="used")


class SeatsInline(SecretariatInline):
    model, form, formset = Seats, SeatsForm, SeatsFormSet
    fields = [("form", "capacity"), ("taken", "in_line")]
    readonly_fields = ["taken", "in_line"]
    max_num = 2
    verbose_name_plural = _("places: if there are more, one is offered at once to the person waiting")


INLINES = [
    TermsInline,
    SeatsInline,
    QuestionInline,
    *LIVE_INLINES,
    RulesInline,
    SurveyInline,
]
ACTS = {
    "add-participant": AddParticipant,
    "tell-what-changed": TellWhatChanged,
}


@admin.register(TakingPart)
class TakingPartAdmin(
    LooksAtQuestions,
    ReceivesAtTheDoor,
    BringsParticipantLists,
    BringsPlatformLists,
    ShowsFigures,
    ShowsSurvey,
    IssuesCertificates,
    WritesLetters,
    WithActs,
    SecretariatModelAdmin,
):
    """A page of each seminar's beside its own: the seminar is only read here."""

    list_display = ["title", "day", "registration", "confirmed", "waiting", "to_approve", "attended"]
    list_filter = [ComingOrPast]
    date_hierarchy = "starts_on"
    search_fields = [*resembles("title", "place"), "slug"]
    inlines = INLINES
    acts = ACTS
    readonly_fields = ["seminar", "day", "clock", "reminders", "registration", "confirmed", "waiting", "to_approve", "attended"]
    fieldsets = [
        (
            None,
            {
                "fields": ["seminar", ("day", "registration"), "clock", "reminders"],
                "description": _("Registration is possible once there are terms and places, and the seminar is published."),
            },
        ),
        (_("So far"), {"fields": [("confirmed", "waiting", "to_approve", "attended")]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("terms").prefetch_related("seats")

    def columns(self):
        came = Exists(Attendance.objects.filter(registration=OuterRef("pk")))
        return {
            "confirmed_count": in_state(RegistrationState.CONFIRMED),
            "waiting_count": in_state(RegistrationState.WAITING, RegistrationState.OFFERED),
            "to_approve_count": in_state(RegistrationState.TO_APPROVE),
            "attended_count": how_many(Registration.objects.filter(came), of="seminar"),
        }

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Who takes part"), **(extra_context or {})})

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        seminar = TakingPart.objects.filter(pk=whole_number(str(object_id))).first()
        zone = seminar.zone if seminar else ZoneInfo(settings.NETWORK_TIME_ZONE)
        return on_the_clock_of(zone, super().changeform_view, request, object_id, *args, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {"title": _("Who takes part"), **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        """The seminar itself is written on its own page."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for seats in Seats.objects.filter(seminar=form.instance):
            workflow.fill(seats)

    @admin.display(description=_("seminar"))
    def seminar(self, seminar):
        return format_html('<a href="{}">{}</a>', reverse("admin:events_seminar_change", args=[seminar.pk]), seminar)

    @admin.display(description=_("day"), ordering="starts_on")
    def day(self, seminar):
        return say_days(seminar.starts_on, seminar.ends_on)

    @admin.display(description=_("clock"))
    def clock(self, seminar):
        return gettext("Every time on this page is that of %(city)s.") % {"city": city_of(seminar.zone)}

    @admin.display(description=_("automatic reminders"))
    def reminders(self, seminar):
        """When each is sent from, in order: while the seminar is a draft or cancelled, none of them is."""
        found = sorted(reminders_of(seminar), key=lambda each: each.since)
        rows = ((each.kind.label, date_format(localtime(each.since, seminar.zone), "SHORT_DATETIME_FORMAT")) for each in found)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", rows))

    @admin.display(description=pgettext_lazy("participants", "registration"))
    def registration(self, seminar):
        return standing(seminar)

    @admin.display(description=pgettext_lazy("participants", "confirmed"), ordering="confirmed_count")
    def confirmed(self, seminar):
        return seminar.confirmed_count

    @admin.display(description=pgettext_lazy("participants", "waiting"), ordering="waiting_count")
    def waiting(self, seminar):
        return seminar.waiting_count

    @admin.display(description=pgettext_lazy("participants", "to look at"), ordering="to_approve_count")
    def to_approve(self, seminar):
        return seminar.to_approve_count

    @admin.display(description=pgettext_lazy("participants", "came"), ordering="attended_count")
    def attended(self, seminar):
        return seminar.attended_count


def standing(seminar, now=None):
    """Whether one may register for `seminar` at `now`, in a few words."""
    terms, now = getattr(seminar, "terms", None), now or timezone.now()
    if terms is None or not seminar.seats.all():
        return gettext("not offered")
    if terms.is_open(now):
        return gettext("open")
    if not seminar.is_published:
        return gettext("once it is published")
    if terms.opens_at and terms.opens_at > now and not seminar.is_cancelled:
        opens = date_format(timezone.localtime(terms.opens_at, seminar.zone), "SHORT_DATETIME_FORMAT")
        return gettext("opens %(moment)s (%(city)s time)") % {"moment": opens, "city": city_of(seminar.zone)}
    return gettext("closed")
