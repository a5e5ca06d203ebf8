"""Two people at one record: what the second one saves is refused when it would undo what the first one wrote.

A page carries, signed, a short hash of every value it shows. When it comes back, each value is compared with what the
database holds by then; what changed meanwhile is shown beside what was typed, and saving again keeps what was typed.
"""

import hashlib

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.forms.models import model_to_dict
from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from rifess.base.admin.plausibility import PlausibilityForm

SALT = "rifess.base.editing"


class SeenField(forms.CharField):
    """What the page showed. It is never itself a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class CarefulForm(PlausibilityForm, forms.ModelForm):
    """A form of one record, alone or in an inline, that overwrites nobody's work unknowingly.

    Errors have code "meanwhile". Fields that are no columns give their values in `more_values`.
    """

    seen = SeenField(required=False, label=_("what the page showed"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shown = self.shown()
        if shown:
            self.initial = {**shown, **self.initial, "seen": _sign(shown)}
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)  # the desk wraps some, to put links beside them
            if hasattr(widget, "loaded"):
                widget.loaded = self.loaded_rows(name)

    def loaded_rows(self, name):
        """The rows that the record brought along for its field `name`, so that the widget does not ask for them again."""
        column = self.instance._meta.get_field(name)
        row = column.get_cached_value(self.instance, default=None) if column.many_to_one or column.one_to_one else None
        return [row] if row else []

    def more_values(self, row):
        """What the fields that are no columns show of `row`: name → value."""
        return {}

    def shown(self):
        """What the page shows, name → value; nothing of a record that is new."""
        return self._values_of(self.instance) if self.instance.pk else {}

    def held(self):
        """The same as the database holds it by now."""
        row = _read_again(self.instance) if self.instance.pk else None
        return {} if row is None else self._values_of(row)

    def _values_of(self, row):
        return model_to_dict(row, fields=[*self.fields]) | self.more_values(row)

    def clean_slug(self):
        """An address that was emptied stays what it is: the page that comes back with another mistake links to it."""
        return self.cleaned_data["slug"] or self.instance.slug

    def validate_constraints(self):
        """Check each constraint that a field of the form has a part in, also where it names columns that are no fields of it.

        Django's forms leave those constraints to the database, which refuses without a sentence.
        """
        exclude = self._get_validation_exclusions()
        for _model, constraints in self.instance.get_constraints():
            for columns in map(self._columns_of, constraints):
                if any(self._fields_of(column) for column in columns):
                    exclude -= {column for column in columns if not self._was_refused(column)}
        try:
            self.instance.validate_constraints(exclude=exclude)
        except ValidationError as error:
            self._update_errors(error)

    def _columns_of(self, constraint):
        """The names of the columns that `constraint` compares."""
        parts = [getattr(constraint, "condition", None), *getattr(constraint, "expressions", ())]
        referred = (name for part in parts for name, *_path in self.instance._get_expr_references(part))
        return {*getattr(constraint, "fields", ()), *referred}

    def _fields_of(self, column):
        """The fields of the form that write `column`: of a translated one, those of its languages."""
        names = [column, *(build_localized_fieldname(column, language) for language in settings.MODELTRANSLATION_LANGUAGES)]
        return [name for name in names if name in self.fields]

    def _was_refused(self, column):
        return any(name in self.errors for name in self._fields_of(column))

    def _post_clean(self):
        super()._post_clean()
        if self.has_changed():
            self._refuse_what_changed_meanwhile()

    def _refuse_what_changed_meanwhile(self):
        seen, now = _unsign(self.data.get(self.add_prefix("seen"))), self.held()
        changed = [
            name for name, value in now.items() if name in seen and seen[name] != _hash(value) and self._differs(name, value)
        ]
        for name in changed:
            self.add_error(name, self._difference(name, now[name]))
        if changed:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = _sign(now)

    def _differs(self, name, value):
        """Whether what was typed is not what the database holds by now."""
        return name in self.fields and self.fields[name].has_changed(value, self[name].data)

    def _difference(self, name, value):
        field = self.fields[name]
        typed = self.cleaned_data.get(name, self[name].data)
        return ValidationError(
            _("Meanwhile this was saved: «%(saved)s». You typed «%(typed)s». Save again to keep yours."),
            code="meanwhile",
            params={"saved": _in_words(field, value), "typed": _in_words(field, typed)},
        )


def _read_again(row):
    rows = type(row)._base_manager.filter(pk=row.pk)
    if connection.in_atomic_block:
        of = ("self",) if connection.features.has_select_for_update_of else ()
        rows = rows.select_for_update(of=of, no_key=True)
    return rows.first()


def _plain(value):
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(_plain(each) for each in value)
    return "" if value is None else str(value)


def _hash(value):
    return hashlib.sha256(repr(_plain(value)).encode()).hexdigest()[:12]


def _sign(values):
    return signing.dumps({name: _hash(value) for name, value in values.items()}, salt=SALT, compress=True)


def _unsign(text):
    """The hashes in `text`; none when it is missing or not ours."""
    try:
        return signing.loads(text or "", salt=SALT)
    except signing.BadSignature:
        return {}


def _in_words(field, value):
    """`value` as the form would say it."""
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ", ".join(_in_words(field, each) for each in value) or gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(field, forms.ModelChoiceField) and value:
        value = field.queryset.filter(pk=value).first() or value
    elif isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(str(value), value)
    return Truncator(str(localize(value)) if value not in (None, "") else gettext("nothing")).chars(300)


def untranslated(field, languages=settings.MODELTRANSLATION_LANGUAGES):
    """What is still to be written: rows where `field` is empty in one of `languages`."""
    missing = Q(pk__in=[])
    for language in languages:
        column = build_localized_fieldname(field, language)
        missing |= Q(**{column: ""}) | Q(**{f"{column}__isnull": True})
    return missing
