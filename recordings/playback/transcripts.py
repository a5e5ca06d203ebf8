"""What was said in a recording, put to be read beside it. Whole seconds, as addresses say them."""

from dataclasses import dataclass, field
from math import ceil

from members.models import Person
from recordings import captions
from recordings.models import Caption, CaptionKind
from recordings.playback.moments import Span
from rifess.base.text.accent_folding import fold
from rifess.base.text.translated import page_language

BEST_FIRST = {CaptionKind.FLOOR: 0, CaptionKind.INTERPRETATION: 1, CaptionKind.TRANSLATION: 2}


@dataclass(frozen=True)
class Line:
    """Some words and the second in which they begin. Only the first line of a second `is_first`, and can be linked to."""

    second: int
    words: str
    is_first: bool
    is_cited: bool


@dataclass(frozen=True)
class Paragraph:
    """What one speaker says without a long pause. `speaker` is empty where the same one goes on, or nobody knows who."""

    span: Span
    speaker: str
    person: Person | None
    lines: list[Line]


@dataclass(frozen=True)
class Transcript:
    """The captions of one language as paragraphs, and `others` there are to choose from: pairs of captions and their word."""

    caption: Caption
    paragraphs: list[Paragraph]
    choices: list[tuple[Caption, str]] = field(default_factory=list)

    @property
    def word(self):
        """What `?lang=` says of it."""
        return next(word for caption, word in self.choices if caption == self.caption)


def transcript_of(recording, asked="", span=None):
    """The Transcript that `?lang=` asked for, else the page's language, else the floor's; None without any.

    Lines within `span` are cited when it has an end. However long the text, it asks for the list, the text and the people.
    """
    choices = choices_of(recording)
    if not choices:
        return None
    caption = choose(choices, asked)
    cues = captions.from_json(recording.captions.values_list("cues", flat=True).get(pk=caption.pk))
    return Transcript(caption, paragraphs_of(cues, people_named_in(recording, cues), span or Span()), choices)


def choices_of(recording):
    """Pairs of captions and the word by which `?lang=` asks for them: `pt-BR`, or `pt-BR.translation` for a second of them."""
    found, taken = [], set()
    for caption in sorted(recording.captions.without_text(), key=lambda caption: BEST_FIRST[caption.kind]):
        word = f"{caption.language}.{caption.kind}" if caption.language in taken else caption.language
        taken.add(caption.language)
        found.append((caption, word))
    return found


def choose(choices, asked):
    """The captions asked for or, when there are none such, those in the page's language, or the first."""
    by_word = {word.lower(): caption for caption, word in choices}
    page = page_language().lower()
    return by_word.get(asked.lower()) or by_word.get(page) or choices[0][0]


def paragraphs_of(cues, people, span):
    """`cues` as paragraphs; who speaks is said where it changes."""
    found, before, taken = [], "", set()
    for part in captions.paragraphs(cues):
        speaker = part.speaker if part.speaker != before else ""
        before = part.speaker
        lines = [_line(cue, taken, span) for cue in part.cues]
        found.append(Paragraph(Span(part.start // 1000, ceil(part.end / 1000)), speaker, people.get(fold(speaker)), lines))
    return found


def _line(cue, taken, span):
    second = cue.start // 1000
    is_first = second not in taken
    taken.add(second)
    is_cited = span.end is not None and cue.start < span.end * 1000 and cue.end > span.start * 1000
    return Line(second, " ".join(cue.text.split()), is_first, is_cited)


def people_named_in(recording, cues):
    """The people heard in `recording` by the folded names under which they stand in `cues`, where only one has that name."""
    wanted = {fold(cue.speaker) for cue in cues if cue.speaker}
    bearers = {}
    for intervention in _heard_by_name(recording) if wanted else ():
        for name in (intervention.name_as_printed, intervention.person.name):
            bearers.setdefault(fold(name), set()).add(intervention.person)
    return {name: people.pop() for name, people in bearers.items() if name in wanted and len(people) == 1}


def _heard_by_name(recording):
    """Who sees the recording sees its seminar, and so those who speak in it."""
    return recording.interventions_heard().filter(person__isnull=False).select_related("person")
