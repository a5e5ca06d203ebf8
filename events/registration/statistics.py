"""Who registered for a seminar, was confirmed and came, counted: what stays when nobody's name is kept any more."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from events.models import Attendance, AttendanceForm, Registration, RegistrationState, Sector
from rifess.base.text.accent_folding import fold
from rifess.base.text.collation import sort_key

MOST = 20  # institutions in a table
SURELY = 1_000_000  # our own spelling outweighs any other
COUNTED = ("registered", "confirmed", "attended")


@dataclass
class Figure:
    """How many of `label`. Registered: their address was confirmed, whatever became of it. Attended: they came, however long."""

    label: str
    registered: int = 0
    confirmed: int = 0
    attended: int = 0
    day: date = None

    def add(self, counts):
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + counts[name])


@dataclass
class Table:
    """Figures of one kind, the largest first; days in their order."""

    name: str
    title: str
    rows: list[Figure] = field(default_factory=list)

    @property
    def largest(self):
        return max([1, *(row.registered for row in self.rows)])


@dataclass
class Figures:
    """What is known of a seminar in numbers."""

    total: Figure
    states: list
    tables: list[Table]


def of(seminar) -> Figures:
    """The figures of `seminar`: seven queries, however many take part."""
    return Figures(
        total=_total(seminar),
        states=_states(seminar),
        tables=[
            Table("country", gettext_lazy("By country"), _by(seminar, "country", dict(countries))),
            Table("institution", gettext_lazy("By institution"), _by_institution(seminar)),
            Table("sector", gettext_lazy("By sector"), _by(seminar, "sector", dict(Sector.choices))),
            Table("form", gettext_lazy("By form of attendance"), _by(seminar, "form", dict(AttendanceForm.choices))),
            Table("day", gettext_lazy("By day of registration"), _by_day(seminar)),
        ],
    )


def minutes_of(attendances):
    """How long somebody was there, of the rows that say that they came; None when it is not known.

    A panel that is known in several ways counts once, with the most. So does the seminar as a whole: the larger of both.
    """
    longest = {}
    for row in attendances:
        if row.minutes is not None:
            longest[row.panel_id] = max(row.minutes, longest.get(row.panel_id, 0))
    whole = longest.pop(None, None)
    panels = sum(longest.values()) if longest else None
    return max((known for known in (whole, panels) if known is not None), default=None)


def as_rows(figures):
    """The same as rows of cells, the first the names of the columns."""
    yield [_("figures"), _("of"), _("registered"), _("confirmed"), _("attended")]
    for table in [Table("total", _("Total"), [figures.total]), *figures.tables]:
        for row in table.rows:
            yield [table.title, row.day or row.label, row.registered, row.confirmed, row.attended]


def _counted(seminar, *columns, **computed):
    """One row of counts for each combination of `columns`."""
    came = Exists(Attendance.objects.filter(registration=OuterRef("pk")))
    registered = Registration.objects.filter(seminar=seminar).exclude(state=RegistrationState.UNCONFIRMED)
    return (
        registered.annotate(**computed)
        .order_by()
        .values(*columns, *computed)
        .annotate(
            registered=Count("pk"),
            confirmed=Count("pk", filter=Q(state=RegistrationState.CONFIRMED)),
            attended=Count("pk", filter=came),
        )
    )


def _total(seminar):
    total = Figure(_("Total"))
    for counts in _counted(seminar, "seminar"):
        total.add(counts)
    return total


def _states(seminar):
    """Pairs of a state's name and how many are in it, in the order of the states."""
    rows = Registration.objects.filter(seminar=seminar).order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    return [(state.label, counts[state]) for state in RegistrationState if state in counts]


def _by(seminar, column, names):
    rows = [_figure(names.get(counts[column]) or _("not said"), counts) for counts in _counted(seminar, column)]
    return _largest_first(rows)


def _by_institution(seminar):
    """By institution of the Network, or else by the words typed, however they are accented; beyond the first ones, together."""
    figures, spellings = {}, defaultdict(Counter)
    for counts in _counted(seminar, "institution__name", "institution_name"):
        ours, typed = counts["institution__name"], " ".join(counts["institution_name"].split())
        key = fold(ours or typed)
        spellings[key][ours or typed] += counts["registered"] + (SURELY if ours else 0)
        figures.setdefault(key, Figure("")).add(counts)
    for key, row in figures.items():
        row.label = spellings[key].most_common(1)[0][0] or _("not said")
    rows = _largest_first(figures.values())
    return [*rows[:MOST], *_together(rows[MOST:])]


def _together(rows):
    if not rows:
        return []
    others = Figure(_("others"))
    for row in rows:
        others.add(vars(row))
    return [others]


def _by_day(seminar):
    """Days on the seminar's clock."""
    counted = _counted(seminar, day=TruncDate("written_at", tzinfo=seminar.zone)).order_by("day")
    return [_figure("", counts, day=counts["day"]) for counts in counted]


def _figure(label, counts, **more):
    return Figure(str(label), **{name: counts[name] for name in COUNTED}, **more)


def _largest_first(rows):
    return sorted(rows, key=lambda row: (-row.registered, sort_key(row.label)))
