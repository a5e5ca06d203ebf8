"""What one takes along of a recording, as files, for whoever may see it."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import content_disposition_header

from recordings import captions, citations
from recordings.models import Recording
from recordings.playback import chapters, moments
from rifess.base.dates import today_in_the_network
from rifess.base.views import SluggedDetail

WRITERS = {
    "vtt": ("text/vtt", captions.as_vtt),
    "srt": ("application/x-subrip", captions.as_srt),
    "txt": ("text/plain", captions.as_text),
}
CHAPTERS = {
    "vtt": ("text/vtt", chapters.as_vtt),
    "txt": ("text/plain", chapters.as_description),
    "json": ("application/json+chapters", chapters.as_json),
}
CITATIONS = {
    "bib": ("application/x-bibtex", citations.as_bibtex),
    "ris": ("application/x-research-info-systems", citations.as_ris),
    "csl.json": ("application/vnd.citationstyles.csl+json", citations.as_csl),
}


class RecordingFile(SluggedDetail):
    """Something of a recording as a file. Subclasses say what `file()` holds: its name, its content type and its content."""

    model = Recording

    def address_of(self, recording):
        match = self.request.resolver_match
        return reverse(match.view_name, kwargs=match.kwargs | {"slug": recording.slug})

    def render_to_response(self, context, **response_kwargs):
        return as_file(self.request, *self.file())


class CaptionsFile(RecordingFile):
    """What was said, in one language, as WebVTT, SRT or text; `original` is the file as it was uploaded, for the secretariat."""

    def file(self):
        language, kind, ending = (self.kwargs[name] for name in ("language", "kind", "format"))
        caption = self.object.captions.filter(language=language, kind=kind).first()
        if caption is None or ending not in {*WRITERS, "original"}:
            raise Http404
        if ending == "original":
            return self.original(caption)
        media_type, write = WRITERS[ending]
        return f"{self.object.slug}.{language}.{ending}", media_type, write(captions.from_json(caption.cues))

    def original(self, caption):
        if not self.request.user.has_perm("recordings.view_caption"):
            raise Http404
        try:
            with caption.original.open("rb") as kept:
                return caption.original_name or caption.original.name, "application/octet-stream", kept.read()
        except FileNotFoundError:
            raise Http404 from None


class ChaptersFile(RecordingFile):
    """The parts of a recording as WebVTT, as lines for a description on YouTube, or as JSON for podcasts."""

    def file(self):
        media_type, write = CHAPTERS.get(self.kwargs["format"], (None, None))
        marks = chapters.chapters_of(self.object)
        if not (write and marks):
            raise Http404
        return f"{self.object.slug}.{self.kwargs['format']}", media_type, write(marks)


class CitationFile(RecordingFile):
    """The citation for a program that keeps them; with `?t=`, of that passage."""

    def get_queryset(self):
        return super().get_queryset().with_card()

    def file(self):
        media_type, write = CITATIONS.get(self.kwargs["format"], (None, None))
        if write is None:
            raise Http404
        work = citations.work_of(self.object, moments.read(self.request.GET.get("t")))
        return f"{self.object.slug}.{self.kwargs['format']}", media_type, write(work, today_in_the_network())


def as_file(request, name, media_type, content):
    """A response that browsers keep under `name`, ask for again each time, and never take for anything but its type."""
    if isinstance(content, str):
        media_type = f"{media_type}; charset=utf-8"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(isinstance(content, bytes), name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response)
