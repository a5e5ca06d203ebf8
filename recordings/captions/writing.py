"""Cues as files: WebVTT for browsers, SRT for everything else, and plain text to read."""

from recordings.captions.cues import tidy, tidy_settings
from recordings.captions.markup import encode, encode_for_srt
from recordings.captions.passages import paragraphs


def as_vtt(cues):
    """A WebVTT file of `cues`, as a string (it is to be sent as UTF-8). What `read` has given is read again the same."""
    return "\n".join(["WEBVTT\n", *filter(None, map(_vtt_cue, cues))])


def as_srt(cues):
    """An SRT file of `cues`: without settings, and with a speaker's name before her words."""
    said = [(cue, tidy(cue.text)) for cue in cues]
    return "\n".join(
        _srt_cue(number, cue, text) for number, (cue, text) in enumerate(filter(lambda pair: pair[1], said), start=1)
    )


def as_text(cues, *, with_times=False):
    """What was said, to read: a paragraph where somebody else speaks or someone pauses."""
    return "\n\n".join(_text_of(paragraph, with_times) for paragraph in paragraphs(cues)) + "\n"


def clock(milliseconds, *, point="."):
    """12:34:56.789; hours have as many digits as they need."""
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _vtt_cue(cue):
    text, speaker = encode(tidy(cue.text)), encode(" ".join(tidy(cue.speaker).split()))
    if not text:
        return ""
    voice = f"<v {speaker}>".replace("-->", "-&#45;>")  # an arrow would end the cue
    said = f"{voice}{text}</v>" if speaker else text
    times = f"{clock(cue.start)} --> {clock(cue.end)} {tidy_settings(cue.settings)}".rstrip()
    return f"{times}\n{said}\n"


def _srt_cue(number, cue, text):
    speaker = " ".join(tidy(cue.speaker).split())
    said = encode_for_srt(f"{speaker}: {text}" if speaker else text)
    return f"{number}\n{clock(cue.start, point=',')} --> {clock(cue.end, point=',')}\n{said}\n"


def _text_of(paragraph, with_times):
    time = f"[{clock(paragraph.start)[:-4]}]" if with_times else ""
    speaker = f"{paragraph.speaker}:" if paragraph.speaker else ""
    return " ".join(filter(None, [time, speaker, paragraph.text]))
