"""The lists of recordings: what narrows them, in which order they are, and the addresses of those with something in common."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from members.models import Audience
from recordings import filters
from rifess.base.models import Language
from tests.make import (
    make_caption,
    make_chapter,
    make_clip,
    make_dead,
    make_delegate_user,
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
    make_trusted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("lists are narrowed and searched")]
YOUTUBE = "https://youtu.be/dQw4w9WgXcQ"
LIST, OF_PERSON = 13, 17  # queries


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(response):
    return response.content.decode()


def recordings(client, **asked):
    return list(client.get(reverse("recordings:recordings"), asked).context["page_obj"])


def offered(client, name):
    form = client.get(reverse("recordings:recordings")).context["filter"].form
    return [str(value) for value, _label in form.fields[name].choices if value]


def of(client, kind, slug):
    """What the address of a person, a topic, a country or a seminar lists; None when there is no such address."""
    page = client.get(reverse(f"recordings:of_{kind}", args=[slug]))
    return None if page.status_code == 404 else list(page.context["page_obj"])


def lasting(**time):
    return timedelta(**time)


def test_each_length_has_its_choice_and_only_lengths_that_occur_are_offered(client):
    quarter = make_recording(duration=lasting(minutes=15))
    hour = make_recording(duration=lasting(minutes=60))
    longer = make_recording(duration=lasting(minutes=60, seconds=1))

    assert offered(client, "duration") == ["short", "medium", "long"]
    assert recordings(client, duration="short") == [quarter]
    assert recordings(client, duration="medium") == [hour]
    assert recordings(client, duration="long") == [longer]

    unknown = make_recording()
    assert recordings(client, duration="unknown") == [unknown]


def test_those_with_a_transcript_can_be_asked_for_alone(client):
    make_recording()
    told = make_recording()
    make_caption(told, (0, 1, "Buenos días."))

    assert recordings(client, transcript="on") == [told]
    assert len(recordings(client)) == 2


def test_a_person_is_found_where_they_are_heard(client):
    person = make_person(slug="ana")
    panel = make_panel()
    said = make_intervention(panel=panel, person=person)
    make_intervention(panel=panel, person=make_person(slug="sentada"), role="attends")
    first, second, other = (make_recording(panel=panel, part=1), make_recording(panel=panel, part=2), make_recording())

    assert set(recordings(client, person="ana")) == {first, second}
    make_clip(second, said, 10, 20)
    assert recordings(client, person="ana") == [second]
    assert offered(client, "person") == ["ana"]
    assert other not in recordings(client, person="ana")


@pytest.mark.usefixtures("index_follows")
def test_more_names_than_one_can_choose_from_are_left_to_the_search(client, monkeypatch):
    monkeypatch.setattr(filters, "MOST_NAMES", 1)
    for name in ("Ana", "Inés"):
        said = make_intervention(person=make_person(name=name, slug=name[:2].lower()))
        recording = make_recording(panel=said.panel)

    assert "person" not in client.get(reverse("recordings:recordings")).context["filter"].form.fields
    assert recordings(client, q="ines") == recordings(client, person="in") == [recording]
    assert of(client, "person", "in") == [recording]


def test_a_country_is_that_of_a_position_or_of_its_institution(client):
    mexican = make_intervention(positions=[("Directora", make_institution(country="MX"))])
    chilean = make_intervention(positions=[("Ministra", None)])
    chilean.positions.update(country="CL")
    of_mexico, of_chile = make_recording(panel=mexican.panel), make_recording(panel=chilean.panel)

    assert offered(client, "country") == ["CL", "MX"]
    assert recordings(client, country="MX") == [of_mexico]
    assert recordings(client, country="CL") == [of_chile]


@pytest.mark.usefixtures("index_follows")
def test_filters_combine_and_stay_on_every_page(client):
    topic = make_topic(slug="empleo")
    seminar = make_seminar()
    seminar.topics.add(topic)
    for number in range(25):
        recording = make_recording(seminar=seminar, title=f"Empleo {number:02}", duration=lasting(minutes=10))
        recording.languages.set(Language.objects.filter(pk="es"))
        make_caption(recording, (0, 1, "Buenos días."))
    make_recording(seminar=seminar, title="Empleo sin transcripción", duration=lasting(minutes=10))
    asked = {"q": "empleo", "topic": "empleo", "language": "es", "duration": "short", "transcript": "on", "sort": "title"}

    first = client.get(reverse("recordings:recordings"), asked)
    second = recordings(client, **asked, page=2)

    assert [str(each) for each in first.context["page_obj"]] == [f"Empleo {number:02}" for number in range(20)]
    assert [str(each) for each in second] == [f"Empleo {number:02}" for number in range(20, 25)]
    assert "sort=title" in words(first) and "transcript=on&amp;" in words(first)


def test_an_unknown_choice_is_said_and_narrows_nothing(client):
    recording = make_recording()

    page = client.get(reverse("recordings:recordings"), {"sort": "random", "person": "nadie", "country": "XX"})

    assert page.status_code == 200
    assert set(page.context["filter"].form.errors) == {"sort", "person", "country"}
    assert list(page.context["page_obj"]) in ([], [recording])


def test_the_newest_seminar_comes_first_and_each_in_the_order_of_its_programme(client):
    old = make_recording(seminar=make_seminar(starts_on=date(2023, 1, 1), ends_on=None))
    seminar = make_seminar(starts_on=date(2024, 9, 5), ends_on=date(2024, 9, 6))
    late = make_recording(panel=make_panel(seminar=seminar, held_on=date(2024, 9, 6), position=1))
    early = make_recording(panel=make_panel(seminar=seminar, held_on=date(2024, 9, 5), position=2))

    assert recordings(client) == [early, late, old]
    assert recordings(client, sort="oldest") == [old, early, late]


def test_titles_are_ordered_without_accents_and_the_longest_first(client):
    seminar = make_seminar()
    second = make_recording(seminar=seminar, title="Etica", duration=lasting(hours=1))
    third = make_recording(seminar=seminar, title="ética y trabajo")
    first = make_recording(seminar=seminar, title="Zeta", title_en="Anchor", duration=lasting(hours=3))

    assert recordings(client, sort="title") == [first, second, third]
    assert recordings(client, sort="longest") == [first, second, third]


def test_an_order_is_no_filter_to_remove(client):
    make_recording()

    page = words(client.get(reverse("recordings:recordings"), {"sort": "title"}))

    assert "Remove the filter" not in page
    assert '<details class="more" open>' in page


@pytest.mark.parametrize(
    ("asked", "opened"), [({}, False), ({"q": "x"}, False), ({"transcript": "on"}, True), ({"year": "1"}, True)]
)
def test_filters_are_folded_while_nothing_but_words_is_asked(client, asked, opened):
    make_recording()

    page = words(client.get(reverse("recordings:recordings"), asked))

    assert ('<details class="more" open>' in page) is opened


def test_a_row_says_what_one_can_do_with_the_recording(client):
    panel = make_panel(held_on=date(2024, 9, 5))
    recording = make_recording(url=YOUTUBE, panel=panel, part=2, track="interpreted")
    make_chapter(recording, 0, "Apertura")
    make_chapter(recording, 60, "Cierre")
    make_caption(recording, (0, 1, "Buenos días."))
    make_caption(recording, (0, 1, "Bom dia."), language="pt-BR", kind="translation")
    make_caption(recording, (0, 1, "Bom dia."), language="pt-BR", kind="interpretation")

    page = words(client.get(reverse("recordings:recordings")))

    for said in ("Part 2", "2 chapters", "Transcript: Spanish, Portuguese</span>", "Interpretation", "#play"):
        assert said in page


def test_ranges_with_a_start_count_as_chapters_where_nobody_typed_any(client):
    recording = make_recording()
    make_clip(recording, start=5)
    make_clip(recording)

    assert "1 chapter<" in words(client.get(reverse("recordings:recordings")))


def test_a_dead_link_says_since_when_unless_another_lives(client):
    recording = make_recording(url=YOUTUBE)
    make_dead(recording.sources.get().url, since=date(2026, 3, 1))

    assert "The link no longer works (since 1 March 2026)" in words(client.get(reverse("recordings:recordings")))

    make_trusted("example.org")
    recording.sources.create(url="https://example.org/a.mp4", host="file", position=2)
    assert "no longer works" not in words(client.get(reverse("recordings:recordings")))


def test_the_row_of_a_sample_says_that_it_is_one(client):
    make_recording(seminar=make_seminar(is_demonstration=True))

    assert "Sample: not a session of the Network" in words(client.get(reverse("recordings:recordings")))


def shared(seminar):
    """A recording of `seminar` with a topic, a person and a country of its own, and these."""
    person, topic = make_person(), make_topic()
    panel = make_panel(seminar=seminar)
    panel.topics.add(topic)
    make_intervention(panel=panel, person=person, positions=[("Directora", make_institution(country="UY"))])
    recording = make_recording(panel=panel)
    return recording, [("person", person.slug), ("topic", topic.slug), ("country", "uy"), ("seminar", seminar.slug)]


def test_what_recordings_have_in_common_has_an_address(client):
    make_recording()
    recording, addresses = shared(make_seminar())

    assert [of(client, *address) for address in addresses] == [[recording]] * 4


def test_these_addresses_are_absent_where_the_visitor_would_see_nothing(client):
    _recording, of_draft = shared(make_seminar(published_at=None))
    reserved, for_members = shared(make_seminar(audience=Audience.MEMBERS))
    nobody = make_person()

    assert [of(client, *address) for address in [*of_draft, *for_members, ("person", nobody.slug)]] == [None] * 9
    assert [of(client, "country", code) for code in ("xx", "mx", "mexico")] == [None] * 3
    assert [offered(client, name) for name in ("person", "topic", "country", "seminar")] == [[]] * 4

    client.force_login(make_delegate_user())
    assert [of(client, *address) for address in for_members] == [[reserved]] * 4
    assert of(client, *of_draft[0]) is None

    client.force_login(make_secretary())
    assert [len(of(client, *address)) for address in of_draft] == [1, 1, 2, 1]


def test_such_a_page_has_its_own_words_and_no_filter_for_what_it_is_about(client):
    _recording, addresses = shared(make_seminar(title="Encuentro"))
    person, topic, country, seminar = (client.get(reverse(f"recordings:of_{kind}", args=[slug])) for kind, slug in addresses)

    for page, field, heading in (
        (person, "person", f"Recordings with {person.context['name']}"),
        (topic, "topic", "Recordings about"),
        (country, "country", "Recordings with voices from Uruguay"),
        (seminar, "seminar", "Encuentro"),
    ):
        assert field not in page.context["filter"].form.fields
        assert heading in words(page)
        assert f'<link rel="canonical" href="http://testserver{page.wsgi_request.path}">' in words(page)


def test_pages_lead_to_what_they_have_in_common(client):
    recording, (person, topic, country, seminar) = shared(make_seminar())
    position = recording.panel.interventions.get().positions.get()

    for page, address in (
        (recording.panel.interventions.get().person, person),
        (recording, topic),
        (position.institution, country),
        (recording.seminar, seminar),
    ):
        assert f'href="{reverse(f"recordings:of_{address[0]}", args=[address[1]])}"' in words(client.get(page.get_absolute_url()))


def test_pages_lead_nowhere_when_there_is_nothing_to_hear(client):
    intervention = make_intervention(positions=[("Directora", make_institution(country="UY"))])

    for page in (intervention.person, intervention.positions.get().institution, intervention.panel.seminar):
        assert "recordings/person/" not in (shown := words(client.get(page.get_absolute_url())))
        assert "recordings/country/" not in shown and "recordings/seminar/" not in shown


def test_a_person_s_page_plays_at_the_second_they_speak(client):
    person = make_person(slug="ana")
    recording = make_recording(url=YOUTUBE)
    make_clip(recording, make_intervention(panel=make_panel(seminar=recording.seminar), person=person), 3723, 3800)

    assert f"{recording.get_absolute_url()}?t=3723#play" in words(client.get(reverse("recordings:of_person", args=["ana"])))


def test_a_former_address_leads_to_the_present_one(client):
    recording, addresses = shared(make_seminar())
    person = recording.panel.interventions.get().person
    former = person.slug
    person.slug = "ahora"
    person.save()

    answer = client.get(reverse("recordings:of_person", args=[former]))
    capital = client.get(reverse("recordings:of_country", args=["UY"]))

    assert (answer.status_code, answer["Location"]) == (301, reverse("recordings:of_person", args=["ahora"]))
    assert (capital.status_code, capital["Location"]) == (301, reverse("recordings:of_country", args=["uy"]))


def test_the_sitemap_has_these_addresses_where_visitors_see_recordings(client):
    _recording, addresses = shared(make_seminar())
    _draft, hidden = shared(make_seminar(published_at=None))

    sitemap = words(client.get("/sitemap.xml"))

    for kind, slug in addresses:
        assert reverse(f"recordings:of_{kind}", args=[slug]) in sitemap
    for kind, slug in (hidden[0], hidden[1], hidden[3]):
        assert reverse(f"recordings:of_{kind}", args=[slug]) not in sitemap


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_questions(client, django_assert_num_queries, rows):
    person = make_person(slug="ana")
    for _each in range(rows):
        recording = make_recording(url="https://videos.example.org/a.mp4")
        said = make_intervention(
            panel=make_panel(seminar=recording.seminar), person=person, positions=[("Directora", make_institution(country="MX"))]
        )
        recording.languages.set(Language.objects.filter(pk__in=["es", "en"]))
        recording.seminar.topics.add(make_topic())
        make_clip(recording, said, 1, 2)
        make_chapter(recording, 0, "Apertura")
        make_caption(recording, (0, 1, "Buenos días."))

    with django_assert_num_queries(LIST):
        client.get(reverse("recordings:recordings"))
    with django_assert_num_queries(OF_PERSON):
        client.get(reverse("recordings:of_person", args=["ana"]))
