"""Our own TOML: a [[recording]] for each, with the fields of `RowForm`; what they share may stand above the first one."""

import re
import tomllib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.imports.files import MOST_ROWS
from recordings.imports.forms import RowForm, understand_all
from recordings.imports.rows import Reading, Refused, Spot

BEGINS = re.compile(r"\s*\[\[\s*recording\s*\]\]")
DOTTED = re.compile(r"(?:\.[ \t]*[\w\"'-]{1,200}[ \t]*){30}")  # a key of so many parts costs tomllib the square of them
FIELD = re.compile(r"\s*([A-Za-z_]+)\s*=")


def read_entries(text, name, *, most=MOST_ROWS):
    """The Reading of the TOML `text` of the file `name`. Raises ValidationError (codes "toml", "entries", "rows")."""
    whole = _load(text)
    entries, shared = whole.pop("recording", None), whole
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValidationError(_("Enter each recording under a line that says [[recording]]."), code="entries")
    if len(entries) > most:
        raise ValidationError(_("These are more than %(most)d rows."), code="rows", params={"most": most})
    spots = list(_spots(text, name))
    spots += [Spot(name)] * (len(entries) - len(spots))  # written inline, where lines cannot be told
    known, reading = [], Reading()
    for entry, spot in zip(entries, spots, strict=False):
        unknown = [field for field in {**shared, **entry} if field not in RowForm.base_fields]
        reading.refused += [Refused(spot.at(field), _unknown(field)) for field in unknown]
        known += [] if unknown else [({**shared, **entry}, spot, {})]
    reading += understand_all(known)
    return reading


def _load(text):
    if DOTTED.search(text):
        raise _endless()
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValidationError(_("This is no TOML: %(error)s."), code="toml", params={"error": error}) from error
    except (RecursionError, ValueError) as error:
        raise _endless() from error


def _endless():
    return ValidationError(_("It is nested too deeply, or has a number without end."), code="toml")


def _unknown(field):
    sentence = _("There is no field “%(field)s”. Known: %(known)s.")
    return sentence % {"field": field[:100], "known": ", ".join(RowForm.base_fields)}


def _spots(text, name):
    """Where each [[recording]] begins, and the lines of its fields."""
    lines = text.split("\n")
    begins = [number for number, line in enumerate(lines, start=1) if BEGINS.match(line)]
    for begin, end in zip(begins, [*begins[1:], len(lines) + 1], strict=True):
        fields = {}
        for number in range(begin + 1, end):
            found = FIELD.match(lines[number - 1])
            if found:
                fields.setdefault(found[1], number)
        yield Spot(name, begin, fields)
