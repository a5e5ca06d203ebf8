"""The bytes of a spreadsheet (CSV or XLSX) as a table of words. Nothing in it is computed, and nothing is fetched."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rifess.base.spreadsheets.encodings import decoded
from rifess.base.spreadsheets.writer import as_written
from rifess.base.uploads import ooxml
from rifess.base.uploads.examination import examine
from rifess.base.uploads.files import sentence_for
from rifess.base.uploads.recognition import OLD_OFFICE
from rifess.base.uploads.refusals import Refused

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST = 2_000  # characters of a cell; what follows is left out
SEPARATORS = ";,\t|"
MOST_LINES = 300_000  # of a CSV, empty ones too
LOOKED_AT = 50  # rows that show what divides the cells
ODS = f"{ooxml.ODF}spreadsheet"
BLANKS = re.compile(r"[^\S\n ]")  # of any kind: what they part stays apart
NUMBER = re.compile(r"(\d{5,})\.0")  # a telephone or a postcode that a program took for a number

NOT_TAKEN = gettext_lazy("This is no spreadsheet that is read here. Open it in a spreadsheet program and save it as XLSX or CSV.")
REFUSALS = {  # by the codes of those that look into files
    "unpacks_too_big": gettext_lazy("This file becomes far too big when it is opened."),
    "too_many_lines": gettext_lazy("It has too many empty rows. Copy what is needed into a new spreadsheet."),
    "too_costly": gettext_lazy("Reading this file takes too long or too much memory. Save it as CSV."),
    "locked": gettext_lazy("This file is locked with a password. Save it without one."),
    "macros": gettext_lazy("This file carries macros, programs that run when it is opened. Save it without them, as XLSX."),
    "damaged": gettext_lazy("This file is damaged: save it again and choose it once more."),
}


@dataclass(frozen=True)
class Table:
    """What a file says: pairs of the number of a row, as a spreadsheet program shows it, and its cells; empty rows are left out.

    `kind` is csv or xlsx; `separator` divided the cells of a CSV; `sheets` are the names of the others that hold something,
    `hidden_sheets` those of them that are hidden. `hidden_rows` (their numbers) and `hidden_columns` (from 0) are read, and not
    shown by a spreadsheet program; `merged` are ranges of which only the first cell says what stands there,
    `not_computed` cells of formulas without a result, and `comments` pairs of a cell and the note at it: a few of each.
    """

    rows: list
    kind: str
    separator: str = ","
    sheet: str = ""
    sheets: tuple = ()
    hidden_sheets: tuple = ()
    hidden_rows: tuple = ()
    hidden_columns: tuple = ()
    merged: tuple = ()
    not_computed: tuple = ()
    comments: tuple = ()


def read(data, name, *, sheet="") -> Table:
    """The Table in `data`; of a workbook the first visible sheet that holds something, or the one called `sheet`.

    Raises ValidationError: codes "size", "empty", "kind", "not_text", "table", "rows", "columns"; "sheet" when that one is not
    there or only hidden ones hold something; those of `REFUSALS`.
    """
    if len(data) > LARGEST:
        raise ValidationError(_("At most %(most)d MB, please."), code="size", params={"most": LARGEST // 1024**2})
    table = _of_workbook(data, sheet) if data.startswith(ooxml.PACKAGE) else _of_text(data, name)
    if not table.rows:
        raise ValidationError(_("It is empty."), code="empty")
    return table


def _of_workbook(data, sheet):
    try:
        found = examine(ContentFile(data), "workbook", sheet=sheet, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS)
    except Refused as refused:
        raise _not_taken(refused) from None
    if sheet and sheet not in found["sheets"]:
        sentence = _("No sheet with something in it is called so. There are: %(sheets)s.")
        raise ValidationError(sentence, code="sheet", params={"sheets": ", ".join(found["sheets"]) or "–"})
    if found["sheets"] and not found["sheet"]:
        sentence = _("Only hidden sheets of this workbook hold something: %(sheets)s. Write which one is meant.")
        raise ValidationError(sentence, code="sheet", params={"sheets": ", ".join(found["sheets"])})
    return _as_table(found)


def _as_table(found):
    rows = list(_with_words(found["rows"]))
    filled = {number for number, _cells in rows}
    return Table(
        rows,
        "xlsx",
        sheet=found["sheet"],
        sheets=tuple(name for name in found["sheets"] if name != found["sheet"]),
        hidden_sheets=tuple(name for name in found["hidden_sheets"] if name != found["sheet"]),
        hidden_rows=tuple(number for number in found.get("hidden_rows", ()) if number in filled),
        hidden_columns=tuple(found.get("hidden_columns", ())),
        merged=tuple(found.get("merged", ())),
        not_computed=tuple(found.get("not_computed", ())),
        comments=tuple(found.get("comments", ())),
    )


def _not_taken(refused):
    if refused.params.get("kind") == ODS:
        sentence = _("This is an OpenDocument spreadsheet (ODS), which is not read here. In LibreOffice, save it as XLSX or CSV.")
        return ValidationError(sentence, code="kind")
    if refused.code == "busy":
        return sentence_for(refused)
    return ValidationError(REFUSALS.get(refused.code, NOT_TAKEN), code=refused.code)


def _of_text(data, name):
    if data.startswith((b"%PDF-", OLD_OFFICE)):
        raise ValidationError(NOT_TAKEN, code="kind")
    text = decoded(data)
    if text is None:
        raise ValidationError(NOT_TAKEN, code="not_text")
    if text.count("\n") + text.count("\r") - text.count("\r\n") > MOST_LINES:
        raise ValidationError(REFUSALS["too_many_lines"], code="too_many_lines")
    if _is_json(text, name):
        sentence = _("This is JSON, which programs exchange, and no spreadsheet. Ask for the list as XLSX or as CSV.")
        raise ValidationError(sentence, code="kind")
    if re.match(r"\s*<(!doctype|html|\?xml|table)", text, re.IGNORECASE):
        raise ValidationError(
            _("This is a web page or XML, and no spreadsheet. Ask for the list as XLSX or as CSV."), code="kind"
        )
    declared, _newline, rest = text.partition("\n")
    if declared.strip().strip('"').lower().startswith("sep="):
        text = rest
    separator = _separator(text)
    return Table(list(_with_words(enumerate(_records(text, separator), start=1))), "csv", separator=separator)


def _is_json(text, name):
    if PurePath(name).suffix.lower() == ".json":
        return True
    if not text.lstrip().startswith(("[", "{")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _records(text, separator):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for cells in reader:
            row += 1
            yield cells
    except csv.Error:
        sentence = _("The table breaks in row %(row)d: a quotation mark is not closed or stands alone, or a cell is too long.")
        raise ValidationError(sentence, code="table", params={"row": row + 1}) from None


def _separator(text):
    """What divides the cells: that with which most of the first rows have the same number of them, and more than one."""
    return max(SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text, separator):
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)
    widths = Counter()
    try:
        for cells, _number in zip(reader, range(LOOKED_AT), strict=False):
            widths[len(cells)] += 1
    except csv.Error:
        pass  # what was read until there has to tell
    (width, rows), *_others = Counter({width: rows for width, rows in widths.items() if width > 1}).most_common(1) or [(0, 0)]
    return rows, width


def _with_words(rows):
    """Those of the numbered `rows` that say something. Raises ValidationError (codes "rows", "columns")."""
    count = 0
    for number, values in rows:
        if not any(values):  # soon said: there may be millions of them
            continue
        cells = [as_words(value) for value in values[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if any(value is not None and str(value).strip() for value in values[MOST_COLUMNS:]):
            raise ValidationError(_("It has more than %(most)d columns."), code="columns", params={"most": MOST_COLUMNS})
        if not cells:
            continue
        count += 1
        if count > MOST_ROWS + 1:  # one names the columns
            sentence = _("These are more than %(most)d rows: divide the file.")
            raise ValidationError(sentence, code="rows", params={"most": MOST_ROWS})
        yield number, cells


def as_words(value):
    """What a cell says, on as many lines as it has: without what nobody sees, and without the mark that our own copies carry."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    text = as_written(str(value)[:LONGEST]).replace("\r\n", "\n")
    text = BLANKS.sub(" ", text)
    text = "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()
    return number[1] if (number := NUMBER.fullmatch(text)) else text
