"""Lists as files for a spreadsheet."""

import csv
import re
from datetime import date, datetime, time
from decimal import Decimal
from tempfile import TemporaryFile

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS = "[=+\\-@＝＋－＠]"  # what spreadsheet programs begin to compute at; some take full-width signs too
AT_THE_START = re.compile(rf"\A( *)('*)(?={STARTS}|[\t\r\n])")
AFTER_A_SEPARATOR = re.compile(rf"([\t\r\n;,|] *)('*)(?={STARTS})")
MARKED_AT_THE_START = re.compile(rf"\A'( *'*)(?={STARTS}|[\t\r\n])")
MARKED_AFTER_A_SEPARATOR = re.compile(rf"([\t\r\n;,|] *)'('*)(?={STARTS})")
SEPARATORS = {"en": ","}  # what programs of that language put between the cells of a CSV; of all others a semicolon
LONGEST_CELL = 32_767  # Excel's specifications and limits: characters in a cell
AS_THEY_ARE = (bool, int, float, Decimal, date, datetime, time)  # moments without a zone: spreadsheets know none


def as_csv(name, rows, *, delimiter=None) -> HttpResponse:
    """`rows` of cells, the first the names of the columns, as a file that the spreadsheet programs of the reader's language open.

    `delimiter` is the one of that language unless it is given. All words are in quotation marks, numbers have its decimal sign.
    """
    delimiter = delimiter or SEPARATORS.get((get_language() or "").partition("-")[0], ";")
    response = _kept_by_nobody(HttpResponse("\ufeff", content_type="text/csv; charset=utf-8"), name)
    writer = csv.writer(response, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_csv_cell(cell, delimiter) for cell in row] for row in rows)
    return response


def as_xlsx(name, rows) -> FileResponse:
    """The same as a workbook, in which numbers, days and moments are what they are, and words are never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return _kept_by_nobody(FileResponse(file, content_type=XLSX), name)


def harmless(cell):
    """`cell` as text that no spreadsheet takes for a formula, wherever a program divides it.

    An apostrophe stands before what would begin one, at the start and after each separator. `as_written` takes it away again.
    """
    text = "" if cell is None else str(cell)
    text = AFTER_A_SEPARATOR.sub(r"\1'\2", text)
    return f"'{text}" if AT_THE_START.match(text) else text


def as_written(text):
    """What `harmless` made `text` of."""
    return MARKED_AFTER_A_SEPARATOR.sub(r"\1\2", MARKED_AT_THE_START.sub(r"\1", text))


def _csv_cell(value, delimiter):
    """Numbers as numbers, with the decimal comma where a comma does not divide cells; all else as harmless words."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",") if delimiter == ";" else value
    return harmless(value)


def _cell(sheet, value):
    """A value, or a cell of words: also when they are copied from there, they are words."""
    if value is None or isinstance(value, AS_THEY_ARE):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_CELL]
    if not AT_THE_START.match(text):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _kept_by_nobody(response, name):
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
