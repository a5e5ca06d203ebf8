"""A row as it was written, checked: the same form for every kind of file."""

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.models import Seminar
from recordings.imports.languages import COLUMNS
from recordings.imports.rows import Reading, Refused, Row, SeminarSaid
from recordings.imports.values import Addresses, Day, Languages, Length, Line, Many, OneAddress, Paragraphs
from rifess.base.cleaned import forms
from rifess.base.spreadsheets.signs import Column, Kind, signs_in

LARGEST_AT_THE_DESK = 1024 * 1024
LIST = "addresses.txt"


class ImportForm(forms.Form):
    """What the secretariat brings: a file, or addresses pasted."""

    file = forms.FileField(
        label=_("file"),
        required=False,
        help_text=_("A table (.csv), .toml, a list of addresses (.txt), or one talk of pyvideo (.json); at most 1 MB."),
    )
    addresses = forms.CharField(
        label=_("or paste addresses"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line; its title may follow it on the same line. Lines that begin with # are passed over."),
    )
    seminar = forms.ModelChoiceField(
        Seminar.objects.none(),
        label=_("seminar"),
        required=False,
        help_text=_("Of recordings for which no seminar is written. A list of addresses needs it."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)
        self.fields["seminar"].queryset = Seminar.objects.visible_to(user)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_AT_THE_DESK:
            raise ValidationError(_("At most 1 MB. For more, ask the technical team to import it on the server."), code="size")
        return file

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("addresses")):
            raise ValidationError(_("Choose a file or paste addresses: one of the two."), code="one_of_two")
        return cleaned

    def brought(self):
        """The bytes that were brought, and the name of their file."""
        file = self.cleaned_data["file"]
        return (file.read(), file.name) if file else (self.cleaned_data["addresses"].encode(), LIST)


class RowForm(forms.Form):
    """The fields of a row; those of our own files are called so too. `kind` is said by the reader, never typed."""

    seminar = Line(label=_("seminar"))
    seminar_starts_on = Day(label=_("first day of the seminar"), required=False)
    seminar_ends_on = Day(label=_("last day of the seminar"), required=False)
    panel = Line(label=_("panel"))
    title = Line(label=_("title"))
    title_es = Line(label=_("title in Spanish"))
    title_pt = Line(label=_("title in Portuguese"))
    title_en = Line(label=_("title in English"))
    summary = Paragraphs(label=_("summary"), longest=50_000)
    summary_es = Paragraphs(label=_("summary in Spanish"), longest=50_000)
    summary_pt = Paragraphs(label=_("summary in Portuguese"), longest=50_000)
    summary_en = Paragraphs(label=_("summary in English"), longest=50_000)
    languages = Languages(label=_("languages heard"))
    day = Day(label=_("day"), required=False)
    duration = Length(label=_("duration"), required=False)
    speakers = Many(label=_("people"))
    addresses = Addresses(label=_("addresses"))
    topics = Many(label=_("topics"), between=Languages().between, most=300)
    source = OneAddress(label=_("source"), longest=500)

    def clean(self):
        cleaned = super().clean()
        if not {"title", "title_es", "title_pt", "title_en"} & {*self.errors} and not self._texts(cleaned, "title"):
            self.add_error("title", ValidationError(_("Enter the title."), code="required"))
        for name in ("title", "summary"):
            self._refuse_two_texts(cleaned, name)
        starts, ends = cleaned.get("seminar_starts_on"), cleaned.get("seminar_ends_on")
        if starts and ends and ends < starts:
            self.add_error("seminar_ends_on", ValidationError(_("A seminar ends on or after the day it starts."), code="order"))
        return cleaned

    def _texts(self, cleaned, name):
        """The text `name` by column. What says no language is in the one that is heard, and in Spanish if none is said."""
        columns = {"es": "es", "pt_br": "pt", "en": "en"}
        texts = {column: cleaned[f"{name}_{suffix}"] for column, suffix in columns.items() if cleaned.get(f"{name}_{suffix}")}
        own = self._own_column(cleaned)
        return {own: cleaned[name], **texts} if cleaned.get(name) else texts

    def _refuse_two_texts(self, cleaned, name):
        """Two columns may say the same text in the language that is heard, and not two of them."""
        own = {"es": "es", "pt_br": "pt", "en": "en"}.get(self._own_column(cleaned))
        one, other = cleaned.get(name), cleaned.get(f"{name}_{own}")
        if one and other and one != other:
            sentence = _("Two columns say it differently: “%(one)s” and “%(other)s”.")
            self.add_error(name, ValidationError(sentence, code="two", params={"one": one[:60], "other": other[:60]}))

    def _own_column(self, cleaned):
        heard = cleaned.get("languages") or [("es", "es")]
        return COLUMNS.get(heard[0][1])  # None: a language without a column

    def row(self, spot, *, seminar=None, **more):
        """The Row of what was written at `spot`."""
        said = self.cleaned_data
        titles, summaries = self._texts(said, "title"), self._texts(said, "summary")
        original = titles.get(self._own_column(said)) or titles.get("pt_br") or titles.get("en")
        return Row(
            spot=spot,
            seminar=seminar or self._seminar(said),
            titles={"es": original, **{column: words for column, words in titles.items() if column}},
            title_is_borrowed="es" not in titles,
            summaries={column: words for column, words in summaries.items() if column},
            summary_is_lost=None in summaries,
            languages=tuple(dict.fromkeys(code for _word, code in said["languages"] if code)),
            unknown_languages=tuple(word for word, code in said["languages"] if code is None),
            addresses=tuple(said["addresses"]),
            speakers=tuple(said["speakers"]),
            topics=tuple(said["topics"]),
            source_url=said["source"],
            **{name: said[name] for name in ("panel", "day", "duration")},
            **more,
        )

    def _seminar(self, said):
        if not said["seminar"]:
            return None
        return SeminarSaid(said["seminar"], said["seminar_starts_on"], said["seminar_ends_on"])


def understand(form, values, spot, **given):
    """The Row of the `values` written at `spot`, or all that is wrong with them, as a list of Refused.

    `form` is a RowForm that may have checked other values before: making one costs more than checking a row.
    """
    form.data = values
    form.full_clean()
    if not form.errors:
        return form.row(spot, **given)
    return [
        Refused(spot.at(name), f"{form.fields[name].label}: {sentence}")
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def understand_all(entries, *, counts_seconds=False):
    """The Reading of pairs of values and spot, with what is `given` to each.

    `counts_seconds`: whether people may have written other numbers than seconds as durations.
    """
    form, reading = RowForm({}), Reading()
    for values, spot, given in entries:
        row = understand(form, values, spot, **given)
        if isinstance(row, Row):
            reading.rows.append(row)
        else:
            reading.refused += row
    reading.signs = _signs(form, entries, counts_seconds)
    return reading


KINDS = {
    **dict.fromkeys(["title", "title_es", "title_pt", "title_en"], Kind.TITLE),
    **dict.fromkeys(["panel", "speakers"], Kind.WORDS),
    "addresses": Kind.LINK,
    "day": Kind.DAY,
    "duration": Kind.LENGTH,
    "seminar": Kind.OTHER,
}


def _signs(form, entries, counts_seconds):
    """What is unlikely in what was written."""
    columns = [
        Column(number, capfirst(form.fields[name].label), kind, form.fields[name].clean, counts_seconds=counts_seconds)
        for number, (name, kind) in enumerate(KINDS.items())
    ]
    rows = [(spot, [_as_text(values.get(name)) for name in KINDS]) for values, spot, _given in entries]
    return signs_in(rows, columns, unit="file", group=[*KINDS].index("seminar"))


def _as_text(value):
    if isinstance(value, list):
        return "; ".join(each for each in value if isinstance(each, str))
    return "" if value is None else str(value)
