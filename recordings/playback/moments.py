"""Moments of a recording as an address says them: `?t=90`, `?t=1m30s`, and a passage as `?t=90,125`. Whole seconds."""

import re
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

PART = r"\d{1,6}|(?:\d{1,3}h)?(?:\d{1,5}m)?(?:\d{1,6}s)?"
SPAN = re.compile(rf"(?P<start>{PART})(?:,(?P<end>{PART}))?")
UNITS = re.compile(r"(\d+)([hms]?)")
SECONDS = {"h": 3600, "m": 60, "s": 1, "": 1}


@dataclass(frozen=True)
class Span:
    """From second `start` up to second `end`; without an end, as long as one likes."""

    start: int = 0
    end: int | None = None

    def __str__(self):
        return f"{self.start}" if self.end is None else f"{self.start},{self.end}"

    def __bool__(self):
        return bool(self.start or self.end)


def read(words):
    """The Span that an address says; the beginning when it says nothing that can be understood."""
    found = SPAN.fullmatch(words or "")
    if not found:
        return Span()
    start, end = _seconds(found["start"]), _seconds(found["end"] or "")
    return Span(start, end if end > start else None)


def _seconds(words):
    return sum(int(number) * SECONDS[unit] for number, unit in UNITS.findall(words))


def of(start, end=None):
    """The Span of two durations: begun no later than `start` and over no earlier than `end`."""
    first = start // timedelta(seconds=1) if start else 0
    return Span(first, ceil(end / timedelta(seconds=1)) if end else None)
