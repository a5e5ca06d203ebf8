"""Recordings inside other sites: the page they frame, and oEmbed."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from tests.make import (
    make_caption,
    make_clip,
    make_dead,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_trusted,
)
from tests.recordings.unseen import SITE, knocking, make_unseen

pytestmark = pytest.mark.django_db
YOUTUBE = "https://youtu.be/dQw4w9WgXcQ"
CSP = "Content-Security-Policy"
OEMBED = "/oembed"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def embed(recording):
    return reverse("embed", args=[recording.key])


def whole(path):
    return f"http://testserver{path}"


def pages(recording):
    """Every address under which `recording` is known."""
    found = [recording.get_permanent_url(), embed(recording)]
    for language in ("es", "pt-br", "en"):
        with translation.override(language):
            found.append(recording.get_absolute_url())
    return [whole(path) for path in found]


def test_an_embedded_page_plays_in_any_site_without_cookies(client):
    recording = make_recording(YOUTUBE, title="Plenaria")
    client.force_login(make_secretary())
    client.get(reverse("admin:index"))
    client.cookies.clear()

    page = client.get(embed(recording))

    assert 'data-player="youtube"' in page.content.decode() and "Plenaria" in page.content.decode()
    assert "frame-ancestors *;" in page[CSP] + ";" and "frame-src https://www.youtube-nocookie.com;" in page[CSP] + ";"
    assert "X-Frame-Options" not in page
    assert page["X-Robots-Tag"] == "noindex"
    assert not page.cookies and "Cookie" not in page.get("Vary", "")
    assert "frame-ancestors 'none'" in client.get(recording.get_absolute_url())[CSP]


def test_an_embedded_page_speaks_the_language_asked_for(client):
    recording = make_recording(YOUTUBE, slug="plenaria")

    page = client.get(embed(recording), {"lang": "pt-br"}, headers={"accept-language": "en"})
    other = client.get(embed(recording), {"lang": "xx"}, headers={"accept-language": "en"})

    assert (page["Content-Language"], other["Content-Language"]) == ("pt-br", "en")
    assert '<html lang="pt-br">' in page.content.decode() and "/pt-br/gravacoes/plenaria/" in page.content.decode()


def test_an_embedded_page_starts_at_the_second_and_has_captions(client):
    make_trusted(SITE)
    recording = make_recording(f"https://{SITE}/a.mp4", slug="a")
    make_caption(recording, language="pt-BR")

    page = client.get(embed(recording), {"t": "1m5s", "lang": "en"}).content.decode()

    assert "#t=65" in page and 'href="/en/recordings/a/?t=65"' in page
    assert 'src="/en/recordings/a/pt-BR.floor.vtt"' in page


def test_an_embedded_page_without_a_living_source_says_so(client):
    recording = make_recording(YOUTUBE)
    make_dead("https://www.youtube.com/watch?v=dQw4w9WgXcQ")

    page = client.get(embed(recording), {"lang": "en"})

    assert page.status_code == 200 and "data-player" not in page.content.decode()
    assert "It cannot be played here" in page.content.decode()


def test_oembed_tells_how_to_show_a_recording_at_every_address_of_its(client):
    recording = make_recording(YOUTUBE, title='Ñandú "y" <más>', seminar=make_seminar(title="Seminario"))

    for page in pages(recording):
        answer = client.get(OEMBED, {"url": page, "format": "json"}, headers={"accept-language": "en"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        assert (answer.json()["type"], answer.json()["title"]) == ("video", 'Ñandú "y" <más>')
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json() == {
        "version": "1.0",
        "type": "video",
        "title": 'Ñandú "y" <más>',
        "author_name": "Seminario",
        "author_url": whole(recording.seminar.get_absolute_url()),
        "provider_name": "RIFESS",
        "provider_url": "http://testserver",
        "cache_age": 3600,
        "width": 640,
        "height": 472,
        "html": f'<iframe src="http://testserver/embed/{recording.key}?lang=en" width="640" height="472" '
        'title="Ñandú &quot;y&quot; &lt;más&gt;" frameborder="0" '
        'allow="autoplay; encrypted-media; fullscreen; picture-in-picture" allowfullscreen loading="lazy" '
        'referrerpolicy="strict-origin-when-cross-origin"></iframe>',
    }


def test_oembed_keeps_the_second_and_the_language_of_the_page(client):
    recording = make_recording(YOUTUBE)
    with translation.override("pt-br"):
        page = whole(recording.get_absolute_url())

    html = client.get(OEMBED, {"url": f"{page}?t=1m5s,70&utm_source=x"}).json()["html"]

    assert f"/embed/{recording.key}?lang=pt-br&amp;t=65,70" in html


@pytest.mark.parametrize(
    ("room", "size"),
    [
        ({"maxwidth": 320}, (320, 292)),
        ({"maxwidth": 4000}, (640, 472)),
        ({"maxheight": 292}, (320, 292)),
        ({"maxwidth": 100, "maxheight": 100}, (100, 100)),
    ],
)
def test_oembed_stays_within_the_room_there_is(client, room, size):
    answer = client.get(OEMBED, {"url": whole(make_recording(YOUTUBE).get_permanent_url()), **room}).json()

    assert (answer["width"], answer["height"]) == size


def test_oembed_gives_a_link_where_nothing_plays(client):
    answer = client.get(OEMBED, {"url": whole(make_recording().get_permanent_url())}).json()

    assert answer["type"] == "link" and "html" not in answer


def test_oembed_follows_former_addresses(client):
    recording = make_recording(YOUTUBE, slug="antes")
    before = whole(recording.get_absolute_url())
    recording.slug = "ahora"
    recording.save()

    assert client.get(OEMBED, {"url": before}).status_code == 200


def test_oembed_knows_only_recordings_of_ours(client):
    recording = make_recording(YOUTUBE)
    path = recording.get_permanent_url()

    others = (f"https://evil.example{path}", f"http://testserver@evil.example{path}", f"http://testserver.evil.example{path}")
    for url in (
        *others,
        path,
        whole("/g/nada"),
        whole("/en/"),
        whole("/no/"),
        whole(recording.seminar.get_absolute_url()),
    ):
        assert (url, client.get(OEMBED, {"url": url}).status_code) == (url, 404)


def test_oembed_says_what_it_cannot_do(client):
    url = whole(make_recording(YOUTUBE).get_permanent_url())

    assert client.get(OEMBED, {"url": url, "format": "xml"}).status_code == 501
    for asked in ({}, {"url": "\x00"}, {"url": "http://["}, {"url": url, "maxwidth": "mucho"}, {"url": url, "maxheight": "-1"}):
        assert client.get(OEMBED, asked).status_code == 400
    assert client.post(OEMBED, {"url": url}).status_code == 405


@pytest.mark.slow
def test_what_is_not_public_is_never_embedded_whoever_asks(client):
    unseen = make_unseen()

    for asker in knocking(client):
        for name, recording in unseen.items():
            short, *_rest, page = pages(recording)
            answers = [client.get(embed(recording)), *(client.get(OEMBED, {"url": url}) for url in (short, page))]
            assert (asker, name, [answer.status_code for answer in answers]) == (asker, name, [404, 404, 404])


def test_a_page_says_where_its_oembed_and_its_feeds_are(client):
    recording = make_recording(YOUTUBE, slug="a", seminar=make_seminar(slug="s"))

    page = client.get(recording.get_absolute_url(), {"t": "65"}).content.decode()

    asked = "url=http%3A%2F%2Ftestserver%2Fen%2Frecordings%2Fa%2F%3Ft%3D65&amp;format=json"
    assert f'type="application/json+oembed" href="http://testserver/oembed?{asked}"' in page
    assert 'type="application/atom+xml" title="Recordings (Atom)" href="/en/recordings/feeds/seminar/s.atom"' in page
    assert f"&lt;iframe src=&quot;http://testserver/embed/{recording.key}?lang=en&amp;amp;t=65&quot;" in page


def test_what_is_not_public_offers_nothing_to_other_sites(client):
    recording = make_recording(YOUTUBE, published_at=None)
    client.force_login(make_secretary())

    page = client.get(recording.get_absolute_url()).content.decode()

    assert "APA 7" in page
    assert not any(word in page for word in ("oembed", "iframe", "feed.atom"))


def test_a_page_describes_the_recording_its_parts_and_its_words(client):
    make_trusted(SITE)
    said = make_intervention(panel=make_panel(held_on=date(2024, 9, 5)), person=make_person(name="Ana"))
    recording = make_recording(f"https://{SITE}/a.mp4", panel=said.panel, slug="a", title="Plenaria", key="abcd2345")
    make_clip(recording, said, 1.5, 65.2)
    make_caption(recording, (0, 2, "</script>Economía"), (9, 12, "social"))

    data = client.get(recording.get_absolute_url()).context["linked_data"][0]

    page = "http://testserver/en/recordings/a/"
    person = {"@type": "Person", "name": "Ana"}
    assert data["hasPart"] == [
        {"@type": "Clip", "name": "Ana", "startOffset": 1, "endOffset": 66, "url": f"{page}?t=1", "contributor": person}
    ]
    assert (data["transcript"], data["dateCreated"]) == ("</script>Economía social", date(2024, 9, 5))
    assert (data["contentUrl"], data["embedUrl"]) == (f"https://{SITE}/a.mp4", "http://testserver/embed/abcd2345")
    assert data["caption"] == [
        {"@type": "MediaObject", "contentUrl": f"{page}es.floor.vtt", "encodingFormat": "text/vtt", "inLanguage": "es"}
    ]
    assert data["potentialAction"]["target"] == f"{page}?t={{seek_to_second_number}}"
    assert data["recordedAt"]["name"] == str(recording.seminar)


def test_what_interpreters_said_is_not_given_as_what_was_said(client):
    recording = make_recording(YOUTUBE)
    make_caption(recording, (0, 2, "Economy"), language="en", kind="interpretation")

    data = client.get(recording.get_absolute_url()).context["linked_data"][0]

    assert "transcript" not in data and len(data["caption"]) == 1


def test_sound_is_described_as_sound(client):
    make_trusted(SITE)

    data = client.get(make_recording(f"https://{SITE}/a.mp3").get_absolute_url()).context["linked_data"][0]

    assert data["@type"] == "AudioObject"
