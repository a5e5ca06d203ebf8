"""The still picture of a recording, for whoever may see the recording."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from PIL import Image, UnidentifiedImageError

from recordings.models import Recording

PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@require_safe
def poster(request, key):
    """The uploaded poster, as what it is and not as what it is called; anything but a picture is not given out."""
    recording = get_object_or_404(Recording.objects.visible_to(request.user).exclude(poster=""), key=key)
    try:
        content = recording.poster.open("rb")
        kind = Image.open(content, formats=[*PICTURES]).format
    except (FileNotFoundError, UnidentifiedImageError, Image.DecompressionBombError):
        raise Http404 from None
    content.seek(0)
    response = FileResponse(content, content_type=PICTURES[kind])
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
