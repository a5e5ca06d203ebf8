"""Addresses at which the calendars of others add an entry, or follow one of ours. Nothing is asked of them before a click."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from events.calendar.entries import of_days, of_panel
from members.models import Audience
from rifess.base.dates import say_days

MOST_DAYS = 3  # of a longer seminar the file is one click, the links would be many
LONGEST = 600  # characters of a description: browsers and proxies cut addresses that are too long
GOOGLE = "https://calendar.google.com/calendar"
MICROSOFT = {"Outlook.com": "https://outlook.live.com/calendar", "Microsoft 365": "https://outlook.office.com/calendar"}


@dataclass(frozen=True)
class Link:
    """What it says and where it leads."""

    words: str
    url: str


def of_seminar(seminar) -> list[Link]:
    """Each of its days in each calendar; none of a seminar of many days."""
    days = of_days(seminar) if _may_be_told(seminar) else []
    return [link for day in days for link in _adding(day, len(days) > 1)] if len(days) <= MOST_DAYS else []


def of_one_panel(panel) -> list[Link]:
    return _adding(of_panel(panel)) if _may_be_told(panel.seminar) else []


def following(name, path) -> list[Link]:
    """How to follow the calendar at `path` in each program, which calls it `name`."""
    url = settings.SITE_URL + path
    webcal = f"webcal://{url.partition('://')[2]}"
    elsewhere = [Link(program, _asking(f"{base}/0/addfromweb", url=url, name=name)) for program, base in MICROSOFT.items()]
    return [Link(_("This device’s calendar"), webcal), Link("Google Calendar", _asking(f"{GOOGLE}/r", cid=webcal)), *elsewhere]


def _may_be_told(seminar):
    """What is over goes in no calendar; what not everybody may see is told to nobody else."""
    return seminar.is_published and seminar.audience == Audience.EVERYONE and not (seminar.is_cancelled or seminar.has_ended())


def _adding(shown, says_day=False):
    day = f": {say_days(shown.sitting.held_on)}" if says_day else ""
    microsoft = [Link(f"{program}{day}", _microsoft(shown, base)) for program, base in MICROSOFT.items()]
    return [Link(f"Google Calendar{day}", _google(shown)), *microsoft]


def _google(shown):
    first, last = _when(shown, "%Y%m%dT%H%M%SZ", "%Y%m%d")
    return _asking(
        f"{GOOGLE}/render",
        action="TEMPLATE",
        text=shown.title,
        dates=f"{first}/{last}",
        details=_description(shown),
        location=shown.place,
    )


def _microsoft(shown, base):
    first, last = _when(shown, "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d")
    return _asking(
        f"{base}/action/compose",
        path="/calendar/action/compose",
        rru="addevent",
        subject=shown.title,
        startdt=first,
        enddt=last,
        allday="false" if shown.sitting.starts_at else "true",
        body=escape(_description(shown)).replace("\n", "<br>"),  # it is read as HTML
        location=shown.place,
    )


def _when(shown, of_hours, of_days):
    """Hours in UTC; of whole days the end is the first day outside. An end that is not known is the beginning."""
    sitting = shown.sitting
    if sitting.starts_at is None:
        return [f"{day:{of_days}}" for day in (sitting.held_on, sitting.last_day + timedelta(days=1))]
    return [f"{moment.astimezone(UTC):{of_hours}}" for moment in (sitting.starts_at, sitting.ends_at or sitting.starts_at)]


def _description(shown):
    """What it is about, shortened, and its address whole."""
    words = "\n\n".join(filter(None, shown.paragraphs))
    return f"{Truncator(words).chars(LONGEST)}\n\n{shown.url}".strip()


def _asking(base, /, **asked):
    return f"{base}?{urlencode(asked, quote_via=quote)}"  # a plus would be shown as one
