"""The structure of JPEG and PNG files, read without drawing a pixel: size, number of scans, and whether all of it is there.

A JPEG of a few kilobytes may hold hundreds of scans, each of which costs as much as drawing the picture once (the second of the
"Two Issues with the JPEG Standard", libjpeg-turbo.org): so the cost of drawing is not bounded by the number of bytes.
"""

import re
import zlib

from rifess.base.uploads.refusals import Refused

MAX_PIXELS = 60_000_000
MOST_SCANS = 100  # cameras and editors write ten or so
MOST_PARTS = 100_000  # segments of a JPEG, chunks of a PNG
PNG_SIGNATURE, JPEG_SIGNATURE = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
SCRIPT_BEHIND_A_SIGNATURE = b"/*"  # where a JPEG says how long its first part is: a comment to a browser that runs it
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # segments that say the size
END, SCAN = 0xD9, 0xDA
NEXT_SEGMENT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # behind the pixels of a scan
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}


def media_type_of(data, *, most_pixels=MAX_PIXELS):
    """The media type of the picture in `data`.

    Raises Refused: codes "pixels", "scans" (too many of them), "two_kinds", "damaged" when a part is missing.
    """
    if data.startswith(PNG_SIGNATURE):
        _refuse_size(*_size_of_png(data), most_pixels)
        return "image/png"
    if data[4:6] == SCRIPT_BEHIND_A_SIGNATURE:
        raise Refused("two_kinds")
    _refuse_size(*_size_of_jpeg(data), most_pixels)
    return "image/jpeg"


def _refuse_size(width, height, most):
    if not width or not height:
        raise Refused("damaged")
    if width * height > most:
        raise Refused("pixels")


def _size_of_jpeg(data):
    """Width and height, once each segment up to the end of the picture has been passed over."""
    size, scans = (0, 0), 0
    for marker, start in _segments(data):
        if marker in FRAMES:
            size = int.from_bytes(data[start + 5 : start + 7]), int.from_bytes(data[start + 3 : start + 5])
        elif marker == SCAN:
            scans += 1
            if scans > MOST_SCANS:
                raise Refused("scans")
    if not scans:
        raise Refused("damaged")
    return size


def _segments(data):
    """Pairs of the marker of a segment and where its length is written, up to the end of the picture (ITU-T T.81, B.1)."""
    position = 2
    for _number in range(MOST_PARTS):
        found = NEXT_SEGMENT.search(data, position)
        if not found:
            raise Refused("damaged")
        marker, start = data[found.start() + 1], found.end()
        if marker == END:
            return
        yield marker, start
        position = start if marker in WITHOUT_LENGTH else start + int.from_bytes(data[start : start + 2])
    raise Refused("damaged")


def _size_of_png(data):
    """Width and height, once each chunk has been compared with its sum (PNG third edition, 5.3)."""
    position, has_pixels, view = len(PNG_SIGNATURE), False, memoryview(data)
    for _number in range(MOST_PARTS):
        length, kind = int.from_bytes(data[position : position + 4]), data[position + 4 : position + 8]
        end = position + 8 + length
        if end + 4 > len(data) or zlib.crc32(view[position + 4 : end]) != int.from_bytes(data[end : end + 4]):
            raise Refused("damaged")
        has_pixels = has_pixels or kind == b"IDAT"
        if kind == b"IEND":
            break
        position = end + 4
    if not has_pixels or data[12:16] != b"IHDR":
        raise Refused("damaged")
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
