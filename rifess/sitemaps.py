"""The sitemap: every public page in every language, each naming the others."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from events.models import Panel, Seminar
from recordings.models import Document, Recording
from recordings.subjects import countries_heard_in, people_heard_in, seminars_of, topics_of
from rifess.directory import visible_institutions, visible_people


class PortalSitemap(Sitemap):
    """One kind of page; `queryset` is what a visitor may see of it."""

    i18n, alternates, x_default = True, True, True

    def __init__(self, queryset):
        self.queryset = queryset

    def items(self):
        return self.queryset()


class RecordingsOf(PortalSitemap):
    """Lists of the recordings of each row of `queryset`, by its slug; of a country by its code."""

    def __init__(self, page, queryset):
        super().__init__(queryset)
        self.page = page

    def location(self, row):
        return reverse(self.page, args=[getattr(row, "slug", row)])


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
    "recordings-seminars": RecordingsOf("recordings:of_seminar", lambda: seminars_of(Recording.objects.public())),
    "recordings-topics": RecordingsOf("recordings:of_topic", lambda: topics_of(Recording.objects.public())),
    "recordings-people": RecordingsOf("recordings:of_person", lambda: people_heard_in(Recording.objects.public())),
    "recordings-countries": RecordingsOf(
        "recordings:of_country", lambda: [code.lower() for code in countries_heard_in(Recording.objects.public())]
    ),
    "documents": PortalSitemap(lambda: Document.objects.public().order_by("pk")),
    "people": PortalSitemap(lambda: visible_people(VISITOR).order_by("pk")),
    "institutions": PortalSitemap(lambda: visible_institutions(VISITOR).order_by("pk")),
}
