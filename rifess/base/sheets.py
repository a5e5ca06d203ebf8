"""Lists as files for a spreadsheet."""

import csv
from datetime import date, datetime, time
from tempfile import TemporaryFile

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # Excel's specifications and limits: characters in a cell
AS_THEY_ARE = (bool, int, float, date, datetime, time)  # moments without a zone: spreadsheets know none


def as_csv(name, rows, *, delimiter=",") -> HttpResponse:
    """`rows` of cells, the first the names of the columns, as a file that every spreadsheet opens with its accents."""
    response = _kept_by_nobody(HttpResponse("\ufeff", content_type="text/csv; charset=utf-8"), name)
    csv.writer(response, delimiter=delimiter).writerows([harmless(cell) for cell in row] for row in rows)
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
    """`cell` as text that no spreadsheet takes for a formula, whoever wrote it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _cell(sheet, value):
    """A value, or a cell of words: also when they are copied from there, they are words."""
    if value is None or isinstance(value, AS_THEY_ARE):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_CELL]
    if not text.lstrip(" ").startswith(FORMULA):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _kept_by_nobody(response, name):
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
