"""What a PDF does by itself (ISO 32000-2 §12.6): looked for by name, in plain sight and in packed objects.

One pass over the file and over what is packed in it, within a budget; what cannot be read counts as active.
"""

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
MOST_PACKED = 5000  # object streams; each holds a hundred objects or so
MOST_UNPACKED = 64 * 1024**2
BLOCK = 64 * 1024


def _named(*names):
    """A pattern of any of these names, whose letters may be written in code: /J#61vaScript."""
    spelled = (b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in name) for name in names)
    begins = bytes({name[0] for name in names})
    return re.compile(b"/(?=[" + begins + b"#])(?:" + b"|".join(spelled) + b")(?![A-Za-z#])")


DOES_SOMETHING, OF_PACKED_OBJECTS = _named(*ACTIVE), _named(b"ObjStm")
PACKS_OBJECTS = _named(b"ObjStm", b"First")  # some readers also take a stream for packed objects that does not say so
STREAM = re.compile(rb"(?<!end)stream")
LONGEST_DICTIONARY = 4096
OBSCURE = re.compile(rb"[(%#]|/(?:DecodeParms|DP|F|FFilter)(?![A-Za-z])")  # strings and comments could hide another stream
FILTER = re.compile(rb"/Filter\s{0,20}(?:\[\s{0,20}/FlateDecode\s{0,20}\]|/FlateDecode(?![A-Za-z]))")


def is_active(data):
    """Whether the PDF in `data` runs, fetches or carries something, or is locked so that this cannot be seen."""
    if DOES_SOMETHING.search(data):
        return True
    left, named = MOST_UNPACKED, 0
    for number, (dictionary, start) in enumerate(_packed_objects(data)):
        unpacked = _unpacked(data, dictionary, start, left)
        if unpacked is None or number >= MOST_PACKED or DOES_SOMETHING.search(unpacked):
            return True
        left -= len(unpacked)
        named += len(OF_PACKED_OBJECTS.findall(dictionary))
    return named != len(OF_PACKED_OBJECTS.findall(data))  # some stand where no stream was found


def _packed_objects(data):
    """Pairs of the dictionary of a stream of packed objects and where the stream begins."""
    before = 0
    for found in STREAM.finditer(data):
        dictionary = data[max(before, found.start() - LONGEST_DICTIONARY) : found.start()].rpartition(b"obj")[2]
        before = found.end()
        if PACKS_OBJECTS.search(dictionary):
            yield dictionary, found.end()


def _unpacked(data, dictionary, start, most):
    """What is packed in the stream that begins at `start`: None where that cannot be told, or is more than `most` bytes."""
    if OBSCURE.search(dictionary):
        return None
    if b"/Filter" not in dictionary:
        return b""  # it stands in plain sight
    return _inflated(data, start, most) if FILTER.search(dictionary) else None


def _inflated(data, start, most):
    """The end of a stream is where its own format says so, whatever follows: each byte is read once."""
    inflate, parts = zlib.decompressobj(), []
    while data[start : start + 1] in (b"\r", b"\n", b" "):
        start += 1
    try:
        for position in range(start, len(data), BLOCK):
            parts.append(inflate.decompress(data[position : position + BLOCK], most + 1))
            most -= len(parts[-1])
            if inflate.eof or most < 0 or inflate.unconsumed_tail:
                break
    except zlib.error:
        return None
    return b"".join(parts) if inflate.eof and most >= 0 else None
