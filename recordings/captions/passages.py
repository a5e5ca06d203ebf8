"""Cues put together: paragraphs to read, and overlapping passages to search."""

import re
from dataclasses import dataclass
from itertools import batched
from unicodedata import normalize

from recordings.captions.cues import Cue

PAUSE = 2000  # ms of silence after which another paragraph begins
LONG = 75  # words after which a paragraph ends with its sentence
LONGEST = 150  # words after which it ends in any case
SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'»”’)\]]*$")


@dataclass(frozen=True)
class Paragraph:
    """What one speaker says without a long pause; a whole number of cues, from `start` up to `end` in milliseconds."""

    start: int
    end: int
    speaker: str
    cues: tuple[Cue, ...]

    @property
    def text(self):
        return " ".join(" ".join(cue.text.split()) for cue in self.cues)


@dataclass(frozen=True)
class Passage:
    """Some words, from the start of their first cue up to the end of the last. `speaker` is empty where several speak.

    `clock` says when each cue begins: pairs of its place in `text` and its start in milliseconds.
    """

    start: int
    end: int
    text: str
    speaker: str = ""
    clock: tuple[tuple[int, int], ...] = ()


def paragraphs(cues):
    """Every cue, in order, in a paragraph: a new one where somebody else speaks, after a pause, and when it grows long."""
    all_paragraphs, current, words, end = [], [], 0, 0
    for cue in cues:
        if current and _begins_paragraph(cue, current[-1], words, end):
            all_paragraphs.append(_paragraph(current, end))
            current, words, end = [], 0, 0
        current.append(cue)
        words += len(cue.text.split())
        end = max(end, cue.end)
    return [*all_paragraphs, _paragraph(current, end)] if current else []


def _begins_paragraph(cue, before, words, end):
    is_another_voice = cue.speaker != before.speaker
    is_after_pause = cue.start - end >= PAUSE
    is_long = words >= LONGEST or (words >= LONG and SENTENCE_END.search(before.text))
    return bool(is_another_voice or is_after_pause or is_long)


def _paragraph(cues, end):
    return Paragraph(cues[0].start, end, cues[0].speaker, tuple(cues))


def passages(cues, *, words=75):
    """Passages of about so many `words`, each beginning in the middle of the one before, so that no thought falls between two.

    They are made of whole cues; one longer than a quarter of a passage is cut, and its pieces keep its time. Any thought of a
    quarter of `words` is in one passage.
    """
    pieces = _pieces(cues, max(1, words // 4))
    found, first = [], 0
    while first < len(pieces):
        last = _reach(pieces, first, words)
        found.append(_passage(pieces[first:last]))
        if last == len(pieces):
            break
        first = min(_reach(pieces, first, words // 2), last)
    return found


def _pieces(cues, most):
    """Pairs of a cue and at most so many of its words."""
    return [(cue, piece) for cue in cues for piece in batched(cue.text.split(), most)]


def _reach(pieces, first, words):
    """Where one has to stop to have so many words from `first` on, or the last that there are; at least one piece."""
    count, index = 0, first
    while index < len(pieces) and (index == first or count + len(pieces[index][1]) <= words):
        count += len(pieces[index][1])
        index += 1
    return index


def _passage(pieces):
    speakers = {cue.speaker for cue, _words in pieces}
    text, clock = "", []
    for cue, words in pieces:
        text += " " if text else ""
        clock.append((len(text), cue.start))
        text += normalize("NFC", " ".join(words))
    start, end = pieces[0][0].start, max(cue.end for cue, _words in pieces)
    return Passage(start, end, text, speakers.pop() if len(speakers) == 1 else "", tuple(clock))
