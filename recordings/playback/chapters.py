"""The parts of a recording, as lists that other places read: YouTube's descriptions, WebVTT and JSON chapters."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from events.models import Intervention
from recordings import captions
from recordings.models import Chapter
from recordings.playback import timecodes
from rifess.base.text.translated import Text, page_language, text_of
from rifess.templatetags.portal import timecode

MOST = 500
BEGINNING = timedelta(0)
SHORTEST, FEWEST = timedelta(seconds=10), 3  # what YouTube asks of chapters
UNTIL_THE_END = timedelta(hours=24)  # WebVTT wants an end, also when nobody knows it

TIME = r"(?:[0-9]{1,4}:)?[0-9]{1,5}:[0-9]{2}(?!:?[0-9])"
SEPARATOR = r"[ \t]*[-–—―|·•.:]*[ \t]*"  # noqa: RUF001  (dashes as people type them)
LINE = re.compile(
    rf"(?:[0-9]{{1,3}}[.)][ \t]+)?[-–—*•▶►>]*[ \t]*[(\[]?(?P<time>{TIME})(?:[ \t]*[-–—][ \t]*{TIME})?[)\]]?"  # noqa: RUF001
    rf"{SEPARATOR}(?P<title>.*)"
)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Mark:
    """A part of a recording: a chapter, or the range of an `intervention`. Its end is None when nothing tells it."""

    start: timedelta
    end: timedelta | None
    title: Text
    intervention: Intervention | None = None


def chapters_of(recording):
    """The marks of `recording` in their order: its typed chapters if there are any, else the interventions whose start is known.

    What has no end of its own lasts until the next one or, the last, as long as the recording.
    """
    typed = [(each.start, None, text_of(each, "title"), None) for each in recording.chapters.all()]
    marks = typed or [(each.start, each.end, *_heard(each.intervention)) for each in _clips(recording)]
    nexts = _following([start for start, *_rest in marks], recording.duration)
    return [Mark(start, end or after, *what) for (start, end, *what), after in zip(marks, nexts, strict=True)]


def _clips(recording):
    known = recording.clips.filter(start__isnull=False)
    return known.select_related("intervention__person", "intervention__panel__seminar")


def _heard(intervention):
    """Who speaks and, where it is known, of what."""
    title = text_of(intervention, "title")
    if intervention.person_id:
        name = Text(intervention.printed_name, page_language(), False)
    else:
        name = text_of(intervention, "collective")
    return (Text(f"{name}: {title}", title.language, title.is_fallback) if title else name), intervention


def _following(starts, duration):
    """For each of `starts` the next one that is later or, when there is none, `duration`."""
    later = duration
    following = []
    for start, after in zip(reversed(starts), reversed([*starts[1:], None][: len(starts)]), strict=True):
        later = after if after is not None and after > start else later
        following.append(later if later is None or later > start else None)
    return following[::-1]


def read_description(text):
    """Pairs of time and title of a description as YouTube reads it: `0:00 Opening`, `1:02:03 - Title`, `(12:34) Title`.

    Lines that do not begin with a time are no chapters. Raises ValidationError, one sentence per wrong line, with codes
    "time", "no_title", "long_title" and "order"; and "no_chapters" or "too_many" for the whole.
    """
    found, mistakes = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        match = LINE.fullmatch(UNSEEN.sub("", line).strip())
        if match:
            try:
                found.append(_chapter(number, match, after=found[-1][0] if found else None))
            except ValidationError as mistake:
                mistakes.append(mistake)
    if mistakes:
        raise ValidationError(mistakes)
    if not found:
        raise ValidationError(_("No line begins with a time, as in “0:00 Opening”."), code="no_chapters")
    if len(found) > MOST:
        raise ValidationError(_("These are more than %(most)d chapters."), code="too_many", params={"most": MOST})
    return found


def _chapter(number, match, *, after):
    time, title = timecodes.read(match["time"]), match["title"].strip()
    where = {"line": number, "time": match["time"], "most": Chapter._meta.get_field("title").max_length}
    if time is None:
        raise ValidationError(_("Line %(line)d: “%(time)s” is no time."), code="time", params=where)
    if not title:
        raise ValidationError(_("Line %(line)d: write a title after %(time)s."), code="no_title", params=where)
    if len(title) > where["most"]:
        sentence = _("Line %(line)d: a title has at most %(most)d characters.")
        raise ValidationError(sentence, code="long_title", params=where)
    if after is not None and time <= after:
        sentence = _("Line %(line)d: %(time)s is not later than the chapter above it.")
        raise ValidationError(sentence, code="order", params=where)
    return time, title


def as_description(marks):
    """`marks` to paste below a video on YouTube, each later than the one above by a second at least.

    YouTube wants the first at 0:00: when it begins later, a line says what comes before. `youtube_asks` says the rest.
    """
    lines = _for_youtube(marks)
    return "".join(f"{timecode(start)} {title}\n" for start, title in lines)


def youtube_asks(marks):
    """Sentences on why YouTube would show none of these chapters; none when it will.

    Its rules: https://support.google.com/youtube/answer/9884579
    """
    starts = [start for start, _title in _for_youtube(marks)]
    sentences = []
    if len(starts) < FEWEST:
        sentences.append(_("YouTube shows chapters when there are at least three."))
    if any(after - start < SHORTEST for start, after in pairwise(starts)):
        sentences.append(_("YouTube shows chapters when each lasts at least ten seconds."))
    return sentences


def _for_youtube(marks):
    lines = {}
    for mark in marks:
        lines.setdefault(timedelta(seconds=mark.start // timedelta(seconds=1)), _one_line(mark.title))
    if lines and BEGINNING not in lines:
        lines = {BEGINNING: pgettext("chapter", "Beginning"), **lines}
    return sorted(lines.items())


def as_vtt(marks):
    """`marks` as a WebVTT file of chapters (https://www.w3.org/TR/webvtt1/#introduction-chapters), as a string."""
    return captions.as_vtt(
        [
            captions.Cue(_milliseconds(mark.start), _milliseconds(mark.end or mark.start + UNTIL_THE_END), _one_line(mark.title))
            for mark in marks
        ]
    )


def as_json(marks):
    """`marks` as JSON chapters 1.2 (https://github.com/Podcastindex-org/podcast-namespace/blob/main/chapters/jsonChapters.md)."""
    return json.dumps({"version": "1.2.0", "chapters": [_json_chapter(mark) for mark in marks]}, ensure_ascii=False)


def _json_chapter(mark):
    chapter = {"startTime": mark.start.total_seconds(), "title": _one_line(mark.title)}
    return chapter | ({"endTime": mark.end.total_seconds()} if mark.end else {})


def _one_line(title):
    return " ".join(str(title).split())


def _milliseconds(time):
    return time // timedelta(milliseconds=1)
