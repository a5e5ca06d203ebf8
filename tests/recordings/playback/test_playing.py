"""The page of a recording: which source plays, where it begins, what lies in it, and what is left when it is gone."""

from datetime import date, timedelta
from gzip import compress
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from members.models import Audience
from recordings.playback.sources import first_living, ways_to
from recordings.publication import withdraw
from rifess.base.models import Language
from tests.make import (
    make_chapter,
    make_clip,
    make_consent,
    make_dead,
    make_delegate_user,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_trusted,
)

pytestmark = pytest.mark.django_db
YOUTUBE, VIMEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://vimeo.com/123456789"
PEERTUBE, FILE, LINK = "https://tube.example/w/abcDEF12345", "https://example.org/a.mp4", "https://example.org/seminario"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(response):
    return response.content.decode()


def short(recording):
    return reverse("recording_by_key", args=[recording.key])


def make_sources(*urls, **given):
    recording = make_recording(**given)
    for position, url in enumerate(urls, start=1):
        add_source(recording, url, position=position)
    return recording


def add_source(recording, url, **given):
    source = recording.sources.model(recording=recording, url=url, **given)
    source.recognize()
    source.save()


# Which source, and where


def test_the_first_source_that_lives_and_may_play_is_played():
    make_trusted("example.org")
    recording = make_sources(LINK, PEERTUBE, YOUTUBE, FILE)
    make_dead(YOUTUBE)

    ways = ways_to(recording)

    assert [(way.source.url, way.plays, way.is_dead) for way in ways] == [
        (LINK, False, False),
        (PEERTUBE, False, False),
        (YOUTUBE, True, True),
        (FILE, True, False),
    ]
    assert first_living(ways) is ways[3]


def test_the_next_living_source_takes_over_and_the_dead_one_says_since_when(client):
    recording = make_sources(YOUTUBE, VIMEO)
    make_dead(YOUTUBE, since=date(2026, 3, 1))

    page = words(client.get(recording.get_absolute_url(), {"t": "90"}))

    assert 'data-player="vimeo"' in page and 'href="https://vimeo.com/123456789#t=90s"' in page
    assert "youtube.com: this address no longer answers (since 1 March 2026)." in page
    assert f'href="{YOUTUBE}' not in page


def test_the_same_second_of_the_recording_is_another_on_each_source(client):
    recording = make_recording()
    add_source(recording, YOUTUBE, offset=timedelta(minutes=5))
    add_source(recording, VIMEO, offset=timedelta(seconds=-100), position=2)
    add_source(recording, LINK, position=3)

    page = words(client.get(recording.get_absolute_url(), {"t": "1m30s,125"}))

    assert "start=390&amp;end=425" in page and 'data-start="90" data-end="125" data-later="300"' in page
    assert f'href="{YOUTUBE}&amp;t=390"' in page
    assert f'href="{VIMEO}"' in page
    assert f'href="{LINK}"' in page and "It opens at example.org" in page
    assert "Play from 1:30" in page


@pytest.mark.parametrize("asked", ["", "?t=", "?t=nada", "?t=-5", "?t=9999999999", "?t=%22%3E%3Cscript%3E"])
def test_an_address_that_says_no_second_begins_at_the_beginning(client, asked):
    page = words(client.get(make_recording(url=YOUTUBE).get_absolute_url() + asked))

    assert 'data-start="0"' in page and "Play the recording" in page
    assert "<script>" not in page


def test_a_file_of_sound_plays_as_sound_and_only_its_site_is_let_in(client):
    make_trusted("example.org")
    recording = make_recording(url="https://example.org/a.mp3")

    page = client.get(recording.get_absolute_url())

    assert "<audio controls" in words(page) and "<video" not in words(page)
    assert "media-src 'self' https://example.org" in page["Content-Security-Policy"]
    assert "frame-src" not in page["Content-Security-Policy"]


def test_a_file_of_our_own_needs_no_trust_and_tells_nobody(client):
    page = words(client.get(make_recording(url=f"{settings.SITE_URL}/static/a.webm").get_absolute_url()))

    assert 'data-player="file"' in page and "your browser connects" not in page


# What lies in it


