"""Recordings and documents as visitors, delegates and the secretariat find them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from members.models import Audience
from rifess.base.models import Language
from tests.make import (
    make_dead,
    make_delegate_user,
    make_document,
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
    make_trusted,
    make_version,
)

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'
YOUTUBE = "https://youtu.be/dQw4w9WgXcQ"
CSP = "Content-Security-Policy"
RECORDINGS, RECORDING, DOCUMENTS, DOCUMENT = 12, 15, 5, 3  # queries


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(response):
    return response.content.decode()


def recordings(client, **asked):
    return list(client.get(reverse("recordings:recordings"), asked).context["page_obj"])


def documents(client, **asked):
    return list(client.get(reverse("recordings:documents"), asked).context["page_obj"])


def offered(client, page, name):
    form = client.get(reverse(page)).context["filter"].form
    return [str(value) for value, _label in form.fields[name].choices if value]


def short(recording):
    return reverse("recording_by_key", args=[recording.key])


def hidden_recordings():
    return [
        make_recording(url=YOUTUBE, title="Oculta", withdrawn_on=date(2025, 1, 1)),
        make_recording(url=YOUTUBE, title="Oculta", published_at=None),
        make_recording(url=YOUTUBE, title="Oculta", seminar=make_seminar(published_at=None)),
        make_recording(url=YOUTUBE, title="Oculta", seminar=make_seminar(audience=Audience.MEMBERS)),
    ]


def test_recordings_not_for_visitors_are_absent_at_every_door(client):
    hidden = hidden_recordings()

    assert recordings(client) == []
    assert offered(client, "recordings:recordings", "seminar") == []
    for recording in hidden:
        assert client.get(recording.get_absolute_url()).status_code in {404, 410}
        assert client.get(short(recording)).status_code in {404, 410}


def test_a_member_finds_the_recordings_of_seminars_for_members(client):
    *others, reserved = hidden_recordings()
    client.force_login(make_delegate_user())

    assert recordings(client) == [reserved]
    assert [client.get(each.get_absolute_url()).status_code for each in others] == [410, 404, 404]
    assert client.get(short(reserved)).status_code == 302


def test_the_secretariat_reads_that_a_recording_is_not_public(client):
    withdrawn = make_recording(withdrawn_on=date(2025, 1, 1))
    client.force_login(make_secretary())

    assert "It was withdrawn" in words(client.get(withdrawn.get_absolute_url()))


def test_a_short_address_leads_to_the_page_at_the_same_moment(client):
    recording = make_recording()

    for asked, kept in (
        ("?t=90", "?t=90"),
        ("?t=1m30s&utm_source=x", "?t=90"),
        ("?t=//evil", ""),
        ("?t=90,125", "?t=90,125"),
        ("", ""),
    ):
        page = client.get(short(recording) + asked, headers={"accept-language": "en"})
        assert (page.status_code, page["Location"]) == (302, recording.get_absolute_url() + kept)


def test_a_former_address_leads_to_the_present_one(client):
    recording, document = make_recording(slug="antes"), make_document(slug="antes")
    for row in (recording, document):
        row.slug = "ahora"
        row.save()

    for page in ("recordings:recording", "recordings:document", "document_file"):
        answer = client.get(reverse(page, args=["antes"]))
        assert (answer.status_code, answer["Location"]) == (301, reverse(page, args=["ahora"]))


def test_a_recording_plays_after_a_click_and_only_its_player_is_let_in(client):
    recording = make_recording(url=YOUTUBE, title="Plenaria")

    page = client.get(recording.get_absolute_url())

    assert 'data-player="youtube" data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?' in words(page)
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in words(page)
    assert "<iframe" not in words(page)
    assert "frame-src https://www.youtube-nocookie.com;" in page[CSP] + ";"
    assert "frame-src" not in client.get(reverse("recordings:recordings"))[CSP]


@pytest.mark.parametrize(
    ("url", "host", "embed"),
    [
        (
            "https://tube.example/w/abcDEF12345",
            "peertube",
            "https://tube.example/videos/embed/abcDEF12345?warningTitle=0&amp;p2p=0",
        ),
        ("https://example.org/a.mp4", "file", "https://example.org/a.mp4"),
        ("https://vimeo.com/123456789/abcdef1234", "vimeo", "https://player.vimeo.com/video/123456789?h=abcdef1234&amp;dnt=1"),
    ],
)
def test_each_player_is_told_what_it_needs(client, url, host, embed):
    make_trusted("tube.example")
    make_trusted("example.org")

    page = words(client.get(make_recording(url=url).get_absolute_url()))

    assert f'data-player="{host}" data-src="{embed}"' in page


@pytest.mark.parametrize("url", ["https://tube.example/w/abcDEF12345", "https://example.org/a.mp4", "https://fb.watch/abc/"])
def test_what_is_on_a_site_we_do_not_trust_is_a_link_that_says_which_site_opens(client, url):
    page = client.get(make_recording(url=url).get_absolute_url())

    assert "data-player" not in words(page) and f'href="{url}" rel="external"' in words(page)
    assert "It opens at" in words(page)
    assert "frame-src" not in page[CSP] and "media-src" not in page[CSP]


def test_a_recording_without_a_link_says_so_and_loads_nothing(client):
    recording = make_recording()

    page = client.get(recording.get_absolute_url())

    assert "Link not available yet" in words(page)
    assert "data-player" not in words(page) and "player.js" not in words(page)
    assert "frame-src" not in page[CSP]
    assert [data["@type"] for data in page.context["linked_data"]] == ["BreadcrumbList"]


def test_a_dead_link_is_not_played(client):
    recording = make_recording(url=YOUTUBE)
    dead = make_dead(recording.sources.get().url)
    dead.archived_url = "https://archive.example/copia"
    dead.save()

    page = words(client.get(recording.get_absolute_url()))

    assert "data-player" not in page and "It cannot be played now" in page
    assert "youtube.com: this address no longer answers (since 1 March 2026)" in page
    assert 'href="https://archive.example/copia"' in page and "https://www.youtube.com/watch" not in page


def test_a_recording_with_a_link_is_described_for_machines(client):
    recording = make_recording(url=YOUTUBE, title="Plenaria", duration=timedelta(hours=1, minutes=2))

    video = client.get(recording.get_absolute_url()).context["linked_data"][0]

    assert (video["@type"], video["name"], video["duration"]) == ("VideoObject", "Plenaria", "P0DT01H02M00S")
    assert video["embedUrl"] == f"http://testserver/embed/{recording.key}"


@pytest.mark.usefixtures("index_follows")
def test_recordings_are_found_by_words_people_and_choices(client):
    make_recording(seminar=make_seminar(starts_on=date(2020, 1, 1), ends_on=None))
    panel = make_panel(seminar=make_seminar(slug="s", starts_on=date(2025, 1, 1), ends_on=None), title="Gobiernos locales")
    make_intervention(panel=panel, person=make_person(name="Héctor Dada"))
    topic = make_topic(slug="desarrollo")
    panel.topics.add(topic)
    panel.seminar.topics.add(topic)
    recording = make_recording(panel=panel, title="Plenaria en dos idiomas")
    recording.languages.set(Language.objects.filter(pk__in=["es", "pt-BR"]))

    for asked in (
        {"q": "hector"},
        {"q": "locales plenaria"},
        {"seminar": "s"},
        {"year": 2025},
        {"topic": "desarrollo"},
        {"language": "pt-BR", "year": 2025},
    ):
        assert recordings(client, **asked) == [recording]
    assert recordings(client, q="hector", year=2020) == []


@pytest.mark.usefixtures("index_follows")
def test_a_recording_of_one_intervention_is_found_by_its_speaker_only(client):
    panel = make_panel()
    said = make_intervention(panel=panel, person=make_person(name="Felipe Correa"))
    make_intervention(panel=panel, person=make_person(name="Otra voz"))
    recording = make_recording(panel=panel, intervention=said)

    assert (recordings(client, q="correa"), recordings(client, q="voz")) == ([recording], [])
    assert said.get_absolute_url() in words(client.get(recording.get_absolute_url()))


@pytest.mark.usefixtures("index_follows")
def test_documents_are_found_by_symbol_and_choices(client):
    make_document(dated_on=date(2020, 1, 1), kind="law")
    resolution = make_document(
        symbol="A/RES/77/281",
        kind="un-resolution",
        dated_on=date(2023, 4, 18),
        language="es",
        institution=make_institution(name="ONU"),
    )
    resolution.topics.add(make_topic(slug="politicas"))

    for asked in (
        {"q": "77/281"},
        {"q": "onu"},
        {"kind": "un-resolution"},
        {"year": 2023},
        {"language": "es"},
        {"topic": "politicas", "q": "a/res"},
    ):
        assert documents(client, **asked) == [resolution]


def file_of(audience, **given):
    document = make_document(title="Reservado", url="", audience=audience, **given)
    make_version(document)
    return document


def doors(document):
    return [document.get_absolute_url(), reverse("document_file", args=[document.slug])]


@pytest.mark.parametrize("audience", [Audience.SECRETARIAT, Audience.MEMBERS, Audience.MEMBERS_AND_OBSERVERS])
def test_documents_for_others_are_absent_at_every_door(client, audience):
    document = file_of(audience)

    assert documents(client) == []
    assert offered(client, "recordings:documents", "kind") == []
    assert [client.get(door).status_code for door in doors(document)] == [404, 404]


def test_delegates_read_what_is_for_them(client):
    for_members, for_both = file_of(Audience.MEMBERS), file_of(Audience.MEMBERS_AND_OBSERVERS)
    client.force_login(make_delegate_user(category="observer"))

    assert documents(client) == [for_both]
    assert [client.get(door).status_code for door in doors(for_members)] == [404, 404]
    assert [client.get(door).status_code for door in doors(for_both)] == [200, 200]


def test_a_paper_of_a_draft_seminar_stays_closed(client):
    document = file_of(Audience.EVERYONE, seminar=make_seminar(published_at=None))

    assert [client.get(door).status_code for door in doors(document)] == [404, 404]


def test_a_document_with_neither_file_nor_link_says_so(client):
    document = make_document(url="")

    assert "The text is not available here" in words(client.get(document.get_absolute_url()))
    assert client.get(reverse("document_file", args=[document.slug])).status_code == 404


def test_hostile_names_are_shown_as_text(client):
    seminar = make_seminar(title=HOSTILE)
    recording = make_recording(url="https://example.org/a%22b.mp4", seminar=seminar, title=HOSTILE, summary_es=HOSTILE)
    document = make_document(title=HOSTILE, symbol=HOSTILE[:60], summary_es=HOSTILE, seminar=seminar)

    for address in (
        reverse("recordings:recordings"),
        reverse("recordings:documents"),
        recording.get_absolute_url(),
        document.get_absolute_url(),
    ):
        page = words(client.get(address))
        assert "alert(1)" in page
        assert "<script>alert" not in page


@pytest.mark.parametrize("page", ["recordings:recordings", "recordings:documents"])
def test_empty_lists_say_why(client, page):
    assert "yet" in words(client.get(reverse(page)))
    assert "Remove the filters" in words(client.get(reverse(page), {"q": "nada"}))


def furnish(number):
    seminar = make_seminar()
    intervention = make_intervention(panel=make_panel(seminar=seminar))
    recording = make_recording(panel=intervention.panel, intervention=intervention, url="https://vimeo.com/123456789")
    recording.languages.set(Language.objects.filter(pk__in=["es", "en"]))
    document = make_document(seminar=seminar, institution=make_institution())
    document.topics.add(make_topic())
    return recording, document


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_the_same_number_of_questions(client, django_assert_num_queries, rows):
    for number in range(rows):
        recording, document = furnish(number)

    with django_assert_num_queries(RECORDINGS):
        client.get(reverse("recordings:recordings"))
    with django_assert_num_queries(DOCUMENTS):
        client.get(reverse("recordings:documents"))
    with django_assert_num_queries(RECORDING):
        client.get(recording.get_absolute_url())
    with django_assert_num_queries(DOCUMENT):
        client.get(document.get_absolute_url())
