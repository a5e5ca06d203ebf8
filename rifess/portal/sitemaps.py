"""The sitemap: every public page in every language, each naming the others."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import translation

from events.models import Panel, Seminar
from recordings.models import Caption, Document, DocumentVersion, Recording
from recordings.subjects import countries_heard_in, people_heard_in, seminars_of, topics_of
from rifess.portal.directory import visible_countries, visible_institutions, visible_people

LANGUAGES = [code for code, _name in settings.LANGUAGES]
VISITOR = AnonymousUser()


class PortalSitemap(Sitemap):
    """One kind of page; `queryset` is what a visitor may see of it. Its `limit` counts rows, each a page in every language.

    `changed_at` names the columns and annotations from which it is known when a page changed. Where they are empty, and for the
    other kinds, nothing is said: search engines stop believing a date that is not so.
    """

    limit = 1_000

    def __init__(self, queryset, changed_at=()):
        self.queryset, self.changed_at = queryset, changed_at

    def items(self):
        return self.queryset()

    def get_urls(self, page=1, site=None, protocol=None):
        """As Django's, which makes each address anew wherever another language's page names it."""
        rows = list(self.paginator.page(page))
        addresses = [self._addresses(rows, settings.SITE_URL, code) for code in LANGUAGES]
        its = zip(rows, *addresses, strict=True)
        return [url for row, *of_row in its for url in in_each_language(of_row, self._last_change(row))]

    def _last_change(self, row):
        return max(filter(None, (getattr(row, name) for name in self.changed_at)), default=None)

    def _addresses(self, rows, root, language):
        with translation.override(language):
            return [root + self.location(row) for row in rows]


def in_each_language(addresses, lastmod=None):
    """What a sitemap says of a page's `addresses`: each names all, and the one that chooses a language (`x-default`).

    `lastmod` is the moment at which the page changed last, if it is known.
    """
    named = dict(zip(LANGUAGES, addresses, strict=True))
    named["x-default"] = named[settings.LANGUAGE_CODE].replace(f"/{settings.LANGUAGE_CODE}/", "/", 1)
    alternates = [{"lang_code": code, "location": address} for code, address in named.items()]
    return [{"location": address, "alternates": alternates, "lastmod": lastmod} for address in addresses]


def recordings():
    """Public recordings, each with the moment of its latest captions: what its Atom feed says of it, too."""
    latest = Caption.objects.filter(recording=OuterRef("pk")).order_by("-uploaded_at").values("uploaded_at")[:1]
    return Recording.objects.public().annotate(captions_at=Subquery(latest)).order_by("pk")


def documents():
    """Public documents, each with the moment of its latest version."""
    latest = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number").values("added_at")[:1]
    return Document.objects.public().annotate(version_at=Subquery(latest)).order_by("pk")


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
    "recordings": PortalSitemap(recordings, ("published_at", "captions_at")),
    "recordings-seminars": PagesOf("recordings:of_seminar", lambda: seminars_of(Recording.objects.public())),
    "recordings-topics": PagesOf("recordings:of_topic", lambda: topics_of(Recording.objects.public())),
    "recordings-people": PagesOf("recordings:of_person", lambda: people_heard_in(Recording.objects.public())),
    "recordings-countries": PagesOf(
        "recordings:of_country", lambda: [code.lower() for code in countries_heard_in(Recording.objects.public())]
    ),
    "documents": PortalSitemap(documents, ("version_at",)),
    "people": PortalSitemap(lambda: visible_people(VISITOR).order_by("pk")),
    "countries": PagesOf("country", lambda: [code.lower() for code in visible_countries(VISITOR)]),
    "institutions": PortalSitemap(lambda: visible_institutions(VISITOR).order_by("pk")),
}


def rows_of_each():
    """How many rows each kind has."""
    return {section: sitemap.paginator.count for section, sitemap in SITEMAPS.items()}
