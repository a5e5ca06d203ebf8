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
    b"GoToR",
    b"Sound",
    b"FileAttachment",
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


WHEN_OPENED = re.compile(_named(b"OpenAction").pattern + rb"\s{0,20}(?:<<([^>]{0,500})|(\d{1,10})\s+\d{1,5}\s+R)")
WHEN_SEEN = re.compile(_named(b"AA").pattern + rb"\s{0,20}(?:<<|\d{1,10}\s+\d{1,5}\s+R)")  # actions of pages and their kin
OF_AN_ADDRESS = re.compile(rb"/FS\s{0,20}/URL(?![A-Za-z])")  # a file that is fetched
OPENS_ADDRESS = _named(b"URI")
FIRST = re.compile(rb"/First\s{1,20}(\d{1,9})")
LONGEST_ACTION = 500  # bytes
MOST_OPENINGS = 5  # different ones: each change of a file may add one
NUMBER, LONGEST_INDEX = re.compile(rb"\d{1,10}"), 64 * 1024  # bytes
DOES_SOMETHING, OF_PACKED_OBJECTS = _named(*ACTIVE), _named(b"ObjStm")
PACKS_OBJECTS = _named(b"ObjStm", b"First")  # some readers also take a stream for packed objects that does not say so
STREAM = re.compile(rb"(?<!end)stream")
LONGEST_DICTIONARY = 4096
OBSCURE = re.compile(rb"[(%#]|/(?:DecodeParms|DP|F|FFilter)(?![A-Za-z])")  # strings and comments could hide another stream
FILTER = re.compile(rb"/Filter\s{0,20}(?:\[\s{0,20}/FlateDecode\s{0,20}\]|/FlateDecode(?![A-Za-z]))")


def is_active(data):
    """Whether the PDF in `data` runs, fetches or carries something, or is locked so that this cannot be seen."""
    if _does_something(data):
        return True
    left, named, packed = MOST_UNPACKED, 0, []
    for number, (dictionary, start) in enumerate(_packed_objects(data)):
        unpacked = _unpacked(data, dictionary, start, left)
        if unpacked is None or number >= MOST_PACKED or _does_something(unpacked):
            return True
        left -= len(unpacked)
        packed.append((dictionary, unpacked))
        named += len(OF_PACKED_OBJECTS.findall(dictionary))
    if named != len(OF_PACKED_OBJECTS.findall(data)):  # some stand where no stream was found
        return True
    return any(OPENS_ADDRESS.search(action) for action in _actions_when_opened(data, packed))


def _does_something(content):
    return any(pattern.search(content) for pattern in (DOES_SOMETHING, WHEN_SEEN, OF_AN_ADDRESS))


def _actions_when_opened(data, packed):
    """What is done when the file is opened, wherever the object that says it stands. Going to a page is an action too."""
    contents = [data, *(unpacked for _dictionary, unpacked in packed)]
    found = {said for content in contents for said in WHEN_OPENED.findall(content)}
    if len(found) > MOST_OPENINGS:
        yield b"/URI"  # so many can only be there to be looked for
        return
    for action, number in found:
        yield action
        if number:
            yield from _objects(int(number), data, packed)


def _objects(number, data, packed):
    """The beginning of each object of this number: of several, readers take one or the other."""
    for found in re.finditer(rb"(?<!\d)0{0,10}%d\s{1,20}\d{1,5}\s{1,20}obj" % number, data):
        yield data[found.end() : found.end() + LONGEST_ACTION].partition(b"endobj")[0]
    for dictionary, unpacked in packed:
        yield from _objects_of_stream(number, dictionary, unpacked)


def _objects_of_stream(number, dictionary, unpacked):
    """Those in one stream, which begins with pairs of an object's number and its place behind the first (ISO 32000-2 §7.5.7)."""
    first = int(found[1]) if (found := FIRST.search(dictionary)) else 0
    numbers = [int(each) for each in NUMBER.findall(unpacked[: min(first, LONGEST_INDEX)])]
    places = sorted(numbers[1::2])
    for key, place in zip(numbers[::2], numbers[1::2], strict=False):
        if key == number:
            following = next((each for each in places if each > place), place + LONGEST_ACTION)
            yield unpacked[first + place : first + following]


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
