"""Signs that a table is not what it seems: one check for all readers of tables, said before anything is written (docs/adr/0054).

A reader says what each column holds; `signs_in` says what is unlikely, which a person confirms. `refuse_impossible` is for what
is wrong beyond doubt: the reader refuses that row.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rifess.base.admin.plausibility import EARLIEST_YEAR
from rifess.base.spreadsheets.encodings import is_encoded_twice, looks_misread
from rifess.base.text.accent_folding import fold

A_DAY = timedelta(days=1)
ENOUGH = 3  # rows that say the same by chance seldom
ENOUGH_LENGTHS = 5
MOST_ROWS = 200  # that are looked at for what a column holds
LONGEST = 40  # characters of a cell that a sentence repeats
YES_OR_NO = {"si", "no", "sim", "nao", "yes", "x", "s", "n", "y"}
ERROR = re.compile(r"#(?:N/[AD]|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|¡[\w/]+!|¿\w+\?)")  # what a formula shows that went wrong
FORMULA = re.compile(
    r"[=+]\s*[A-ZÁÉÍÓÚÇ][A-ZÁÉÍÓÚÇ.]*\(.*", re.DOTALL
)  # what programs save where formulas are shown, not results
ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{1,3}")  # of a long number this is what Excel writes into a CSV: digits are lost
NUMBER = re.compile(r"\d{5,}(?:[.,]\d+)?|\d+[.,]\d{3,}")
MONTHS = "ene|jan|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dic|dez"
DATE = re.compile(rf"\d{{4}}-\d\d-\d\d(?:[ T].*)?|\d{{1,2}}[-/](?:{MONTHS})[a-z]*\.?(?:[-/]\d{{2,4}})?", re.IGNORECASE)
SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")  # days since 1900, as spreadsheet programs count them: 1954 to 2119
TWO_ORDERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
OF_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
OF_DATA = re.compile(r"\+?\d[\d\s().-]{5,}|https?://\S+|\S+@\S+\.\S+")  # a telephone, a link, an address
CLOSING = re.compile(  # what stands below a table: how many there are, who made it
    r"(?:sub)?tota(?:l|les|is)\b.*|(?:gran|grand) total\b.*|sum[ae]?\b[^a-z]*|(?:numero|cantidad|count|quantidade) (?:de|of) .*"
    r"|(?:elaborado|preparado|generado|gerado|prepared|generated) (?:por|by|el|em|on)\b.*|(?:fuente|fonte|source) ?:.*"
)
LAST_ROWS, FEWEST_CELLS = 3, 2  # below a table: of so many rows those in which at most so many cells say something
CLOSE, APART = timedelta(days=14), timedelta(days=27)

SENTENCES = {
    "misread": gettext_lazy("“%(text)s” seems to be read in a wrong encoding. Save the file as UTF-8 and upload it again."),
    "number": gettext_lazy("“%(text)s” is a number or a date, as spreadsheet programs make of other things. Is it right?"),
    "serial": gettext_lazy(
        "“%(text)s” is how spreadsheet programs count days: format the column as date and time, and save the file again."
    ),
    "year": gettext_lazy("The year %(year)s of “%(text)s” is unlikely. Is it right?"),
    "future": gettext_lazy("“%(text)s” is still to come. Is the date right?"),
    "long": gettext_lazy("“%(text)s” would be a day or longer. Is it right?"),
    "seconds": gettext_lazy("Durations such as “%(text)s” are read as seconds. Is that right?"),
    "exchanged": gettext_lazy(
        "Dates such as “%(text)s” are read with the day before the month. With the month first they would be within a few days:"
        " which is right?"
    ),
    "repeated": gettext_lazy("All rows say the same, “%(text)s”, where they should differ. Was it filled down by mistake?"),
    "second_address": gettext_lazy(
        "The column “%(other)s” holds addresses too. Is “%(column)s” the one of the people themselves?"
    ),
    "second": gettext_lazy("The column “%(other)s” says something of the same kind. Is “%(column)s” the right one?"),
    "answers": gettext_lazy("The column “%(column)s” says only yes or no: choose another."),
    "first_row": gettext_lazy("No name of a column is known. Is the first row already a person? It is not imported."),
    "first_row_data": gettext_lazy("“%(text)s” names no column. Is that row already a person? It is not imported."),
    "formula": gettext_lazy("“%(text)s” is a formula, not its result: save the file with the results shown."),
    "closing": gettext_lazy("“%(text)s” seems to be a total or a note below the table, not part of it. Is it?"),
    "names_again": gettext_lazy("This row names the columns once more."),
}


class Kind(StrEnum):
    """What a column holds. Of OTHER columns nothing is read."""

    PERSON = "person"
    CALLED = "called"  # as people call themselves on a platform: a telephone calls by its number
    TITLE = "title"
    ADDRESS = "address"  # of mail
    LINK = "link"
    WORDS = "words"
    DAY = "day"
    MOMENT = "moment"
    LENGTH = "length"
    OTHER = "other"


IDENTIFYING = {Kind.PERSON, Kind.CALLED, Kind.TITLE, Kind.ADDRESS, Kind.LINK}


@dataclass(frozen=True)
class Column:
    """A column of a table: its `number` (from 0), what it is called and holds, and how its reader understands a cell.

    `rival`: the number of the column that is read for what this one, by its name, says too. `counts_seconds`: a bare number is
    one of seconds.
    """

    number: int
    name: str
    kind: Kind
    read: Callable | None = None
    rival: int | None = None
    counts_seconds: bool = False


@dataclass(frozen=True)
class Sign:
    """Something unlikely: a code of SENTENCES, what the sentence names, and where it stands.

    `place` is a number of the `unit` (row or line) or, where the unit is "file", says it itself.
    """

    code: str
    params: dict = field(default_factory=dict)
    place: object = None
    unit: str = "row"

    def __str__(self):
        sentence = str(SENTENCES[self.code]) % self.params
        if self.place is None:
            return sentence
        said = {"place": self.place, "sentence": sentence, **self.params}
        if self.unit == "file":
            return _("%(place)s, column “%(column)s”: %(sentence)s") % said
        if self.unit == "line":
            return _("Line %(place)d, column “%(column)s”: %(sentence)s") % said
        return _("Row %(place)d, column “%(column)s”: %(sentence)s") % said


def refuse_impossible(text):
    """Raise ValidationError for what cannot be meant: codes "error" (of a formula), "rounded" (a long number), "misread"."""
    said = {"text": text[:LONGEST]}
    if ERROR.fullmatch(text):
        raise ValidationError(_("The cell shows an error of the spreadsheet: “%(text)s”."), code="error", params=said)
    if ROUNDED.fullmatch(text):
        sentence = _("Of a long number only “%(text)s” is left: format the column as text and enter the number again.")
        raise ValidationError(sentence, code="rounded", params=said)
    if "\ufffd" in text or is_encoded_twice(text):
        raise ValidationError(SENTENCES["misread"], code="misread", params=said)


def signs_in(rows, columns, *, names=None, knows_names=True, unit="row", group=None):
    """What is unlikely in `rows`, pairs of a place and cells, of which `columns` say what is read: a list of Sign.

    One for each kind of doubt and column, with the first cell that shows it. `names`: the row that names the columns, where there
    is one, and whether the reader knows any of them. `group`: the number of the column by which days are compared with others.
    """
    table = _Table(list(rows), list(columns), unit, group)
    found = [table.misread(), table.closing(), *_of_names(names, knows_names, table)]
    found += [table.second(column) for column in table.columns if column.kind == Kind.OTHER]
    for column in table.columns:
        if column.kind != Kind.OTHER:
            found += [check(table, column) for check in CHECKS]
    return [sign for sign in found if sign]


@dataclass
class _Table:
    rows: list
    columns: list
    unit: str
    group: int | None

    @cached_property
    def filled(self):
        """The cells that say something, by column: pairs of place and text."""
        found = {column.number: [] for column in self.columns}
        for place, cells in self.rows:
            for number, cell in enumerate(cells):
                if cell and number in found:
                    found[number].append((place, cell))
        return found

    def cell(self, cells, number):
        return cells[number] if number < len(cells) else ""

    def sign(self, code, column, place=None, text="", **more):
        said = {"column": column.name, "text": str(text)[:LONGEST], **more}
        return Sign(code, said, place, self.unit)

    def first(self, code, column, is_unlikely):
        """A Sign for the first cell of `column` of which that is true."""
        for place, text in self.filled[column.number]:
            if is_unlikely(text):
                return self.sign(code, column, place, text)
        return None

    def misread(self):
        named = {column.number: column for column in self.columns}
        for place, cells in self.rows:
            for number, cell in enumerate(cells):
                if number in named and cell and "@" not in cell and "://" not in cell and looks_misread(cell):
                    return self.sign("misread", named[number], place, cell)
        return None

    def closing(self):
        """A row below the table: a total, or who made it."""
        named = {column.number: column for column in self.columns}
        for place, cells in self.rows[-LAST_ROWS:]:
            filled = [(number, cell) for number, cell in enumerate(cells) if cell]
            if filled and len(self.columns) > len(filled) <= FEWEST_CELLS and filled[0][0] in named:
                number, text = filled[0]
                if CLOSING.fullmatch(fold(" ".join(text.split()))):
                    return self.sign("closing", named[number], place, text)
        return None

    def second(self, other):
        """Another column that seems to hold what one that is read holds."""
        for column in self.columns:
            if column.kind == Kind.ADDRESS and self._holds_as_many_addresses(other, column):
                return self.sign("second_address", column, other=other.name)
            if column.number == other.rival and self._differ(column, other):
                return self.sign("second", column, other=other.name)
        return None

    def _holds_as_many_addresses(self, other, column):
        here, there = (
            {place: fold(text) for place, text in self.filled[each.number][:MOST_ROWS] if OF_MAIL.fullmatch(text)}
            for each in (column, other)
        )
        return len(there) > 1 and len(there) >= len(here) and any(here.get(place) != text for place, text in there.items())

    def _differ(self, column, other):
        """Whether the two say different things in some row: one may say more words than the other."""
        pairs = ((self.cell(cells, column.number), self.cell(cells, other.number)) for _place, cells in self.rows[:MOST_ROWS])
        words = (({*fold(one).split()}, {*fold(two).split()}) for one, two in pairs if one and two)
        return any(not (one <= two or two <= one) for one, two in words)

    def tells_apart(self, column, enough):
        """Whether another column shows that the rows are about at least `enough` different people or things."""
        others = (each for each in self.columns if each.kind in IDENTIFYING and each.number != column.number)
        return any(len({fold(text) for _place, text in self.filled[each.number]}) >= enough for each in others)

    def read(self, column):
        """What the cells of `column` mean: place, text and value; those that its reader refuses are left out."""
        for place, text in self.filled[column.number]:
            try:
                value = column.read(text)
            except (ValidationError, ValueError, OverflowError):
                continue
            if value is not None:
                yield place, text, value


def _of_names(names, knows_names, table):
    if names is None:
        return
    if not knows_names:
        yield Sign("first_row")
    elif text := next((name for name in names if OF_DATA.fullmatch(name)), ""):
        yield Sign("first_row_data", {"text": text[:LONGEST]})
    plain = [fold(name) for name in names if name]
    for place, cells in table.rows:
        if len(plain) > 1 and [fold(cell) for cell in cells if cell] == plain:
            yield table.sign("names_again", table.columns[0], place)
            return


def _number(table, column):
    if column.kind == Kind.CALLED:
        return table.first("number", column, ROUNDED.fullmatch)
    if column.kind in {Kind.PERSON, Kind.TITLE, Kind.WORDS}:
        return table.first("number", column, lambda text: NUMBER.fullmatch(text) or DATE.fullmatch(text))


def _serial(table, column):
    if column.kind in {Kind.DAY, Kind.MOMENT}:
        return table.first("serial", column, SERIAL.fullmatch)


def _formula(table, column):
    """Not where people call themselves as they like."""
    return None if column.kind == Kind.CALLED else table.first("formula", column, FORMULA.fullmatch)


def _answers(table, column):
    if column.kind in {Kind.PERSON, Kind.TITLE, Kind.WORDS}:
        said = {fold(text) for _place, text in table.filled[column.number]}
        return table.sign("answers", column) if said and said <= YES_OR_NO else None


def _repeated(table, column):
    """One value in a whole column in which each row has its own: people, addresses, how long they stayed.

    Not when they came: a host lets everybody who waits in at the same second.
    """
    enough = ENOUGH_LENGTHS if column.kind == Kind.LENGTH else ENOUGH
    if column.kind not in IDENTIFYING | {Kind.LENGTH}:
        return None
    said = table.filled[column.number]
    if len(said) < enough or len({fold(str(text)) for _place, text in said}) > 1 or not table.tells_apart(column, enough):
        return None
    place, text = said[0]
    return table.sign("repeated", column, place, text)


def _days(table, column):
    if column.kind not in {Kind.DAY, Kind.MOMENT} or not column.read:
        return None
    now = timezone.now()
    for place, text, value in table.read(column):
        if not EARLIEST_YEAR <= value.year <= now.year + 1:
            return table.sign("year", column, place, text, year=value.year)
        if isinstance(value, datetime) and value > now + A_DAY:
            return table.sign("future", column, place, text)
    return None


def _lengths(table, column):
    if column.kind != Kind.LENGTH or not column.read:
        return None
    read = list(table.read(column))
    if found := next(((place, text) for place, text, value in read if value >= A_DAY), None):
        return table.sign("long", column, *found)
    bare = [text for _place, text in table.filled[column.number]]
    if column.counts_seconds and bare and all(re.fullmatch(r"\d{1,3}", str(text)) and int(text) <= 300 for text in bare):
        return table.sign("seconds", column, table.filled[column.number][0][0], bare[0])
    return None


def _exchanged(table, column):
    """Days that can be read in two ways, and lie close together only in the one that the reader does not choose."""
    if column.kind != Kind.DAY:
        return None
    groups = {}
    for _place, cells in table.rows:
        if text := table.cell(cells, column.number):
            key = table.cell(cells, table.group) if table.group is not None else ""
            groups.setdefault(key, []).append(text)
    for texts in groups.values():
        if _would_be_closer(texts):
            return table.sign("exchanged", column, text=texts[0])
    return None


def _would_be_closer(texts):
    parts = {tuple(map(int, found.groups())) for text in texts if (found := TWO_ORDERS.fullmatch(text.partition(" ")[0]))}
    if len(parts) < 2 or any(not (1 <= one <= 12 and 1 <= two <= 12) for one, two, _year in parts):
        return False
    day_first, month_first = ([date(year, *order) for *order, year in each] for each in (_turned(parts), parts))
    return max(month_first) - min(month_first) <= CLOSE and max(day_first) - min(day_first) >= APART


def _turned(parts):
    return {(two, one, year) for one, two, year in parts}


CHECKS = [_number, _formula, _serial, _answers, _repeated, _days, _lengths, _exchanged]
