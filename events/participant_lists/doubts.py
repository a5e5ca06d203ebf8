"""Signs that a list is not what it seems: said beside the plan, and decided by a person."""

from django.utils.translation import gettext as _

from events.participant_lists.columns import CALLED, Field, called, is_address, plain
from rifess.base.folding import fold
from rifess.base.tables import looks_misread

YES_OR_NO = {"si", "no", "sim", "nao", "yes", "x", "s", "n", "y"}
MOST_ROWS = 200  # that are looked at for what a column holds
KNOWN_NAMES = {word for words in CALLED.values() for word in words}


def doubts(names, rows, columns):
    """Sentences about `rows` under `names` (or None), of which `columns` says the number of each field."""
    found = [_of_encoding(rows), _of_first_row(names), _of_addresses(names, rows, columns), _of_answers(names, rows, columns)]
    return [sentence for sentence in found if sentence]


def _of_encoding(rows):
    for number, cells in rows:
        if text := next((cell for cell in cells if "@" not in cell and "://" not in cell and looks_misread(cell)), ""):
            sentence = _(
                "Row %(row)d: “%(text)s” seems to be read in a wrong encoding: save the file as UTF-8 and bring it again."
            )
            return sentence % {"row": number, "text": text[:40]}


def _of_first_row(names):
    if names and not any(plain(name) in KNOWN_NAMES for name in names):
        return _("No name of a column is known: is the first row already somebody? It is not brought in.")


def _of_addresses(names, rows, columns):
    """Another column with as many addresses as the one that is read."""
    chosen = columns.get(Field.EMAIL)
    if chosen is None:
        return None
    counts = _counts(rows, is_address)
    others = [number for number, count in counts.items() if number != chosen and count > 1 and count >= counts.get(chosen, 0)]
    if others:
        sentence = _("The column “%(other)s” holds addresses too. Is “%(column)s” the one of the people themselves?")
        return sentence % {"other": called(others[0], names), "column": called(chosen, names)}


def _of_answers(names, rows, columns):
    """A column of words that holds nothing but yes and no."""
    for field in (Field.INSTITUTION, Field.POSITION, Field.NAME):
        number = columns.get(field)
        said = {fold(cells[number]) for _row, cells in rows if number is not None and number < len(cells)} - {""}
        if said and said <= YES_OR_NO:
            return _("The column “%(column)s” says only yes or no: choose another.") % {"column": called(number, names)}


def _counts(rows, understood):
    counts = {}
    for _row, cells in rows[:MOST_ROWS]:
        for number, cell in enumerate(cells):
            if understood(cell):
                counts[number] = counts.get(number, 0) + 1
    return counts
