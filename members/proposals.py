"""What a delegate may propose to change of the institution; and how every kind of proposal is typed, kept and applied."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms.models import model_to_dict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.settings import AVAILABLE_LANGUAGES
from modeltranslation.utils import build_localized_fieldname

from members.models import Institution
from rifess.base.admin.optimistic_lock import CarefulForm

LONGEST_TEXT = 10_000  # characters: what is compared word by word has its bounds
IN_A_LANGUAGE = {
    "es": _("%(column)s, in Spanish"),
    "pt-br": _("%(column)s, in Portuguese"),
    "en": _("%(column)s, in English"),
}


def in_three(*fields):
    """The columns of translated fields: the first one's in Spanish, Portuguese and English, then the next one's."""
    return [build_localized_fieldname(field, language) for field in fields for language in AVAILABLE_LANGUAGES]


class Day(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class ProposalForm(CarefulForm):
    """What a delegate types about the `row` of a proposal. A draft may have gaps; what is sent in may not.

    `wishes` are fields that are written nowhere: the secretariat reads them. With `only`, the form has no other columns.
    """

    wishes = ()

    def __init__(self, *args, proposal, row=None, is_draft=False, only=None, **kwargs):
        self.proposal, self.is_draft = proposal, is_draft
        row = row or proposal.row()
        self.now = self._texts_of(row)
        super().__init__(*args, instance=row, **kwargs)
        self.initial |= self.shown()
        for name, field in self.fields.items():
            self._prepare(name, field)
        for name in set(self.fields) - set(self.fields if only is None else only):
            del self.fields[name]

    @classmethod
    def of(cls, proposal, *, only=None, row=None):
        """The form as if `proposal` were typed once more, and complete."""
        data = {name: text if isinstance(text, list) else [text] for name, text in proposal.contents.items()}
        return cls(MultiValueDict(data), proposal.files(), proposal=proposal, only=only, row=row)

    @property
    def columns(self):
        """The names of what may be proposed, in order."""
        return [name for name in self.base_fields if name not in {"seen", "confirmed"}]

    @property
    def proposed(self):
        """The names of the columns that the proposal would change or fill, in order."""
        return [name for name in self.columns if name in set(self.proposal.changed)]

    @property
    def needed(self):
        """What a new row cannot be without; of a row that is there, nothing is needed."""
        return [] if self.instance.pk else [name for name in self.columns if self.base_fields[name].required]

    @property
    def lines(self):
        """The fields as a page shows them: behind a text in Spanish, the same in the other languages, open where something is."""
        lines = []
        for box in self.visible_fields():
            column = self.column(box.name)
            if getattr(column, "language", settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE:
                lines.append({"field": box, "others": [], "is_open": False})
            else:
                lines[-1]["others"].append(box)
                lines[-1]["name"] = capfirst(column.translated_field.verbose_name)
                lines[-1]["is_open"] |= bool(box.value() or box.errors)
        return lines

    @property
    def contents(self):
        """What was typed, as a proposal keeps it."""
        return {name: as_text(self.cleaned_data.get(name)) for name in self.columns}

    def keep(self):
        """Write what was typed into the proposal, which is not saved by that.

        What there was stays as it was when a change was first proposed: so that it is seen when it has changed since.
        """
        touched, now = self.proposal.changed, self.now if self.instance.pk else {}
        before = {name: self.proposal.before.get(name, "") if name in touched else now.get(name, "") for name in now}
        self.proposal.contents, self.proposal.before = self.contents, before

    def apply(self):
        """Save the row as proposed; the history says whose proposal it was. Raises ValidationError when it cannot be."""
        self.instance.full_clean()
        self.instance.get_additional_data = self._source
        return self.save()

    def shown(self):
        return self._shown_of(self.proposal, self.now)

    def held(self):
        proposal = self.proposal.read_again()
        return self._shown_of(proposal, self._texts_of(proposal.row()))

    def _shown_of(self, proposal, now):
        """What is proposed where something is; what there is elsewhere."""
        texts = now | {name: proposal.contents[name] for name in proposal.changed}
        return {name: _for_its_field(self.base_fields[name], texts.get(name, "")) for name in self.columns}

    def _texts_of(self, row):
        return {name: as_text(value) for name, value in model_to_dict(row, fields=self._meta.fields).items()}

    def column(self, name):
        """The column that a field fills; None for what is no column."""
        return next((column for column in self._meta.model._meta.fields if column.name == name), None)

    def _prepare(self, name, field):
        column = self.column(name)
        field.label = capfirst(str(field.label))
        if hasattr(column, "translated_field"):
            field.label = IN_A_LANGUAGE[column.language] % {"column": capfirst(column.translated_field.verbose_name)}
        if getattr(column, "language", "") == settings.LANGUAGE_CODE and field.required and not self.instance.pk:
            field.help_text = _(
                "The Network keeps its record in Spanish. If you write in another language, the Secretariat translates."
            )
        if isinstance(column, models.TextField):
            field.widget.attrs["rows"] = 5
            field.validators.append(MaxLengthValidator(LONGEST_TEXT))

    def _clean_fields(self):
        super()._clean_fields()
        if self.is_draft:
            self._forgive_gaps()

    def _forgive_gaps(self):
        for name, mistakes in self.errors.as_data().items():
            if all(mistake.code == "required" for mistake in mistakes):
                del self._errors[name]
                self.cleaned_data[name] = None

    def _post_clean(self):
        if not self.is_draft:
            super()._post_clean()
        elif self.has_changed():
            self._refuse_what_changed_meanwhile()

    def _source(self):
        """What the history keeps beside the change."""
        return {"proposal": self.proposal.pk, "proposed_by": str(self.proposal.mandate.person)}


def as_text(value):
    """`value` of a field as a proposal keeps it: text, or for several a list of keys."""
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(as_text(each) for each in value)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, File):
        return value.name or ""
    return str(value).replace("\r\n", "\n").strip() if value not in (None, False) else ""


def _for_its_field(field, text):
    return field.to_python(text) if isinstance(field, forms.DateField) else text


class InstitutionProposalForm(ProposalForm):
    class Meta:
        model = Institution
        fields = [*in_three("name", "acronym", "part_of", "description"), "website"]
