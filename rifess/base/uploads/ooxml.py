"""Office files of today: ZIP packages of XML (ECMA-376 part 2; OpenDocument 1.3 part 2), looked into with care."""

import re
import zipfile
import zlib
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from rifess.base.uploads.active_content import ELSEWHERE, refuse_active
from rifess.base.uploads.refusals import Refused

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
DOCX, ODT = f"{OOXML}wordprocessingml.document", f"{ODF}text"
XLSX = f"{OOXML}spreadsheetml.sheet"
MORE = {
    XLSX: "xlsx",
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
BLOCK = 256 * 1024
PROGRAMS = re.compile(r"vbaProject|vbaData|(^|/)activeX/|(^|/)macrosheets/|^(Basic|Scripts)/.", re.IGNORECASE)
OBJECT_OF_OLD_OFFICE, PACKAGE = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
EMBEDDED = re.compile(r"(^|/)embeddings/.", re.IGNORECASE)
RELATIONS = re.compile(r"(.*/)?_rels/[^/]*\.rels", re.IGNORECASE)
OF_CHARTS = re.compile(r".*/charts(ex)?/_rels/[^/]*\.rels", re.IGNORECASE)
OBJECTS = {"oleobject", "package", "control", "afchunk"}  # the last words of relation types that bring another file along
BYTE_ORDER_MARKS_AND_SPACE = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
NOT_WELL_FORMED = ".vml"  # drawings of comments, as Excel writes them
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
    ParseError,
    DefusedXmlException,
)  # what zipfile and the XML parser raise for damaged and hostile ones


def ends_as_package(data):
    """Whether a program that looks for packages from the end, as they all do, would find one."""
    return END_OF_PACKAGE in data[-LONGEST_END:] and zipfile.is_zipfile(BytesIO(data))


def unpacked_size(data):
    """How many bytes the parts of the package in `data` have, as it says itself."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return sum(part.file_size for part in package.infolist())


def type_of(data, *, is_only_read=False, may_embed=True):
    """The media type of the office file in `data`, each of whose parts was unpacked once.

    `is_only_read`: it is not opened in a program that follows its links, so they are not examined.
    Raises Refused: codes "unknown_kind", "damaged", "unpacks_too_big", "locked", "macros", "fetches", "objects".
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _refuse_bomb(package, len(data))
            beginnings = {part.filename: _unpack(package, part) for part in package.infolist()}
            _refuse_programs(beginnings)
            kind = _declared(package)
            if not is_only_read:
                _refuse_what_opens_more(package, beginnings, may_embed)
            return kind
    except BROKEN:
        raise Refused("damaged") from None


def _refuse_bomb(package, size):
    """Refuse what would fill the memory, or is packed in ways that office programs do not use."""
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, max(size, 4096) * MOST_OF_ONE_BYTE):
        raise Refused("unpacks_too_big")
    if any(part.flag_bits & LOCKED for part in parts):
        raise Refused("locked")
    if len({part.filename for part in parts}) < len(parts) or any(part.compress_type not in METHODS for part in parts):
        raise Refused("damaged")
    if any("\\" in part.filename for part in parts):  # read as a folder by some programs, and not by others
        raise Refused("damaged")
    if min((part.header_offset for part in parts), default=1):  # something else stands before the package
        raise Refused("damaged")


def _unpack(package, part):
    """The first bytes of `part`, whose sum is compared with what is written. It may not be larger than it says."""
    with package.open(part) as content:
        begins = content.read(1024)
        while content.read(BLOCK):
            pass
    return begins


def _refuse_programs(beginnings):
    if any(PROGRAMS.search(name) for name in beginnings):
        raise Refused("macros")
    if any(b"<!DOCTYPE" in begins.replace(b"\0", b"") for begins in beginnings.values()):  # no office program writes one
        raise Refused("damaged")


def _declared(package):
    """What the package says it is: by its first part (OpenDocument), or by its list of contents."""
    if package.infolist()[0].filename == "mimetype":
        found = {_listed(package, "mimetype").decode("ascii")}
    else:
        found = _content_types(package)
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in found):
        raise Refused("macros")
    kinds = {each.removesuffix(".main+xml") for each in found} & TYPES
    if len(kinds) != 1:
        raise Refused("unknown_kind")
    return kinds.pop()


def _content_types(package):
    root = ElementTree.fromstring(_listed(package, "[Content_Types].xml"), forbid_dtd=True)
    return {each.get("ContentType", "") for each in root.iter()}


def _listed(package, name):
    if package.getinfo(name).file_size > MOST_LISTED:
        raise Refused("damaged")
    return package.read(name)


def _refuse_what_opens_more(package, beginnings, may_embed):
    """Refuse what another program runs, and what is fetched from elsewhere. The table behind a chart may stay."""
    of_charts = set()
    for name, begins in beginnings.items():
        if RELATIONS.fullmatch(name):
            of_charts |= _packages_of_charts(name, _relations(package, name))
        elif _may_be_xml(begins):
            _refuse_active_part(package, name, "mimetype" in beginnings)
    for name, begins in beginnings.items():
        if begins.startswith(PACKAGE) and may_embed and name.rpartition("/")[2] in of_charts:
            type_of(package.read(name), may_embed=False)
        elif begins.startswith((PACKAGE, OBJECT_OF_OLD_OFFICE)) or EMBEDDED.search(name):
            raise Refused("objects")


def _relations(package, name):
    """Pairs of the type and the target of the relations in the part `name`. Raises Refused for one that fetches something."""
    for each in ElementTree.fromstring(_listed(package, name), forbid_dtd=True).iter():
        kind, target = each.get("Type", "").strip().rpartition("/")[2].lower(), each.get("Target", "").strip()
        is_elsewhere = each.get("TargetMode", "").strip().lower() == "external" or ELSEWHERE.match(target)
        if is_elsewhere and kind != "hyperlink":
            raise Refused("macros" if kind == "attachedtemplate" else "fetches")
        yield kind, target


def _packages_of_charts(name, relations):
    """The names of the packages that stand behind charts. Raises Refused when another relation brings an object along."""
    found = {(kind, target) for kind, target in relations if kind in OBJECTS}
    if found and not (OF_CHARTS.fullmatch(name) and {kind for kind, _target in found} == {"package"}):
        raise Refused("objects")
    return {target.rpartition("/")[2] for _kind, target in found}


def _may_be_xml(begins):
    """Return whether a part may be XML: it begins with an element, or with more white space than was read."""
    seen = begins.lstrip(BYTE_ORDER_MARKS_AND_SPACE)
    return seen.startswith(b"<") or (not seen and bool(begins.strip(b"\0")))


def _refuse_active_part(package, name, is_open_document):
    with package.open(name) as part:
        try:
            refuse_active(part, is_open_document=is_open_document)
        except Refused as refused:
            if refused.code != "damaged" or not name.lower().endswith(NOT_WELL_FORMED):
                raise
