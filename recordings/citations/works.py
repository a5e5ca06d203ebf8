"""What there is to cite: a recording, what one person says in it, or a passage. What is not known is left out."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext

from events.models import InstitutionRole
from recordings.playback.moments import Span
from rifess.base.text.translated import text_of
from rifess.links import hosts
from rifess.templatetags.portal import timecode

CALLS = [InstitutionRole.CONVENES, InstitutionRole.ORGANIZES]


@dataclass(frozen=True)
class Moment:
    """When it was recorded, known to the `unit`: day, month or year."""

    day: date
    unit: str = "day"


@dataclass(frozen=True)
class Work:
    """What a citation says. `people` are those who speak, `bodies` the institutions that called for it: one of the two.

    Names are as they were printed, given name first: where the family name of a Spanish or Portuguese name begins cannot be
    told from it, and a wrong one would be worse.
    """

    key: str
    title: str
    within: str
    people: tuple[str, ...]
    bodies: tuple[str, ...]
    recorded: Moment
    medium: str
    url: str
    languages: tuple[str, ...] = ()
    duration: timedelta | None = None
    span: Span = Span()
    publisher: str = settings.SITE_NAME

    @property
    def authors(self):
        return self.people or self.bodies

    @property
    def passage(self):
        """The seconds cited, as players write them: 1:02:03, or 1:02:03–1:04:00; empty for the whole."""
        if not self.span:
            return ""
        times = [self.span.start, self.span.end] if self.span.end else [self.span.start]
        return "–".join(map(timecode, times))


def work_of(recording, span=None):
    """The Work that `recording` is or, with a `span`, that passage of it, said by whoever is heard there."""
    span = span or Span()
    intervention = _said_by(recording, span)
    title = (intervention and text_of(intervention, "title").words) or text_of(recording, "title").words
    whole = [text_of(recording, "title").words, text_of(recording.seminar, "title").words]
    people = () if intervention is None else (_name(intervention),)
    return Work(
        key=recording.key,
        title=_one_line(title),
        within=_one_line(next((each for each in reversed(whole) if each != title), "")),
        people=people,
        bodies=() if people else _bodies(recording.seminar),
        recorded=_recorded(recording),
        medium=_medium(recording),
        url=_address(recording, span),
        languages=tuple(language.code for language in recording.languages.all()),
        duration=recording.duration,
        span=span,
    )


def _said_by(recording, span):
    """The intervention that the span is in or, for the whole, that it all is; None when several voices are heard."""
    if recording.intervention_id:
        return recording.intervention
    clip = _clip_at(recording, span) if span else None
    if clip:
        return clip.intervention
    rows = recording.interventions_heard()
    voices = rows.order_by().values_list("person", "collective").distinct()[:2]
    return rows.select_related("person").first() if len(voices) == 1 else None


def _clip_at(recording, span):
    """The range in which the whole span lies; spans are whole seconds, begun and ended generously (`moments.of`)."""
    second = timedelta(seconds=1)
    start, last = span.start * second, max(span.start, (span.end or 0) - 1) * second
    around = recording.clips.filter(start__lt=start + second, end__gt=last).order_by("-start")
    return around.select_related("intervention__person").first()


def _name(intervention):
    return _one_line(intervention.printed_name if intervention.person_id else text_of(intervention, "collective").words)


def _bodies(seminar):
    """The institutions that convene or organize the seminar or, where none is named, the Network."""
    rows = seminar.institutions.filter(role__in=CALLS).select_related("institution")
    names = dict.fromkeys(_one_line(text_of(row.institution, "name").words) for row in rows)
    return tuple(names) or (gettext("Ibero-American Network for the Promotion of the Social and Solidarity Economy"),)


def _recorded(recording):
    """The day of its panel or of a seminar of one day; else only the month or the year is certain."""
    if recording.panel and recording.panel.held_on:
        return Moment(recording.panel.held_on)
    first, last = recording.seminar.starts_on, recording.seminar.ends_on
    if first == last:
        return Moment(first)
    is_month_known = last and (first.year, first.month) == (last.year, last.month)
    return Moment(first, "month" if is_month_known else "year")


def _medium(recording):
    sources = recording.sources.all()
    return "audio" if sources and all(map(hosts.is_audio, sources)) else "video"


def _address(recording, span):
    moment = f"?t={quote(str(span), safe=',')}" if span else ""
    return f"{settings.SITE_URL}{recording.get_permanent_url()}{moment}"


def _one_line(text):
    return " ".join(text.split())
