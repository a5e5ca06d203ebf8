"""The participants at the secretariat's desk: who they are, what they were told, whether they came."""

from functools import partial

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from events import address_corrections
from events.admin.clocks import on_the_clock_of
from events.admin.exports import ExportsParticipants
from events.admin.participant_acts import ACTS_BY_STATE, AttendOtherwise, Cancel, Decline, NoteThatTheyCame
from events.models import (
    Attendance,
    Certificate,
    LetterKind,
    LetterTold,
    Registration,
    RegistrationAnswer,
    Seminar,
)
from events.notifications import mailings, send
from events.programme.status import takes_place
from events.registration import seat_counters, workflow
from rifess.base.admin.confirmed_actions import WithActs
from rifess.base.admin.pages import (
    EVERYWHERE,
    ChoiceFilter,
    FindsCountries,
    SecretariatInline,
    SecretariatModelAdmin,
    act_on_each,
)
from rifess.base.integers import whole_number

LISTED = 30  # seminars in the filter


class OfSeminar(admin.SimpleListFilter):
    """The latest seminars for which somebody registered; an older one is reached from its own page."""

    title, parameter_name = _("seminar"), "seminar"

    def lookups(self, request, model_admin):
        registered = Registration.objects.order_by().values("seminar")
        latest = Seminar.objects.filter(pk__in=registered).order_by("-starts_on", "-pk")[:LISTED]
        found = {str(seminar.pk): seminar.title for seminar in latest}
        return (self._asked_for(request, found) | found).items()

    def _asked_for(self, request, found):
        asked = request.GET.get(self.parameter_name, "")
        if whole_number(asked) is None or asked in found:
            return {}
        return {str(seminar.pk): seminar.title for seminar in Seminar.objects.filter(pk=asked)}

    def queryset(self, request, queryset):
        number = whole_number(self.value() or "")
        return queryset if number is None else queryset.filter(seminar=number)


class OfCountry(admin.SimpleListFilter):
    """Only countries that somebody is of."""

    title, parameter_name = _("country"), "country"

    def lookups(self, request, model_admin):
        codes = set(Registration.objects.order_by().values_list("country", flat=True).distinct())
        return [(code, name) for code, name in countries if code in codes]

    def queryset(self, request, queryset):
        return queryset.filter(country=self.value()) if self.value() else queryset


class Attended(ChoiceFilter):
    title, parameter_name = pgettext_lazy("participants", "who came"), "came"
    questions = {
        "yes": (_("came"), lambda found: found.filter(came=True)),
        "no": (_("did not come"), lambda found: found.filter(came=False)),
    }


class Needs(ChoiceFilter):
    title, parameter_name = _("support they need"), "needs"
    questions = {"stated": (_("stated"), lambda found: found.exclude(needs=""))}


