"""What the secretariat types about a seminar, checked."""

from datetime import date, datetime, timedelta

from django.contrib import admin
from django.contrib.admin.widgets import AdminTimeWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from events.models import (
    AttendanceState,
    ConsultationOption,
    Intervention,
    MeetingAttendance,
    Panel,
    PrintedPosition,
    Seminar,
    default_audience,
)
from events.programme.time_zone_change import (
    Keep,
    RepeatedHour,
    has_times,
    is_repeated,
    last_day_of,
    move_zone,
    to_clock,
    to_instant,
)
from members.models import Institution, is_wider
from rifess.base.admin.autocomplete import AutocompleteSelect
from rifess.base.admin.optimistic_lock import CarefulForm
from rifess.base.cleaned import forms
from rifess.base.text.translated import text_of

POSITIONS = (1, 2)
POSITION_INSTITUTIONS = [f"institution_{n}" for n in POSITIONS]
LONGEST_PANEL = timedelta(hours=12)
TEXTS = ("es", "pt_br", "en")


class SeminarForm(CarefulForm):
    """A new time zone is no plain value: times are written in it. `move_zone` says what happens to them."""

    keep = forms.ChoiceField(
        label=_("when the time zone changes, keep"),
        choices=[("", "---------"), *Keep.choices],
        required=False,
        help_text=_("Only asked when the zone changes and panels, or the opening and closing of registration, have times."),
    )

    longest = {("starts_on", "ends_on"): timedelta(days=31)}

    class Meta:
        model = Seminar
        fields = []

    def unlikely(self, cleaned):
        yield from super().unlikely(cleaned)
        kind, audience = cleaned.get("kind"), cleaned.get("audience")
        if {"kind", "audience"} & {*self.changed_data} and is_wider(audience, than=default_audience(kind)):
            yield "audience", _("A network meeting is for members, and everyone could read this one. Is that right?")

    def clean(self):
        cleaned = super().clean()
        self.new_zone = None
        if self.instance.pk and "time_zone" in cleaned and cleaned["time_zone"] != self.instance.time_zone:
            self.new_zone = cleaned["time_zone"]
            self._ask_what_stays(cleaned)
        return cleaned

    def _ask_what_stays(self, cleaned):
        if not has_times(self.instance):
            return
        if not cleaned.get("keep"):
            self.add_error("keep", ValidationError(_("This seminar has times: say what stays of them."), code="keep"))
            return
        try:
            self._rehearse(cleaned["keep"])
        except ValidationError as error:
            self.add_error("keep", error)

    def _rehearse(self, keep):
        with transaction.atomic():
            move_zone(Seminar.objects.get(pk=self.instance.pk), self.new_zone, keep=keep)
            transaction.set_rollback(True)

    def _post_clean(self):
        before = self.instance.time_zone
        super()._post_clean()
        if getattr(self, "new_zone", None) is not None:
            self.instance.time_zone = before


