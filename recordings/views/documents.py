"""Documents, for visitors and delegates."""

import logging

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django_filters.views import FilterView

from events.programme.schema_org import breadcrumbs
from recordings.documents import is_told, note_opening, versions_open_to
from recordings.filters import DocumentFilter
from recordings.models import Document
from rifess.base import streaming
from rifess.base.text.translated import text_of
from rifess.base.views import SluggedDetail

log = logging.getLogger(__name__)


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
        document, user = self.object, self.request.user
        steps = [(gettext("Documents"), reverse("recordings:documents"))]
        here = (text_of(document, "title"), document.get_absolute_url())
        return super().get_context_data(
            **kwargs,
            crumbs=steps,
            linked_data=[breadcrumbs(*steps, here)],
            version=document.current,
            older=versions_open_to(user, document)[1:],
            is_told=document.current is not None and is_told(document, user),
            meeting=document.meeting_shown_to(user),
        )


class DocumentFile(SluggedDetail):
    """The file itself, for whoever may read the document: the version one reads, or the one that the address names.

    `?download` saves what a browser would open. A file that is gone is said to be so, and whoever runs the portal is told.
    """

    model = Document

    def get_queryset(self):
        return super().get_queryset().prefetch_related("versions")

    def address_of(self, document):
        match = self.request.resolver_match
        return reverse(match.view_name, kwargs=match.kwargs | {"slug": document.slug})

    def version(self):
        found = versions_open_to(self.request.user, self.object)
        number = self.kwargs.get("number", found[0].number if found else None)
        version = next((each for each in found if each.number == number), None)
        if version is None:
            raise Http404
        return version

    def render_to_response(self, context, **response_kwargs):
        version, is_public = self.version(), Document.objects.public().filter(pk=self.object.pk).exists()
        try:
            answer = streaming.give(self.request, self.kept(version, is_public))
        except OSError:
            log.exception("The file of version %d of document %s is gone.", version.number, self.object.slug)
            return render(self.request, "recordings/document_missing.html", context, status=404)
        if self.request.method == "GET" and answer.status_code in {200, 206} and not is_public:
            note_opening(version, by=self.request.user)
        return answer

    def kept(self, version, is_public):
        return streaming.Kept(
            file=version.file,
            name=version.name,
            media_type=version.media_type,
            fingerprint=version.sha256,
            modified_at=version.added_at,
            language=self.object.language,
            is_shown=version.is_shown and "download" not in self.request.GET,
            is_shared=is_public,
        )
