"""What a file says of recordings, row by row, once it has been understood; and what could not be."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from events.models import SeminarKind
from rifess.base.spreadsheets.signs import Sign
from rifess.links.hosts import Place


@dataclass(frozen=True)
class Spot:
    """Where something is written: the file, the line a row begins on (None: the file as a whole), and those of its fields."""

    file: str
    line: int | None = None
    fields: dict[str, int] = field(default_factory=dict)

    def at(self, name):
        return Spot(self.file, self.fields.get(name, self.line))

    def __str__(self):
        return self.file if self.line is None else _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}


@dataclass(frozen=True)
class Refused:
    """What is not imported, and why."""

    spot: Spot
    reason: str

    def __str__(self):
        return f"{self.spot}: {self.reason}"


@dataclass(frozen=True)
class SeminarSaid:
    """The seminar a row names: by its title or by the last part of its address. Its days may not be said."""

    title: str
    starts_on: date | None = None
    ends_on: date | None = None
    kind: str = SeminarKind.SEMINAR
    source_url: str = ""


@dataclass(frozen=True)
class Row:
    """A recording as a file describes it. Texts are kept by the column of their language: es, pt_br, en.

    `title_is_borrowed`: nobody wrote it in Spanish, and the one in the original language stands there. `is_session`: it is one
    of the programme, though the row names no panel.
    """

    spot: Spot
    seminar: SeminarSaid | None
    titles: dict[str, str]
    title_is_borrowed: bool = False
    panel: str = ""
    is_session: bool = False
    summaries: dict[str, str] = field(default_factory=dict)
    summary_is_lost: bool = False
    languages: tuple[str, ...] = ()
    unknown_languages: tuple[str, ...] = ()
    day: date | None = None
    duration: timedelta | None = None
    speakers: tuple[str, ...] = ()
    addresses: tuple[Place, ...] = ()
    topics: tuple[str, ...] = ()
    source_url: str = ""

    @property
    def title(self):
        return self.titles["es"]


@dataclass
class Reading:
    """The rows of one or several files, what was refused while reading, and what in them is unlikely."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)

    def __iadd__(self, other):
        self.rows += other.rows
        self.refused += other.refused
        self.signs += other.signs
        return self
