"""The still picture of a recording, for whoever may see the recording."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from recordings.models import Recording
from rifess.base.uploads.pictures import JPEG_SIGNATURE, PNG_SIGNATURE

PICTURES = {JPEG_SIGNATURE: "image/jpeg", PNG_SIGNATURE: "image/png", b"RIFF": "image/webp"}


@require_safe
def poster(request, key):
    """The uploaded poster, as what it is and not as what it is called; anything but a picture is not given out."""
    recording = get_object_or_404(Recording.objects.visible_to(request.user).exclude(poster=""), key=key)
    try:
        content = recording.poster.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    begins = content.read(12)
    media_type = next((kind for signature, kind in PICTURES.items() if begins.startswith(signature)), None)
    if media_type is None or (begins.startswith(b"RIFF") and begins[8:] != b"WEBP"):
        content.close()
        raise Http404
    content.seek(0)
    response = FileResponse(content, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
