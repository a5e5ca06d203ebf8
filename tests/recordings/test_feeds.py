"""Recordings to follow, as Atom and as podcasts."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import translation

from recordings.feeds import TYPES
from rifess.base.models import Language
from rifess.links import hosts
from tests.make import (
    make_caption,
    make_clip,
    make_dead,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_seminar,
    make_topic,
    make_trusted,
)
from tests.recordings.unseen import SITE, knocking, make_unseen

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
MEDIA = f"https://{SITE}/a.mp3"
QUERIES = 8


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def at(format, *subject):
    return reverse("recordings:feed_of", args=[*subject, format]) if subject else reverse("recordings:feed", args=[format])


def entries(response):
    return [entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(response.content).iter(f"{ATOM}entry")]


def episodes(response):
    return ElementTree.fromstring(response.content).findall("channel/item")


def make_episode(**given):
    make_trusted(SITE)
    return make_recording(MEDIA, **given)


def test_atom_tells_of_the_latest_first(client):
    make_recording(title="Antes", published_at=datetime(2024, 10, 1, tzinfo=UTC))
    latest = make_recording(
        title="Después & <más>\x07", summary_es="Uno\n<dos>", key="abcd2345", published_at=datetime(2024, 10, 2, 8, tzinfo=UTC)
    )

    answer = client.get(at("atom"))

    feed = ElementTree.fromstring(answer.content)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/atom+xml; charset=utf-8", "no-cache")
    assert entries(answer) == ["Después & <más>", "Antes"]
    assert feed.findtext(f"{ATOM}id") == "http://testserver/en/recordings/feed.atom"
    assert feed.findtext(f"{ATOM}updated") == "2024-10-02T08:00:00+00:00"
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "http://testserver/g/abcd2345"
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{latest.get_absolute_url()}"
    assert entry.findtext(f"{ATOM}summary") == "<p>Uno<br>&lt;dos&gt;</p>"


def test_captions_are_news_of_a_recording(client):
    recording = make_recording(published_at=datetime(2024, 10, 1, tzinfo=UTC))
    caption = make_caption(recording)

    feed = ElementTree.fromstring(client.get(at("atom")).content)

    assert feed.findtext(f"{ATOM}updated") == caption.uploaded_at.isoformat()


def test_a_feed_that_has_not_changed_is_not_sent_again(client):
    for _given in ("nothing yet", "a recording"):
        first = client.get(at("atom"))
        again = client.get(at("atom"), headers={"if-none-match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        make_recording()

    assert client.get(at("atom"), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_seminars_topics_and_people_have_their_own_feeds(client):
    ana, topic = make_person(name="Ana", slug="ana"), make_topic(slug="credito")
    panel = make_panel(seminar=make_seminar(slug="s"))
    panel.topics.add(topic)
    make_intervention(panel=panel, person=ana)
    make_recording(panel=panel, title="Suya")
    make_recording(title="Otra")

    found = {
        subject: entries(client.get(at("atom", *subject)))
        for subject in (("seminar", "s"), ("topic", "credito"), ("person", "ana"))
    }

    assert found == {("seminar", "s"): ["Suya"], ("topic", "credito"): ["Suya"], ("person", "ana"): ["Suya"]}


def test_there_is_no_feed_of_what_visitors_do_not_know(client):
    make_seminar(slug="borrador", published_at=None)
    make_person(slug="nadie")
    make_topic(slug="callado")

    for subject in (("seminar", "borrador"), ("person", "nadie"), ("topic", "callado"), ("country", "mx"), ("seminar", "no")):
        assert client.get(at("atom", *subject)).status_code == 404
    assert client.get(at("json")).status_code == 404


def test_a_feed_keeps_answering_under_a_former_address(client):
    seminar = make_seminar(slug="antes")
    make_recording(seminar=seminar, title="Suya")
    seminar.slug = "ahora"
    seminar.save()

    answer = client.get(at("atom", "seminar", "antes"))

    assert entries(answer) == ["Suya"]
    assert (
        ElementTree.fromstring(answer.content).findtext(f"{ATOM}id") == "http://testserver/en/recordings/feeds/seminar/antes.atom"
    )


@pytest.mark.slow
def test_what_is_not_public_is_in_no_feed_whoever_asks(client):
    person, topic = make_person(slug="ana"), make_topic(slug="credito")
    make_unseen(person, topic)
    shown = make_panel(seminar=make_seminar(slug="s"))
    make_intervention(panel=shown, person=person)
    shown.topics.add(topic)
    doors = [at(format, *subject) for format in ("atom", "xml") for subject in ((), ("topic", "credito"), ("person", "ana"))]

    for name in knocking(client):
        for door in doors:
            answer = client.get(door)
            assert (name, door, answer.status_code) == (name, door, 200)
            assert "Secreta" not in answer.content.decode()


@pytest.mark.slow
def test_each_seminars_feed_hides_what_is_not_public(client):
    unseen = make_unseen()
    expected = {"draft": 200, "withdrawn": 200, "consent taken back": 200, "of a draft seminar": 404, "for members": 404}

    for _asker in knocking(client):
        answers = {name: client.get(at("atom", "seminar", each.seminar.slug)) for name, each in unseen.items()}
        assert {name: answer.status_code for name, answer in answers.items()} == expected
        assert not any("Secreta" in answer.content.decode() for answer in answers.values())


def test_a_podcast_gives_the_file_its_captions_and_its_chapters(client):
    recording = make_episode(slug="voz", key="abcd2345", duration=timedelta(minutes=2, seconds=3))
    recording.languages.set(Language.objects.filter(pk__in=["es"]))
    make_caption(recording)
    make_clip(recording, start=0)

    answer = client.get(at("xml"))

    channel = ElementTree.fromstring(answer.content).find("channel")
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert (channel.findtext("language"), channel.findtext(f"{ITUNES}explicit")) == ("en", "false")
    assert channel.find(f"{ITUNES}image").get("href") == "http://testserver/static/rifess/podcast.png"
    assert channel.findtext(f"{PODCAST}guid") == "bccf67a7-8c9d-5ba8-a4d0-8c8c83dfbd4f"
    (item,) = episodes(answer)
    assert item.find("enclosure").attrib == {"url": MEDIA, "length": "0", "type": "audio/mpeg"}
    assert (item.find("guid").attrib, item.findtext("guid")) == ({"isPermaLink": "false"}, "abcd2345")
    assert (item.findtext(f"{ITUNES}duration"), item.findtext("category")) == ("123", "Spanish")
    assert item.find(f"{PODCAST}transcript").attrib == {
        "url": "http://testserver/en/recordings/voz/es.floor.vtt",
        "type": "text/vtt",
        "language": "es",
        "rel": "captions",
    }
    assert item.find(f"{PODCAST}chapters").attrib == {
        "url": "http://testserver/en/recordings/voz/chapters.json",
        "type": "application/json+chapters",
    }


def test_a_podcast_has_only_living_files_that_we_trust(client):
    make_recording("https://youtu.be/dQw4w9WgXcQ")
    make_recording("https://elsewhere.example/a.mp3")
    make_episode()
    make_dead(MEDIA)

    assert episodes(client.get(at("xml"))) == []


def test_captions_are_not_given_beside_a_file_that_begins_at_another_moment(client):
    recording = make_episode()
    make_caption(recording)
    make_clip(recording, start=0)
    recording.sources.update(offset=timedelta(minutes=5))

    (item,) = episodes(client.get(at("xml")))

    assert (item.find(f"{PODCAST}transcript"), item.find(f"{PODCAST}chapters")) == (None, None)


def test_every_file_that_plays_here_has_a_media_type():
    assert set(TYPES) == hosts.MEDIA_ENDINGS


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("format", ["atom", "xml"])
def test_feeds_ask_the_same_number_of_questions(client, django_assert_max_num_queries, rows, format):
    make_trusted(SITE)
    for number in range(rows):
        recording = make_recording(f"https://{SITE}/{number}.mp3", panel=make_panel())
        make_caption(recording)
        make_clip(recording, start=0)

    with django_assert_max_num_queries(QUERIES):
        client.get(at(format))


def test_pages_say_where_their_feeds_are(client):
    said = make_intervention(panel=make_panel(seminar=make_seminar(slug="s")), person=make_person(slug="ana"))
    make_recording(panel=said.panel)
    pages = {
        reverse("recordings:recordings"): "/en/recordings/feed.",
        said.panel.seminar.get_absolute_url(): "/en/recordings/feeds/seminar/s.",
        said.person.get_absolute_url(): "/en/recordings/feeds/person/ana.",
    }

    for page, feed in pages.items():
        words = client.get(page).content.decode()
        assert f'type="application/atom+xml" title="Recordings (Atom)" href="{feed}atom"' in words
        assert [client.get(f"{feed}{format}").status_code for format in ("atom", "xml")] == [200, 200]


@pytest.mark.usefixtures("index_follows")
def test_a_podcast_is_offered_where_there_is_something_to_hear(client):
    seminar = make_seminar(slug="s")
    pages = {
        "recordings": reverse("recordings:recordings"),
        "of a seminar": reverse("recordings:of_seminar", args=["s"]),
        "search": reverse("search", query={"q": "telares"}),
    }
    pages["recording"] = make_recording(YOUTUBE, seminar=seminar, title="Telares", slug="telares").get_absolute_url()

    def offered():
        return {name for name, page in pages.items() if "application/rss+xml" in client.get(page).content.decode()}

    before = offered()
    make_trusted(SITE)
    make_recording(MEDIA, seminar=seminar, title="Telares")
    pages["recording"] = make_recording(MEDIA, seminar=seminar, title="Telares de mano").get_absolute_url()

    assert (before, offered()) == (set(), set(pages))
