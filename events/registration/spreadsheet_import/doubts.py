"""Signs that a list is not what it seems: said beside the plan, and confirmed by the secretariat before anybody takes part."""

from django.utils.translation import gettext as _

from events.registration.spreadsheet_import.columns import ALSO_CALLED, CALLED, Field, called, plain, rows_above, understood
from rifess.base.spreadsheets.signs import LONGEST, Column, Kind, signs_in

KNOWN_NAMES = {word for words in CALLED.values() for word in words}
KINDS = {
    Field.NAME: Kind.PERSON,
    Field.EMAIL: Kind.ADDRESS,
    **dict.fromkeys([Field.FIRST_NAME, Field.SURNAME, Field.SECOND_SURNAME], Kind.WORDS),
    **dict.fromkeys([Field.INSTITUTION, Field.POSITION], Kind.WORDS),
}
ONE_ONLY = {Field.NAME, Field.EMAIL}  # of which a list has no second one that says something else


def signs(names, rows, columns):
    """What is unlikely in `rows` under `names` (or None), of which `columns` says the number of each field: a list of Sign."""
    knows_names = any(plain(name) in KNOWN_NAMES for name in names or ())
    return signs_in(rows, [*_columns(names, rows, columns)], names=names, knows_names=knows_names)


def doubts(names, rows, columns):
    """The signs of wrong reading as sentences: see `signs`."""
    return [*map(str, signs(names, rows, columns))]


def _columns(names, rows, columns):
    width = max([len(names or []), *(len(cells) for _row, cells in rows)])
    fields = {number: name for name, number in columns.items()}
    for number in range(width):
        kind = KINDS.get(fields.get(number), Kind.OTHER)
        yield Column(number, called(number, names), kind, rival=_rival(number, names, fields, columns))


def _rival(number, names, fields, columns):
    """The column that is read for what this one is called too."""
    if not names or number >= len(names) or number in fields:
        return None
    field = understood(names[number])
    return columns.get(field if field in ONE_ONLY else ALSO_CALLED.get(plain(names[number])))


def remark_on_rows_above(table):
    """A sentence about the rows above the names of the columns, or nothing."""
    above = rows_above(table)
    if not above:
        return ""
    said = {"rows": ", ".join(str(number) for number, _cells in above), "text": next(filter(None, above[0][1]))[:LONGEST]}
    return _("Above the names of the columns stand rows that are not read: %(rows)s (“%(text)s”…).") % said


def doubts_of_workbook(table, first_row):
    """Sentences about what of a `table` its sender may not have seen, or we did not read, from row `first_row` on."""
    below = [area for area in table.merged if _row_of(area.rpartition(":")[2]) >= first_row]
    if table.hidden_sheets:
        yield _("Hidden in the workbook: %(sheets)s.") % {"sheets": ", ".join(table.hidden_sheets)}
    if table.hidden_columns:
        letters = ", ".join(called(number, None) for number in table.hidden_columns[:5])
        yield _("A spreadsheet program does not show some columns: %(columns)s.") % {"columns": letters}
    if below:
        sentence = _("Cells are merged (for example %(ranges)s): only the first cell of each is read.")
        yield sentence % {"ranges": ", ".join(below)}
    if table.not_computed:
        sentence = _(
            "Cells hold formulas whose results are not in the file, and count as empty (%(cells)s). Open it "
            "in a spreadsheet program, save it and upload it again."
        )
        yield sentence % {"cells": ", ".join(table.not_computed)}
    for cell, text in table.comments:
        yield _("A comment at %(cell)s is not read: “%(text)s”.") % {"cell": cell, "text": text}


def _row_of(cell):
    return int("".join(filter(str.isdigit, cell)) or 0)
