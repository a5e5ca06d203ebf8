"""What an uploaded file really is. Its bytes say so: the name and what the browser claims are only compared with them.

Few kinds are taken, and each is read by who understands it (Pillow, zipfile, the rules of PDF): libraries that guess among
hundreds of kinds also find one in files made to pass for two.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from rifess.base import packages, pdf

MAX_PIXELS = 60_000_000
HEAD = 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, .ppt and protected files: what they do cannot be seen
PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<script[\s>]|<iframe[\s>]|<svg\s|<\?php\s", re.IGNORECASE)
DRAWING = re.compile(rb"<(\w+:)?svg[\s>]", re.IGNORECASE)
SCRIPT_BEHIND_A_SIGNATURE = (
    b"/*"  # where a JPEG says how long its first part is: a comment to a browser that reads it as a program
)


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its media type, the `extension` we give it, and all those its name may have.

    `is_active`: opening it may run or fetch something, or hides whether it does. It is only ever given as an attachment.
    """

    type: str
    extension: str
    extensions: tuple = ()
    is_active: bool = False

    def fits(self, name):
        return PurePath(name).suffix.lower().removeprefix(".") in {self.extension, *self.extensions}


PDF = FileKind("application/pdf", "pdf")
JPEG = FileKind("image/jpeg", "jpg", ("jpeg", "jpe"))
PNG = FileKind("image/png", "png")
DOCX = FileKind(packages.DOCX, "docx")
ODT = FileKind(packages.ODT, "odt")
PICTURES = (JPEG, PNG)
TEXTS = (PDF, DOCX, ODT)
KINDS = (*TEXTS, *PICTURES, *(FileKind(type, extension) for type, extension in packages.MORE.items()))
BY_TYPE = {kind.type: kind for kind in KINDS}


def kind_of(file) -> FileKind:
    """The kind of `file` (open, with a `name`), by its content.

    Raises ValidationError with a sentence for whoever chose it: codes "empty", "page", "old_office", "unknown_kind", "two_kinds",
    "damaged", "unpacks_too_big", "locked", "macros", "extension".
    """
    data = _bytes(file)
    kind = _recognize(data)
    if not kind.fits(file.name):
        params = {"name": plain_name(file.name), "extension": kind.extension}
        sentence = _("The name “%(name)s” does not say what the file is: save it again as .%(extension)s.")
        raise ValidationError(sentence, code="extension", params=params)
    return kind


def checked(file, *, kinds, max_megabytes) -> FileKind:
    """The kind of `file`, when it is one of `kinds`, does nothing by itself and is not larger than `max_megabytes`.

    Raises ValidationError: codes "large_file", "kind", "active", and those of `kind_of`.
    """
    if file.size > max_megabytes * 1024**2:
        raise ValidationError(_("A file of at most %(most)d MB, please."), code="large_file", params={"most": max_megabytes})
    kind = kind_of(file)
    if kind.type not in {each.type for each in kinds}:
        params = {"extension": kind.extension, "wanted": ", ".join(each.extension.upper() for each in kinds)}
        raise ValidationError(_("Files of the kind .%(extension)s are not taken here, only %(wanted)s."), "kind", params)
    if kind.is_active:
        sentence = _(
            "This file runs or fetches something when it is opened, or is locked. Save it without that, or print it to PDF."
        )
        raise ValidationError(sentence, code="active")
    return kind


def plain_name(name, longest=120):
    """`name` as it is kept and shown: no folders, nothing unseen or turned around, and not long. Letters and accents stay."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    seen = re.sub(r'[<>:"|?*]', "", seen).strip(" .")
    path = PurePath(seen or "-")
    return path.stem[: longest - len(path.suffix[:12])] + path.suffix[:12]


def _bytes(file):
    file.seek(0)
    data = file.read()
    file.seek(0)
    if not data:
        raise ValidationError(_("This file is empty."), code="empty")
    return data


def _recognize(data):
    if data.startswith(b"%PDF-"):
        kind = replace(PDF, is_active=pdf.is_active(data))
    elif data.startswith(b"PK\x03\x04"):
        kind = BY_TYPE[packages.type_of(data)]
    elif data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        kind = _picture(data)
    else:
        raise _unknown(data)
    _refuse_second_kind(data, kind)
    return kind


def _unknown(data):
    if PAGE.search(data[: 64 * HEAD]) or DRAWING.search(data[: 64 * HEAD]):
        sentence = _("This is a web page or an SVG drawing: these can run programs and are not taken. Save it as PDF.")
        return ValidationError(sentence, code="page")
    if data.startswith(OLD_OFFICE):
        sentence = _("This is a file of an old office program, or it is locked with a password. Save it as PDF, .docx or .odt.")
        return ValidationError(sentence, code="old_office")
    return ValidationError(_("We do not know this kind of file. Send a PDF, a text document or a picture."), code="unknown_kind")


def _picture(data):
    if data[4:6] == SCRIPT_BEHIND_A_SIGNATURE:
        raise _two_kinds()
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("This picture has too many pixels: make it smaller first."), code="unpacks_too_big")
            picture.load()
            return BY_TYPE[Image.MIME[picture.format]]
    except Image.DecompressionBombError:
        raise ValidationError(_("This picture has too many pixels: make it smaller first."), code="unpacks_too_big") from None
    except (OSError, SyntaxError, ValueError):
        raise ValidationError(_("This file is damaged: save it again and choose it once more."), code="damaged") from None


def _refuse_second_kind(data, kind):
    """A file that another program would read as something else was made to deceive."""
    is_package = kind.type in packages.TYPES
    if (
        PAGE.search(data)
        or (not is_package and packages.ends_as_package(data))
        or (kind.type != PDF.type and b"%PDF-" in data[:HEAD])
    ):
        raise _two_kinds()


def _two_kinds():
    return ValidationError(_("This file is two kinds of file at once, and is not taken. Save it again as PDF."), code="two_kinds")
