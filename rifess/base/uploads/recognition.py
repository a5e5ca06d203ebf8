"""What the bytes of a file say that it is. Read by `rifess.base.uploads.examiner`, in a process of its own and without Django."""

import re

from rifess.base.uploads import ooxml, pdf, pictures
from rifess.base.uploads.refusals import Refused

PDF = "application/pdf"
HEAD = 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, .ppt and protected files: what they do cannot be seen
PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<script[\s>]|<iframe[\s>]|<svg\s|<\?php\s", re.IGNORECASE)
DRAWING = re.compile(rb"<(\w+:)?svg[\s>]", re.IGNORECASE)


def recognize(data):
    """The media type of the file in `data`, and whether it is active: see `rifess.base.uploads.files.FileKind`.

    Raises Refused: codes "page", "old_office", "unknown_kind", "two_kinds", and those of pictures and packages.
    """
    media_type, is_active = _media_type(data), False
    _refuse_second_kind(data, media_type)
    if media_type == PDF:
        is_active = pdf.is_active(data)
    return {"type": media_type, "is_active": is_active}


def _media_type(data):
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(ooxml.PACKAGE):
        return ooxml.type_of(data)
    if data.startswith((pictures.JPEG_SIGNATURE, pictures.PNG_SIGNATURE)):
        return pictures.media_type_of(data)
    if PAGE.search(data[: 64 * HEAD]) or DRAWING.search(data[: 64 * HEAD]):
        raise Refused("page")
    raise Refused("old_office" if data.startswith(OLD_OFFICE) else "unknown_kind")


def _refuse_second_kind(data, media_type):
    """A file that another program would read as something else was made to deceive."""
    is_package = media_type in ooxml.TYPES
    if PAGE.search(data) or (not is_package and ooxml.ends_as_package(data)) or (media_type != PDF and b"%PDF-" in data[:HEAD]):
        raise Refused("two_kinds")
