"""What a PDF does by itself (ISO 32000-2 §12.6): looked for by name, in plain sight and in packed objects."""

import re
import zlib

ACTIVE = (
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"RichMedia",
    b"Rendition",
    b"Movie",
    b"GoToE",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"XFA",
    b"Encrypt",
)
MOST_PACKED = 5000
MOST_UNPACKED = 64 * 1024**2
DICTIONARY = 400  # bytes within which the stream of a packed object begins after its type


def _named(*names):
    """A pattern of any of these names, whose letters may be written in code: /J#61vaScript."""
    spelled = (b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in name) for name in names)
    return re.compile(b"/(?:" + b"|".join(spelled) + b")(?![A-Za-z#])")


DOES_SOMETHING, PACKED_OBJECTS = _named(*ACTIVE), _named(b"ObjStm")


def is_active(data):
    """Whether the PDF in `data` runs, fetches or carries something, or is locked so that this cannot be seen."""
    if DOES_SOMETHING.search(data):
        return True
    left = MOST_UNPACKED
    for number, found in enumerate(PACKED_OBJECTS.finditer(data)):
        unpacked = _unpacked(data, found.end(), left)
        left -= len(unpacked)
        if number >= MOST_PACKED or left <= 0 or DOES_SOMETHING.search(unpacked):
            return True
    return False


def _unpacked(data, start, most):
    """What is packed in the stream that begins soon after `start`; what cannot be read counts as locked."""
    word = data.find(b"stream", start, start + DICTIONARY)
    if word < 0:
        return b""
    end = data.find(b"endstream", word + 6)
    try:
        return zlib.decompressobj().decompress(data[word + 6 : end].lstrip(b"\r\n"), most)
    except zlib.error:
        return b"/Encrypt"
