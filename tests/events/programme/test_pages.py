"""Pages of seminars and panels: what visitors find there, and what they never see."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import PrintedPosition, SeminarInstitution
from members.models import Audience
from recordings.models import Recording
from rifess.base.dates import today_in_the_network
from rifess.base.zones import ZONES
from tests.make import (
    make_delegate_user,
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
)

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'
LIST, DETAIL, PANEL = 10, 20, 12  # queries


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(response):
    return response.content.decode()


def test_seminars_to_come_are_first_then_the_latest(client):
    today = today_in_the_network()
    old = make_seminar(starts_on=date(2023, 5, 1), ends_on=date(2023, 5, 2))
    recent = make_seminar(starts_on=date(2024, 9, 5))
    far = make_seminar(starts_on=today + timedelta(days=90), ends_on=None)
    near = make_seminar(starts_on=today + timedelta(days=30), ends_on=None)

    page = client.get(reverse("events:seminars"))

    assert list(page.context["page_obj"]) == [near, far, recent, old]


def test_a_draft_is_absent_at_every_door(client):
    draft = make_seminar(title="Borrador", published_at=None)
    panel = make_panel(seminar=draft)

    assert "Borrador" not in words(client.get(reverse("events:seminars")))
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(panel.get_absolute_url()).status_code == 404


def test_a_seminar_for_members_is_shown_to_members_only(client):
    closed = make_seminar(title="Reservado", audience=Audience.MEMBERS)
    observer, member = make_delegate_user(category="observer"), make_delegate_user()

    assert client.get(closed.get_absolute_url()).status_code == 404
    client.force_login(observer)
    assert client.get(closed.get_absolute_url()).status_code == 404
    assert "Reservado" not in words(client.get(reverse("events:seminars")))
    client.force_login(member)
    assert "Not public" in words(client.get(closed.get_absolute_url()))


def test_the_secretariat_reads_a_draft_under_a_banner(client):
    draft = make_seminar(published_at=None)
    client.force_login(make_secretary())

    page = words(client.get(draft.get_absolute_url()))

    assert "Only the Secretariat sees this page." in page


def test_a_former_address_leads_to_the_present_one(client):
    seminar = make_seminar(slug="antes")
    seminar.slug = "ahora"
    seminar.save()

    page = client.get(reverse("events:seminar", args=["antes"]))

    assert (page.status_code, page["Location"]) == (301, reverse("events:seminar", args=["ahora"]))


def test_a_former_address_of_a_draft_says_nothing(client):
    draft = make_seminar(slug="antes", published_at=None)
    draft.slug = "ahora"
    draft.save()

    assert client.get(reverse("events:seminar", args=["antes"])).status_code == 404


def test_a_panel_is_found_by_its_former_address_and_its_seminars(client):
    panel = make_panel(seminar=make_seminar(slug="antes"), slug="mesa")
    panel.slug = "panel"
    panel.save()
    panel.seminar.slug = "ahora"
    panel.seminar.save()
    present = reverse("events:panel", args=["ahora", "panel"])

    for former in (["antes", "mesa"], ["antes", "panel"], ["ahora", "mesa"]):
        page = client.get(reverse("events:panel", args=former))
        assert (page.status_code, page["Location"]) == (301, present)
    assert client.get(reverse("events:panel", args=["ahora", "otra"])).status_code == 404


def test_panels_without_a_day_come_last_under_their_own_heading(client):
    seminar = make_seminar()
    undated = make_panel(seminar=seminar, title="Sin fecha", position=1)
    second = make_panel(seminar=seminar, held_on=date(2024, 9, 6))
    first = make_panel(seminar=seminar, held_on=date(2024, 9, 5))

    page = client.get(seminar.get_absolute_url())

    assert [(day.held_on, day.panels) for day in page.context["days"]] == [
        (date(2024, 9, 5), [first]),
        (date(2024, 9, 6), [second]),
        (None, [undated]),
    ]
    assert "Day to be confirmed" in words(page)


def test_no_times_are_shown_while_none_is_known(client):
    seminar = make_panel(held_on=date(2024, 9, 5)).seminar

    page = words(client.get(seminar.get_absolute_url()))

    assert "Time to be confirmed" in page
    assert "data-zone" not in page


def test_times_are_shown_in_the_zone_asked_for(client):
    make_membership(country="ES")
    seminar = make_seminar(time_zone="America/Mexico_City")
    make_panel(seminar=seminar, held_on=date(2024, 9, 5), starts_at=datetime.fromisoformat("2024-09-05T20:30-06:00"))

    home = client.get(seminar.get_absolute_url())
    away = client.get(seminar.get_absolute_url(), {"zone": "Europe/Madrid"})
    unknown = client.get(seminar.get_absolute_url(), {"zone": "Mars/Olympus"})

    assert ">20:30</time>" in words(home)
    assert "04:30 Madrid time (next day)" in words(away)
    assert ">20:30</time>" in words(away)
    assert "data-there" not in words(unknown)
    [madrid] = home.context["cities"]
    assert (madrid.city, madrid.offset, madrid.days_later) == (str(dict(ZONES)["Europe/Madrid"]), "UTC+2", 1)


def test_people_are_shown_with_the_positions_printed_then(client):
    agency = make_institution(name="Comisión Económica")
    intervention = make_intervention(positions=[("Jefa de división", agency), ("Secretaria", None)], name_as_printed="Chantal L.")

    for page in (intervention.panel.seminar, intervention.panel):
        shown = words(client.get(page.get_absolute_url()))
        assert "Chantal L." in shown
        assert "Jefa de división" in shown and "Comisión Económica" in shown and "Secretaria" in shown


def test_an_intervention_has_an_anchor_on_its_panels_page(client):
    intervention = make_intervention()

    assert f'id="i{intervention.pk}"' in words(client.get(intervention.panel.get_absolute_url()))


def test_a_panel_leads_to_the_one_before_and_the_one_after(client):
    seminar = make_seminar()
    first, middle, last = (make_panel(seminar=seminar, position=number) for number in (1, 2, 3))

    found = {panel: client.get(panel.get_absolute_url()).context for panel in (first, middle, last)}

    assert [(found[panel]["before"], found[panel]["after"]) for panel in found] == [
        (None, middle),
        (first, last),
        (middle, None),
    ]


def test_institutions_stand_under_what_they_do(client):
    seminar, institution = make_seminar(), make_institution(name="Instituto Nacional")
    organizes = SeminarInstitution.objects.create(seminar=seminar, institution=institution, role="organizes")
    supports = SeminarInstitution.objects.create(seminar=seminar, institution=institution, role="supports")

    page = client.get(seminar.get_absolute_url())

    assert [rows for _label, rows in page.context["institutions"]] == [[organizes], [supports]]
    assert "Instituto Nacional" in words(page)


def test_a_recording_without_a_link_says_so(client):
    seminar = make_recording(title="Grabación de la plenaria").seminar

    page = words(client.get(seminar.get_absolute_url()))

    assert "Grabación de la plenaria" in page
    assert "Link not available yet" in page


def test_withdrawn_recordings_and_closed_documents_are_absent(client):
    seminar = make_seminar()
    panel = make_panel(seminar=seminar)
    make_recording(seminar=seminar, panel=panel, title="Retirada", withdrawn_on=date(2025, 1, 1))
    make_recording(seminar=seminar, panel=panel, title="En preparación", published_at=None)
    make_document(seminar=seminar, title="Acta interna", audience=Audience.SECRETARIAT)

    for page in (seminar, panel):
        shown = words(client.get(page.get_absolute_url()))
        assert not [title for title in ("Retirada", "En preparación", "Acta interna") if title in shown]


def test_a_title_of_our_own_says_so(client):
    panel = make_panel(title_is_ours=True)

    for page in (panel, panel.seminar):
        assert "The title is our description" in words(client.get(page.get_absolute_url()))


def test_a_cancelled_seminar_keeps_its_page_and_says_so(client):
    seminar = make_seminar(cancelled_on=date(2024, 9, 1))

    assert "This seminar was cancelled" in words(client.get(seminar.get_absolute_url()))


def test_a_demonstration_is_marked_in_the_list_and_on_its_page(client):
    seminar = make_seminar(is_demonstration=True)

    assert "Demonstration" in words(client.get(reverse("events:seminars")))
    assert "This seminar is not real" in words(client.get(seminar.get_absolute_url()))


def test_notes_on_sources_are_read_by_visitors(client):
    seminar = make_seminar(source_note_es="Dos fuentes no coinciden.", as_of=date(2024, 9, 9))
    make_panel(seminar=seminar, source_note_es="El título no consta.")

    page = words(client.get(seminar.get_absolute_url()))

    assert "Dos fuentes no coinciden." in page and "El título no consta." in page
    assert "2024-09-09" in page


def test_hostile_names_are_shown_as_text(client):
    seminar = make_seminar(title=HOSTILE, subtitle_es=HOSTILE, summary_es=HOSTILE, place_es=HOSTILE)
    panel = make_panel(seminar=seminar, title=HOSTILE, conclusions_es=HOSTILE)
    panel.topics.add(make_topic(name=HOSTILE))
    institution = make_institution(name=HOSTILE)
    intervention = make_intervention(panel=panel, positions=[(HOSTILE, institution)], name_as_printed=HOSTILE, quote_es=HOSTILE)
    SeminarInstitution.objects.create(seminar=seminar, institution=institution)

    for address in (reverse("events:seminars"), seminar.get_absolute_url(), intervention.panel.get_absolute_url()):
        page = words(client.get(address))
        assert "alert(1)" in page
        assert "<script>alert" not in page


def test_the_seminar_is_described_for_machines(client):
    seminar = make_seminar(title="Seminario", format="virtual", slug="s")
    make_panel(seminar=seminar, title="Panel", slug="p", held_on=date(2024, 9, 5))

    event, crumbs = client.get(seminar.get_absolute_url()).context["linked_data"]

    assert (event["@type"], event["startDate"], event["endDate"]) == ("Event", date(2024, 9, 5), date(2024, 9, 6))
    assert [part["name"] for part in event["subEvent"]] == ["Panel"]
    assert crumbs["itemListElement"][-1]["item"] == f"http://testserver{seminar.get_absolute_url()}"


def test_hours_are_told_to_machines_with_the_offset_of_the_seminar_s_zone_and_only_where_all_are_known(client):
    seminar = make_seminar(time_zone="America/Mexico_City", starts_on=date(2024, 9, 5), ends_on=date(2024, 9, 6), slug="s")
    for day, begins, ends in [(5, 15, 17), (5, 17, 18), (6, 15, 23)]:
        at = [datetime(2024, 9, day, hour, tzinfo=UTC) for hour in (begins, ends)]
        make_panel(seminar=seminar, held_on=date(2024, 9, day), starts_at=at[0], ends_at=at[1])

    def told():
        page = client.get(seminar.get_absolute_url()).content.decode()
        event = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL).group(1))
        return event["startDate"], event["endDate"], event["subEvent"][0]["startDate"]

    assert told() == ("2024-09-05T09:00:00-06:00", "2024-09-06T17:00:00-06:00", "2024-09-05T09:00:00-06:00")

    make_panel(seminar=seminar, held_on=date(2024, 9, 6))
    make_panel(seminar=seminar, held_on=date(2024, 9, 5))
    assert told() == ("2024-09-05", "2024-09-06", "2024-09-05T09:00:00-06:00")


def furnish(seminar, panels):
    """Fill a seminar with everything its page can show."""
    topic, agency = make_topic(), make_institution()
    for number in range(panels):
        panel = make_panel(seminar=seminar, slug=f"p{number}", position=number)
        panel.topics.add(topic)
        intervention = make_intervention(panel=panel, positions=[("Directora", agency)])
        PrintedPosition.objects.create(intervention=intervention, text_es="Experta", country="MX")
        make_recording(panel=panel, slug=f"r{seminar.pk}-{number}", url="https://vimeo.com/123456789")
        make_document(seminar=seminar, slug=f"d{seminar.pk}-{number}")
    SeminarInstitution.objects.create(seminar=seminar, institution=agency)
    return seminar


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(client, django_assert_num_queries, rows):
    for number in range(rows):
        furnish(make_seminar(slug=f"s{number}"), panels=1)

    with django_assert_num_queries(LIST):
        client.get(reverse("events:seminars"))


@pytest.mark.parametrize("panels", [1, 3, 30])
def test_a_seminar_asks_the_same_number_of_questions(client, django_assert_num_queries, panels):
    seminar = furnish(make_seminar(), panels)

    with django_assert_num_queries(DETAIL):
        client.get(seminar.get_absolute_url())


def record(panel, number):
    """That many recordings of `panel`, the last of which is its first part."""
    return [make_recording(panel=panel, seminar=panel.seminar, part=number - each) for each in range(number)][::-1]


def test_a_seminar_shows_the_first_ten_recordings_of_each_panel_and_leads_to_the_others(client):
    seminar = make_seminar()
    long, short = make_panel(seminar=seminar, position=1), make_panel(seminar=seminar, position=2)
    many, few = record(long, 12), record(short, 10)
    make_recording(panel=long, published_at=None)
    whole = make_recording(seminar=seminar)

    response = client.get(seminar.get_absolute_url())

    assert set(response.context["recordings"]) == {*many[:10], *few, whole}
    page = words(response)
    assert f'{long.get_absolute_url()}">2 more recordings<' in page and page.count("more recording") == 1
    assert f'href="{reverse("recordings:of_seminar", args=[seminar.slug])}"' in page
    assert "Search in all 23 recordings" in page and "the first of each panel" in page


def test_a_seminar_with_ten_recordings_of_a_panel_shows_them_all(client):
    panel = make_panel()
    ten = record(panel, 10)

    page = words(client.get(panel.seminar.get_absolute_url()))

    assert all(f'href="{recording.get_absolute_url()}"' in page for recording in ten)
    assert "Search in these recordings" in page and "more recording" not in page and "the first of each panel" not in page


@pytest.mark.parametrize("recordings", [1, 30])
def test_a_seminar_asks_the_same_number_of_questions_however_much_was_recorded(client, django_assert_num_queries, recordings):
    seminar = furnish(make_seminar(), panels=1)
    Recording.objects.bulk_create(
        Recording(seminar=seminar, panel=seminar.panels.get(), slug=f"cinta-{each}", published_at=seminar.published_at)
        for each in range(recordings)
    )

    with django_assert_num_queries(DETAIL):
        page = words(client.get(seminar.get_absolute_url()))

    assert page.count('class="cloth"') == min(recordings + 1, 10)


@pytest.mark.parametrize("panels", [1, 3])
def test_a_panel_asks_the_same_number_of_questions(client, django_assert_num_queries, panels):
    seminar = furnish(make_seminar(), panels)
    panel = seminar.panels.first()
    for _each in range(panels):
        make_intervention(panel=panel, positions=[("Directora", make_institution())])

    with django_assert_num_queries(PANEL):
        client.get(panel.get_absolute_url())
