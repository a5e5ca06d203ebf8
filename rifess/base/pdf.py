"""What a PDF does by itself (ISO 32000-2 §12.6): looked for by name, in plain sight and in packed objects."""

import re
import zlib

DOES_SOMETHING = re.compile(
    rb"/(JavaScript|Launch|SubmitForm|ImportData|RichMedia|Rendition|Movie|GoToE|EmbeddedFiles?|XFA|Encrypt)(?![A-Za-z])"
)
WRITTEN_IN_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")  # a name may hide its letters: /J#61vaScript
OBJECT_STREAM = b"".join(b"(?:%c|#%02x)" % (letter, letter) for letter in b"ObjStm")
PACKED_OBJECTS = re.compile(b"/" + OBJECT_STREAM + rb"(?![A-Za-z]).{0,400}?\bstream\r?\n", re.DOTALL | re.IGNORECASE)
MOST_PACKED = 5000
MOST_UNPACKED = 64 * 1024**2


def is_active(data):
    """Whether the PDF in `data` runs, fetches or carries something, or is locked so that this cannot be seen."""
    if _names_something(data):
        return True
    left = MOST_UNPACKED
    for number, found in enumerate(PACKED_OBJECTS.finditer(data)):
        unpacked = _unpacked(data[found.end() : data.find(b"endstream", found.end())], left)
        left -= len(unpacked)
        if number >= MOST_PACKED or left <= 0 or _names_something(unpacked):
            return True
    return False


def _names_something(data):
    return bool(DOES_SOMETHING.search(WRITTEN_IN_CODE.sub(lambda code: bytes([int(code[1], 16)]), data)))


def _unpacked(data, most):
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b"/Encrypt"  # packed in a way we cannot read: as good as locked
