"""The sitemap: every public page in every language, each naming the others."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from events.models import Panel, Seminar
from recordings.models import Document, Recording
from rifess.directory import visible_institutions, visible_people


class PortalSitemap(Sitemap):
    """One kind of page; `queryset` is what a visitor may see of it."""

    i18n, alternates, x_default = True, True, True

    def __init__(self, queryset):
        self.queryset = queryset

    def items(self):
        return self.queryset()


class FixedPages(PortalSitemap):
    def location(self, name):
        return reverse(name)


VISITOR = AnonymousUser()
PAGES = [
    "home",
    "events:seminars",
    "recordings:recordings",
    "recordings:documents",
    "people",
    "network",
    "about",
    "accessibility",
    "privacy",
    "contact",
]
SITEMAPS = {
    "pages": FixedPages(lambda: PAGES),
    "seminars": PortalSitemap(lambda: Seminar.objects.public()),
    "panels": PortalSitemap(lambda: Panel.objects.public().select_related("seminar").order_by("pk")),
    "recordings": PortalSitemap(lambda: Recording.objects.public().order_by("pk")),
    "documents": PortalSitemap(lambda: Document.objects.public().order_by("pk")),
    "people": PortalSitemap(lambda: visible_people(VISITOR).order_by("pk")),
    "institutions": PortalSitemap(lambda: visible_institutions(VISITOR).order_by("pk")),
}
