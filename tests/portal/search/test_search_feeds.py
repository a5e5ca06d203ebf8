"""The recordings that a search finds, to follow."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import translation

from tests.make import make_caption, make_recording, make_seminar, make_trusted
from tests.recordings.unseen import SITE, knocking, make_unseen

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("index_follows")]
ATOM = "{http://www.w3.org/2005/Atom}"
QUERIES = 22  # for one row as for many: the best answers and the latest are two questions to the index


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def follow(client, format="atom", **asked):
    return client.get(reverse("search-feed", args=[format]), asked)


def entries(response):
    return [entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(response.content).iter(f"{ATOM}entry")]


def make_said(title, *, day=1, url="", **given):
    """A recording published on a `day`, in which "crédito" is said."""
    recording = make_recording(url, title=title, published_at=datetime(2024, 10, day, tzinfo=UTC), **given)
    make_caption(recording, (0, 2, "El crédito social"))
    return recording


def test_a_search_can_be_followed_the_latest_first(client):
    make_said("Vivienda", day=1)
    make_said("Ahorro", day=2)
    make_recording(title="Otra")

    answer = follow(client, q="credito", utm_source="x")

    assert entries(answer) == ["Ahorro", "Vivienda"]
    feed = ElementTree.fromstring(answer.content)
    assert feed.findtext(f"{ATOM}title") == "Recordings: credito · RIFESS"
    assert feed.findtext(f"{ATOM}id") == "http://testserver/en/search/feed.atom?q=credito"
    assert feed.find(f"{ATOM}link").get("href") == "http://testserver/en/search/?q=credito"


def test_a_search_that_is_followed_can_be_narrowed_down(client):
    make_said("Antes", seminar=make_seminar(starts_on=date(2020, 1, 1), ends_on=None))
    make_said("Ahora")

    answer = follow(client, q="credito", year="2020")

    assert entries(answer) == ["Antes"]
    assert "/en/search/feed.atom?q=credito&amp;year=2020<" in answer.content.decode()


def test_a_search_can_be_followed_as_a_podcast(client):
    make_trusted(SITE)
    make_said("Sonido", url=f"https://{SITE}/a.mp3")
    make_said("Sin archivo")

    items = ElementTree.fromstring(follow(client, "xml", q="credito").content).findall("channel/item")

    assert [item.findtext("title") for item in items] == ["Sonido"]


@pytest.mark.parametrize("asked", [{}, {"q": " "}, {"q": "a" * 10_000}])
def test_there_is_nothing_to_follow_without_words_that_can_be_asked(client, asked):
    assert follow(client, **asked).status_code == 404


def test_a_search_is_followed_in_the_forms_of_feeds_only(client):
    assert follow(client, "json", q="credito").status_code == 404


@pytest.mark.parametrize("words", ['"abierta', "NEAR(* OR ^", "…¿?", "-"])
def test_whatever_is_asked_is_answered(client, words):
    make_said("Ahorro")

    assert ElementTree.fromstring(follow(client, q=words).content).tag == f"{ATOM}feed"


def test_what_is_not_public_is_not_found_whoever_follows(client):
    make_unseen()
    make_recording(title="Nada secreta")

    for name in knocking(client):
        found, heard = follow(client, q="secreta"), follow(client, "xml", q="secreta")
        assert (name, entries(found), "Secreta" in heard.content.decode()) == (name, ["Nada secreta"], False)


@pytest.mark.parametrize("rows", [1, 3])
def test_following_a_search_asks_a_bounded_number_of_questions(client, django_assert_max_num_queries, rows):
    for number in range(rows):
        make_said(f"Ahorro {number}")

    with django_assert_max_num_queries(QUERIES):
        follow(client, q="credito")


def test_the_page_of_a_search_says_where_it_can_be_followed(client):
    make_said("Ahorro")

    page = client.get(reverse("search"), {"q": "crédito", "year": "2024", "kind": "recording", "page": "1"}).content.decode()

    assert page.count('href="/en/search/feed.atom?q=cr%C3%A9dito&amp;year=2024"') == 2
    assert client.get("/en/search/feed.atom?q=cr%C3%A9dito&year=2024").status_code == 200


def test_the_page_says_what_its_feed_holds_where_that_is_not_all(client, monkeypatch):
    make_recording(title="Apertura cooperativa")
    make_recording(title="Cierre cooperativo")

    def says():
        return "holds the 1 best" in client.get(reverse("search"), {"q": "cooperativa"}).content.decode()

    without = says()
    monkeypatch.setattr("rifess.portal.views.search.MOST", 1)

    assert (without, says()) == (False, True)
