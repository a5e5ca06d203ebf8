"""The sitemap: every public page in every language, each naming the others."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import translation

from events.models import Panel, Seminar
from recordings.models import Document, Recording
from recordings.subjects import countries_heard_in, people_heard_in, seminars_of, topics_of
from rifess.directory import visible_countries, visible_institutions, visible_people

LANGUAGES = [code for code, _name in settings.LANGUAGES]
VISITOR = AnonymousUser()


class PortalSitemap(Sitemap):
    """One kind of page; `queryset` is what a visitor may see of it. Its `limit` counts rows, each a page in every language."""

    limit = 1_000

    def __init__(self, queryset):
        self.queryset = queryset

    def items(self):
        return self.queryset()

    def get_urls(self, page=1, site=None, protocol=None):
        """As Django's, which makes each address anew wherever another language's page names it."""
        rows = list(self.paginator.page(page))
        addresses = [self._addresses(rows, settings.SITE_URL, code) for code in LANGUAGES]
        return [url for its in zip(*addresses, strict=True) for url in in_each_language(its)]

    def _addresses(self, rows, root, language):
        with translation.override(language):
            return [root + self.location(row) for row in rows]


def in_each_language(addresses):
    """What a sitemap says of a page's `addresses`: each names all, and the one that chooses a language (`x-default`)."""
    named = dict(zip(LANGUAGES, addresses, strict=True))
    named["x-default"] = named[settings.LANGUAGE_CODE].replace(f"/{settings.LANGUAGE_CODE}/", "/", 1)
    alternates = [{"lang_code": code, "location": address} for code, address in named.items()]
    return [{"location": address, "alternates": alternates} for address in addresses]


class PagesOf(PortalSitemap):
    """One `page` for each row of `queryset`, by its slug; for a country by its code."""

    def __init__(self, page, queryset):
        super().__init__(queryset)
        self.page = page

    def location(self, row):
        return reverse(self.page, args=[getattr(row, "slug", row)])


class FixedPages(PortalSitemap):
    def location(self, name):
        return reverse(name)


PAGES = [
    "home",
    "events:seminars",
    "recordings:recordings",
    "recordings:documents",
    "people",
    "network",
    "members:join",
    "about",
    "accessibility",
    "privacy",
    "contact",
    "events:alerts",
]
SITEMAPS = {
    "pages": FixedPages(lambda: PAGES),
    "seminars": PortalSitemap(lambda: Seminar.objects.public()),
    "panels": PortalSitemap(lambda: Panel.objects.public().select_related("seminar").order_by("pk")),
    "recordings": PortalSitemap(lambda: Recording.objects.public().order_by("pk")),
    "recordings-seminars": PagesOf("recordings:of_seminar", lambda: seminars_of(Recording.objects.public())),
    "recordings-topics": PagesOf("recordings:of_topic", lambda: topics_of(Recording.objects.public())),
    "recordings-people": PagesOf("recordings:of_person", lambda: people_heard_in(Recording.objects.public())),
    "recordings-countries": PagesOf(
        "recordings:of_country", lambda: [code.lower() for code in countries_heard_in(Recording.objects.public())]
    ),
    "documents": PortalSitemap(lambda: Document.objects.public().order_by("pk")),
    "people": PortalSitemap(lambda: visible_people(VISITOR).order_by("pk")),
    "countries": PagesOf("country", lambda: [code.lower() for code in visible_countries(VISITOR)]),
    "institutions": PortalSitemap(lambda: visible_institutions(VISITOR).order_by("pk")),
}


def rows_of_each():
    """How many rows each kind has."""
    return {section: sitemap.paginator.count for section, sitemap in SITEMAPS.items()}
