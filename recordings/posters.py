"""Posters: a picture that somebody uploads becomes a small JPEG of our own making, with nothing else in it."""

import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 30_000_000
SIZE = (1280, 720)
FORMATS = ("JPEG", "PNG", "WEBP")
WHITE = "#fff"


def draw(upload, *, name):
    """A JPEG file called `name` of the picture in `upload`, within 1280 × 720: without place, camera, frames or file tricks.

    What it is, its bytes say and not its name. Raises ValidationError: codes "large_file", "picture", "many_pixels".
    """
    if upload.size > MAX_BYTES:
        params = {"most": MAX_BYTES // 1024**2}
        raise ValidationError(_("A poster is a file of at most %(most)d MB."), code="large_file", params=params)
    jpeg = BytesIO()
    _small(upload).save(jpeg, "JPEG", quality=85, progressive=True)
    return SimpleUploadedFile(name, jpeg.getvalue(), "image/jpeg")


def _small(upload):
    upload.seek(0)
    try:
        with _opened(upload) as picture:
            _refuse_many_pixels(picture)
            picture.draft("RGB", SIZE)  # of a JPEG, only as many pixels are unpacked as are wanted
            return _on_white(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError):  # what Pillow raises for pictures that are none, or are broken
        raise ValidationError(_("This is no picture in JPEG, PNG or WebP, or it is damaged."), code="picture") from None


def _opened(upload):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we ask for fewer pixels ourselves
        return Image.open(upload, formats=FORMATS)


def _refuse_many_pixels(picture):
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels():
    return ValidationError(_("This picture has too many pixels: make it smaller first."), code="many_pixels")


def _on_white(picture):
    """The picture alone, small, on white where it was transparent."""
    drawn = picture.convert("RGBA")
    drawn.thumbnail(SIZE)
    paper = Image.new("RGB", drawn.size, WHITE)
    paper.paste(drawn, mask=drawn)
    return paper
