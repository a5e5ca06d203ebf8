"""Recordings and documents, for visitors."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django_filters.views import FilterView

from events.calendar_times import say_days
from events.linked_data import breadcrumbs
from recordings import hosts
from recordings.filters import DocumentFilter, RecordingFilter
from recordings.linked_data import video
from recordings.models import Document, LinkState, Recording
from rifess.base.texts import text_of
from rifess.base.views import SluggedDetail

MOMENT = re.compile(r"\d{1,6}|(?:\d{1,2}h)?(?:\d{1,3}m)?(?:\d{1,6}s)?")


class RecordingList(FilterView):
    filterset_class = RecordingFilter
    template_name = "recordings/recording_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Recording.objects.visible_to(self.request.user).with_card()


class RecordingDetail(SluggedDetail):
    model = Recording
    template_name = "recordings/recording_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_card().select_related("intervention__panel__seminar")

    def get_context_data(self, **kwargs):
        recording = self.object
        sources = list(recording.sources.all())
        self.playing = next((each for each in sources if is_playable(each)), None)
        steps = [
            (gettext("Recordings"), reverse("recordings:recordings")),
            (text_of(recording.seminar, "title"), recording.seminar.get_absolute_url()),
        ]
        return super().get_context_data(
            **kwargs,
            seminar=recording.seminar,
            panel=recording.panel,
            playing=self.playing,
            playing_at=urlsplit(self.playing.url).netloc if self.playing else "",
            other_sources=[each for each in sources if each is not self.playing],
            days_in_words=say_days(recording.seminar.starts_on, recording.seminar.ends_on),
            permanent_url=f"{settings.SITE_URL}{reverse('recording_by_key', args=[recording.key])}",
            crumbs=steps,
            linked_data=[
                *([video(recording, self.playing)] if self.playing else []),
                breadcrumbs(*steps, (text_of(recording, "title"), recording.get_absolute_url())),
            ],
        )

    def render_to_response(self, context, **response_kwargs):
        response = super().render_to_response(context, **response_kwargs)
        if self.playing:
            response._csp_config = settings.SECURE_CSP | hosts.origins(self.playing.host, self.playing.url)
        return response


def is_playable(source):
    """Whether our page can play it: a known site or a media file, and not known to be gone."""
    return source.host != hosts.Host.LINK and source.state != LinkState.DEAD


@require_safe
def recording_by_key(request, key):
    """Lead from the short address that never changes to the page, at the same moment.

    Not a permanent redirect: the page's language is the visitor's, and its address may change.
    """
    recording = get_object_or_404(Recording.objects.visible_to(request.user), key=key)
    moment = request.GET.get("t", "")
    query = f"?{urlencode({'t': moment})}" if moment and MOMENT.fullmatch(moment) else ""
    return redirect(recording.get_absolute_url() + query)


class DocumentList(FilterView):
    filterset_class = DocumentFilter
    template_name = "recordings/document_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user).with_card()


class DocumentDetail(SluggedDetail):
    model = Document
    template_name = "recordings/document_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_card().prefetch_related("topics")

    def get_context_data(self, **kwargs):
        steps = [(gettext("Documents"), reverse("recordings:documents"))]
        here = (text_of(self.object, "title"), self.object.get_absolute_url())
        return super().get_context_data(**kwargs, crumbs=steps, linked_data=[breadcrumbs(*steps, here)])


class DocumentFile(SluggedDetail):
    """The file itself, for whoever may read the document: always saved, never opened inside our pages."""

    model = Document

    def address_of(self, document):
        return reverse("document_file", args=[document.slug])

    def render_to_response(self, context, **response_kwargs):
        document = self.object
        if not document.file:
            raise Http404
        try:
            content = document.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        name = f"{document.slug}{PurePosixPath(document.file.name).suffix}"
        response = FileResponse(content, as_attachment=True, filename=name)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-cache"
        return response