def test_typed_chapters_and_voices_lead_to_their_seconds(client):
    recording = make_recording(url=YOUTUBE, panel=make_panel())
    make_chapter(recording, 0, "Apertura")
    make_chapter(recording, 90, "Compras públicas")
    ana, luis = make_person(name="Ana Ruiz"), make_person(name="Luis Paz")
    make_clip(recording, make_intervention(panel=recording.panel, person=ana), 95, 120)
    make_clip(recording, make_intervention(panel=recording.panel, person=luis))

    page = client.get(recording.get_absolute_url(), {"t": 100})

    assert [(str(mark.title), span.start, now) for mark, span, now in page.context["marks"]] == [
        ("Apertura", 0, False),
        ("Compras públicas", 90, True),
    ]
    assert [(str(clip.intervention.person), span and span.start) for clip, span in page.context["voices"]] == [
        ("Ana Ruiz", 95),
        ("Luis Paz", None),
    ]
    assert 'href="?t=90#play" aria-current="true"' in words(page)
    assert 'href="?t=95#play"' in words(page) and "At a moment not noted yet" in words(page)


def test_without_chapters_the_interventions_are_the_chapters(client):
    recording = make_recording(url=YOUTUBE, panel=make_panel())
    make_clip(recording, make_intervention(panel=recording.panel, person=make_person(name="Ana Ruiz")), 3723)

    page = client.get(recording.get_absolute_url())

    assert "1:02:03" in words(page) and "Ana Ruiz" in words(page)
    assert page.context["voices"] == []


def test_the_same_session_recorded_otherwise_is_offered_at_the_same_second(client):
    panel = make_panel()
    recording = make_recording(url=YOUTUBE, panel=panel)
    interpreted = make_recording(panel=panel, track="interpreted")
    interpreted.languages.set(Language.objects.filter(pk="pt-BR"))
    second = make_recording(panel=panel, part=2)
    make_recording(panel=panel, part=3, published_at=None)
    make_recording(panel=make_panel(seminar=panel.seminar), part=4)

    page = client.get(recording.get_absolute_url(), {"t": "90,125"})

    assert list(page.context["variants"]) == [interpreted, second]
    assert f'href="{interpreted.get_absolute_url()}?t=90,125" data-keep' in words(page)
    assert "interpretation (Portuguese)" in words(page)
    assert f'href="{second.get_absolute_url()}"' in words(page)


# Posters


def picture(kind):
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_poster_is_given_as_what_it_is(client, kind, media_type):
    recording = make_recording(url=YOUTUBE)
    recording.poster.save("cartel.png", ContentFile(picture(kind)))

    answer = client.get(reverse("poster", args=[recording.key]))

    assert b"".join(answer.streaming_content) == picture(kind)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (media_type, "nosniff")
    assert answer["Cache-Control"].startswith("private")
    assert f'<img src="{reverse("poster", args=[recording.key])}" alt="">' in words(client.get(recording.get_absolute_url()))


@pytest.mark.parametrize(
    "content", [b"<svg onload='alert(1)'/>", b"<html>", b"", picture("GIF")], ids=["svg", "html", "nothing", "gif"]
)
def test_what_is_no_picture_is_not_given_out(client, content):
    recording = make_recording(url=YOUTUBE)
    recording.poster.save("cartel.png", ContentFile(content))

    assert client.get(reverse("poster", args=[recording.key])).status_code == 404


def test_posters_are_for_those_who_may_see_the_recording(client):
    hidden = [make_recording(published_at=None), make_recording(withdrawn_on=date(2025, 1, 1))]
    hidden.append(make_recording(seminar=make_seminar(audience=Audience.MEMBERS)))
    for recording in hidden:
        recording.poster.save("cartel.png", ContentFile(picture("PNG")))
    doors = [reverse("poster", args=[recording.key]) for recording in hidden]

    assert [client.get(door).status_code for door in doors] == [404, 404, 404]
    client.force_login(make_delegate_user())
    assert [client.get(door).status_code for door in doors] == [404, 404, 200]
    client.force_login(make_secretary())
    assert [client.get(door).status_code for door in doors] == [200, 200, 200]
    bare = make_recording()
    assert client.get(reverse("poster", args=[bare.key])).status_code == 404


# Withdrawn


