"""Values that are possible and unlikely: a form asks once whether they are meant, and takes them when the answer is yes."""

from datetime import timedelta
from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import check_is_in_calendar
from rifess.base.dates import today_in_the_network

DATES = forms.DateField | forms.DateTimeField | forms.SplitDateTimeField
EARLIEST_YEAR, YEARS_AHEAD = 1990, 20  # outside of these a year is more often mistyped than meant


class ConfirmationBox(forms.CheckboxInput):
    """A box whose value names what it confirms: other values need another tick. Nothing to see while nothing is asked."""

    asked_about = ""

    @property
    def input_type(self):
        return "checkbox" if self.asked_about else "hidden"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, False, attrs)
        context["widget"]["value"] = self.asked_about
        return context


class ConfirmationField(forms.BooleanField):
    widget = ConfirmationBox

    def has_changed(self, initial, data):
        """A tick is an answer, not a change of the record."""
        return False


class PlausibilityForm(forms.Form):
    """A form that refuses days that cannot be meant, and asks once about unlikely values.

    Each unlikely value gets an error with code "unlikely", and a box confirms all of them.

    `longest` maps pairs of date fields (first and last day, both included) to the longest span that is taken without asking.
    """

    longest = {}

    confirmed = ConfirmationField(required=False, label=_("These values are right"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DATES):
                field.validators.append(check_is_in_calendar)

    def unlikely(self, cleaned):
        """Pairs of a field and a sentence about what was typed into it; of several for one field the last is shown."""
        yield from self._unlikely_years(cleaned)
        yield from self._unlikely_spans(cleaned)

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        asked = {name: sentence for name, sentence in self.unlikely(cleaned) if name in self.fields and name not in self.errors}
        key = sha256(repr([(name, str(cleaned.get(name))) for name in asked]).encode()).hexdigest()[:12]
        if asked and self.data.get(self.add_prefix("confirmed")) != key:
            self._ask(asked, key)
        return cleaned

    def _ask(self, asked, key):
        for name, sentence in asked.items():
            self.add_error(name, ValidationError(sentence, code="unlikely"))
        self.fields["confirmed"].widget.asked_about = key
        sentence = _("Correct the values marked on this page or, if they are right, tick this box and send the form again.")
        self.add_error("confirmed", ValidationError(sentence, code="unlikely"))

    def _was_typed(self, name):
        return name in self.changed_data

    def _unlikely_years(self, cleaned):
        this_year = today_in_the_network().year
        for name, field in self.fields.items():
            value = cleaned.get(name)
            if not isinstance(field, DATES) or not value:
                continue
            if self._was_typed(name) and not EARLIEST_YEAR <= value.year <= this_year + YEARS_AHEAD:
                yield name, _("The year is %(year)d. Is that right?") % {"year": value.year}

    def _unlikely_spans(self, cleaned):
        for (first, last), span in self.longest.items():
            begins, ends = cleaned.get(first), cleaned.get(last)
            if not (begins and ends and (self._was_typed(first) or self._was_typed(last))):
                continue
            days = (ends - begins + timedelta(days=1)).days
            if days > span.days:
                yield last, _("From the first day to the last these are %(days)d days. Is that right?") % {"days": days}
