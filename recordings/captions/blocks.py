"""The structure of a WebVTT or SRT file: which lines are times, which are text, and which are neither.

It follows the parser of WebVTT (https://www.w3.org/TR/webvtt1/#file-parsing), which also reads SRT, except:

- What the parser would drop in silence is refused with its line: a time that is not readable, an end before its start, text
  without a time after the first cue.
- A missing header, commas, one to three digits of fraction or none, and hours of one to four digits are read.
- `-->` on a line without a time is text.
- One mark or letter stuck to a time, and hours lost before their colon, are read, and told: nothing else can be meant. So are
  blanks of another kind around the arrow, which nobody sees.
- In SRT, text after an empty line goes on with the cue above it, as players of SRT do.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.captions.cues import check_count, tidy, tidy_settings

MOST_MISTAKES = 500  # after which the rest of a file is not looked at

LINE_END = re.compile("\r\r\n|\r\n|\n|\r")
HEADER = re.compile(r"\s*WEBVTT(?:[ \t].*)?$")
BLOCK_NAMES = re.compile(r"(?:NOTE(?:[ \t].*)?|STYLE[ \t]*|REGION[ \t]*)$")
TIME = r"(?:([0-9]{1,4})?:)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?"
SLIP = r"(?:(?<=[.,][0-9]{3})[.,;:A-Za-z])?"  # only behind all digits of a fraction: none of them is guessed
BLANK = r"[^\S\r\n]"
TIMES = re.compile(rf"{BLANK}*{TIME}{SLIP}{BLANK}*-->{BLANK}*{TIME}{SLIP}(?:{BLANK}+(.*))?$")
TIDY_TIMES = re.compile(r"[ \t]*[0-9][0-9:.,]*[0-9][ \t]*-->[ \t]*[0-9][0-9:.,]*[0-9](?:[ \t].*)?$")
CLOCK = re.compile("[0-9]:[0-9]")
EXACT = r"[0-9:]{1,12}[0-9]{2}[.,][0-9]{3}"
TIMES_WITHOUT_ARROW = re.compile(rf"\s{{0,20}}{EXACT}[^0-9A-Za-z]{{1,10}}{EXACT}\s{{0,20}}$")


@dataclass
class Block:
    """Lines of one cue as they stand in the file. `line` is that of its times; `number` the count written above them."""

    line: int
    start: int
    end: int
    settings: str
    lines: list[str]
    number: int | None = None


class File:
    """The lines of a file, walked once from top to bottom. `left_out` is the first one of text that belongs to no cue.

    `mistakes` are all ValidationErrors of its lines, `slips` the lines whose times have one that was read all the same.
    """

    def __init__(self, text, name):
        self.lines = LINE_END.split(text)
        self.left_out = None
        self.mistakes, self.slips = [], []
        self.has_header = self._take_header()
        first = next((line for line in self.lines if _is_time(line)), "")
        is_webvtt = "." in first and not name.lower().endswith(".srt")
        self.format = "vtt" if self.has_header or is_webvtt or name.lower().endswith(".vtt") else "srt"
        self.read = []
        self.waiting = None

    def _take_header(self):
        """Empty the lines of the header: up to the first empty line or time."""
        first = next((index for index, line in enumerate(self.lines) if line.strip()), 0)
        if not HEADER.match(self.lines[first]):
            return False
        while first < len(self.lines) and self.lines[first] and not _is_time(self.lines[first]):
            self.lines[first] = ""
            first += 1
        return True

    def blocks(self):
        """The cues as they stand; `mistakes` has what is neither a cue nor understood as something else."""
        if not any(map(_is_time, self.lines)) and not _broken_times(self.lines):
            return []
        check_count(sum(map(_is_time, self.lines)))  # before any is read
        paragraph, begins = [], 1
        for number, line in enumerate([*self.lines, ""], start=1):
            if line:
                paragraph.append(line)
                continue
            if paragraph:
                self._read_paragraph(begins, paragraph)
            if len(self.mistakes) > MOST_MISTAKES:
                break
            paragraph, begins = [], number + 1
        return self.read

    def _read_paragraph(self, begins, lines):
        """Cues of lines that no empty line parts: usually one, but each time begins another."""
        if self.format == "vtt" and BLOCK_NAMES.match(lines[0]):
            comment = next((index for index, line in enumerate(lines) if _is_time(line)), len(lines))
            begins, lines = begins + comment, lines[comment:]
        at = [index for index, line in enumerate(lines) if _is_time(line)] or _broken_times(lines)
        above = lines[: at[0]] if at else lines
        number = self._take_identifier(above) if at else None
        if above:
            self._read_loose(begins, above)
        elif number is None:
            number, self.waiting = self.waiting, None
        for index, following in pairwise([*at, len(lines)]):
            block = self._block(begins + index, lines[index], number)
            self.read.append(block)
            if len(self.mistakes) > MOST_MISTAKES:
                return
            block.lines = lines[index + 1 : following]
            number = self._take_counter(block.lines) if following < len(lines) else None

    def _take_identifier(self, above):
        """Take the line above a time away: any single line in WebVTT, one that counts in SRT. The number in it, or None."""
        if len(above) == 1 and (self.format == "vtt" or _number(above[0]) is not None):
            return _number(above.pop())
        return self._take_counter(above)

    def _take_counter(self, above):
        """Take the last line away if it counts the next cue. The number in it, or None."""
        number = _number(above[-1]) if above else None
        counts_in_srt = self.format == "srt" and self.read and self.read[-1].number is not None
        if number is None or not (counts_in_srt or self._counts_on(number)):
            return None
        above.pop()
        return number

    def _counts_on(self, number):
        """Whether `number` is that of the cue after the last; before any, in SRT, that of the first."""
        if not self.read:
            return self.format == "srt"
        return self.read[-1].number is not None and number == self.read[-1].number + 1

    def _read_loose(self, line, lines):
        """Lines without a time: part of the cue above in SRT, nothing before the first cue of WebVTT, otherwise a mistake."""
        if not any(map(tidy, lines)):
            return
        number = _number(lines[0])
        counts = number is not None and self._counts_on(number)
        if counts and len(lines) == 1:
            self.waiting = number
        elif self.has_header and not self.read:
            self.left_out = self.left_out or line
        elif self.format == "srt" and self.read and not counts:
            self.read[-1].lines.extend(["", *lines])
        else:
            sentence = _("Line %(line)d: this text has no time: “%(text)s”. An empty line ends a caption: is there one too many?")
            self._note(sentence, "without_time", line, lines[0])

    def _block(self, line, times, number):
        """The Block whose times stand on `line`; with a mistake in them, one without a length, so that the next ones are read."""
        try:
            block = _block(line, times, number)
        except ValidationError as mistake:
            self.mistakes.append(mistake)
            return Block(line, 0, 0, "", [], number)
        self.slips += [] if TIDY_TIMES.match(times) else [line]
        return block

    def _note(self, sentence, code, line, text):
        self.mistakes.append(ValidationError(sentence, code=code, params={"line": line, "text": short(text)}))


def _is_time(line):
    return "-->" in line and CLOCK.search(line) is not None


def _broken_times(lines):
    """Where two times stand without their arrow."""
    return [index for index, line in enumerate(lines) if TIMES_WITHOUT_ARROW.match(line)]


def _number(line):
    line = line.strip()
    return int(line) if line.isascii() and line.isdigit() and len(line) <= 9 else None


def _block(line, times, number):
    found = TIMES.match(times)
    start, end = (_milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:8])) if found else (None, None)
    if start is None or end is None:
        sentence = _("Line %(line)d: this time is not readable: “%(text)s”. It should look like 00:00:01.000 --> 00:00:04.000.")
        raise ValidationError(sentence, code="time", params={"line": line, "text": short(times)})
    if end < start:
        sentence = _("Line %(line)d: the end is before the start: “%(text)s”.")
        raise ValidationError(sentence, code="order", params={"line": line, "text": short(times)})
    return Block(line, start, end, tidy_settings(found[9] or ""), [], number)


def _milliseconds(hours, minutes, seconds, fraction):
    """None where minutes or seconds are more than 59."""
    if int(minutes) > 59 or int(seconds) > 59:
        return None
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "0").ljust(3, "0"))


def short(line):
    line = tidy(line)
    return line if len(line) <= 60 else line[:59] + "…"
