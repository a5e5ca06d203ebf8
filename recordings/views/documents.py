"""Documents, for visitors and delegates."""

from pathlib import PurePosixPath

from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext
from django_filters.views import FilterView

from events.linked_data import breadcrumbs
from recordings.filters import DocumentFilter
from recordings.models import Document
from rifess.base.texts import text_of
from rifess.base.views import SluggedDetail


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
