"""What calendars show of a seminar or a panel, in the active language, whoever writes it down: a file, or an address elsewhere.

Nothing here lets anybody in: calendars are shared, so the link to join is in none.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from events.models import AttendanceForm, SeminarFormat
from events.programme.times import Sitting, city_of, say_clock, sittings_of
from members.models import Audience
from rifess.base.text.translated import text_of

NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # RFC 5545 §3.1: what no text may hold


@dataclass(frozen=True)
class Shown:
    """One entry of a calendar. Whole days have no `starts_at`; hours are those of clocks in `zone`."""

    uid: str
    title: str
    paragraphs: list
    place: str
    url: str
    topics: list
    zone: ZoneInfo
    sitting: Sitting
    is_cancelled: bool
    is_private: bool

    @property
    def description(self):
        return "\n\n".join(filter(None, [*self.paragraphs, self.url]))


def of_days(seminar):
    """An entry for each of its days (docs/adr/0020)."""
    sittings = sittings_of(seminar, seminar.panels.all())
    days = [_of_day(seminar, sitting) for sitting in sittings]
    if len(days) == 1:
        return days
    return [replace(day, title=f"{day.title} ({number}/{len(days)})") for number, day in enumerate(days, start=1)]


def of_panel(panel):
    """While its hour is not known, the whole day; while its day is not, the days of its seminar."""
    return replace(
        _of_day(panel.seminar, _sitting_of(panel)),
        uid=uid("panel", panel.pk),
        title=words(panel, "title"),
        paragraphs=[words(panel.seminar, "title"), words(panel, "summary")],
        url=settings.SITE_URL + panel.get_absolute_url(),
        topics=[words(topic, "name") for topic in panel.topics.all()],
    )


def place_of(seminar, form=""):
    """Where it is, for everybody or for those who attend it in one `form`."""
    place = words(seminar, "place")
    if form == AttendanceForm.IN_PERSON or (not form and seminar.format not in (SeminarFormat.VIRTUAL, SeminarFormat.HYBRID)):
        return place
    if form == AttendanceForm.VIRTUAL or seminar.format == SeminarFormat.VIRTUAL or not place:
        return _("Online")
    return _("%(place)s, and online") % {"place": place}


def words(row, field):
    return NOT_TEXT.sub("", text_of(row, field).words)


def uid(*parts):
    """The same for good: it holds no slug, no title and no day."""
    return f"{'-'.join(map(str, parts))}@{urlsplit(settings.SITE_URL).hostname}"


def _of_day(seminar, sitting):
    """The first day keeps the seminar's own UID, so that it stays the same entry when the programme is known."""
    return Shown(
        uid=uid("seminar", seminar.pk, *([sitting.number] if sitting.number > 1 else [])),
        title=words(seminar, "title"),
        paragraphs=[words(seminar, "subtitle"), words(seminar, "summary"), programme_of(sitting, seminar.zone)],
        place=place_of(seminar),
        url=settings.SITE_URL + seminar.get_absolute_url(),
        topics=[words(topic, "name") for topic in seminar.topics.all()],
        zone=seminar.zone,
        sitting=sitting,
        is_cancelled=seminar.is_cancelled,
        is_private=seminar.audience != Audience.EVERYONE,
    )


def _sitting_of(panel):
    seminar = panel.seminar
    if panel.held_on is None:
        return Sitting(1, seminar.starts_on, seminar.ends_on or seminar.starts_on, [])
    return Sitting(1, panel.held_on, panel.held_on, [], panel.starts_at, panel.ends_at)


def programme_of(sitting, zone):
    """A line for each panel, with its hours on the clocks of the seminar's city, which is named. Empty without panels."""
    if not sitting.panels:
        return ""
    head = _("Programme (%(city)s time):") % {"city": city_of(zone)} if sitting.starts_at else _("Programme:")
    return "\n".join([head, *(_line(panel, zone) for panel in sitting.panels)])


def _line(panel, zone):
    hours = [say_clock(moment, zone) for moment in (panel.starts_at, panel.ends_at) if moment]
    return " ".join(filter(None, ["–".join(hours), words(panel, "title")]))
