"""Pages with an address that lasts."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.views.generic import DetailView

from rifess.base.models import FormerSlug


def current_slug(model, slug, scope=""):
    """The slug that `slug` led to when it was changed, or `slug` itself."""
    former = FormerSlug.objects.filter(kind=model.slug_kind(), scope=scope, slug=slug)
    return former.values_list("current", flat=True).first() or slug


class SluggedDetail(DetailView):
    """The page of something with a slug, for whoever may see it. A former address answers 301 to the present one."""

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if (moved := self.moved()) is None:
                raise
            return HttpResponsePermanentRedirect(self.address_of(moved))

    def moved(self):
        """What this address led to once, if the visitor may see it; None otherwise."""
        slug = self.kwargs["slug"]
        now = current_slug(self.model, slug)
        return self.get_queryset().filter(slug=now).first() if now != slug else None

    def address_of(self, row):
        return row.get_absolute_url()
