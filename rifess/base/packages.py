"""Office files of today: ZIP packages of XML (ECMA-376 part 2; OpenDocument 1.3 part 2), looked into with care."""

import re
import zipfile
import zlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
DOCX, ODT = f"{OOXML}wordprocessingml.document", f"{ODF}text"
MORE = {
    f"{OOXML}spreadsheetml.sheet": "xlsx",
    f"{OOXML}presentationml.presentation": "pptx",
    f"{ODF}spreadsheet": "ods",
    f"{ODF}presentation": "odp",
}
TYPES = {DOCX, ODT, *MORE}
MOST_PARTS = 5000
MOST_LISTED = 2 * 1024**2  # of the parts that say what others are
MOST_UNPACKED = 200 * 1024**2
MOST_OF_ONE_BYTE = 200  # how many times larger than the file what is in it may be; texts of XML stay below 50
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LOCKED = 0x1
PROGRAMS = re.compile(r"vbaProject|vbaData|(^|/)activeX/|(^|/)macrosheets/|^(Basic|Scripts)/.", re.IGNORECASE)
MAIN_PART = re.compile(rb'ContentType="([^"]+?)\.main\+xml"')
RELATION = re.compile(rb"<[^<>]*>")
END_OF_PACKAGE = b"PK\x05\x06"
LONGEST_END = 22 + 65535  # an end record and its comment
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
)  # what zipfile raises for damaged ones


def ends_as_package(data):
    """Whether a program that looks for packages from the end, as they all do, would find one."""
    return END_OF_PACKAGE in data[-LONGEST_END:] and zipfile.is_zipfile(BytesIO(data))


def type_of(data):
    """The media type of the office file in `data`, each of whose parts was unpacked once.

    Raises ValidationError: codes "unknown_kind", "damaged", "unpacks_too_big", "locked", "macros".
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _refuse_bomb(package, len(data))
            _refuse_programs(package)
            return _declared(package)
    except BROKEN:
        raise _damaged() from None


def _refuse_bomb(package, size):
    """Refuse what would fill the memory, or is packed in ways that office programs do not use."""
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, max(size, 4096) * MOST_OF_ONE_BYTE):
        raise ValidationError(_("This file becomes far too big when it is opened. Save it again as PDF."), code="unpacks_too_big")
    if any(part.flag_bits & LOCKED for part in parts):
        raise ValidationError(_("This file is locked with a password. Save it without one."), code="locked")
    if len({part.filename for part in parts}) < len(parts) or any(part.compress_type not in METHODS for part in parts):
        raise _damaged()
    begins_later = min((part.header_offset for part in parts), default=1)  # something else stands before the package
    if begins_later or package.testzip():
        raise _damaged()


def _refuse_programs(package):
    names = package.namelist()
    templates = [name for name in names if name.endswith("settings.xml.rels")]
    if any(PROGRAMS.search(name) for name in names) or any(_fetches_template(_listed(package, name)) for name in templates):
        raise _macros()


def _fetches_template(relations):
    """Whether the text is made on a template that stands elsewhere, from where it could bring macros."""
    return any(b"attachedTemplate" in each and b'"External"' in each for each in RELATION.findall(relations))


def _listed(package, name):
    if package.getinfo(name).file_size > MOST_LISTED:
        raise _damaged()
    return package.read(name)


def _declared(package):
    """What the package says it is: by its first part (OpenDocument), or by its list of contents."""
    is_open_document = package.infolist()[0].filename == "mimetype"
    found = _listed(package, "mimetype") if is_open_document else _of_main_part(_listed(package, "[Content_Types].xml"))
    if found.decode("ascii") in TYPES:
        return found.decode("ascii")
    if b"macroEnabled" in found:
        raise _macros()
    raise ValidationError(_("We do not know this kind of file. Send a PDF, a text document or a picture."), code="unknown_kind")


def _of_main_part(contents):
    main = MAIN_PART.search(contents)
    return main[1] if main else b""


def _damaged():
    return ValidationError(_("This file is damaged: save it again and choose it once more."), code="damaged")


def _macros():
    sentence = _("This file carries macros, programs that run when it is opened. Save it without them, or as PDF.")
    return ValidationError(sentence, code="macros")
