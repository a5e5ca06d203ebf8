"""The text of a caption file: which letters its bytes stand for, and whether it is a caption file at all."""

import codecs
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recordings.captions.cues import check_count

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 400_000  # eight of each of the most cues: empty lines cost as much to walk through as words

PACKED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"\xfd7zXZ",
    b"{\\rtf",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
)
SEEN_OR_HEARD = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"ID3", b"\x1aE\xdf\xa3", b"OggS", b"II*\x00", b"MM\x00*", b"BM")
OTHER_FORMATS = [
    (
        re.compile(r"\[(?:Script Info|V4\+? Styles|Events)\]", re.IGNORECASE),
        "ass",
        _("This is a file of SubStation Alpha (ASS): export it as WebVTT or SRT."),
    ),
    (
        re.compile(r"<(?:\?xml|!doctype|!--|tt[\s>:]|html|transcript|sami|timedtext)", re.IGNORECASE),
        "xml",
        _("This is an XML or HTML file, perhaps TTML: export the captions as WebVTT or SRT."),
    ),
    (
        re.compile(r'\{\s*(?:"|\})|\[\s*(?:[{\]"\[]|-?[0-9]+[\s,.\]])'),
        "json",
        _("This is a JSON file: export the captions as WebVTT or SRT."),
    ),
    (
        re.compile(r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}\.[0-9]{3},[0-9]{1,3}:[0-9]{2}:[0-9]{2}\.[0-9]{3}"),
        "sbv",
        _("These are captions in the SBV form of YouTube: download them as WebVTT or SRT."),
    ),
    (
        re.compile(r"\{[0-9]+\}\{[0-9]+\}"),
        "frames",
        _("These captions count frames (MicroDVD), not time: export them as WebVTT or SRT."),
    ),
]

BYTE_ORDER_MARKS = [(codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16-LE"), (codecs.BOM_UTF16_BE, "UTF-16-BE")]
UNMARKED = [("-->".encode("utf-16-le"), "UTF-16-LE"), ("-->".encode("utf-16-be"), "UTF-16-BE")]
CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
HIGH_BYTES = re.compile(rb"[\x80-\xff]")
ASCII_LETTERS = re.compile(rb"[A-Za-z]")
UTF8_LETTERS = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def decode(data):
    """The text of `data` and its encoding: UTF-8, UTF-16-LE, UTF-16-BE, or Windows-1252 where that gives plausible words.

    NUL, with which some programs pad their files, is left out. Raises ValidationError: codes "empty", "too_large", "packed",
    "media", "encoding", "binary", "too_many_lines", "too_many", and those of OTHER_FORMATS.
    """
    _refuse_what_holds_no_text(data)
    encoding = _encoding(data)
    text = _letters(data, encoding).replace("\x00", "").replace("\ufeff", "")
    _refuse_binary(len(CONTROLS.findall(text)), len(text))
    _refuse_what_is_too_much(text)
    _refuse_other_formats(text)
    return text, encoding


def _refuse_what_holds_no_text(data):
    if len(data) > MAX_BYTES:
        params = {"most": MAX_BYTES // 1024**2}
        raise ValidationError(_("Caption files are smaller than %(most)d MB: this one is not."), code="too_large", params=params)
    if data.startswith(PACKED):
        raise ValidationError(
            _("This is a compressed file or a text processor’s document: take the WebVTT or SRT file out of it."), code="packed"
        )
    if data.startswith(SEEN_OR_HEARD) or data[4:8] == b"ftyp":
        raise ValidationError(_("This is a picture, a sound or a film, not its captions."), code="media")


def _encoding(data):
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    for arrow, name in UNMARKED:
        if data.find(arrow) % 2 == 0:  # found, where a letter of two bytes begins
            return name
    try:
        data.decode()
    except UnicodeDecodeError:
        return "Windows-1252" if _is_plausible_windows_1252(data) else "UTF-8"
    return "UTF-8"


def _is_plausible_windows_1252(data):
    """Whether one in four letters at most has an accent, and few of these are UTF-8 in disguise ("Ã©" for "é")."""
    accents, plain = len(HIGH_BYTES.findall(data)), len(ASCII_LETTERS.findall(data))
    disguised = sum(len(letter) for letter in UTF8_LETTERS.findall(data))
    return not CONTROL_BYTES.search(data) and accents * 3 <= plain and disguised * 2 <= accents


def _letters(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        if not encoding.startswith("UTF-16"):
            _refuse_binary(len(CONTROL_BYTES.findall(data)), len(data))
        before = data[: problem.start].decode(encoding, "ignore")
        raise ValidationError(
            _("Line %(line)d: these letters cannot be read. Save the file as UTF-8 and try again."),
            code="encoding",
            params={"line": before.count("\n") + 1},
        ) from problem


def _refuse_binary(controls, length):
    if controls * 20 > length:
        raise ValidationError(_("This is not a text file."), code="binary")


def _refuse_what_is_too_much(text):
    """Refuse more lines and voices than can be looked at within a second: both are counted before any is read."""
    if text.count("\n") + text.count("\r") - text.count("\r\n") > MAX_LINES:
        sentence = _("This file has more than %(most)d lines. Remove the empty ones and try again.")
        raise ValidationError(sentence, code="too_many_lines", params={"most": MAX_LINES})
    check_count(max(text.count("<v"), text.count(">>")) // 2)


def _refuse_other_formats(text):
    start = text[:1000].lstrip()
    if not text.strip():
        raise ValidationError(_("This file is empty."), code="empty")
    for beginning, code, sentence in OTHER_FORMATS:
        if beginning.match(start):
            raise ValidationError(sentence, code=code)
