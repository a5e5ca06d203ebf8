"""The bytes of a spreadsheet (CSV or XLSX) as a table of words. Nothing in it is computed, and nothing is fetched."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from rifess.base import packages
from rifess.base.files import OLD_OFFICE
from rifess.base.sheets import FORMULA
from rifess.base.tables import decoded

LARGEST = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST = 2_000  # characters of a cell; what follows is left out
SEPARATORS = ";,\t|"
LOOKED_AT = 50  # rows that show what divides the cells
XLSX, ODS = f"{packages.OOXML}spreadsheetml.sheet", f"{packages.ODF}spreadsheet"
NUMBER = re.compile(r"(\d{5,})\.0")  # a telephone or a postcode that a program took for a number

NOT_TAKEN = gettext_lazy("This is no spreadsheet that is read here. Open it in a spreadsheet program and save it as XLSX or CSV.")
REFUSALS = {  # by the codes of those that look into files
    "unpacks_too_big": gettext_lazy("This file becomes far too big when it is opened."),
    "locked": gettext_lazy("This file is locked with a password. Save it without one."),
    "macros": gettext_lazy("This file carries macros, programs that run when it is opened. Save it without them, as XLSX."),
    "damaged": gettext_lazy("This file is damaged: save it again and choose it once more."),
}


@dataclass(frozen=True)
class Table:
    """What a file says: pairs of the number of a row, as a spreadsheet program shows it, and its cells; empty rows are left out.

    `kind` is csv or xlsx; `separator` divided the cells of a CSV; `sheets` are the names of the others that hold something.
    """

    rows: list
    kind: str
    separator: str = ","
    sheet: str = ""
    sheets: tuple = ()


def read(data, name, *, sheet="") -> Table:
    """The Table in `data`; of a workbook the first sheet that holds something, or the one called `sheet`.

    Raises ValidationError (codes "size", "empty", "kind", "not_text", "table", "rows", "columns", "sheet"; those of `REFUSALS`).
    """
    if len(data) > LARGEST:
        raise ValidationError(_("At most %(most)d MB, please."), code="size", params={"most": LARGEST // 1024**2})
    table = _of_package(data, sheet) if data.startswith(b"PK") else _of_text(data, name)
    if not table.rows:
        raise ValidationError(_("It is empty."), code="empty")
    return table


def _of_package(data, sheet):
    try:
        kind = packages.type_of(data)
    except ValidationError as refused:
        raise ValidationError(REFUSALS.get(refused.code, NOT_TAKEN), code=refused.code) from None
    if kind == ODS:
        sentence = _("This is an OpenDocument spreadsheet (ODS), which is not read here. In LibreOffice, save it as XLSX or CSV.")
        raise ValidationError(sentence, code="kind")
    if kind != XLSX:
        raise ValidationError(NOT_TAKEN, code="kind")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
            raise ValidationError(REFUSALS["unpacks_too_big"], code="unpacks_too_big")
    return _of_workbook(data, sheet)


def _of_workbook(data, sheet):
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found = {each.title: rows for each in book.worksheets if (rows := list(_numbered(_rows_of(each))))}
    except ValidationError:
        raise
    except Exception:  # openpyxl says in a hundred ways that a file is not what it should be
        raise ValidationError(REFUSALS["damaged"], code="damaged") from None
    if sheet and sheet not in found:
        sentence = _("No sheet with something in it is called so. There are: %(sheets)s.")
        raise ValidationError(sentence, code="sheet", params={"sheets": ", ".join(found) or "–"})
    chosen = sheet or next(iter(found), "")
    return Table(found.get(chosen, []), "xlsx", sheet=chosen, sheets=tuple(name for name in found if name != chosen))


def _rows_of(sheet):
    """The rows of `sheet`, whatever it says of its own size. One column more is read than may be, so that it is noticed."""
    sheet.reset_dimensions()
    return sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)


def _of_text(data, name):
    if data.startswith((b"%PDF-", OLD_OFFICE)):
        raise ValidationError(NOT_TAKEN, code="kind")
    text = decoded(data)
    if text is None:
        raise ValidationError(NOT_TAKEN, code="not_text")
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
    return Table(list(_numbered(_records(text, separator))), "csv", separator=separator)


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


def _numbered(rows):
    """Those of `rows` that say something, each with its number. Raises ValidationError (codes "rows", "columns")."""
    count = 0
    for number, values in enumerate(rows, start=1):
        if not any(values):  # soon said: a workbook may have a million of them
            continue
        cells = [as_words(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if len(cells) > MOST_COLUMNS:
            raise ValidationError(_("It has more than %(most)d columns."), code="columns", params={"most": MOST_COLUMNS})
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
    text = str(value)[:LONGEST].replace("\r\n", "\n").replace("\xa0", " ")
    text = "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()
    if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA):
        text = text[1:]
    return number[1] if (number := NUMBER.fullmatch(text)) else text
