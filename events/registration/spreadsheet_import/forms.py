"""What the secretariat says of a list: the file, what its columns say, and what holds for all of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from events.models import Registration
from events.registration.spreadsheet_import.columns import Field, called
from events.registration.spreadsheet_import.plan import PARTS_OF_A_NAME, Answers
from events.registration.spreadsheet_import.reader import LARGEST, read
from events.registration.spreadsheet_import.summary import some
from rifess.base.cleaned import forms
from rifess.base.uploads.files import plain_name


class FileForm(forms.Form):
    """The spreadsheet that is brought."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX or CSV, as you received it; at most 5 MB and 5,000 rows. Nothing is written yet."),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Of a workbook with several. Left empty, the first one that holds something."),
    )

    def table(self):
        """The Table that was brought, or None with the reason among the errors."""
        file = self.cleaned_data["file"]
        try:
            return read(file.read(LARGEST + 1), file.name, sheet=self.cleaned_data["sheet"])
        except ValidationError as refused:
            self.add_error("sheet" if refused.code == "sheet" else "file", ValidationError(refused.messages))
            return None

    @property
    def file_name(self):
        return plain_name(self.cleaned_data["file"].name)


class HiddenRows(models.TextChoices):
    """What becomes of rows that a spreadsheet program does not show: filtered out, hidden or folded away."""

    LEFT_OUT = "left_out", gettext_lazy("Leave them out")
    TAKEN = "taken", gettext_lazy("Take them too")


class ListForm(forms.Form):
    """Which column says what, and what holds for rows that do not say it."""

    hidden_rows = forms.ChoiceField(label=gettext_lazy("Hidden rows"), choices=[("", "---------"), *HiddenRows.choices])
    form = forms.ChoiceField(label=gettext_lazy("They attend"), help_text=gettext_lazy("Where a row does not say how."))
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False, help_text=gettext_lazy("Where a row names none."))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Registration._meta.get_field("language").choices,
        help_text=gettext_lazy("In which we write to those whose row names none."),
    )
    takes_without_address = forms.BooleanField(
        label=gettext_lazy("Take also those without an email address"),
        required=False,
        help_text=gettext_lazy("They get no letters. Their name tells them from the others: the same name takes part once."),
    )

    def __init__(self, *args, seminar, names, rows, table, **kwargs):
        super().__init__(*args, **kwargs)
        self.hidden = {*table.hidden_rows} & {number for number, _cells in rows}
        self._ask_about_hidden_rows()
        self.fields["form"].choices = [(seats.form, capfirst(seats.get_form_display())) for seats in seminar.seats.all()]
        self.fields["country"].choices = [("", "---------"), *countries]
        choices = [("", "—"), *_columns(names, rows, table.hidden_columns)]
        for name, label in Field.choices:
            self.fields[f"column_{name}"] = forms.TypedChoiceField(
                label=capfirst(label), choices=choices, required=False, coerce=int, empty_value=None
            )

    def _ask_about_hidden_rows(self):
        if not self.hidden:
            del self.fields["hidden_rows"]
            return
        sentence = ngettext(
            "A spreadsheet program does not show %(count)d row of this sheet: row %(rows)s.",
            "A spreadsheet program does not show %(count)d rows of this sheet: rows %(rows)s.",
            len(self.hidden),
        )
        self.fields["hidden_rows"].help_text = sentence % {"count": len(self.hidden), "rows": some(sorted(self.hidden))}
        self.fields["hidden_rows"].error_messages["required"] = _("Say whether the hidden rows belong to the list.")

    def chosen_rows(self, rows):
        """Those of `rows` that belong to the list, as it was answered."""
        taken = not self.hidden or self.cleaned_data["hidden_rows"] == HiddenRows.TAKEN
        return [row for row in rows if taken or row[0] not in self.hidden]

    def clean(self):
        cleaned = super().clean()
        columns = self.columns
        if not {Field.NAME, *PARTS_OF_A_NAME} & {*columns}:
            self.add_error("column_name", ValidationError(_("Say which column holds the name."), code="required"))
        if Field.EMAIL not in columns and not cleaned.get("takes_without_address"):
            sentence = _("Say which column holds the email address, or take also those without one.")
            self.add_error("column_email", ValidationError(sentence, code="required"))
        for name, number in columns.items():
            if [*columns.values()].count(number) > 1:
                self.add_error(f"column_{name}", ValidationError(_("This column is chosen twice."), code="twice"))
        return cleaned

    @property
    def columns(self):
        """The number of the column of each field that has one."""
        found = {name: self.cleaned_data.get(f"column_{name}") for name in Field.values}
        return {name: number for name, number in found.items() if number is not None}

    @property
    def answers(self):
        given = {name: self.cleaned_data[name] for name in ("form", "country", "language", "takes_without_address")}
        return Answers(**given)


def as_sent(columns, seminar):
    """What the ListForm shows first: the columns as they are guessed."""
    seats = seminar.seats.first()
    return {"form": seats.form if seats else "", "language": "es"} | {
        f"column_{name}": str(number) for name, number in columns.items()
    }


def _columns(names, rows, hidden):
    width = max([len(names or []), *(len(cells) for _row, cells in rows[:50])])
    for number in range(width):
        example = next((cells[number] for _row, cells in rows[:50] if number < len(cells) and cells[number]), "")
        name = called(number, names)
        name = _("%(column)s (hidden)") % {"column": name} if number in hidden else name
        yield str(number), Truncator(f"{name}: {example}" if example else name).chars(60)
