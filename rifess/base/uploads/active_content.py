"""What the parts of an office document make a program do when it opens them: run something, or fetch it from elsewhere.

Each part is read element by element, regardless of its name and encoding: fields of Word (ECMA-376 part 1 §17.16.5), connections,
DDE links and formulas of spreadsheets (§18.13, §18.14, §18.17), actions of slides, and their kin in OpenDocument 1.3.
"""

import re
from xml.parsers import expat

from rifess.base.uploads.refusals import Refused

BLOCK = 256 * 1024
LONGEST = 100_000  # characters of an instruction or a formula: more than an office program takes
FIELDS = re.compile(r"\s*(DATABASE|DDE|DDEAUTO|IMPORT|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK)(?!\w)", re.IGNORECASE)
FORMULAS = re.compile(r"(?<!\w)(CALL|DDE|IMAGE|REGISTER\.ID|RTD|WEBSERVICE)\s*\(|^[=\s]*\w+\|", re.IGNORECASE)
PROGRAMS_OF_SLIDES = re.compile(r"ppaction://(macro|program|ole)", re.IGNORECASE)
HOLD_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
ELEMENTS = {  # by their names, and how a file with one is refused
    "ddeLink": "fetches",
    "dde-source": "fetches",
    "dde-connection-decl": "fetches",
    "auto-reload": "fetches",
    "object-ole": "objects",
    "applet": "objects",
    "plugin": "objects",
}
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)
OUT_OF_THE_PACKAGE = re.compile(rf"{ELSEWHERE.pattern}|/|(\./)*\.\./", re.IGNORECASE)
ON_THE_WEB = re.compile(r"(https?|s?ftp|smb|(web)?davs?):|//|\\\\", re.IGNORECASE)


def refuse_active(part, *, is_open_document):
    """Read the open `part`. Raises Refused: codes "macros", "fetches", "objects", and "damaged" when it is not XML."""
    reader = _Reader(is_open_document)
    try:
        while block := part.read(BLOCK):
            reader.parser.Parse(block, False)
        reader.parser.Parse(b"", True)
    except (expat.ExpatError, LookupError):  # not well formed, or in an encoding that does not exist
        raise Refused("damaged") from None


class _Reader:
    """Refuses at the first element that does something."""

    def __init__(self, is_open_document):
        self.is_open_document = is_open_document
        self.fields, self.text = [], None  # instructions of fields that are open, each in pieces; what is being read
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._begins, self._ends
        self.parser.CharacterDataHandler = self._says
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type

    @staticmethod
    def _refuse_document_type(*_declared):
        raise Refused("damaged")  # no office program writes one

    def _begins(self, name, attributes):
        space, _brace, tag = name.rpartition("}")
        if tag in ELEMENTS:
            raise Refused(ELEMENTS[tag])
        if tag == "connection" and "spreadsheetml" in space:  # to a database, or to a page
            raise Refused("fetches")
        if tag in {"script", "event-listener"} and "script" in space:
            raise Refused("macros")
        if tag in HOLD_FORMULAS or tag == "instrText":
            self.text = ""
        for key, value in attributes.items():
            self._attribute(tag, key.rpartition("}")[2], value)

    def _attribute(self, tag, word, value):
        if word == "fldCharType":
            self._field(value)
        elif word == "action" and PROGRAMS_OF_SLIDES.match(value):
            raise Refused("macros")
        elif (word == "instr" and FIELDS.match(value)) or (word == "formula" and FORMULAS.search(value)):
            raise Refused("fetches")
        elif word == "href" and self.is_open_document and tag != "a":  # what one presses may lead anywhere
            leaves = ON_THE_WEB if tag == "template" else OUT_OF_THE_PACKAGE  # a template of the author's own is only named
            if leaves.match(value.strip()):
                raise Refused("fetches")

    def _says(self, text):
        if self.text is not None:
            self.text += text
            if len(self.text) > LONGEST:
                raise Refused("too_costly")

    def _ends(self, name):
        if self.text is None:
            return
        tag = name.rpartition("}")[2]
        if tag == "instrText":
            self._instruct(self.text)
        elif tag in HOLD_FORMULAS and FORMULAS.search(self.text):
            raise Refused("fetches")
        self.text = None

    def _field(self, kind):
        """A field begins; its instruction ends, and its result follows; or it ends. Its instruction may be cut into pieces."""
        if kind == "begin":
            self.fields.append("")
        elif self.fields:
            if FIELDS.match(self.fields[-1]):
                raise Refused("fetches")
            self.fields[-1] = ""
            if kind == "end":
                self.fields.pop()

    def _instruct(self, text):
        if FIELDS.match(text):
            raise Refused("fetches")
        if self.fields:
            self.fields[-1] = (self.fields[-1] + text)[:LONGEST]
