"""Posters: a picture that somebody uploads becomes a small JPEG of our own making, with nothing else in it."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from rifess.base.uploads.examination import examine
from rifess.base.uploads.files import sentence_for
from rifess.base.uploads.refusals import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 30_000_000
SIZE = (1280, 720)
SENTENCES = {
    "damaged": _("This is no picture in JPEG, PNG or WebP, or it is damaged."),
    "two_kinds": _("This is no picture in JPEG, PNG or WebP, or it is damaged."),
    "too_costly": _("Drawing this picture takes too long or too much memory. Make it smaller, or save it as an ordinary JPEG."),
}


def draw(upload, *, name):
    """A JPEG file called `name` of the picture in `upload`, within 1280 × 720: without place, camera, frames or file tricks.

    What it is, its bytes say and not its name. Raises ValidationError: codes "large_file", "damaged", "pixels", "scans",
    "too_costly" and "busy".
    """
    if upload.size > MAX_BYTES:
        params = {"most": MAX_BYTES // 1024**2}
        raise ValidationError(_("A poster is a file of at most %(most)d MB."), code="large_file", params=params)
    try:
        jpeg = examine(upload, "draw", most_pixels=MAX_PIXELS, size=SIZE)
    except Refused as refused:
        raise sentence_for(refused, **SENTENCES) from None
    return SimpleUploadedFile(name, jpeg, "image/jpeg")
