"""Citations as text, in the language of the page, each by the rules of its style."""

from dataclasses import dataclass
from math import ceil

from recordings.citations.words import ABNT_DATES, in_words, words
from recordings.citations.works import Moment
from rifess.templatetags.portal import timecode

ENDS = tuple(".?!…")


@dataclass(frozen=True)
class Reference:
    """A citation in one style. `name` is the style's own, the same in every language."""

    style: str
    name: str
    text: str


def references(work, today):
    """`work` in the styles of the region. `today` is the day on which it was seen, which ISO and ABNT ask for."""
    return [
        Reference("apa", "APA 7", apa(work)),
        Reference("iso", "ISO 690", iso(work, today)),
        Reference("abnt", "ABNT NBR 6023", abnt(work, today)),
        Reference("chicago", "Chicago", chicago(work)),
    ]


def in_text(work):
    """What stands in the text, in parentheses, where authors and years do (APA 7 §8.13: a passage by its time)."""
    parts = [_joined(work.authors, words().apa_conjunction), str(work.recorded.day.year), work.passage]
    return f"({', '.join(filter(None, parts))})"


def apa(work):
    """APA 7 §10.12, online media."""
    said = words()
    authors, date = _joined(work.authors, said.apa_conjunction), in_words(work.recorded, said.apa_dates)
    return _sentences(
        authors,
        f"({date})",
        f"{work.title} [{said.media[work.medium]}]",
        work.within and f"{said.inside} {work.within}",
        work.publisher,
        last=work.url,
    )


def iso(work, today):
    """ISO 690:2021, numeric or running notes: the date follows the publisher."""
    said = words()
    published = [work.publisher, in_words(work.recorded, said.iso_dates), work.passage]
    viewed = said.viewed.format(in_words(Moment(today), said.iso_dates))
    return _sentences(
        _joined(work.authors, said.conjunction),
        f"{work.title} [{said.recordings[work.medium]}]",
        work.within and f"{said.inside}: {work.within}",
        f"{', '.join(filter(None, published))} [{viewed}]",
        last=f"{said.available}: {work.url}",
    )


def abnt(work, today):
    """ABNT NBR 6023:2018 §7.13.2, video in electronic media: it begins with the title, and [S. l.] says no place is given."""
    said = words()
    responsible = f"{said.speaks} {work.people[0]}" if work.people else f"{said.organizes}: {'; '.join(work.bodies)}"
    length = f" ({_length(work.duration)})" if work.duration else ""
    return _sentences(
        _first_word_large(work.title),
        responsible,
        f"[S. l.]: {work.publisher}, {in_words(work.recorded, ABNT_DATES)}",
        f"1 {said.media[work.medium].lower()}{length}",
        work.passage and f"{said.passage}: {work.passage}",
        work.within and f"{said.event}: {work.within}",
        f"{said.abnt_available}: {work.url}",
        f"{said.abnt_viewed}: {in_words(Moment(today), ABNT_DATES)}",
    )


def chicago(work):
    """Chicago 17 §14.267 and 18, notes and bibliography: the entry or, for a passage, the note that cites it."""
    return _chicago_note(work) if work.span else _chicago_entry(work)


def _chicago_entry(work):
    said = words()
    within = work.within and f"{said.inside} {work.within}"
    rest = _sentences(within, _recorded(work), work.publisher, _medium(work), work.url)
    return " ".join([_sentences(_joined(work.authors, said.conjunction)), _quoted(work.title, "."), rest])


def _chicago_note(work):
    said = words()
    within = work.within and f"{said.inside.lower()} {work.within}"
    at = said.at.format(work.passage)
    rest = [within, _small(_recorded(work)), work.publisher, _small(_medium(work)), at, work.url]
    authors = _joined(work.authors, said.conjunction)
    return _sentences(f"{authors}, {_quoted(work.title, ',')} {', '.join(filter(None, rest))}")


def _recorded(work):
    said = words()
    return said.recorded[work.recorded.unit].format(in_words(work.recorded, said.dates))


def _medium(work):
    medium = words().media[work.medium]
    return f"{medium}, {timecode(work.duration)}" if work.duration else medium


def _joined(names, conjunction):
    *first, last = names
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def _sentences(*parts, last=""):
    """`parts` that say something, each ended by one full stop; `last` stays open, as addresses do."""
    ended = [part if part.endswith(ENDS) else f"{part}." for part in parts if part]
    return " ".join([*ended, last] if last else ended)


def _quoted(title, mark):
    """The title in quotation marks with `mark` where the language puts it: inside, after a question mark, one is enough."""
    quotes = words().quotes
    is_said = mark == "." and title.endswith(ENDS) and not quotes.endswith("{}")
    return quotes.format(title, "" if is_said else mark)


def _small(text):
    return text[:1].lower() + text[1:]


def _first_word_large(title):
    """The first word in capitals; the second too, when the first is an article or as short."""
    parts = title.split(" ")
    large = 2 if len(parts[0]) <= 3 and len(parts) > 1 else 1
    return " ".join([*(part.upper() for part in parts[:large]), *parts[large:]])


def _length(duration):
    seconds = duration.total_seconds()
    return f"{ceil(seconds)} s" if seconds < 60 else f"{round(seconds / 60)} min"