class PanelForm(CarefulForm):
    """Times are typed as the seminar's clocks show them, and kept as moments."""

    starts = forms.TimeField(label=_("starts at"), required=False, widget=AdminTimeWidget, help_text=_("On the seminar’s clock."))
    ends = forms.TimeField(
        label=_("ends at"), required=False, widget=AdminTimeWidget, help_text=_("At or before the start: the next day.")
    )
    repeated = forms.ChoiceField(
        label=_("which of the two hours"),
        choices=[("", "---------"), *RepeatedHour.choices],
        required=False,
        widget=forms.HiddenInput,
        help_text=_("Clocks are set back that night, and show this hour twice."),
    )

    class Meta:
        model = Panel
        fields = []

    def __init__(self, *args, seminar=None, instance=None, **kwargs):
        instance = instance or Panel()
        if seminar is not None:
            instance.seminar = seminar
        super().__init__(*args, instance=instance, **kwargs)
        if self.initial.get("repeated"):
            self._show_which_hour()

    def more_values(self, row):
        zone = row.seminar.zone
        times = {"starts": to_clock(row.starts_at, zone), "ends": to_clock(row.ends_at, zone)}
        return times | {"repeated": _which_hour(row, zone)}

    def unlikely(self, cleaned):
        yield from super().unlikely(cleaned)
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and {"starts", "ends"} & {*self.changed_data}:
            length = datetime.combine(last_day_of(date.min, starts, ends), ends) - datetime.combine(date.min, starts)
            if length > LONGEST_PANEL:
                yield "ends", _("This panel would last %(hours)d hours. Is that right?") % {"hours": length // timedelta(hours=1)}

    def clean(self):
        cleaned = super().clean()
        seminar = cleaned.get("seminar") or (self.instance.seminar if "seminar" not in self.fields else None)
        if isinstance(seminar, Seminar) and self._times_are_whole(cleaned):
            self._write_moments(cleaned, seminar)
            self._stay_within(cleaned.get("held_on"), seminar)
        return cleaned

    def _times_are_whole(self, cleaned):
        """A start has a day, an end has a start. The database says so too, of columns this form does not show."""
        if {"starts", "ends", "held_on"} & set(self.errors):
            return False
        if cleaned.get("ends") and not cleaned.get("starts"):
            self.add_error("starts", ValidationError(_("Give the start too, or neither."), code="end_without_start"))
            return False
        if cleaned.get("starts") and not cleaned.get("held_on"):
            self.add_error("held_on", ValidationError(_("Give the day too: a time alone says nothing."), code="time_without_day"))
            return False
        return True

    def _write_moments(self, cleaned, seminar):
        day, starts, ends = cleaned.get("held_on"), cleaned.get("starts"), cleaned.get("ends")
        self.instance.starts_at = self._moment("starts", day, starts, seminar.zone)
        self.instance.ends_at = self._moment("ends", last_day_of(day, starts, ends), ends, seminar.zone) if ends else None

    def _moment(self, name, day, clock, zone):
        """The moment that was typed into the field `name`; None when it is empty, or gets an error."""
        if clock is None:
            return None
        try:
            return to_instant(day, clock, zone, self.cleaned_data.get("repeated"))
        except ValidationError as error:
            self.add_error(name, error)
            if error.code == "repeated_hour":
                self._show_which_hour()
            return None

    def _show_which_hour(self):
        self.fields["repeated"].widget = forms.Select(choices=self.fields["repeated"].choices)

    def _stay_within(self, day, seminar):
        """A seminar that is being written on the same page has no number yet, and `Panel.clean` cannot ask it."""
        if seminar.pk or not day or not seminar.starts_on:
            return
        if not seminar.starts_on <= day <= (seminar.ends_on or day):
            self.add_error("held_on", ValidationError(_("This day is not one of the seminar’s."), code="outside_seminar"))


def _which_hour(panel, zone):
    """Which of two hours its start or its end is in; empty when clocks show both only once."""
    local = [timezone.localtime(moment, zone) for moment in (panel.starts_at, panel.ends_at) if moment]
    twice = next((moment for moment in local if is_repeated(moment)), None)
    return (RepeatedHour.SECOND if twice.fold else RepeatedHour.FIRST).value if twice else ""


class PanelFormSet(forms.BaseInlineFormSet):
    """The panels of one seminar, which each form is told of: its clock is theirs."""

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "seminar": self.instance}


def _institution_field():
    relation = PrintedPosition._meta.get_field("institution")
    widget = RelatedFieldWidgetWrapper(
        AutocompleteSelect(relation, admin.site),
        relation.remote_field,
        admin.site,
        can_add_related=True,
        can_change_related=False,
    )
    return forms.ModelChoiceField(Institution.objects.all(), label=_("institution"), required=False, widget=widget)


def _position_fields():
    """Declared here in a loop: the same five for each position."""
    languages = {"es": _("position (Spanish)"), "pt_br": _("position (Portuguese)"), "en": _("position (English)")}
    for n in POSITIONS:
        for text, label in languages.items():
            yield f"position_{n}_{text}", forms.CharField(label=label, max_length=300, required=False)
        yield f"institution_{n}", _institution_field()
        yield f"country_{n}", forms.ChoiceField(label=_("country represented"), choices=_country_choices, required=False)


