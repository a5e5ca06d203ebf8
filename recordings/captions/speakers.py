"""Who speaks, where a file says so in its words."""

import re
from dataclasses import replace

MARKED_LINE = re.compile(r"^(?=>>)", re.MULTILINE)
LABEL = re.compile(r"(?P<mark>>>+\s*)?(?P<name>[^\s:][^:\n]{0,59}):(?:\s+|$)")
INSIDE_NAMES = {"de", "da", "do", "das", "dos", "del", "la", "las", "los", "e", "y", "van", "von", "der", "di", "du"}
SIGNS_OF_NAMES = str.maketrans("", "", "-'’._()&,/")


def named(cues):
    """The cues with their speakers, where labels in the text say them; conservative, and the same for the whole file.

    - A file with WebVTT's own voices (`<v Ana Ruiz>`) has said its speakers: its text is left alone.
    - `>> ANA RUIZ:` begins her words: the mark itself says that somebody else speaks, and she does until the next mark.
    - `Ana Ruiz: …` at the beginning of a cue, as Zoom writes it, counts only as the habit of the file: at least half of its
      cues, and two at least, begin so, and those who are named speak twice on average. A label has up to six words with capital
      initials (de, da, y… may stand between) and a space or new line after its colon.

    So "Nota: …" in an ordinary file, "http://…" and "12:30" are words, not speakers.
    """
    if any(cue.speaker for cue in cues):
        return cues
    if any(_name(part, marked=True) for cue in cues if ">>" in cue.text for part in _parts(cue)):
        return _by_marks(cues)
    return _by_labels(cues)


def _parts(cue):
    return [part for part in MARKED_LINE.split(cue.text) if part]


def _name(text, *, marked=False):
    """The label that `text` begins with, or None."""
    label = LABEL.match(text)
    return label if label and bool(label["mark"]) == marked and _is_name(label["name"]) else None


def _is_name(label):
    words = [word for word in label.translate(SIGNS_OF_NAMES).split() if word not in INSIDE_NAMES]
    return 1 <= len(words) <= 6 and words[0][0].isupper() and all(_may_be_in_a_name(word) for word in words)


def _may_be_in_a_name(word):
    return word.isalnum() and (word[0].isupper() or word.isdigit())


def _by_marks(cues):
    speaker = ""
    for cue in cues:
        for part in _parts(cue):
            label = _name(part, marked=True)
            if label or part.startswith(">>"):
                speaker = label["name"].strip() if label else ""
            text = part[label.end() :].strip() if label else part.strip()
            if text:
                yield replace(cue, text=text, speaker=speaker)


def _by_labels(cues):
    labels = [_name(cue.text) for cue in cues]
    names = [label["name"] for label in labels if label]
    is_habit = len(names) >= 2 and len(names) * 2 >= len(cues) and len(set(names)) * 2 <= len(names)
    if not is_habit:
        return cues
    said = [_without_label(cue, label) if label else cue for cue, label in zip(cues, labels, strict=True)]
    return [cue for cue in said if cue.text]


def _without_label(cue, label):
    return replace(cue, text=cue.text[label.end() :], speaker=label["name"].strip())
