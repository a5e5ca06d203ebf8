"""A picture drawn again, small and bare. Done by `rifess.base.uploads.examiner`, in a process of its own."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from rifess.base.uploads import pictures
from rifess.base.uploads.refusals import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
WHITE = "#fff"


def draw(data, *, most_pixels, size):
    """A JPEG of the picture in `data`, within `size`: without place, camera, frames or file tricks.

    Raises Refused: codes "pixels", "scans", "damaged" (or no picture at all).
    """
    if data.startswith((pictures.JPEG_SIGNATURE, pictures.PNG_SIGNATURE)):
        pictures.media_type_of(data, most_pixels=most_pixels)
    try:
        with _opened(data) as picture:
            if picture.width * picture.height > most_pixels:
                raise Refused("pixels")
            picture.draft("RGB", size)  # of a JPEG, only as many pixels are unpacked as are wanted
            return _as_jpeg(_on_white(ImageOps.exif_transpose(picture), size))
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    except (OSError, SyntaxError, ValueError):  # what Pillow raises for pictures that are none, or are broken
        raise Refused("damaged") from None


def _opened(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we ask for fewer pixels ourselves
        return Image.open(BytesIO(data), formats=FORMATS)


def _on_white(picture, size):
    """The picture alone, small, on white where it was transparent."""
    drawn = picture.convert("RGBA")
    drawn.thumbnail(size)
    paper = Image.new("RGB", drawn.size, WHITE)
    paper.paste(drawn, mask=drawn)
    return paper


def _as_jpeg(picture):
    made = BytesIO()
    picture.save(made, "JPEG", quality=85, progressive=True)
    return made.getvalue()
