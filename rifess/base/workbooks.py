"""The cells of a workbook (XLSX). Nothing in it is computed, and nothing is fetched."""

import io
from datetime import date, datetime, time

from openpyxl import load_workbook

from rifess.base import packages
from rifess.base.refusals import Refused

MOST_UNPACKED = 60 * 1024**2
MOST_LINES = 1_048_576  # of all sheets, empty ones too: as many as Excel has in one
MOST_LETTERS = 20_000_000  # of all cells
LONGEST = 2_000  # characters of a cell; what follows is left out


def read(data, *, sheet="", most_rows, most_columns):
    """The cells of the sheet called `sheet`, or of the first one that holds something, and the names of all that do.

    Rows are pairs of their number and their cells (words, numbers or None); empty ones are left out. One row and one column
    more are read than may be, so that it is noticed. Raises Refused: codes "kind" (another kind of package), "too_many_lines",
    and those of `packages.type_of`.
    """
    kind = packages.type_of(data, is_only_read=True)
    if kind != packages.XLSX:
        raise Refused("kind", kind=kind)
    if packages.unpacked_size(data) > MOST_UNPACKED:
        raise Refused("unpacks_too_big")
    try:
        return _read(data, sheet, most_rows, most_columns)
    except (Refused, MemoryError):
        raise
    except Exception:  # openpyxl says in a hundred ways that a file is not what it should be
        raise Refused("damaged") from None


def _read(data, sheet, most_rows, most_columns):
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    chosen, rows, names, lines = sheet, [], [], Lines()
    for each in book.worksheets:
        found = _rows(each, lines, most_columns)
        first = next(found, None)
        if first is None:
            continue
        names.append(each.title)
        if each.title == (chosen or each.title):
            chosen, rows = each.title, _at_most(most_rows, first, found)
    return {"sheet": chosen, "rows": rows, "sheets": names}


class Lines:
    """Counts the lines of all sheets together."""

    left = MOST_LINES

    def count(self):
        self.left -= 1
        if self.left < 0:
            raise Refused("too_many_lines")


def _rows(sheet, lines, most_columns):
    """Pairs of the number and the cells of the rows of `sheet` that hold something, whatever it says of its own size."""
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(max_col=most_columns + 1, values_only=True), start=1):
        lines.count()
        if any(values):
            yield number, [_plain(value) for value in values]


def _at_most(most, first, others):
    rows, letters = [first], MOST_LETTERS
    for number, cells in others:
        letters -= sum(len(cell) for cell in cells if isinstance(cell, str))
        if letters < 0:
            raise Refused("unpacks_too_big")
        rows.append((number, cells))
        if len(rows) > most:
            break
    return rows


def _plain(value):
    """`value` as JSON has it: a day, a moment or a formula's error as words."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime) and value.time() == time.min:
        return str(value.date())
    return str(value)[:LONGEST] if isinstance(value, str | date) else str(value)
