"""Whoever came is thanked once, when the first recording of the seminar can be watched."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.models import Attendance, LetterTold
from members.models import Message
from recordings.thank_you import thank_due
from tests.make import make_coming_seminar, make_recording, make_registration

pytestmark = pytest.mark.django_db

DAY = date(2027, 3, 5)
MEXICO = ZoneInfo("America/Mexico_City")
AFTER = datetime(2027, 3, 8, 9, tzinfo=MEXICO)


def seminar_held(**given):
    return make_coming_seminar(**{"starts_on": DAY, "ends_on": DAY, "time_zone": MEXICO.key} | given)


def thanked():
    return [told.registration for told in LetterTold.objects.order_by("pk")]


def test_whoever_had_a_seat_is_thanked_once_the_first_recording_is_public():
    seminar = seminar_held()
    comes = make_registration(seminar)
    make_registration(seminar, state="cancelled")
    recording = make_recording(seminar=seminar, published_at=None)
    assert thank_due(AFTER) == 0

    type(recording).objects.update(published_at=AFTER)

    assert (thank_due(AFTER), thank_due(AFTER + timedelta(days=1))) == (1, 0)
    assert thanked() == [comes]


def test_where_it_is_known_who_came_only_they_are_thanked():
    seminar = seminar_held()
    came, _missed = make_registration(seminar), make_registration(seminar)
    Attendance.objects.create(registration=came, source="door")
    make_recording(seminar=seminar)

    thank_due(AFTER)

    assert thanked() == [came]


def test_the_letter_leads_to_the_seminar_in_the_language_of_the_person():
    seminar = seminar_held()
    make_registration(seminar, language="pt-br")
    make_recording(seminar=seminar)

    thank_due(AFTER)

    assert f"http://testserver/pt-br/seminarios/{seminar.slug}/" in Message.objects.get().text


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ({}, datetime(2027, 3, 5, 23, tzinfo=MEXICO)),
        ({"cancelled_on": DAY}, AFTER),
        ({"published_at": None}, AFTER),
        ({}, AFTER + timedelta(days=181)),
    ],
)
def test_nobody_is_thanked_before_it_is_over_nor_for_what_was_not_held_nor_long_after(given, moment):
    seminar = seminar_held(**given)
    make_registration(seminar)
    make_recording(seminar=seminar)

    assert thank_due(moment) == 0


def test_whoever_was_added_to_the_list_afterwards_is_not_thanked():
    seminar = seminar_held()
    make_registration(seminar, origin="list", written_at=AFTER)
    make_recording(seminar=seminar)

    assert thank_due(AFTER) == 0