SAID = {"es": "retirado", "pt-br": "retirado", "en": "withdrawn"}


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_a_withdrawn_recording_says_when_and_nothing_else(client, language):
    panel = make_panel(title="Economía del cuidado")
    make_intervention(panel=panel, person=make_person(name="Ana Ruiz"))
    recording = make_recording(url=YOUTUBE, panel=panel, title="Plenaria", summary_es="Dijo algo", slug="x7")
    withdraw(recording, on=date(2025, 1, 31))

    with translation.override(language):
        doors = [client.get(recording.get_absolute_url()), client.get(short(recording), headers={"accept-language": language})]

    for page in doors:
        assert page.status_code == 410
        assert f'lang="{language}"' in words(page) and "31" in words(page) and "2025" in words(page)
        for word in ("Plenaria", "Economía del cuidado", "Ana Ruiz", "Dijo algo", "youtube", "canonical", "og:"):
            assert word not in words(page)
    assert "x7" not in words(doors[1])


def test_a_former_address_of_a_withdrawn_recording_says_the_same(client):
    recording = make_recording(slug="antes")
    recording.slug = "ahora"
    recording.save()
    withdraw(recording)

    page = client.get(reverse("recordings:recording", args=["antes"]))

    assert page.status_code == 410 and "ahora" not in words(page)


def test_a_permission_taken_back_withdraws_it_where_the_seminar_waits_for_permissions(client):
    waiting, other = make_seminar(waits_for_consent=True), make_seminar()
    gone, kept = make_recording(seminar=waiting), make_recording(seminar=other)
    for recording in (gone, kept):
        make_consent(recording, withdrawn_on=date(2025, 3, 2))
        make_consent(recording, withdrawn_on=date(2025, 2, 1))

    page = client.get(gone.get_absolute_url())

    assert page.status_code == 410 and "This recording was withdrawn on 1 February 2025." in words(page)
    assert client.get(kept.get_absolute_url()).status_code == 200
    assert (gone.withdrawn_since, kept.withdrawn_since) == (date(2025, 2, 1), None)


def test_what_one_could_never_see_was_never_there(client):
    hidden = [
        make_recording(published_at=None),
        make_recording(published_at=None, withdrawn_on=date(2025, 1, 1)),
        make_recording(seminar=make_seminar(published_at=None), withdrawn_on=date(2025, 1, 1)),
        make_recording(seminar=make_seminar(audience=Audience.MEMBERS), withdrawn_on=date(2025, 1, 1)),
    ]

    def knock():
        return [(client.get(each.get_absolute_url()).status_code, client.get(short(each)).status_code) for each in hidden]

    assert knock() == [(404, 404)] * 4
    client.force_login(make_delegate_user())
    assert knock() == [(404, 404)] * 3 + [(410, 410)]
    assert client.get(reverse("recording_by_key", args=["nada"])).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"published_at": None}, "Visitors will see it when it is published."),
        ({"withdrawn_on": date(2025, 1, 31)}, "It was withdrawn on 31 January 2025"),
        ({}, "Ana Ruiz withdrew consent on 1 February 2025."),
    ],
)
def test_the_secretariat_reads_why_visitors_do_not_see_it(client, given, said):
    recording = make_recording(url=YOUTUBE, seminar=make_seminar(waits_for_consent=True), **given)
    if not given:
        make_consent(recording, make_person(name="Ana Ruiz"), withdrawn_on=date(2025, 2, 1))
    client.force_login(make_secretary())

    page = words(client.get(recording.get_absolute_url()))

    assert "Not public." in page and said in page and "data-player" in page


def test_the_secretariat_reads_who_allows_it_within_the_network_only(client):
    recording = make_recording(url=YOUTUBE, seminar=make_seminar(waits_for_consent=True))
    make_consent(recording, make_person(name="Ana Ruiz"), scope="network")
    address = recording.get_absolute_url()

    assert client.get(address).status_code == 404
    client.force_login(make_secretary())
    assert "Ana Ruiz agrees to it within the Network only." in words(client.get(address))


def test_what_is_public_has_no_such_notice(client):
    recording = make_recording(url=YOUTUBE, seminar=make_seminar(waits_for_consent=True))
    make_consent(recording)
    client.force_login(make_secretary())

    assert "Not public." not in words(client.get(recording.get_absolute_url()))


# What it costs


def test_the_player_stays_under_three_kilobytes():
    script = (settings.BASE_DIR / "rifess/static/rifess/player.js").read_bytes()

    assert len(compress(script, mtime=0)) < 3_000
