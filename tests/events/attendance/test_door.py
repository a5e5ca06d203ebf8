"""The code that somebody shows, and the page of whoever receives them."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from events.attendance import check_in, qr_codes
from events.models import Attendance, AttendanceForm, AttendanceSource, RegistrationState
from rifess.base.dates import today_in_the_network
from tests.make import make_coming_seminar, make_delegate_user, make_registration, make_secretary

IN_PERSON = AttendanceForm.IN_PERSON

pytestmark = pytest.mark.django_db


def make_visitor(seminar=None, **given):
    """Somebody who comes in person, today."""
    return make_registration(seminar or make_coming_seminar(days=0, form=IN_PERSON), **{"form": IN_PERSON} | given)


def door_of(seminar, **query):
    return reverse("admin:events_takingpart_door", args=[seminar.pk], query=query)


def page_of(person, seminar=None):
    seminar = seminar or person.seminar
    return reverse("admin:events_takingpart_door_code", args=[seminar.pk, qr_codes.signed(person)])


def test_the_code_is_an_address_that_says_nothing_of_the_person():
    person = make_visitor(name="Ana Núñez", email="ana@example.org")

    address = qr_codes.address(person)

    assert re.fullmatch(r"https?://[^/]+/puerta/[\w-]+:[\w-]+/", address)
    assert qr_codes.behind(qr_codes.signed(person)).get() == person
    assert not qr_codes.behind(qr_codes.signed(person) + "x").exists()


def test_the_code_at_the_door_does_not_open_the_registration():
    person = make_visitor()

    assert not type(person).objects.behind(qr_codes.signed(person)).exists()


def test_the_code_is_drawn_black_on_white_with_room_around_it():
    person = make_visitor()

    svg, picture = qr_codes.svg(person), Image.open(BytesIO(qr_codes.png(person)))

    assert 'fill="#fff" d="M0 0h' in svg and "style=" not in svg
    assert picture.getpixel((0, 0)) == picture.getpixel((39, 39)) != picture.getpixel((40, 40))


@pytest.mark.parametrize(
    ("given", "is_shown"),
    [({}, True), ({"form": AttendanceForm.VIRTUAL}, False), ({"state": RegistrationState.CANCELLED}, False)],
    ids=["in person", "virtual", "cancelled"],
)
def test_the_code_is_shown_to_those_who_come_in_person(given, is_shown):
    person = make_visitor(**given)

    part = render_to_string("events/_door_code.html", {"registration": person})

    assert (person.code in part) is is_shown


def test_the_code_leads_whoever_receives_people_to_the_person(client):
    person = make_visitor(name="Ana Núñez")
    client.force_login(make_secretary())

    page = client.get(reverse("door", args=[qr_codes.signed(person)]), follow=True)

    assert page.redirect_chain[-1][0].endswith(page_of(person).removeprefix("/es"))
    assert "Ana Núñez" in page.content.decode()
    assert page["Permissions-Policy"] == "camera=(self)"


def test_a_code_that_is_not_ours_leads_nowhere(client):
    assert client.get(reverse("door", args=["7KQ2-M4XD:inventada"])).status_code == 404


@pytest.mark.parametrize("make_user", [make_delegate_user, None], ids=["delegate", "visitor"])
def test_nobody_but_the_secretariat_sees_who_is_at_the_door(client, make_user):
    person = make_visitor(name="Ana Núñez")
    if make_user:
        client.force_login(make_user())

    answers = [client.get(door_of(person.seminar)), client.get(page_of(person)), client.post(door_of(person.seminar))]

    assert all(answer.status_code in {302, 403} for answer in answers)


def test_one_tap_lets_in_and_another_takes_it_back(client):
    person = make_visitor()
    client.force_login(make_secretary())

    client.post(door_of(person.seminar), {"registration": person.pk, "act": "in"})
    client.post(door_of(person.seminar), {"registration": person.pk, "act": "in"})
    inside = client.get(door_of(person.seminar)).context["inside"]
    written = [(each.registration, each.source, each.panel) for each in Attendance.objects.all()]
    client.post(door_of(person.seminar), {"registration": person.pk, "act": "undo"})

    assert (inside, written) == (1, [(person, AttendanceSource.DOOR, None)])
    assert not Attendance.objects.exists()


def test_whoever_is_in_already_stays_so_since_they_came():
    person, now = make_visitor(), timezone.now()
    check_in.check_in(person, by=None, at=now)

    check_in.check_in(person, by=None, at=now + timedelta(hours=1))

    assert Attendance.objects.get().came_at == now


def test_taking_back_leaves_what_is_known_in_other_ways():
    person = make_visitor()
    Attendance.objects.create(registration=person, source=AttendanceSource.PLATFORM)
    check_in.check_in(person, by=None, at=timezone.now())

    check_in.undo(person)

    assert [each.source for each in Attendance.objects.all()] == [AttendanceSource.PLATFORM]


@pytest.mark.parametrize("state", check_in.REFUSED)
def test_whoever_has_no_seat_is_not_let_in_and_it_is_said_why(client, state):
    given = {"place_in_line": 1} if state == RegistrationState.WAITING else {}
    given |= {"offer_expires_at": timezone.now()} if state == RegistrationState.OFFERED else {}
    person = make_visitor(state=state, **given)

    with pytest.raises(ValidationError) as refused:
        check_in.check_in(person, by=None, at=timezone.now())

    assert (refused.value.code, refused.value.messages) == (state, [str(check_in.REFUSED[state])])
    assert not Attendance.objects.exists()


def test_a_code_of_another_seminar_is_told_without_the_name(client):
    person, seminar = make_visitor(name="Ana Núñez"), make_coming_seminar(days=0)
    client.force_login(make_secretary())

    page = client.get(page_of(person, seminar))

    assert page.context["elsewhere"] == person.seminar
    assert "Ana Núñez" not in page.content.decode()


def test_nobody_of_another_seminar_is_let_in(client):
    person, seminar = make_visitor(), make_coming_seminar(days=0)
    client.force_login(make_secretary())

    client.post(door_of(seminar), {"registration": person.pk, "act": "in"})

    assert not Attendance.objects.exists()


def test_people_are_found_by_name_without_accents_by_address_and_by_the_number_of_their_code(client):
    person = make_visitor(name="Ana Núñez", email="ana@example.org")
    make_visitor(person.seminar, name="Benito Juárez")
    client.force_login(make_secretary())

    found = [client.get(door_of(person.seminar, q=words)).context["people"] for words in ("nunez", "ana@", person.code.lower())]

    assert [[*people] for people in found] == [[person]] * 3


def test_a_tap_made_without_a_connection_keeps_its_moment_but_no_absurd_one(client):
    seminar = make_coming_seminar(days=-1, ends_on=today_in_the_network(), form=IN_PERSON)  # two hours ago may be yesterday
    person, other = make_visitor(seminar), make_visitor(seminar)
    client.force_login(make_secretary())
    then = timezone.now() - timedelta(hours=2)

    for each, at in ((person, then), (other, then - timedelta(days=400))):
        tap = {"registration": each.pk, "act": "in", "at": int(at.timestamp())}
        answer = client.post(door_of(each.seminar), tap, headers={"Accept": "application/json"})

    assert json.loads(answer.content)["done"] is True
    assert Attendance.objects.get(registration=person).came_at == then.replace(microsecond=0)
    assert Attendance.objects.get(registration=other).came_at > timezone.now() - timedelta(minutes=1)


def test_the_door_asks_as_much_for_three_people_as_for_one(client, django_assert_max_num_queries):
    seminar = make_coming_seminar(days=0, form=IN_PERSON)
    client.force_login(make_secretary())
    counts = []
    for more in (1, 2):
        for _number in range(more):
            make_visitor(seminar)
        with django_assert_max_num_queries(40) as asked:
            client.get(door_of(seminar))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_tap_kept_for_days_counts_for_the_day_it_was_made(desk):
    seminar = make_coming_seminar(days=-2, ends_on=today_in_the_network(), form=IN_PERSON)
    on_time, clock_behind, clock_ahead, moved_back, nonsense = (make_visitor(seminar) for _each in range(5))
    now = timezone.now()
    kept, wrong = int((now - timedelta(hours=40)).timestamp()), 300 * 24 * 3600
    taps = {
        on_time: {"at": kept, "sent": int(now.timestamp())},
        clock_behind: {"at": kept - wrong, "sent": int(now.timestamp()) - wrong},
        clock_ahead: {"at": kept + wrong, "sent": int(now.timestamp()) + wrong},
        moved_back: {"at": int(now.timestamp()), "sent": kept},
        nonsense: {"at": 10**18, "sent": 5},
    }

    for person, tap in taps.items():
        assert desk.post(door_of(seminar), {"registration": person.pk, "act": "in"} | tap).status_code == 302

    hours = {each.registration: round((now - each.came_at) / timedelta(hours=1)) for each in Attendance.objects.all()}
    assert hours == {on_time: 40, clock_behind: 40, clock_ahead: 40, moved_back: 0, nonsense: 0}
