"""The figures of a seminar: who registered, was confirmed and came, by what they said of themselves."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from events import figures
from events.models import RegistrationState
from tests.make import make_coming_seminar, make_institution, make_registration

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
    found = next(each for each in figures.of(seminar).tables if each.name == name)
    return {row.day or row.label: (row.registered, row.confirmed, row.attended) for row in found.rows}


def test_whoever_did_not_confirm_their_address_is_not_counted():
    seminar = make_coming_seminar()
    came(make_registration(seminar))
    make_registration(seminar, state=RegistrationState.CANCELLED)
    make_registration(seminar, state=RegistrationState.UNCONFIRMED, confirmed_at=None)
    came(make_registration())

    found = figures.of(seminar)

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
        figures.of(seminar)
    make_registration(seminar, country="MX"), make_registration(seminar, country="CO")

    with django_assert_num_queries(7):
        figures.of(seminar)


def test_the_rows_of_the_file_say_what_the_page_says():
    seminar = make_coming_seminar()
    make_registration(seminar, institution_name="", written_at=datetime(2026, 3, 2, 20, tzinfo=UTC))

    assert [*figures.as_rows(figures.of(seminar))] == [
        ["figures", "of", "registered", "confirmed", "attended"],
        ["Total", "Total", 1, 1, 0],
        ["By country", "Uruguay", 1, 1, 0],
        ["By institution", "not said", 1, 1, 0],
        ["By sector", "public institution", 1, 1, 0],
        ["By form of attendance", "virtual", 1, 1, 0],
        ["By day of registration", date(2026, 3, 2), 1, 1, 0],
    ]
