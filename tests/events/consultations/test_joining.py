"""The link to join a seminar: only for those who have a seat, only near the time, and never in a page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Attendance, AttendanceSource, JoinLink, RegistrationState
from events.models.registrations import SIGNER
from rifess.base.dates import today_in_the_network
from tests.make import make_coming_seminar, make_panel, make_registration

pytestmark = pytest.mark.django_db
ROOM = "https://sala.example/j/123?pwd=secreta"


def make_seminar_with_room(starts_in=timedelta(minutes=10), counts=False, **given):
    """A seminar of one panel of an hour that begins in so long, and the room where it is held."""
    starts_at = timezone.now() + starts_in
    day = timezone.localdate(starts_at, timezone.get_fixed_timezone(-360))
    seminar = make_coming_seminar(**{"starts_on": day, "ends_on": day, "time_zone": "America/Mexico_City"} | given)
    make_panel(seminar=seminar, held_on=day, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    JoinLink.objects.create(seminar=seminar, join_url=ROOM, counts_attendance=counts)
    return seminar


def door_of(registration, name="join"):
    return reverse(f"events:registration-{name}", args=[SIGNER.sign(registration.code)])


def test_a_button_leads_to_the_room_and_says_nothing_of_where_one_comes_from(client):
    registration = make_registration(make_seminar_with_room())

    page, answer = client.get(door_of(registration)), client.post(door_of(registration))

    assert (page.status_code, page.context["is_open"]) == (200, True)
    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (303, ROOM, "no-referrer")
    assert answer["X-Robots-Tag"] == "noindex" and "no-store" in answer["Cache-Control"]


def test_no_page_says_where_the_room_is(client):
    registration = make_registration(make_seminar_with_room())
    pages = [door_of(registration), registration.get_absolute_url(), registration.seminar.get_absolute_url()]
    pages.append(reverse("events:now", args=[registration.seminar.slug]))

    told = [address for address in pages if "sala.example" in str(client.get(address).headers) + client.get(address).text]

    assert told == []


@pytest.mark.parametrize(
    ("starts_in", "is_open"),
    [
        (timedelta(minutes=31), False),
        (timedelta(minutes=29), True),
        (timedelta(minutes=-61), True),
        (timedelta(minutes=-119), True),
        (timedelta(hours=-2), False),
    ],
    ids=["31 minutes before", "29 minutes before", "a minute after the planned end", "an hour after it", "over"],
)
def test_the_room_opens_half_an_hour_before_and_closes_an_hour_after_the_planned_end(client, starts_in, is_open):
    registration = make_registration(make_seminar_with_room(starts_in))

    page, answer = client.get(door_of(registration)), client.post(door_of(registration))

    assert (page.status_code, page.context["is_open"]) == (200, is_open)
    assert (ROOM in answer["Location"]) is is_open
    assert is_open or answer.url == door_of(registration)


def test_before_it_opens_it_is_said_when_in_both_cities(client):
    starts_at = timezone.now() + timedelta(hours=5)
    registration = make_registration(make_seminar_with_room(timedelta(hours=5)), country="UY")

    with translation.override("en"):
        page = client.get(door_of(registration))

    opens = [(each.city, each.at) for each in page.context["opens"]]
    assert [city for city, _at in opens] == ["Mexico City", "Montevideo"]
    assert all(abs(at - starts_at + timedelta(minutes=30)) < timedelta(seconds=5) for _city, at in opens)


@pytest.mark.parametrize("state", [state for state in RegistrationState if state != RegistrationState.CONFIRMED])
def test_whoever_has_no_seat_cannot_join(client, state):
    given = {"place_in_line": 1} if state == RegistrationState.WAITING else {}
    given |= {"offer_expires_at": timezone.now()} if state == RegistrationState.OFFERED else {}
    registration = make_registration(make_seminar_with_room(counts=True), state=state, **given)

    answers = [client.get(door_of(registration)), client.post(door_of(registration))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Attendance.objects.exists()


def test_where_there_is_no_room_yet_it_is_said_so(client):
    registration = make_registration(make_coming_seminar(days=0))

    assert [client.get(door_of(registration)).status_code, client.post(door_of(registration)).status_code] == [404, 404]


def test_a_seminar_that_was_taken_back_cannot_be_joined(client):
    registration = make_registration(make_seminar_with_room(published_at=None))

    assert client.post(door_of(registration)).status_code == 404


def test_a_cancelled_seminar_cannot_be_joined(client):
    registration = make_registration(make_seminar_with_room(cancelled_on=today_in_the_network()))

    assert client.post(door_of(registration)).url == door_of(registration)
    assert client.get(door_of(registration)).context["now"].state == "cancelled"


def test_nobody_joins_with_an_address_that_is_not_ours(client):
    registration = make_registration(make_seminar_with_room())
    forged = reverse("events:registration-join", args=[registration.code + ":inventada"])

    assert [client.get(forged).status_code, client.post(forged).status_code] == [404, 404]


def test_opening_it_counts_as_attendance_once_where_the_secretariat_says_so(client):
    registration = make_registration(make_seminar_with_room(counts=True))

    client.get(door_of(registration))
    assert not Attendance.objects.exists()
    client.post(door_of(registration))
    client.post(door_of(registration))

    written = [(each.registration, each.source, each.panel) for each in Attendance.objects.all()]
    assert written == [(registration, AttendanceSource.JOIN_LINK, registration.seminar.panels.get())]


def test_opening_it_is_not_noted_otherwise(client):
    registration = make_registration(make_seminar_with_room(counts=False))

    assert client.post(door_of(registration)).status_code == 303
    assert not Attendance.objects.exists()


def test_without_known_times_one_comes_to_the_seminar(client):
    seminar = make_coming_seminar(days=0, time_zone="America/Mexico_City")
    day = timezone.localdate(timezone=seminar.zone)
    type(seminar).objects.filter(pk=seminar.pk).update(starts_on=day, ends_on=day)
    JoinLink.objects.create(seminar=seminar, join_url=ROOM, counts_attendance=True)

    client.post(door_of(make_registration(seminar)))

    assert [each.panel for each in Attendance.objects.all()] == [None]
