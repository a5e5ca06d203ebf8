"""The rows that were refused, as a file of the same kind, each with the reason: to be corrected and brought again."""

from pathlib import PurePath

from django.utils.translation import pgettext

from events.registration.spreadsheet_import.columns import REASON, called
from rifess.base.spreadsheets.writer import as_csv, as_xlsx


def corrected_copy(table, file_name, names, refused):
    """A response with `refused` rows of `table`. Its first column says row and reason, and is passed over when it comes back."""
    words = pgettext("end of the name of a file", "to-correct")
    name = f"{PurePath(file_name).stem}-{words}.{table.kind}"
    rows = _rows(names, refused)
    return as_xlsx(name, rows) if table.kind == "xlsx" else as_csv(name, rows, delimiter=table.separator)


def _rows(names, refused):
    width = max([len(names or []), *(len(each.cells) for each in refused)])
    yield [REASON, *(called(number, names) for number in range(width))]
    for each in refused:
        yield [each, *each.cells]
