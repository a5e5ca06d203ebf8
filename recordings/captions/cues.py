"""A cue: some words, when they are said, and by whom."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_CUES = 50_000
NEW_LINES = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
SPACES = re.compile("[ \t\x0b\x0c]+")
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")  # control characters, byte order marks, half characters

PERCENTAGE = r"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]{1,20})?)%"
SETTING = re.compile(
    rf"""
    (?P<name>(?:
        vertical (?=:(?:rl|lr)$)
      | line     (?=:(?:{PERCENTAGE}|-?[0-9]{{1,20}}(?:\.[0-9]{{1,20}})?)(?:,(?:start|center|end))?$)
      | position (?=:{PERCENTAGE}(?:,(?:line-left|center|line-right))?$)
      | size     (?=:{PERCENTAGE}$)
      | align    (?=:(?:start|center|end|left|right)$)
      | region   (?=:(?!.*-->)[^\x00-\x20\x7f]{{1,100}}$)
    )):""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Cue:
    """Words from `start` up to `end`, in milliseconds. `settings` say where WebVTT shows them."""

    start: int
    end: int
    text: str
    speaker: str = ""
    settings: str = ""


@dataclass(frozen=True)
class Captions:
    """A file that was read: cues by their start, and sentences on what was set right or left out (`notes`)."""

    format: str
    encoding: str
    cues: tuple[Cue, ...]
    notes: tuple[str, ...] = ()


def tidy(text):
    """`text` without control characters, lines that say nothing, and spaces that no reader sees."""
    lines = SPACES.sub(" ", UNSEEN.sub("", NEW_LINES.sub("\n", text))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def tidy_settings(text):
    """The settings that WebVTT §6.3 (collect WebVTT cue settings) understands, the last of each; the others change nothing."""
    valid = {}
    for setting in re.split(r"[ \t\n\f\r]+", text):
        found = SETTING.match(setting)
        if found:
            valid[found["name"]] = setting
    return " ".join(valid.values())


def to_json(cues):
    """Rows of start and end in milliseconds, speaker, text and settings."""
    return [[cue.start, cue.end, cue.speaker, cue.text, cue.settings] for cue in cues]


def from_json(rows):
    return tuple(Cue(start, end, text, speaker, settings) for start, end, speaker, text, settings in rows)


def check_count(count):
    """Raise ValidationError (code "too_many") when `count` captions are more than a file may have."""
    if count > MAX_CUES:
        sentence = _("There are more than %(most)d captions in this file.")
        raise ValidationError(sentence, code="too_many", params={"most": MAX_CUES})
