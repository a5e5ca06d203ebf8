"""A platform's list as the people in it."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from events.attendance.platform_reports.columns import heading_of
from events.attendance.platform_reports.reader import rows_of
from events.attendance.platform_reports.sessions import Join, people_of
from events.attendance.platform_reports.timestamps import are_minutes_first, is_day_first, is_short_clock, length, written
from rifess.base.cleaned import plain_address
from rifess.base.spreadsheets.signs import Column, Kind, signs_in
from rifess.base.text.accent_folding import fold

A_DAY = timedelta(days=1)
NUMBERED = re.compile(r"\d\. ")  # how Teams begins each part
NO = {"no", "nao", "n", "false", "0"}
YES = {"yes", "si", "sim", "y", "s", "true", "1"}
KINDS = {
    "name": Kind.CALLED,
    "email": Kind.ADDRESS,
    **dict.fromkeys(["came", "left", "moment"], Kind.MOMENT),
    "duration": Kind.LENGTH,
}
CAME, LEFT = ("join", "se uni", "unio", "ingres", "entr"), ("left", "leave", "sali", "abandon", "saiu", "se fue", "deix")


@dataclass
class Reading:
    """The people in a list, what in it could not be read, in sentences that name the line, and what is unlikely: Signs."""

    people: list
    notices: list
    signs: list


@dataclass(frozen=True)
class Clock:
    """How the moments of a list are read: on whose clock, in which order, and on which day those that name none are.

    `minutes_first`: durations such as "62:15" are minutes and seconds.
    """

    zone: object
    days: tuple
    minutes_first: bool = False

    def order(self, rows):
        return is_day_first([each for row in rows for each in row.moments()], self.days)


class Row(dict):
    """What one line says: texts by field, and `line`, `sums_up`, `is_utc`, `unit` (of a duration, "" when it is not said).

    `heading` names its columns, and `cells` are all that stands in it.
    """

    heading, cells = None, ()

    def moments(self):
        found = []
        for field in ("came", "left", "moment"):
            try:
                found += [written(self[field])] if self.get(field) else []
            except ValueError:
                continue
        return found


def read(text, *, zone, days):
    """The Reading of the list `text`: moments on the clocks of `zone`, without a day on the first of `days`.

    Raises ValidationError (codes of `rows_of`; "nobody" when nobody is in it).
    """
    rows = list(_rows(text))
    short = [row["duration"] for row in rows if is_short_clock(row.get("duration", ""))]
    clock = Clock(zone, tuple(days), are_minutes_first(short))
    notices = [_of_short_clocks(short[0], clock.minutes_first)] if short else []
    day_first = clock.order(rows)
    joins = [_join(row, clock, day_first, notices) for row in rows if row["is_of_events"] is False]
    joins += _from_events([row for row in rows if row["is_of_events"]], clock, day_first, notices)
    people = people_of([join for join in joins if join.name or join.email])
    if not people:
        raise ValidationError(_("There is no one in this list: there are no rows below the names of the columns."), code="nobody")
    return Reading(people, notices, _signs(rows, clock, day_first))


def _rows(text):
    """A Row for each line that stands below names of columns. A line of its own that begins another part ends the part before."""
    heading = None
    for line, cells in rows_of(text):
        found = heading_of(cells)
        if found or _begins_another_part(cells):
            heading = found
        elif heading and any(cells):
            values = {field: cell for field, cell in zip(heading.fields, cells, strict=False) if field}
            about = {name: getattr(heading, name) for name in ("sums_up", "is_utc", "is_of_events", "unit")}
            row = Row(values, line=line, **about)
            row.heading, row.cells = heading, cells
            if _was_there(row):
                yield row


def _begins_another_part(cells):
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and bool(cells[0]) and (bool(NUMBERED.match(cells[0])) or "detail" in fold(cells[0]))


def _was_there(row):
    return fold(row.get("attended", "")) not in NO and fold(row.get("waiting", "")) not in YES


def _join(row, clock, day_first, notices):
    came, left = (_moment(row, field, clock, day_first, notices) for field in ("came", "left"))
    if came and left and left < came and not _has_a_day(row["left"]):
        left += A_DAY
    if came and left and left < came:
        notices.append(_("Line %(line)d: they left before they came; the times are not counted.") % {"line": row["line"]})
        came = left = None
    return Join(row["line"], _name(row), _email(row), came, left, _duration(row, clock, notices), row["sums_up"])


def _has_a_day(text):
    moment = written(text)
    return bool(moment.day or moment.parts)


def _moment(row, field, clock, day_first, notices):
    if not row.get(field):
        return None
    try:
        zone = UTC if row["is_utc"] else clock.zone
        return written(row[field]).on(zone, day_first=day_first, otherwise=clock.days[0])
    except ValueError:
        notices.append(_cannot_read(row, row[field]))


def _duration(row, clock, notices):
    if not row.get("duration"):
        return None
    try:
        return length(row["duration"], minutes_first=clock.minutes_first, unit=row["unit"])
    except (ValueError, OverflowError):
        notices.append(_cannot_read(row, row["duration"]))


def _of_short_clocks(example, are_minutes):
    if are_minutes:
        sentence = _("Durations such as “%(text)s” are read as minutes and seconds: one of them would be a day or more in hours.")
    else:
        sentence = _("Durations such as “%(text)s” are read as hours and minutes. Is that right?")
    return sentence % {"text": example}


def _signs(rows, clock, day_first):
    """What is unlikely in `rows`, heading by heading."""
    by_heading = {}
    for row in rows:
        by_heading.setdefault(row.heading, []).append(row)
    found = []
    for heading, those in by_heading.items():
        columns = _columns(heading, clock, day_first)
        found += signs_in([(row["line"], row.cells) for row in those], columns, unit="line")
    return found


def _columns(heading, clock, day_first):
    zone = UTC if heading.is_utc else clock.zone
    readers = {
        Kind.MOMENT: lambda text: written(text).on(zone, day_first=day_first, otherwise=clock.days[0]),
        Kind.LENGTH: lambda text: length(text, minutes_first=clock.minutes_first, unit=heading.unit),
    }
    for number, (name, field) in enumerate(zip(heading.names, heading.fields, strict=True)):
        kind = KINDS.get(field, Kind.OTHER)
        again = heading.repeated[number]
        yield Column(number, name, kind, readers.get(kind), rival=heading.fields.index(again) if again in KINDS else None)


def _cannot_read(row, text):
    return _("Line %(line)d: “%(text)s” is not understood, and is not counted.") % {"line": row["line"], "text": text[:40]}


def _name(row):
    """The name and surname where the list has them apart, else what they called themselves."""
    first = row.get("first_name") or ("" if row.get("first_name") is not None else row.get("name", ""))
    apart = " ".join(part for part in (first, row.get("surname", "")) if part)
    return apart if row.get("surname") and apart else row.get("name", "") or apart


def _email(row):
    """The address; where there is none, that of their account, which Teams gives to those of the same organization."""
    for text in (row.get("email", ""), row.get("account", "")):
        try:
            validate_email(text)
            return plain_address(text)
        except ValidationError:
            continue
    return ""


def _from_events(rows, clock, day_first, notices):
    """Joins from rows that each say that somebody came or left. Who is not said to have left stayed until the last line."""
    told = [(row, _moment(row, "moment", clock, day_first, notices)) for row in rows]
    last = max((moment for _row, moment in told if moment), default=None)
    of_each = defaultdict(list)
    for row, moment in told:
        if moment:
            of_each[(_email(row), _name(row))].append((moment, row))
    return [join for (email, name), events in of_each.items() for join in _paired(name, email, events, last)]


def _paired(name, email, events, last):
    came = None
    for moment, row in sorted(events, key=lambda event: event[0]):
        word = fold(row.get("action", ""))
        if came is None and word.startswith(CAME):
            came = (moment, row)
        elif came and word.startswith(LEFT):
            yield Join(came[1]["line"], name, email, came[0], moment)
            came = None
    if came:
        yield Join(came[1]["line"], name, email, came[0], last)
