"""Moments and durations as the platforms write them: in several orders, with AM and PM, in words of three languages."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from rifess.base.text.accent_folding import fold

CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]\d+)? ?(?:(?P<half>[ap])\.? ?m\.?)?"
    r" ?(?P<utc>z|utc|gmt)?(?P<offset>[+-]\d{2}:?\d{2})?$"
)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$")
MONTH_THEN_DAY = re.compile(r"([a-z]{3,10})\.? (\d{1,2}),? (\d{4})$")
DAY_THEN_MONTH = re.compile(r"(\d{1,2})(?: de)? ([a-z]{3,10})\.?,?(?: de)? (\d{4})$")
MONTHS = [  # by their first three letters, in English, Spanish and Portuguese
    *[{"jan", "ene"}, {"feb", "fev"}, {"mar"}, {"apr", "abr"}, {"may", "mai"}, {"jun"}, {"jul"}, {"aug", "ago"}],
    *[{"sep", "set"}, {"oct", "out"}, {"nov"}, {"dec", "dic", "dez"}],
]
SHORT_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)$")  # hours and minutes, or minutes and seconds
LONG_CLOCK = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)(?:[.,]\d+)?$")
A_DAY = timedelta(days=1)
LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")
SECONDS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Written:
    """A moment as it is written: its clock and, where it has one, its day, which may be readable in two ways."""

    clock: time
    day: date | None = None
    parts: tuple = ()  # the two numbers whose order is not known, and the year
    has_half: bool = False  # it says AM or PM

    def on(self, zone, *, day_first, otherwise):
        """The moment, on the clocks of `zone` unless it says of which; on the day `otherwise` where none is written."""
        day = _ordered(self.parts, day_first) if self.parts else self.day or otherwise
        return datetime.combine(day, self.clock, tzinfo=self.clock.tzinfo or zone)


def written(text):
    """The Written moment that `text` is. Raises ValueError."""
    text = _plain(text)
    clock = CLOCK.search(text)
    if not clock:
        raise ValueError(text)
    day, parts = _day(text[: clock.start()].strip(" ,t"))
    at = time(_hour(int(clock["hour"]), clock["half"]), int(clock["minute"]), int(clock["second"] or 0), tzinfo=_zone(clock))
    return Written(at, day, parts, bool(clock["half"]))


def _zone(clock):
    if offset := clock["offset"]:
        minutes = int(offset[1:3]) * 60 + int(offset[-2:])
        return timezone(timedelta(minutes=minutes if offset[0] == "+" else -minutes))
    return UTC if clock["utc"] else None


def _plain(text):
    return " ".join(fold(text).replace("\u202f", " ").split())


def _hour(hour, half):
    if half and not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "p" else 0) if half else hour


def _day(text):
    """The day written as `text`, or the parts of one that can be read in two ways."""
    if not text:
        return None, ()
    if found := YEAR_FIRST.match(text):
        return date(*map(int, found.groups())), ()
    if found := YEAR_LAST.match(text):
        one, two, year = map(int, found.groups())
        parts = (one, two, year + 2000 if year < 100 else year)
        _ordered(parts, day_first=one > 12 or two <= 12)
        return None, parts
    if found := MONTH_THEN_DAY.match(text):
        return date(int(found[3]), _month(found[1]), int(found[2])), ()
    if found := DAY_THEN_MONTH.match(text):
        return date(int(found[3]), _month(found[2]), int(found[1])), ()
    raise ValueError(text)


def _month(word):
    return next((number for number, words in enumerate(MONTHS, 1) if word[:3] in words), 0)


def _ordered(parts, day_first):
    one, two, year = parts
    return date(year, two, one) if day_first else date(year, one, two)


def is_day_first(moments, days):
    """Whether the days of `moments` (Written) are written day first: as one of them shows, else as most fall on `days`.

    Where neither tells, lists with AM and PM write the month first.
    """
    parts = [each.parts for each in moments if each.parts]
    if any(one > 12 for one, two, _year in parts):
        return True
    if any(two > 12 for one, two, _year in parts):
        return False
    fits = [sum(_ordered(each, day_first) in days for each in parts) for day_first in (True, False)]
    return fits[0] > fits[1] if fits[0] != fits[1] else not any(each.has_half for each in moments)


def are_minutes_first(texts):
    """Whether durations such as "62:15" in a list are minutes and seconds: as hours, one of them would last a day or longer."""
    return any(int(found[1]) >= 24 for text in texts if (found := SHORT_CLOCK.match(_plain(text))))


def is_short_clock(text):
    return SHORT_CLOCK.match(_plain(text)) is not None


def length(text, *, minutes_first=False, unit=""):
    """The duration that `text` is: "1h 2m 3s", "1 h 2 min", "35 mins", "01:02:03", "1:02", and a number of minutes or of `unit`.

    "1:02" is hours and minutes unless `minutes_first`. Raises ValueError, also for a day and longer: no meeting lasts that.
    """
    found = _length(_plain(text), minutes_first, unit)
    if found >= A_DAY:
        raise ValueError(text)
    return found


def _length(text, minutes_first, unit):
    if found := LONG_CLOCK.match(text):
        hours, minutes, seconds = map(int, found.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if found := SHORT_CLOCK.match(text):
        one, two = map(int, found.groups())
        return timedelta(minutes=one, seconds=two) if minutes_first else timedelta(hours=one, minutes=two)
    found = LENGTH.findall(text)
    if not found or LENGTH.sub("", text).strip(" .,ye"):
        raise ValueError(text)
    return timedelta(seconds=sum(float(number.replace(",", ".")) * _seconds_of(of or unit) for number, of in found))


def _seconds_of(unit):
    if unit[:1] not in SECONDS and unit:
        raise ValueError(unit)
    return SECONDS[unit[:1] or "m"]
