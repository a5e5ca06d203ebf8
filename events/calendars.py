"""Seminars, panels and registrations for calendars (RFC 5545): functions from objects to bytes, in the active language.

A seminar is an entry for each of its days, a panel one of its own (docs/adr/0020). Nothing here lets anybody in: calendars
are shared, so the link to join is in none.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText, vUri

from events.calendar_times import Sitting, city_of, say_clock, sittings_of
from events.models import AttendanceForm, CalendarEntry, RegistrationState, SeminarFormat
from members.models import Audience
from rifess.base.texts import page_language, text_of, texts_of

LOOK_AGAIN = timedelta(hours=1)  # how soon whoever follows a calendar is asked to come back
MEDIA_TYPE = "text/calendar"
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # RFC 5545 §3.1: what no text may hold
PUBLISHED, CALLED_OFF = "PUBLISH", "CANCEL"  # RFC 5546 §3.2.1 and §4.1.3


@dataclass(frozen=True)
class Shown:
    """One entry of a calendar: its words, its time, and how often it has changed. Whole days have no `starts_at`."""

    uid: str
    title: str
    paragraphs: list
    place: str
    path: str
    topics: list
    zone: ZoneInfo
    sitting: Sitting
    state: str
    sequence: int
    changed_at: datetime
    is_private: bool


def of_seminar(seminar) -> bytes:
    """The days of `seminar`. Whether the reader may see it, whoever asks has found out."""
    return _written(_of_seminars([seminar]))


def of_panel(panel) -> bytes:
    """One panel; while its hour is not known the whole day, and while its day is not, the days of its seminar."""
    seminar, entry = panel.seminar, _entries("panel", {panel.pk: _facts_of_panel(panel)})[panel.pk]
    shown = replace(
        _shown(seminar, _sitting_of(panel), entry),
        uid=_uid("panel", panel.pk),
        title=_words(panel, "title"),
        paragraphs=[_words(seminar, "title"), _words(panel, "summary")],
        path=panel.get_absolute_url(),
        topics=[_words(topic, "name") for topic in panel.topics.all()],
    )
    return _written([shown])


def of_registration(registration) -> bytes:
    """The days of its seminar, for whoever registered: not certain before they have a seat, called off when it is over."""
    since = max(filter(None, (registration.written_at, registration.confirmed_at, registration.ended_at)))
    state = _state_of(registration)
    days = [
        replace(each, state=state, changed_at=max(each.changed_at, since), place=_place(registration.seminar, registration.form))
        for each in _of_seminars([registration.seminar])
    ]
    return _written(days, method=CALLED_OFF if state == "CANCELLED" else PUBLISHED)


def of_many(seminars, *, name, path) -> bytes:
    """A calendar to follow, called `name`, whose own address is `path`. `seminars` is a queryset."""
    calendar = _calendar(_of_seminars(list(seminars.with_calendar())))
    for called in ("NAME", "X-WR-CALNAME"):  # RFC 7986 §5.1, and what programs read before it
        calendar.add(called, vText(name))
    calendar.add("SOURCE", vUri(settings.SITE_URL + path), {"VALUE": "URI"})
    calendar.add("REFRESH-INTERVAL", vDuration(LOOK_AGAIN), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(LOOK_AGAIN))
    return calendar.to_ical()


# What is shown


def _of_seminars(seminars):
    facts = {seminar.pk: _facts_of_seminar(seminar) for seminar in seminars}
    entries = _entries("seminar", facts)
    return [each for seminar in seminars for each in _days_of(seminar, entries[seminar.pk])]


def _days_of(seminar, entry):
    sittings = sittings_of(seminar, seminar.panels.all())
    for place, sitting in enumerate(sittings, start=1):
        day = _shown(seminar, sitting, entry)
        yield replace(day, title=f"{day.title} ({place}/{len(sittings)})") if len(sittings) > 1 else day


def _shown(seminar, sitting, entry):
    """The first day keeps the seminar's own UID, so that it stays the same entry when the programme is known."""
    return Shown(
        uid=_uid("seminar", seminar.pk, *([sitting.number] if sitting.number > 1 else [])),
        title=_words(seminar, "title"),
        paragraphs=[_words(seminar, "subtitle"), _words(seminar, "summary"), _programme(sitting, seminar.zone)],
        place=_place(seminar),
        path=seminar.get_absolute_url(),
        topics=[_words(topic, "name") for topic in seminar.topics.all()],
        zone=seminar.zone,
        sitting=sitting,
        state="CANCELLED" if seminar.is_cancelled else "CONFIRMED",
        sequence=entry.sequence,
        changed_at=entry.changed_at,
        is_private=seminar.audience != Audience.EVERYONE,
    )


def _sitting_of(panel):
    seminar = panel.seminar
    if panel.held_on is None:
        return Sitting(1, seminar.starts_on, seminar.ends_on or seminar.starts_on, [])
    return Sitting(1, panel.held_on, panel.held_on, [], panel.starts_at, panel.ends_at)


def _programme(sitting, zone):
    """What takes place, and when on the clocks of the seminar's city, which is named."""
    if not sitting.panels:
        return ""
    head = _("Programme, in the time of %(city)s:") % {"city": city_of(zone)} if sitting.starts_at else _("Programme:")
    return "\n".join([head, *(_line(panel, zone) for panel in sitting.panels)])


def _line(panel, zone):
    hours = [say_clock(moment, zone) for moment in (panel.starts_at, panel.ends_at) if moment]
    return " ".join(filter(None, ["–".join(hours), _words(panel, "title")]))


