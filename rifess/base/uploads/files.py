"""What an uploaded file really is. Its bytes say so: the name and what the browser claims are only compared with them.

Few kinds are taken, and each is read by a library for that kind (`rifess.base.uploads.recognition`): libraries that guess among
hundreds of kinds also find one in files made to pass for two. The reading happens in a process of its own
(`rifess.base.uploads.examination`).
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rifess.base.uploads import ooxml
from rifess.base.uploads.examination import examine
from rifess.base.uploads.refusals import Refused

TOO_BIG = _("This file becomes far too big when it is opened. Save it again as PDF.")
MACROS = _("This file carries macros, programs that run when it is opened. Save it without them, or as PDF.")
SENTENCES = {  # by the codes of those that look into files
    "page": _("This is a web page or an SVG drawing: these can run programs and are not taken. Save it as PDF."),
    "old_office": _("This is a file of an old office program, or it is locked with a password. Save it as PDF, .docx or .odt."),
    "unknown_kind": _("We do not know this kind of file. Send a PDF, a text document or a picture."),
    "two_kinds": _("This file is two kinds of file at once, and is not taken. Save it again as PDF."),
    "damaged": _("This file is damaged: save it again and choose it once more."),
    "pixels": _("This picture has too many pixels: make it smaller first."),
    "scans": _("This picture is built in a way that takes very long to draw. Save it again as an ordinary JPEG or PNG."),
    "unpacks_too_big": TOO_BIG,
    "locked": _("This file is locked with a password. Save it without one."),
    "macros": MACROS,
    "fetches": _(
        "This file fetches something from elsewhere when it is opened: a linked picture, for example. "
        "Insert pictures into the document instead of linking to them, or save it as PDF."
    ),
    "objects": _("This file carries a file of another program inside it. Save it without that, or as PDF."),
    "too_costly": _("Examining this file takes too long or too much memory. Save it in a simpler form, for example as PDF."),
    "busy": _("Many files are being examined at this moment. Please send it again in a minute."),
}


def sentence_for(refused: Refused, **others) -> ValidationError:
    """The error to show for `refused`, in the words of `others` (by code) or in those that hold for all files."""
    return ValidationError(others.get(refused.code) or SENTENCES[refused.code], refused.code, refused.params)


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
DOCX = FileKind(ooxml.DOCX, "docx")
ODT = FileKind(ooxml.ODT, "odt")
PICTURES = (JPEG, PNG)
TEXTS = (PDF, DOCX, ODT)
KINDS = (*TEXTS, *PICTURES, *(FileKind(type, extension) for type, extension in ooxml.MORE.items()))
BY_TYPE = {kind.type: kind for kind in KINDS}


def kind_of(file) -> FileKind:
    """The kind of `file` (open, with a `name`), by its content.

    Raises ValidationError with a sentence for the sender: codes "empty", "extension" and those of `SENTENCES`.
    """
    if not file.size:
        raise ValidationError(_("This file is empty."), code="empty")
    try:
        found = examine(file, "recognize")
    except Refused as refused:
        raise sentence_for(refused) from None
    kind = replace(BY_TYPE[found["type"]], is_active=found["is_active"])
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
