"""The bytes of a platform's list as text, and the text as rows."""

import csv
import io

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from events.attendance.platform_reports.columns import heading_of
from rifess.base.spreadsheets.encodings import decoded

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST = 300
MOST_COLUMNS = 200  # what stands further to the right is left out
SEPARATORS = "\t,;"
PREAMBLE = 60  # within so many lines the columns are named


def text_of(data):
    """The text in `data`: UTF-16 where it says so (Teams, Webex), UTF-8, or what Excel saves (CP1252).

    Raises ValidationError (codes "size", "empty", "not_text").
    """
    if len(data) > LARGEST:
        raise ValidationError(_("It is larger than %(size)s."), code="size", params={"size": filesizeformat(LARGEST)})
    text = decoded(data)
    if text is None:
        raise ValidationError(_("This is no list in text: download it from the platform as CSV."), code="not_text")
    if not text.strip():
        raise ValidationError(_("It is empty."), code="empty")
    return text


def rows_of(text):
    """Pairs of the line on which a row ends, and its cells; empty rows too. Raises ValidationError (codes "table", "rows")."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 0
    try:
        for count, cells in enumerate(reader, 1):
            if count > MOST_ROWS:
                raise ValidationError(_("These are more than %(most)d rows."), code="rows", params={"most": MOST_ROWS})
            line = reader.line_num
            yield line, [_clean(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        sentence = _("The table breaks after line %(line)d: a quotation mark is not closed, or a cell is too long.")
        raise ValidationError(sentence, code="table", params={"line": line}) from error


def _separator(text):
    """What divides the cells: that with which one of the first lines names the columns. Raises ValidationError ("heading")."""
    for line in io.StringIO(text[:100_000]).readlines()[:PREAMBLE]:
        for separator in SEPARATORS:
            if heading_of(_cells(line, separator)):
                return separator
    sentence = _(
        "None of its first lines names the columns of a list of participants: the name, and when they came or for how long."
    )
    raise ValidationError(sentence, code="heading")


def _cells(line, separator):
    return [_clean(cell) for cell in next(csv.reader([line], delimiter=separator), [])[:MOST_COLUMNS]]


def _clean(cell):
    """What a cell says, without the `="…"` with which Webex keeps Excel from reading a moment as it likes."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    return "".join(letter for letter in cell[:LONGEST] if letter.isprintable() or letter in "\u202f\xa0").strip()
