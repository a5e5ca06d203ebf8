"""WebVTT and SRT files as they are found, read into cues, or refused with a sentence that names the line.

The words of a cue are plain: no tags, no identifiers, each said once. A cue without words is left out. A cue that ends when it
starts, which no player shows, is given the time up to the next one, UNTIMED at most: its words and its start are right.
"""

import math
from dataclasses import replace
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recordings.captions import markup
from recordings.captions.blocks import File, short
from recordings.captions.cues import Captions, Cue, check_count
from recordings.captions.rolling import unroll
from recordings.captions.source import decode
from recordings.captions.speakers import named

UNTIMED = 5000  # ms
MOST_MISTAKES = 50  # that are told at once


def read(data, *, name=""):
    """The Captions of a file's bytes. The ending of `name` tells WebVTT without a header from SRT.

    Raises ValidationError: of each line that is wrong (`params["line"]`) with code "time", "order", "without_time", "open_tag" or
    "encoding", of the whole file with "no_cues", "too_many" or a code of `source.decode`.
    """
    text, encoding = decode(data)
    file = File(text, name)
    blocks = file.blocks()
    cues = sorted(_bounded(_all_cues(file, blocks)), key=attrgetter("start"))
    _refuse(file.mistakes)
    rolled = unroll(cues, has_word_times=any(markup.has_word_times(line) for block in blocks for line in block.lines))
    spoken = tuple(_bounded(named(_lasting(rolled))))
    if not spoken:
        sentence = _("There is no caption in this file: above its text, each has a line such as 00:00:01.000 --> 00:00:04.000.")
        raise ValidationError(sentence, code="no_cues")
    return Captions(file.format, encoding, spoken, _notes(encoding, file, has_rolled=len(rolled) < len(cues)))


def _bounded(cues):
    """At most MAX_CUES: one cue of the file can hold many voices."""
    for number, cue in enumerate(cues, start=1):
        check_count(number)
        yield cue


def _all_cues(file, blocks):
    for block in blocks:
        try:
            yield from _cues(block, file.format)
        except ValidationError as mistake:
            file.mistakes.append(mistake)


def _refuse(mistakes):
    """Raise what is wrong with a file, in the order of its lines: one mistake as it is, several together."""
    if not mistakes:
        return
    mistakes = sorted(mistakes, key=lambda mistake: mistake.params["line"])
    left = len(mistakes) - MOST_MISTAKES
    more = [ValidationError(_("And %(count)d more lines."), code="more", params={"count": left})] if left > 0 else []
    raise mistakes[0] if len(mistakes) == 1 else ValidationError([*mistakes[:MOST_MISTAKES], *more])


def _cues(block, format):
    text = "\n".join(block.lines)
    if format == "srt":
        text = markup.without_overrides(text)
    unclosed = markup.unclosed(text)
    if unclosed:
        line, tag = unclosed
        sentence = _("Line %(line)d: a tag is not closed with “>”: “%(text)s”.")
        raise ValidationError(sentence, code="open_tag", params={"line": block.line + 1 + line, "text": short(tag)})
    return (Cue(block.start, block.end, words, speaker, block.settings) for speaker, words in markup.voices(text))


def _lasting(cues):
    """`cues` that all last some time."""
    lasting, begins, later = [], None, None
    for cue in reversed(cues):
        if cue.start != begins:
            begins, later = cue.start, begins
        if cue.end == cue.start:
            cue = replace(cue, end=min(later or math.inf, cue.start + UNTIMED))
        lasting.append(cue)
    return lasting[::-1]


def _notes(encoding, file, *, has_rolled):
    notes = []
    if encoding == "Windows-1252":
        notes.append(gettext("The file is not in UTF-8; it was read as Windows-1252. Look at its accents."))
    if file.left_out:
        notes.append(
            gettext("Line %(line)d: text before the first caption was left out, as players do.") % {"line": file.left_out}
        )
    if file.slips:
        sentence = gettext("Something stood behind a time or was missing before it, and was read as meant: lines %(lines)s.")
        notes.append(sentence % {"lines": ", ".join(map(str, file.slips[:20])) + (" …" if len(file.slips) > 20 else "")})
    untimed = next((block.line for block in file.read if block.end == block.start), None)
    if untimed:
        sentence = gettext("Line %(line)d: this caption ended when it started. It was given the time up to the next one.")
        notes.append(sentence % {"line": untimed})
    if has_rolled:
        notes.append(gettext("Automatic captions showed their lines several times; each was kept once."))
    return tuple(notes)
