"""The figures of a seminar: who registered, was confirmed and came, by what they said of themselves."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Attendance, RegistrationState
from events.registration import statistics
from tests.make import make_coming_seminar, make_editor, make_institution, make_registration, make_secretary

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def came(registration):
    """They came, and it is known in two ways: that is once."""
    registration.attendances.create(source="door")
    registration.attendances.create(source="platform")
    return registration


def table(seminar, name):
    """{label: (registered, confirmed, attended)}, in the order of the table."""
    found = next(each for each in statistics.of(seminar).tables if each.name == name)
    return {row.day or row.label: (row.registered, row.confirmed, row.attended) for row in found.rows}


def test_whoever_did_not_confirm_their_address_is_not_counted():
    seminar = make_coming_seminar()
    came(make_registration(seminar))
    make_registration(seminar, state=RegistrationState.CANCELLED)
    make_registration(seminar, state=RegistrationState.UNCONFIRMED, confirmed_at=None)
    came(make_registration())

    found = statistics.of(seminar)

    assert (found.total.registered, found.total.confirmed, found.total.attended) == (2, 1, 1)
    assert found.states == [("address not confirmed yet", 1), ("confirmed", 1), ("cancelled", 1)]


def test_people_are_counted_by_country_sector_and_form_the_most_first():
    seminar = make_coming_seminar()
    came(make_registration(seminar, country="UY", sector="academia"))
    make_registration(seminar, country="UY", form="in-person", state="to-approve")
    make_registration(seminar, country="", sector="")

    assert table(seminar, "country") == {"Uruguay": (2, 1, 1), "not said": (1, 1, 0)}
    assert table(seminar, "sector") == {
        "not said": (1, 1, 0),
        "public institution": (1, 0, 0),
        "university or research": (1, 1, 1),
    }
    assert table(seminar, "form") == {"virtual": (2, 2, 1), "in person": (1, 0, 0)}


def test_an_institution_is_one_however_it_is_written():
    seminar, inaes = make_coming_seminar(), make_institution(name_es="Instituto Nacional", name_en="Instituto Nacional")
    for typed in ("Unión de  Cooperativas", "union de cooperativas", "Unión de Cooperativas"):
        make_registration(seminar, institution_name=typed)
    make_registration(seminar, institution=inaes, institution_name="INAES")
    make_registration(seminar, institution_name="instituto nacional")

    assert table(seminar, "institution") == {"Unión de Cooperativas": (3, 3, 0), "Instituto Nacional": (2, 2, 0)}


def test_after_the_first_twenty_institutions_come_the_others_together():
    seminar = make_coming_seminar()
    for number in range(23):
        make_registration(seminar, institution_name=f"Cooperativa {number:02}")

    found = table(seminar, "institution")

    assert len(found) == 21
    assert [*found.items()][-1] == ("others", (3, 3, 0))


def test_days_are_those_of_the_seminars_clock():
    seminar = make_coming_seminar(time_zone="America/Mexico_City")
    make_registration(seminar, written_at=datetime(2026, 3, 2, 5, 59, tzinfo=UTC))
    make_registration(seminar, written_at=datetime(2026, 3, 2, 6, 0, tzinfo=UTC))

    assert table(seminar, "day") == {date(2026, 3, 1): (1, 1, 0), date(2026, 3, 2): (1, 1, 0)}


def test_figures_stay_when_people_are_made_anonymous():
    seminar = make_coming_seminar()
    gone = came(make_registration(seminar, country="PE"))
    before = table(seminar, "country")

    gone.name, gone.email, gone.anonymized_at = "", "", timezone.now()
    gone.save()

    assert table(seminar, "country") == before == {"Peru": (1, 1, 1)}


def test_figures_ask_no_more_for_three_people_than_for_one(django_assert_num_queries):
    seminar = make_coming_seminar()
    make_registration(seminar)
    with django_assert_num_queries(7):
        statistics.of(seminar)
    make_registration(seminar, country="MX"), make_registration(seminar, country="CO")

    with django_assert_num_queries(7):
        statistics.of(seminar)


def test_the_rows_of_the_file_say_what_the_page_says():
    seminar = make_coming_seminar()
    make_registration(seminar, institution_name="", written_at=datetime(2026, 3, 2, 20, tzinfo=UTC))

    assert [*statistics.as_rows(statistics.of(seminar))] == [
        ["figures", "of", "registered", "confirmed", "attended"],
        ["Total", "Total", 1, 1, 0],
        ["By country", "Uruguay", 1, 1, 0],
        ["By institution", "not said", 1, 1, 0],
        ["By sector", "public institution", 1, 1, 0],
        ["By form of attendance", "virtual", 1, 1, 0],
        ["By day of registration", date(2026, 3, 2), 1, 1, 0],
    ]


def test_the_desk_reads_the_figures_and_saves_them(client):
    client.force_login(make_secretary())
    seminar = make_coming_seminar()
    make_registration(seminar, institution_name="=cmd|' /C calc'!A0")

    page = client.get(reverse("admin:events_takingpart_figures", args=[seminar.pk]))
    file = client.get(reverse("admin:events_takingpart_figures_csv", args=[seminar.pk]))

    assert page.context["figures"] == statistics.of(seminar)
    assert page.content.decode().count('<svg class="timeline-bar"') == 5
    assert "'=cmd|" in file.content.decode()


@pytest.mark.parametrize("page", ["figures", "figures_csv"])
def test_figures_are_for_the_secretariat(client, page):
    address = reverse(f"admin:events_takingpart_{page}", args=[make_coming_seminar().pk])
    client.force_login(make_editor())

    assert client.get(address).status_code == 403


def test_a_seminar_without_anybody_says_so(client):
    client.force_login(make_secretary())

    page = client.get(reverse("admin:events_takingpart_figures", args=[make_coming_seminar().pk]))

    assert '<table class="timeline"' not in page.content.decode()


@pytest.mark.parametrize(
    ("known", "minutes"),
    [
        ([], None),
        ([(None, None)], None),
        ([(None, 30), (None, 50)], 50),
        ([(1, 30), (1, 40), (2, 0), (None, None)], 40),
        ([(1, 30), (2, 40), (None, 60)], 70),
        ([(1, 30), (None, 60)], 60),
    ],
)
def test_what_is_known_in_several_ways_counts_once(known, minutes):
    assert statistics.minutes_of([Attendance(panel_id=panel, minutes=each) for panel, each in known]) == minutes