def _country_choices():
    return [("", "---------"), *countries]


# The same five fields for each position, declared in a loop.
PositionFields = type(CarefulForm)("PositionFields", (CarefulForm,), {"__module__": __name__, **dict(_position_fields())})


class PositionsForm(PositionFields):
    """An intervention with its first two positions as printed, on one page. Further ones are on the intervention's page."""

    class Meta:
        model = Intervention
        fields = []

    @classmethod
    def position_lines(cls):
        """The lines of a fieldset."""
        return [(*(f"position_{n}_{text}" for text in TEXTS), f"institution_{n}", f"country_{n}") for n in POSITIONS]

    def loaded_rows(self, name):
        if name not in POSITION_INSTITUTIONS:
            return super().loaded_rows(name)
        printed = zip(POSITION_INSTITUTIONS, self._printed(self.instance), strict=False)
        return [row.institution for field, row in printed if field == name and row.institution]

    def _printed(self, row):
        return list(row.positions.all()) if row.pk else []

    def more_values(self, row):
        values = {}
        printed = self._printed(row)
        for n in POSITIONS:
            row_n = printed[n - 1] if n <= len(printed) else PrintedPosition()
            values |= {f"position_{n}_{text}": getattr(row_n, f"text_{text}") or "" for text in TEXTS}
            values |= {f"institution_{n}": row_n.institution_id, f"country_{n}": row_n.country.code or ""}
        return values

    def clean(self):
        cleaned = super().clean()
        for n in POSITIONS:
            if not cleaned.get(f"position_{n}_es") and any(self._typed(n, cleaned)):
                error = ValidationError(_("Enter the position in Spanish too, or nothing of it."), code="position_without_words")
                self.add_error(f"position_{n}_es", error)
        return cleaned

    def _typed(self, n, cleaned):
        return (cleaned.get(name) for name in (f"position_{n}_pt_br", f"position_{n}_en", f"institution_{n}", f"country_{n}"))

    def _save_m2m(self):
        super()._save_m2m()
        printed = list(self.instance.positions.all())
        for n in POSITIONS:
            row = printed[n - 1] if n <= len(printed) else PrintedPosition(intervention=self.instance, position=n)
            self._save_position(n, row)

    def _save_position(self, n, row):
        typed = self.cleaned_data
        if not typed.get(f"position_{n}_es"):
            if row.pk:
                row.delete()
            return
        for text in TEXTS:
            setattr(row, f"text_{text}", typed[f"position_{n}_{text}"])
        row.institution, row.country = typed[f"institution_{n}"], typed[f"country_{n}"]
        row.save()


class AttendanceForm(CarefulForm):
    """What the minutes say of one member; without a state, nothing."""

    state = forms.ChoiceField(label=_("attendance"), choices=[("", _("not written")), *AttendanceState.choices], required=False)

    class Meta:
        model = MeetingAttendance
        fields = ["state", "represented_by", "note"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("state") and (cleaned.get("represented_by") or cleaned.get("note")):
            self.add_error("state", ValidationError(_("Say whether this member was there."), code="state_missing"))
        return cleaned

    def shown(self):
        """What nobody has written yet, too: a colleague may write it while the page is open."""
        return self._values_of(self.instance)

    def write(self):
        """Keep what was typed; emptied, the row goes."""
        if self.cleaned_data["state"]:
            self.save()
        elif self.instance.pk:
            self.instance.delete()


class AnswerField(forms.ModelChoiceField):
    """The answers of a consultation, as buttons."""

    widget = forms.RadioSelect

    def label_from_instance(self, option):
        return text_of(option, "text").words


class VoteForm(forms.Form):
    option = AnswerField(
        ConsultationOption.objects.none(),
        label=_("Your answer"),
        empty_label=None,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("This is not one of the answers. Choose again."),
        },
    )

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["option"].queryset = consultation.options.all()
