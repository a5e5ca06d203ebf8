"""Calendars (RFC 5545): functions from objects to bytes, in the active language. Why they are as they are: docs/adr/0020."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText, vUri

from events.calendar.entries import Shown, of_days, place_of
from events.calendar.entries import of_panel as shown_of_panel
from events.models import CalendarEntry, RegistrationState
from rifess.base.text.collation import sort_key
from rifess.base.text.translated import page_language, texts_of

LOOK_AGAIN = timedelta(hours=1)  # how soon whoever follows a calendar is asked to come back
MEDIA_TYPE = "text/calendar"
PUBLISHED, CALLED_OFF = "PUBLISH", "CANCEL"  # RFC 5546 §3.2.1 and §4.1.3


@dataclass(frozen=True)
class Version:
    """What is shown, how it stands, and how often it has changed."""

    shown: Shown
    state: str
    sequence: int
    changed_at: datetime


def of_seminar(seminar) -> bytes:
    """The days of `seminar`. Whether the reader may see it, whoever asks has found out."""
    return _calendar(_of_seminars([seminar])).to_ical()


def of_panel(panel) -> bytes:
    """One panel."""
    entry = _entries("panel", {panel.pk: _facts_of_panel(panel)})[panel.pk]
    return _calendar([_version(shown_of_panel(panel), entry)]).to_ical()


def of_registration(registration) -> bytes:
    """The days of its seminar, for whoever registered: not certain before they have a seat, called off when it is over."""
    since = max(filter(None, (registration.written_at, registration.confirmed_at, registration.ended_at)))
    state, place = _state_of(registration), place_of(registration.seminar, registration.form)
    days = [
        replace(day, shown=replace(day.shown, place=place), state=state, changed_at=max(day.changed_at, since))
        for day in _of_seminars([registration.seminar])
    ]
    return _calendar(days, CALLED_OFF if state == "CANCELLED" else PUBLISHED).to_ical()


def of_many(seminars, *, name, path) -> bytes:
    """A calendar to follow, called `name`, whose own address is `path`. `seminars` is a queryset."""
    calendar = _calendar(_of_seminars(list(seminars.with_calendar())))
    for called in ("NAME", "X-WR-CALNAME"):  # RFC 7986 §5.1, and what programs read before it
        calendar.add(called, vText(name))
    calendar.add("SOURCE", vUri(settings.SITE_URL + path), {"VALUE": "URI"})
    calendar.add("REFRESH-INTERVAL", vDuration(LOOK_AGAIN), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(LOOK_AGAIN))
    return calendar.to_ical()


# Versions


def _of_seminars(seminars):
    entries = _entries("seminar", {seminar.pk: _facts_of_seminar(seminar) for seminar in seminars})
    return [_version(day, entries[seminar.pk]) for seminar in seminars for day in of_days(seminar)]


def _version(shown, entry):
    return Version(shown, "CANCELLED" if shown.is_cancelled else "CONFIRMED", entry.sequence, entry.changed_at)


def _state_of(registration):
    if registration.seminar.is_cancelled or registration.is_over:
        return "CANCELLED"
    return "CONFIRMED" if registration.state == RegistrationState.CONFIRMED else "TENTATIVE"


def _entries(kind, facts):
    shown = {key: sha256(repr(told).encode()).hexdigest() for key, told in facts.items()}
    return CalendarEntry.objects.following(kind, shown)


def _facts_of_seminar(seminar):
    """Everything that its entries show, in every language."""
    panels = [[*_hours_of(panel), *texts_of(panel, "title")] for panel in seminar.panels.all()]
    return [*_facts_of_both(seminar), *texts_of(seminar, "subtitle", "summary"), *_topics_of(seminar), *panels]


def _facts_of_panel(panel):
    own = [panel.slug, *_hours_of(panel), *texts_of(panel, "title", "summary"), *_topics_of(panel)]
    return [*_facts_of_both(panel.seminar), *own]


def _facts_of_both(seminar):
    days = [seminar.starts_on, seminar.ends_on, seminar.time_zone, seminar.is_cancelled]
    return [str(fact) for fact in (*days, seminar.slug, seminar.format, seminar.audience)] + texts_of(seminar, "title", "place")


def _hours_of(panel):
    """Moments as UTC: the database gives back in it what was written in another zone."""
    moments = [moment and moment.astimezone(UTC).isoformat() for moment in (panel.starts_at, panel.ends_at)]
    return [str(panel.held_on), *moments]


def _topics_of(row):
    return sorted((text for topic in row.topics.all() for text in texts_of(topic, "name")), key=sort_key)


# How it is written


def _calendar(versions, method=PUBLISHED):
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//RIFESS//{urlsplit(settings.SITE_URL).hostname}//{page_language().upper()}")
    calendar.add("METHOD", method)
    for zone, years in _years_in_each_zone(versions).items():
        calendar.add_component(rules_of(zone, min(years), max(years)))
    for version in versions:
        calendar.add_component(_event(version))
    return calendar


def _event(version):
    event, shown = Event(), version.shown
    said = {
        "UID": shown.uid,
        "SEQUENCE": version.sequence,
        "DTSTAMP": version.changed_at,
        "LAST-MODIFIED": version.changed_at,
        "STATUS": version.state,
        "DESCRIPTION": shown.description,
        "LOCATION": shown.place,
        "CATEGORIES": shown.topics,
        "URL": vUri(shown.url),
        "ORGANIZER": _organizer(),
        "CLASS": "PRIVATE" if shown.is_private else "PUBLIC",
        "TRANSP": "OPAQUE" if shown.sitting.starts_at and version.state != "CANCELLED" else "TRANSPARENT",
    }
    event.add("SUMMARY", shown.title, {"LANGUAGE": page_language()})
    for name, value in (said | _time_of(shown)).items():
        if value or value == 0:
            event.add(name, value)
    return event


def _time_of(shown):
    """Its hours on the clock of the seminar's zone, or whole days. DTEND is the first moment or day outside (§3.6.1)."""
    sitting = shown.sitting
    if sitting.starts_at is None:
        return {"DTSTART": sitting.held_on, "DTEND": sitting.last_day + timedelta(days=1)}
    starts, ends = (moment and on_the_clock(moment, shown.zone) for moment in (sitting.starts_at, sitting.ends_at))
    return {"DTSTART": starts, "DTEND": ends}


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


def _years_in_each_zone(versions):
    years = {}
    for shown in (version.shown for version in versions if version.shown.sitting.starts_at):
        moments = filter(None, (shown.sitting.starts_at, shown.sitting.ends_at))
        years.setdefault(shown.zone.key, set()).update(moment.astimezone(shown.zone).year for moment in moments)
    return dict(sorted(years.items()))


@lru_cache(maxsize=64)
def rules_of(zone, first_year, last_year):
    """The VTIMEZONE of a zone from the beginning of one year to the end of another.

    A change of the clocks is written as they showed it before (RFC 5545 §3.6.5); the library writes what they show after it.
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