class ReadOnlyInline(SecretariatInline):
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class AnswerInline(ReadOnlyInline):
    model = RegistrationAnswer
    fields = ["question", "answered"]
    readonly_fields = ["answered"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question").prefetch_related("chosen")

    @admin.display(description=_("answer"))
    def answered(self, answer):
        return answer.in_words()


class AttendanceInline(ReadOnlyInline):
    """What is wrong may be taken out; what is missing is noted by an act."""

    model = Attendance
    can_delete = True
    fields = [("panel", "source", "minutes"), ("came_at", "left_at", "recorded_at")]
    readonly_fields = ["recorded_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("panel", "registration")


class LetterInline(ReadOnlyInline):
    model = LetterTold
    fields = [("what", "told_at", "fate")]
    readonly_fields = ["what", "fate"]
    verbose_name_plural = _("letters written to them, and what became of each")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("message", "registration")

    @admin.display(description=_("letter"))
    def what(self, told):
        if told.kind == mailings.KIND:
            return told.message.subject if told.message else gettext("email of the Secretariat")
        return dict(LetterKind.choices).get(told.kind, told.kind)

    @admin.display(description=_("result of sending"))
    def fate(self, told):
        if told.message is None:
            return "–"
        url = reverse("admin:members_message_change", args=[told.message.pk])
        return format_html('<a href="{}">{}</a>', url, told.message.get_state_display())


class CertificateInline(ReadOnlyInline):
    model = Certificate
    fields = [("code", "kind", "name"), ("issued_at", "revoked_at")]
    readonly_fields = ["code", "revoked_at"]
    show_change_link = True


@admin.register(Registration)
class RegistrationAdmin(ExportsParticipants, FindsCountries, WithActs, SecretariatModelAdmin):
    """What somebody said of themselves is corrected here; what became of their registration only by acts."""

    list_display = ["who", "comes_from", "country", "attends", "state", "attended", "certified"]
    list_filter = [OfSeminar, "state", "form", OfCountry, "sector", Attended, Needs, "language", "origin"]
    date_hierarchy = "written_at"
    list_select_related = ["institution"]
    search_fields = ["name__resembles", "email__resembles", "code__resembles", "institution_name__resembles"]
    autocomplete_fields = ["institution"]
    inlines = [AnswerInline, AttendanceInline, CertificateInline, LetterInline]
    acts = {"came": NoteThatTheyCame, "decline": Decline, "otherwise": AttendOtherwise, "cancel": Cancel}
    actions = ["approve", "send_the_link"]
    view_on_site = False  # their signed page is theirs
    readonly_fields = [
        "of",
        "form",
        "state",
        "code",
        "origin",
        "notice",
        "agreed_at",
        "written_at",
        "confirmed_at",
        "place_in_line",
        "offer_expires_at",
        "ended_at",
        "ended_by",
        "added_by",
        "decided_by",
        "decided_at",
        "anonymized_at",
        "mailings_ended_at",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "of",
                    ("state", "form", "code"),
                    ("place_in_line", "offer_expires_at"),
                    ("decided_by", "decided_at"),
                    ("ended_at", "ended_by", "anonymized_at"),
                ]
            },
        ),
        (
            _("Who it is"),
            {
                "fields": ["name", "email", ("country", "sector"), ("institution_name", "institution"), "position"],
                "description": _(
                    "If they have a certificate already, issue it again after the name is corrected. Where the address is "
                    "corrected, they are written their link there, and the registration belongs to the account of that address, "
                    "if there is one. The links sent to the former address end; a certificate sent there is issued again."
                ),
            },
        ),
        (_("What they need"), {"fields": [("language", "listens_in"), "needs", "mailings_ended_at"]}),
        (_("Notes"), {"fields": ["notes"]}),
        (_("How they came here"), {"fields": [("origin", "added_by"), ("written_at", "confirmed_at"), ("notice", "agreed_at")]}),
    ]

    class Media:
        css = {"all": ["rifess/admin-desk.css"]}

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """Nothing is written about somebody who was made anonymous."""
        return (obj is None or obj.anonymized_at is None) and super().has_change_permission(request, obj)

    def lookup_allowed(self, lookup, value, request):
        return lookup == OfSeminar.parameter_name or super().lookup_allowed(lookup, value, request)

    def hold_before(self, registration):
        seat_counters.locked(registration.seminar_id)

    def columns(self):
        came = Attendance.objects.filter(registration=OuterRef("pk"))
        certificates = Certificate.objects.valid().filter(registration=OuterRef("pk"))
        return {"came": Exists(came), "has_certificate": Exists(certificates)}

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        row = self.get_object(request, object_id)
        if row is None:
            return super().changeform_view(request, object_id, *args, **kwargs)
        return on_the_clock_of(row.seminar.zone, super().changeform_view, request, object_id, *args, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        words = ACTS_BY_STATE.get(row.state, []) if row else []
        acts = [
            {"title": self.acts[word].title, "route": f"admin:events_registration_{word}"}
            for word in words
            if request.user.has_perms(self.acts[word].needs)
        ]
        return super().change_view(request, object_id, form_url, {"acts": acts, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        """Only what was typed: meanwhile a seat may have been offered, or given back."""
        obj.save(update_fields=[name for name in form.changed_data if name in form.fields and hasattr(obj, name)])
        if "email" in form.changed_data and obj.email.lower() != form.initial["email"].lower():
            self._follow_the_address(request, obj)

    def _follow_the_address(self, request, registration):
        """The links sent to the former address end, and what that means is said."""
        followed = address_corrections.follow(registration, by=request.user)
        self.message_user(request, gettext("The links that were sent to the former address have ended."), messages.SUCCESS)
        if followed.certificates:
            sentence = gettext("The certificate that was sent there is no longer valid, because its code was in that message.")
            self.message_user(request, sentence, messages.WARNING)
        if followed.letters:
            self._say_letters_written(request, followed.letters)
        else:
            sentence = gettext(
                "The address is corrected. No letter is written, because the registration or its seminar is over or cancelled."
            )
            self.message_user(request, sentence, messages.WARNING)

    @admin.display(description=_("name"), ordering="name")
    def who(self, registration):
        return registration.name or gettext("made anonymous (%(code)s)") % {"code": registration.code}

    @admin.display(description=_("institution"), ordering="institution_name")
    def comes_from(self, registration):
        return registration.institution_name or registration.institution or "–"

    @admin.display(description=pgettext_lazy("participants", "attends"), ordering="form")
    def attends(self, registration):
        return registration.get_form_display()

    @admin.display(description=_("seminar"))
    def of(self, registration):
        url = reverse("admin:events_takingpart_change", args=[registration.seminar_id])
        return format_html('<a href="{}">{}</a>', url, registration.seminar)

    @admin.display(description=_("came"), boolean=True, ordering="came")
    def attended(self, registration):
        return registration.came

    @admin.display(description=_("certificate"), boolean=True, ordering="has_certificate")
    def certified(self, registration):
        return registration.has_certificate

    @admin.action(description=_("Approve: give them a place"), permissions=["change"], location=EVERYWHERE)
    def approve(self, request, queryset):
        approve = partial(workflow.approve, by=request.user)
        if done := len(act_on_each(self, request, queryset, approve)):
            sentence = ngettext("%(count)d registration is approved.", "%(count)d registrations are approved.", done)
            self.message_user(request, sentence % {"count": done}, messages.SUCCESS)

    @admin.action(description=_("Send them their link again"), permissions=["change"], location=EVERYWHERE)
    def send_the_link(self, request, queryset):
        done, paused = 0, 0
        for registration in queryset.reachable().select_related("seminar"):
            if not takes_place(registration.seminar):
                sentence = gettext("%(name)s: “%(seminar)s” is cancelled, over or not published. No letter is written.")
                said = {"name": registration, "seminar": registration.seminar}
                self.message_user(request, sentence % said, messages.WARNING)
            elif send.was_just_told(registration, kind := send.kind_of_state(registration)):
                paused += 1
            elif send.tell(registration, kind):
                done += 1
        if paused:
            sentence = ngettext(
                "%(count)d person was sent it in the last 15 minutes: no other letter is written.",
                "%(count)d people were sent it in the last 15 minutes: no other letter is written.",
                paused,
            )
            self.message_user(request, sentence % {"count": paused}, messages.WARNING)
        self._say_letters_written(request, done)

    def _say_letters_written(self, request, done):
        sentence = ngettext("%(count)d letter with the link is written.", "%(count)d letters with the link are written.", done)
        self.message_user(request, sentence % {"count": done}, messages.SUCCESS if done else messages.WARNING)
