"""The cells of a workbook (XLSX), and which of them its sender did not see. Nothing in it is computed, and nothing is fetched.

openpyxl's reader of large files drops which rows and columns are hidden, but its parser of a sheet knows: `_Parser` is that one.
"""

import io
from datetime import date, datetime, time
from itertools import islice

from defusedxml import ElementTree
from openpyxl import load_workbook
from openpyxl.packaging.relationship import get_dependents
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from rifess.base.uploads import ooxml
from rifess.base.uploads.refusals import Refused

MOST_UNPACKED = 60 * 1024**2
MOST_LINES = 1_048_576  # of all sheets, empty ones too: as many as Excel has in one
MOST_LETTERS = 20_000_000  # of all cells
LONGEST = 2_000  # characters of a cell; what follows is left out
MOST_OF_A_COMMENT = 100  # characters
UNSEEN = 0.5  # a row of so many points or a column of so many characters is not seen either
MOST_NAMED = 5  # cells or ranges that a sentence names


def read(data, *, sheet="", most_rows, most_columns):
    """The cells of the sheet called `sheet`, or of the first visible one that holds something, and the names of all that do.

    Rows are pairs of their number and their cells (words, numbers or None); empty ones are left out. One row and one column
    more are read than may be, so that it is noticed. `hidden_rows` are numbers of those rows, `hidden_columns` numbers from 0,
    `hidden_sheets` names among `sheets`; `merged` the first merged ranges, `not_computed` the first cells whose formulas have no
    result, `comments` pairs of a cell and the note at it. Raises Refused: codes "kind" (another kind of package),
    "too_many_lines", and those of `packages.type_of`.
    """
    kind = ooxml.type_of(data, is_only_read=True)
    if kind != ooxml.XLSX:
        raise Refused("kind", kind=kind)
    if ooxml.unpacked_size(data) > MOST_UNPACKED:
        raise Refused("unpacks_too_big")
    try:
        return _read(data, sheet, most_rows, most_columns)
    except (Refused, MemoryError):
        raise
    except Exception:  # openpyxl says in a hundred ways that a file is not what it should be
        raise Refused("damaged") from None


def _read(data, sheet, most_rows, most_columns):
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    found, names, hidden, lines = {"sheet": sheet, "rows": []}, [], [], Lines()
    for each in book.worksheets:
        with each._get_source() as source:
            parser = _Parser(each, source)
            rows = _rows(parser, lines, most_columns)
            first = next(rows, None)
            if first is None:
                continue
            names.append(each.title)
            is_hidden = each.sheet_state != "visible"
            hidden += [each.title] if is_hidden else []
            if each.title == sheet or not (found["sheet"] or is_hidden):
                found = {"sheet": each.title, "rows": _at_most(most_rows, first, rows)}
                found |= parser.unseen(most_columns) | {"comments": _comments(book, each)}
    return found | {"sheets": names, "hidden_sheets": hidden}


class _Parser(WorkSheetParser):
    """The parser of `sheet`, which also notes formulas whose result is not in the file: their cells would seem empty."""

    def __init__(self, sheet, source):
        book = sheet.parent
        formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
        super().__init__(source, sheet._shared_strings, data_only=True, epoch=book.epoch, **formats)
        self.not_computed, self.sheet_format = [], None

    def parse_row(self, row):
        """A row that says nothing of its own height is as high as the sheet's rows are, which may be nothing."""
        number, cells = super().parse_row(row)
        if self.sheet_format and (self.sheet_format.zeroHeight or self.sheet_format.defaultRowHeight <= UNSEEN):
            self.row_dimensions.setdefault(str(number), {}).setdefault("ht", "0")
        return number, cells

    def parse_cell(self, element):
        cell = super().parse_cell(element)
        if (
            len(self.not_computed) < MOST_NAMED
            and cell["value"] is None
            and element.find(FORMULA_TAG) is not None
            and element.get("t") != "str"
        ):
            self.not_computed.append(f"{get_column_letter(cell['column'])}{cell['row']}")
        return cell

    def unseen(self, most_columns):
        """What of the rows that were read so far is not seen by people, or not by us."""
        rows = [int(number) for number, said in self.row_dimensions.items() if _is_hidden(said, "ht")]
        columns = {
            number - 1
            for said in self.column_dimensions.values()
            if _is_hidden(said, "width")
            for number in range(int(said["min"]), min(int(said["max"]), most_columns) + 1)
        }
        merged = [each.ref for each in self.merged_cells.mergeCell] if self.merged_cells else []
        return {
            "hidden_rows": rows,
            "hidden_columns": sorted(columns),
            "merged": merged[:MOST_NAMED],
            "not_computed": self.not_computed,
        }


def _is_hidden(said, size):
    """Whether a row or a column is: as it says, or because its `size` is nothing."""
    return said.get("hidden") in {"1", "true"} or (size in said and float(said[size]) <= UNSEEN)


def _comments(book, sheet):
    """The first notes at cells of `sheet`: pairs of the cell and what the note says."""
    folder, _slash, name = sheet._worksheet_path.lstrip("/").rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in book._archive.namelist():
        return []
    found = []
    for relation in get_dependents(book._archive, relations):
        if relation.Type.endswith("/comments") and len(found) < MOST_NAMED:
            root = ElementTree.fromstring(book._archive.read(relation.target), forbid_dtd=True)
            for comment in islice(root.iterfind(".//{*}comment"), MOST_NAMED - len(found)):
                text = " ".join("".join(comment.itertext()).split())
                found += [(comment.get("ref", ""), text[:MOST_OF_A_COMMENT])] if text else []
    return found


class Lines:
    """Counts the lines of all sheets together."""

    left = MOST_LINES

    def count(self):
        self.left -= 1
        if self.left < 0:
            raise Refused("too_many_lines")


def _rows(parser, lines, most_columns):
    """Pairs of the number and the cells of the rows that hold something, whatever the sheet says of its own size."""
    for number, cells in parser.parse():
        lines.count()
        said = {cell["column"]: cell["value"] for cell in cells if cell["column"] <= most_columns + 1}
        if any(value not in (None, "") for value in said.values()):
            yield number, [_plain(said.get(column)) for column in range(1, max(said) + 1)]


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
