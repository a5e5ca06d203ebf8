"""Who belonged, who spoke for whom and who coordinated, as bars on one line of time."""

from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from members.models import CoordinationTerm, Delegate, Membership
from rifess.base.dates import today_in_the_network
from rifess.base.periods import say_period
from rifess.base.text.collation import sort_key

WIDTH = 1000  # of the drawing, whatever its size on the screen


@dataclass(frozen=True)
class Bar:
    """A period as a rectangle: from `x`, so wide. It is open when its end is not known."""

    x: int
    width: int
    is_open: bool
    words: str


@dataclass(frozen=True)
class Line:
    """One row: what it is about, its page at the desk, and its period."""

    name: str
    kind: str
    row: object
    bar: Bar
    parts: list["Line"] = field(default_factory=list)


class Scale:
    """From days to places: whole years from the first known day to the year after today."""

    def __init__(self, first: date, last: date):
        self.first, self.last = date(first.year, 1, 1), date(last.year + 1, 1, 1)

    def at(self, day):
        share = (day - self.first) / (self.last - self.first)
        return round(min(max(share, 0), 1) * WIDTH)

    def years(self):
        return [{"year": year, "x": self.at(date(year, 1, 1))} for year in range(self.first.year, self.last.year)]

    def bar(self, row, first_day, end, *, end_is_included=False):
        starts, ends = getattr(row, first_day) or row.as_of, getattr(row, end)
        x = self.at(starts)
        words = say_period(row, first_day, end, included=end_is_included)
        return Bar(x, max(self.at(ends or self.last) - x, 4), ends is None, words)


def timeline(today=None):
    """The scale with its years, the coordination's line and one for each membership with its mandates."""
    today = today or today_in_the_network()
    mandates = Prefetch("delegates", Delegate.objects.with_known_from().select_related("person").order_by("known_from", "pk"))
    seats = Membership.objects.select_related("institution").prefetch_related(mandates)
    seats = sorted(seats, key=lambda seat: (seat.category, sort_key(seat.holder_name), seat.pk))
    terms = list(CoordinationTerm.objects.latest_first().select_related("institution"))[::-1]
    known = [term.starts_on or term.as_of for term in terms] + [seat.joined_on or seat.as_of for seat in seats]
    scale = Scale(min([today, *known]), today)
    return {
        "width": WIDTH,
        "today": scale.at(today),
        "years": scale.years(),
        "terms": [
            Line(str(term), _("coordination"), term, _bar_of_term(scale, term, following))
            for term, following in zip_longest(terms, terms[1:])
        ],
        "seats": [_line_of(scale, seat) for seat in seats],
    }


def _bar_of_term(scale, term, following):
    """A term without a known end lasts until the next one begins."""
    bar = scale.bar(term, "starts_on", "ends_on", end_is_included=True)
    if term.ends_on or not following:
        return bar
    until = scale.at(following.starts_on or following.as_of)
    return Bar(bar.x, max(until - bar.x, 4), True, bar.words)


def _line_of(scale, seat):
    parts = [
        Line(mandate.person.name, mandate.get_role_display(), mandate, scale.bar(mandate, "starts_on", "ended_on"))
        for mandate in seat.delegates.all()
    ]
    return Line(seat.holder_name, seat.get_category_display(), seat, scale.bar(seat, "joined_on", "left_on"), parts)
