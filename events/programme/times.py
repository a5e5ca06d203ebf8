"""Days and hours of a programme, as people of several cities read them."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from rifess.base.dates import say_days
from rifess.base.zones import ZONE_OF_COUNTRY, ZONES

CITIES = dict(ZONES)


@dataclass(frozen=True)
class Day:
    """A day of a programme (None: not known yet) and what happens in it."""

    held_on: date | None
    panels: list


@dataclass(frozen=True)
class CityTime:
    """The same moment in a city; `days_later` is 1 when it is already the next day there."""

    city: str
    at: datetime
    offset: str
    days_later: int


@dataclass(frozen=True)
class Sitting:
    """What a calendar shows as one entry: a day of a seminar, or all its days while the programme has none.

    Without hours it lasts whole days, and `last_day` is included. `number` says which day of the seminar it begins on, from 1.
    """

    number: int
    held_on: date
    last_day: date
    panels: list
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def city_of(zone):
    """The city whose clock `zone` is, by its name."""
    return str(CITIES.get(zone.key, zone.key))


def say_clock(moment, zone):
    """What clocks in `zone` show at `moment`."""
    return date_format(moment.astimezone(zone), "H:i")


def say_hours(moment, home, *others):
    """An hour is never said without its city, each once: "10:00 in Mexico City, 17:00 in Madrid". Days are those of `home`."""
    zones = {zone.key: zone for zone in (home, *others)}.values()
    return ", ".join(say_hour(say_clock(moment, zone), city_of(zone), days_later(moment, zone, home)) for zone in zones)


def say_moment(moment, home, *others):
    """The day in `home`, and the hour there and in `others`."""
    return f"{date_format(moment.astimezone(home), 'DATE_FORMAT')}, {say_hours(moment, home, *others)}"


def say_days_and_hour(seminar, first, *zones):
    """Its days and, if it is known, the hour at which it begins (`first`), in its own city and in `zones`."""
    days = say_days(seminar.starts_on, seminar.ends_on)
    return f"{days}, {say_hours(first, seminar.zone, *zones)}" if first else days


def say_hour(hour, city, later=0):
    """`hour` on the clocks of `city`; `later` is 1 when it is the next day there, and -1 when it is the day before."""
    words = gettext("%(hour)s %(city)s time") % {"hour": hour, "city": city}
    if not later:
        return words
    day = gettext("next day") if later > 0 else gettext("day before")
    return gettext("%(hour)s (%(day)s)") % {"hour": words, "day": day}


def days_later(moment, zone, home):
    """1 when it is already the next day in `zone`, -1 when it is still the day before, counted from the day in `home`."""
    return (moment.astimezone(zone).date() - moment.astimezone(home).date()).days


def zone_of_country(code, otherwise):
    """The zone of the capital of a country, or `otherwise` where it is not known."""
    zone = ZONE_OF_COUNTRY.get(code)
    return ZoneInfo(zone) if zone else otherwise


def first_moment_of(seminar):
    """When its first panel with an hour begins; None while no hour is known."""
    return min((panel.starts_at for panel in seminar.panels.all() if panel.starts_at), default=None)


def by_day(panels):
    """The programme day by day; panels whose day is not known come last, together."""
    dated = [Day(day, list(found)) for day, found in groupby((p for p in panels if p.held_on), lambda panel: panel.held_on)]
    undated = [panel for panel in panels if not panel.held_on]
    return [*dated, Day(None, undated)] if undated else dated


def sittings_of(seminar, panels):
    """Its first day, its last, and those between them with a panel (docs/adr/0020)."""
    first, last = seminar.starts_on, seminar.ends_on or seminar.starts_on
    of_day = {day.held_on: day.panels for day in by_day(panels) if day.held_on}
    if not of_day:
        return [Sitting(1, first, last, list(panels))]
    return [_sitting(day, (day - first).days + 1, of_day.get(day, [])) for day in sorted({first, last, *of_day})]


def _sitting(day, number, panels):
    """From the first hour known to the last; an end that is not known is left out."""
    starts = [panel.starts_at for panel in panels if panel.starts_at]
    if not starts:
        return Sitting(number, day, day, panels)
    ends = max(panel.ends_at or panel.starts_at for panel in panels if panel.starts_at)
    return Sitting(number, day, day, panels, min(starts), ends if ends > min(starts) else None)


def zones_of_members():
    """The zones of the capitals of the present members, in the usual order from west to east."""
    countries = Membership.objects.members().on().values_list("country", flat=True)
    zones = {ZONE_OF_COUNTRY.get(country) for country in countries}
    return [(zone, name) for zone, name in ZONES if zone in zones]


def times_by_city(moment, zones, home):
    """`moment` in each of `zones`; days are counted from the one it is in `home`."""
    day = moment.astimezone(home).date()
    return [_in_city(moment, zone, name, day) for zone, name in zones]


def _in_city(moment, zone, name, day):
    local = moment.astimezone(ZoneInfo(zone))
    return CityTime(str(name), local, _offset(local), (local.date() - day).days)


def _offset(local):
    """UTC−6, UTC+5:30."""
    minutes = int(local.utcoffset().total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


class ZoneForm(forms.Form):
    """The city in whose time a programme is read."""

    zone = forms.ChoiceField(label=_("Show times of"), required=False, choices=ZONES)

    def chosen(self, otherwise):
        """The zone asked for, or the seminar's own (`otherwise`) when none or an unknown one is."""
        asked = self.cleaned_data.get("zone") if self.is_valid() else ""
        return ZoneInfo(asked) if asked else otherwise
