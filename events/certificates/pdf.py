"""Papers as PDF: functions from what they say to bytes. Typst sets them, with the fonts beside its page and no others."""

import json
from functools import cache
from pathlib import Path

import qrcode
import typst
from django.conf import settings
from qrcode.image.svg import SvgPathImage

from rifess.base.text.translated import TAGS

FOLDER = Path(__file__).parent / "paper"
MARK = settings.BASE_DIR / "rifess" / "static" / "rifess" / "logo.svg"
REGIONS = {"es": "MX", "pt-br": "BR", "en": "GB"}
FOR_ALL_READERS = "ua-1"  # PDF/UA-1: ISO 14289-1


def certificate(said, *, name, code, address, language) -> bytes:
    """The paper of a certificate: A4 lying down, tagged for screen readers. `said` is what `certificate_words.said_of` gives.

    What it says is data to the page: no sign in it is read as a command, no file is opened for it.
    """
    tag = TAGS[language].partition("-")[0]
    words = said | {"name": name, "code": code, "address": address, "language": tag, "region": REGIONS[language]}
    words |= {"document": f"{said['title']}: {said['seminar']}", "mark": _mark(), "qr": _qr(address)}
    return _set("certificate.typ", words)


def unprintable(names):
    """Those of `names` that have letters of which no face has a shape: a paper would show empty boxes instead."""
    names = list(names)
    if not names or _has_all_letters(names):
        return []
    if len(names) == 1:
        return names
    return unprintable(names[: len(names) // 2]) + unprintable(names[len(names) // 2 :])


def _has_all_letters(names):
    try:
        _compiler("names.typ").compile(pdf_standards=FOR_ALL_READERS, format="pdf", sys_inputs={"said": json.dumps(names)})
    except typst.TypstError:
        return False
    return True


def _set(page, words):
    """A letter that no face has (an emoji) is an empty box; the paper then does not claim to be for all readers."""
    page = _compiler(page)
    given = {"sys_inputs": {"said": json.dumps(words)}, "format": "pdf"}
    try:
        return page.compile(pdf_standards=FOR_ALL_READERS, **given)
    except typst.TypstError:
        return page.compile(**given)


def _compiler(page):
    """One for each paper: two threads cannot use the same, and with the fonts read it costs nothing."""
    return typst.Compiler(str(FOLDER / page), root=str(FOLDER), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts():
    """Read once for each process."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER / "fonts")])


@cache
def _mark():
    return MARK.read_text(encoding="utf-8")


def _qr(address):
    return qrcode.make(address, image_factory=SvgPathImage, border=0).to_string(encoding="unicode")
