"""The sitemap: each public page once in each language; when they are many, in lists of a thousand."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from recordings.models import Recording
from rifess.portal.sitemaps import PortalSitemap
from tests.make import make_caption, make_document, make_recording, make_seminar, make_version

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
INDEX = [
    "sitemap-pages.xml",
    "sitemap-seminars.xml",
    "sitemap-recordings.xml",
    "sitemap-recordings.xml?p=2",
    "sitemap-recordings-seminars.xml",
]


def text(response):
    return response.content.decode()


def places(page):
    """The addresses that a sitemap or an index names as its own."""
    return re.findall(r"<loc>([^<]+)</loc>", page)


def addresses(name, *args):
    """The address of a page by language."""
    found = {}
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            found[language] = SITE + reverse(name, args=args)
    return found


def make_many(number):
    """Public recordings of one seminar, `cinta-1` to `cinta-…`."""
    seminar, now = make_seminar(slug="grande"), timezone.now()
    Recording.objects.bulk_create(
        Recording(seminar=seminar, slug=f"cinta-{each}", title_es=f"Cinta {each}", published_at=now)
        for each in range(1, number + 1)
    )


def test_a_page_in_each_language_names_the_others_and_the_one_that_chooses(client):
    make_seminar(slug="encuentro")
    its = addresses("events:seminar", "encuentro")

    page = text(client.get("/sitemap.xml"))

    entries = [entry for entry in re.findall(r"<url>.*?</url>", page, re.DOTALL) if "encuentro" in entry]
    named = its | {"x-default": its["es"].replace("/es/", "/")}
    assert [places(entry) for entry in entries] == [[address] for address in its.values()]
    for entry in entries:
        assert dict(re.findall(r'hreflang="([^"]+)" href="([^"]+)"', entry)) == named


@pytest.mark.parametrize("number", [1, 3])
def test_the_sitemap_asks_as_many_questions_however_much_there_is(client, django_assert_num_queries, number):
    make_many(number)

    with django_assert_num_queries(25):
        client.get("/sitemap.xml")


@pytest.mark.slow
def test_many_pages_are_in_lists_of_their_kind(client):
    make_many(PortalSitemap.limit + 1)

    index = text(client.get("/sitemap.xml"))
    lists = [places(text(client.get(address))) for address in places(index)]

    assert places(index) == [f"{SITE}/{name}" for name in INDEX]
    assert [len(each) // 3 for each in lists] == [12, 1, PortalSitemap.limit, 1, 1]
    assert sorted(lists[3]) == sorted(addresses("recordings:recording", f"cinta-{PortalSitemap.limit + 1}").values())
    assert len(set(lists[2] + lists[3])) == 3 * (PortalSitemap.limit + 1)


@pytest.mark.parametrize(
    "address", ["sitemap-nada.xml", "sitemap-recordings.xml?p=2", "sitemap-recordings.xml?p=x", "sitemap-.xml"]
)
def test_lists_that_are_none_are_not_found(client, address):
    assert client.get(f"/{address}").status_code == 404


def test_a_page_says_when_it_changed_only_where_that_is_known(client):
    recording = make_recording(published_at=datetime(2024, 10, 1, tzinfo=UTC))
    caption = make_caption(recording, (0, 1, "hola"))
    type(caption).objects.update(uploaded_at=datetime(2025, 2, 3, tzinfo=UTC))
    make_recording(published_at=datetime(2024, 11, 5, tzinfo=UTC))
    kept, linked = make_document(url=""), make_document()
    make_version(kept)
    type(kept.versions.get()).objects.update(added_at=datetime(2025, 6, 7, tzinfo=UTC))
    make_seminar(slug="encuentro")

    entries = re.findall(r"<url>.*?</url>", text(client.get("/sitemap.xml")), re.DOTALL)

    said = {}
    for entry in entries:
        said[places(entry)[0]] = re.findall(r"<lastmod>([^<]+)</lastmod>", entry)
    days = [said[SITE + row.get_absolute_url()] for row in (*Recording.objects.order_by("pk"), kept, linked)]
    assert days == [["2025-02-03"], ["2024-11-05"], ["2025-06-07"], []]
    assert said[addresses("events:seminar", "encuentro")["es"]] == said[addresses("home")["es"]] == []
