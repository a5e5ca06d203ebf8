"""Fifty seats and two hundred people at once, in processes of their own, on the database that production would have."""

import json
import subprocess
import sys

import pytest

from tests.elsewhere import asked, environment
from tests.make import make_coming_seminar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEATS, PEOPLE, PROCESSES = 50, 200, 8
BUSY = "database is locked"  # that SQLite keeps a writer waiting too long is logged; the message stays in the outbox


def rush(seminar, env, kills=0, then=""):
    """What became of the rush, and the errors that the processes logged; `then` begins where another one ended."""
    command = [sys.executable, "-m", "tests.events.rush", *map(str, (seminar.pk, PEOPLE, PROCESSES, kills)), then]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), [line for line in done.stderr.splitlines() if " ERROR " in line and BUSY not in line]


def assert_no_seat_is_lost_or_doubled(folder):
    states = dict(asked(folder, "select state, count(*) from events_registration group by state"))
    line = asked(folder, "select place_in_line from events_registration where state = 'waiting' order by confirmed_at, id")
    seats = asked(folder, "select capacity, taken, in_line from events_seats")
    assert states == {"confirmed": SEATS, "waiting": PEOPLE - SEATS}
    assert line == [(place,) for place in range(1, PEOPLE - SEATS + 1)]
    assert seats == [(SEATS, SEATS, PEOPLE - SEATS)]


def assert_everybody_was_told_once(folder):
    """Each has the letter of the state they are in, once, and no other of its kind; and every letter is in the outbox."""
    told = asked(
        folder,
        "select r.state, t.kind, count(*) from events_lettertold t join events_registration r on r.id = t.registration_id "
        "join members_message m on m.id = t.message_id where t.kind in ('confirmed', 'waiting') group by r.state, t.kind",
    )
    assert sorted(told) == [("confirmed", "confirmed", SEATS), ("waiting", "waiting", PEOPLE - SEATS)]


def test_two_hundred_people_at_once_get_fifty_seats_and_wait_in_order(tmp_path):
    seminar = make_coming_seminar(capacity=SEATS)

    fate, errors = rush(seminar, environment(tmp_path))

    assert (fate["failed"], errors) == (0, [])
    assert_no_seat_is_lost_or_doubled(tmp_path)
    assert_everybody_was_told_once(tmp_path)


def test_processes_killed_on_the_way_lose_no_seat_and_no_letter(tmp_path):
    seminar = make_coming_seminar(capacity=SEATS)

    fate, errors = rush(seminar, environment(tmp_path), kills=12)

    assert (fate["killed"], fate["failed"], errors) == (12, 0, [])
    assert_no_seat_is_lost_or_doubled(tmp_path)
    assert_everybody_was_told_once(tmp_path)


def test_a_seminar_cancelled_while_offers_are_open_and_processes_are_killed_contradicts_nothing(tmp_path):
    seminar, env = make_coming_seminar(capacity=SEATS), environment(tmp_path)
    rush(seminar, env)

    fate, errors = rush(seminar, env, kills=8, then="cancelled")
    end, more_errors = rush(seminar, env, then="cancelled")  # what the killed ones left undone

    assert (fate["killed"], fate["failed"], end["failed"], errors, more_errors) == (8, 0, 0, [], [])
    states = dict(asked(tmp_path, "select state, count(*) from events_registration group by state"))
    [(capacity, taken, in_line)] = asked(tmp_path, "select capacity, taken, in_line from events_seats")
    assert sum(states.values()) == PEOPLE and "offered" not in states and "lapsed" not in states
    assert (taken, in_line) == (states["confirmed"], states["waiting"]) and taken <= capacity
    letters = asked(tmp_path, "select registration_id, kind from events_lettertold order by id")
    after, told = {}, set()
    for registration, kind in letters:
        if registration in told:
            after.setdefault(kind, set()).add(registration)
        told |= {registration} if kind == "called-off" else set()
    assert len(told) >= states["confirmed"] + states["waiting"] and set(after) <= {"cancelled"}