def _place(seminar, form=""):
    place = _words(seminar, "place")
    if AttendanceForm.VIRTUAL in (form, seminar.format) and form != AttendanceForm.IN_PERSON:
        return _("Online")
    if seminar.format == SeminarFormat.HYBRID and not form:
        return _("%(place)s, and online") % {"place": place} if place else _("Online")
    return place


def _state_of(registration):
    if registration.seminar.is_cancelled or registration.is_over:
        return "CANCELLED"
    return "CONFIRMED" if registration.state == RegistrationState.CONFIRMED else "TENTATIVE"


def _words(row, field):
    return NOT_TEXT.sub("", text_of(row, field).words)


def _uid(*parts):
    """The same for good: it holds no slug, no title and no day."""
    return f"{'-'.join(map(str, parts))}@{urlsplit(settings.SITE_URL).hostname}"


# What changed


def _entries(kind, facts):
    shown = {key: sha256(repr(told).encode()).hexdigest() for key, told in facts.items()}
    return CalendarEntry.objects.following(kind, shown)


def _facts_of_seminar(seminar):
    """Everything that its entries show, in every language."""
    panels = [(*_hours_of(panel), texts_of(panel, "title")) for panel in seminar.panels.all()]
    topics = sorted(text for topic in seminar.topics.all() for text in texts_of(topic, "name"))
    return [*_frame_of(seminar), texts_of(seminar, "subtitle", "summary"), topics, panels]


def _facts_of_panel(panel):
    topics = sorted(text for topic in panel.topics.all() for text in texts_of(topic, "name"))
    return [*_frame_of(panel.seminar), panel.slug, *_hours_of(panel), texts_of(panel, "title", "summary"), topics]


def _frame_of(seminar):
    days = [seminar.starts_on, seminar.ends_on, seminar.time_zone, seminar.is_cancelled]
    return [str(fact) for fact in (*days, seminar.slug, seminar.format, seminar.audience)] + texts_of(seminar, "title", "place")


def _hours_of(panel):
    """Moments as UTC: the database gives back what was written in another zone."""
    moments = [moment and moment.astimezone(UTC).isoformat() for moment in (panel.starts_at, panel.ends_at)]
    return [str(panel.held_on), *moments]


# How it is written


def _written(entries, method=PUBLISHED):
    return _calendar(entries, method).to_ical()


def _calendar(entries, method=PUBLISHED):
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//RIFESS//{urlsplit(settings.SITE_URL).hostname}//{page_language().upper()}")
    calendar.add("METHOD", method)
    for zone, years in _years_in_each_zone(entries).items():
        calendar.add_component(rules_of(zone, min(years), max(years)))
    for each in entries:
        calendar.add_component(_event(each))
    return calendar


def _event(shown):
    event, url = Event(), settings.SITE_URL + shown.path
    event.add("UID", shown.uid)
    event.add("SEQUENCE", shown.sequence)
    event.add("DTSTAMP", shown.changed_at)
    event.add("LAST-MODIFIED", shown.changed_at)
    event.add("STATUS", shown.state)
    event.add("SUMMARY", shown.title, {"LANGUAGE": page_language()})
    event.add("DESCRIPTION", "\n\n".join(filter(None, [*shown.paragraphs, url])))
    event.add("URL", vUri(url))
    event.add("ORGANIZER", _organizer())
    event.add("CLASS", "PRIVATE" if shown.is_private else "PUBLIC")
    for name, value in (_time_of(shown) | {"LOCATION": shown.place, "CATEGORIES": shown.topics}).items():
        if value:
            event.add(name, value)
    return event


def _time_of(shown):
    """Its hours on the clock of the seminar's zone; or whole days, which take up nobody's time. DTEND is outside (§3.6.1)."""
    sitting = shown.sitting
    if sitting.starts_at is None:
        return {"DTSTART": sitting.held_on, "DTEND": sitting.last_day + timedelta(days=1), "TRANSP": "TRANSPARENT"}
    starts, ends = (moment and on_the_clock(moment, shown.zone) for moment in (sitting.starts_at, sitting.ends_at))
    return {"DTSTART": starts, "DTEND": ends, "TRANSP": "TRANSPARENT" if shown.state == "CANCELLED" else "OPAQUE"}


def on_the_clock(moment, zone):
    """`moment` in `zone`; in UTC when clocks show that hour twice, for a file cannot say which of the two (§3.3.5)."""
    moment = moment.astimezone(UTC)
    local = moment.astimezone(zone)
    is_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return moment if is_twice else local


def _organizer():
    """Whom a published entry is from (RFC 5546 §3.2.1): the address that our mail comes from."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = settings.SITE_NAME
    return organizer


def _years_in_each_zone(entries):
    years = {}
    for each in entries:
        if each.sitting.starts_at:
            moments = filter(None, (each.sitting.starts_at, each.sitting.ends_at))
            years.setdefault(each.zone.key, set()).update(moment.astimezone(each.zone).year for moment in moments)
    return dict(sorted(years.items()))


@lru_cache(maxsize=64)
def rules_of(zone, first_year, last_year):
    """The VTIMEZONE of a zone from the beginning of one year to the end of another.

    Clocks put forward read what they did before, until then: the onset is written so (RFC 5545 §3.6.5), but not by the library.
    """
    rules = Timezone.from_tzid(zone, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 1, 1))
    rules.pop("COMMENT")
    for rule in rules.subcomponents:
        ahead = max(rule.TZOFFSETTO - rule.TZOFFSETFROM, timedelta())
        again = [moment - ahead for moment, _until in rule.rdates]
        rule.DTSTART -= ahead
        del rule.rdates
        if again:
            rule.add("RDATE", again)
    return rules
