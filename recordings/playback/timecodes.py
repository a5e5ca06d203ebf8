"""Times in a recording as people write them: 1:02:03, 62:03, or seconds alone; a fraction after a point or a comma."""

import re
from datetime import timedelta

from rifess.templatetags.portal import timecode

HOURS = r"(?P<hours>[0-9]{1,4}):(?P<minutes>[0-5]?[0-9]):(?P<seconds>[0-5]?[0-9])"
MINUTES = r"(?P<only_minutes>[0-9]{1,5}):(?P<their_seconds>[0-5]?[0-9])"
TIMECODE = re.compile(rf"(?:{HOURS}|{MINUTES}|(?P<only_seconds>[0-9]{{1,7}}))(?:[.,](?P<fraction>[0-9]{{1,6}}))?")


def read(words):
    """The time that `words` say, or None when they say none."""
    found = TIMECODE.fullmatch(words.strip())
    if not found:
        return None
    return timedelta(
        hours=int(found["hours"] or 0),
        minutes=int(found["minutes"] or found["only_minutes"] or 0),
        seconds=int(found["seconds"] or found["their_seconds"] or found["only_seconds"] or 0),
        microseconds=int((found["fraction"] or "").ljust(6, "0")),
    )


def write_exactly(time):
    """`time` as 1:02:03.5, so that reading it again gives the same."""
    fraction = f".{time.microseconds:06}".rstrip("0") if time.microseconds else ""
    return timecode(time) + fraction
