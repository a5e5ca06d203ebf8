"""Lists as files for a spreadsheet."""

import csv

from django.http import HttpResponse
from django.utils.http import content_disposition_header

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(name, rows) -> HttpResponse:
    """`rows` of cells, the first the names of the columns, as a file that every spreadsheet opens with its accents."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    csv.writer(response).writerows([[harmless(cell) for cell in row] for row in rows])
    return response


def harmless(cell):
    """`cell` as text that no spreadsheet takes for a formula, whoever wrote it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
