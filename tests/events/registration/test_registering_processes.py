"""More people than seats, all at once, in processes of their own, on the database that production would have.

Two hundred ask for fifty seats where nothing fails and where PostgreSQL crashes; where only processes are killed, fewer do.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests import template, throwaway_postgres
from tests.elsewhere import asked, environment
from tests.make import make_coming_seminar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEATS, PEOPLE, PROCESSES = 50, 200, 8
FEW_SEATS, FEW_PEOPLE = 20, 80
BUSY = "database is locked"  # that SQLite keeps a writer waiting too long is logged; the message stays in the outbox


def begin(seminar, env, people=PEOPLE, kills=0, then=""):
    """Start the rush; `then` begins where another one ended."""
    command = [sys.executable, "-m", "tests.events.registration.rush", *map(str, (seminar, people, PROCESSES, kills)), then]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(rushing):
    """What became of the rush, and what the processes logged as errors."""
    written, logged = rushing.communicate(timeout=300)
    assert rushing.returncode == 0, logged
    return json.loads(written), [line for line in logged.splitlines() if " ERROR " in line and BUSY not in line]


def rush(seminar, env, **how):
    return end(begin(seminar.pk, env, **how))


def assert_no_seat_is_lost_or_doubled(ask, people=PEOPLE, capacity=SEATS):
    states = dict(ask("select state, count(*) from events_registration group by state"))
    line = ask("select place_in_line from events_registration where state = 'waiting' order by confirmed_at, id")
    seats = ask("select capacity, taken, in_line from events_seats")
    assert states == {"confirmed": capacity, "waiting": people - capacity}
    assert line == [(place,) for place in range(1, people - capacity + 1)]
    assert seats == [(capacity, capacity, people - capacity)]


def assert_everybody_was_told_once(ask, people=PEOPLE, capacity=SEATS):
    """Each has the letter of the state they are in, once, and no other of its kind; and every letter is in the outbox."""
    told = ask(
        "select r.state, t.kind, count(*) from events_lettertold t join events_registration r on r.id = t.registration_id "
        "join members_message m on m.id = t.message_id where t.kind in ('confirmed', 'waiting') group by r.state, t.kind"
    )
    assert sorted(told) == [("confirmed", "confirmed", capacity), ("waiting", "waiting", people - capacity)]


def assert_the_cancellation_contradicts_nothing(ask, people=PEOPLE):
    """Counters and registrations agree, no offer is open, and whoever heard that it is cancelled hears nothing else afterwards
    but that their own registration is."""
    states = dict(ask("select state, count(*) from events_registration group by state"))
    [(capacity, taken, in_line)] = ask("select capacity, taken, in_line from events_seats")
    assert sum(states.values()) == people and "offered" not in states and "lapsed" not in states
    assert (taken, in_line) == (states["confirmed"], states["waiting"]) and taken <= capacity
    letters = ask("select registration_id, kind from events_lettertold order by id")
    after, told = {}, set()
    for registration, kind in letters:
        if registration in told:
            after.setdefault(kind, set()).add(registration)
        told |= {registration} if kind == "called-off" else set()
    assert len(told) >= states["confirmed"] + states["waiting"] and set(after) <= {"cancelled"}


@pytest.mark.one_database("on PostgreSQL the same two hundred come while it crashes")
def test_two_hundred_people_at_once_get_fifty_seats_and_wait_in_order(tmp_path):
    seminar = make_coming_seminar(capacity=SEATS)

    fate, errors = rush(seminar, environment(tmp_path))

    assert (fate["failed"], errors) == (0, [])
    assert_no_seat_is_lost_or_doubled(partial(asked, tmp_path))
    assert_everybody_was_told_once(partial(asked, tmp_path))


@pytest.mark.one_database("the test of a crashing PostgreSQL server kills processes, too")
def test_processes_killed_on_the_way_lose_no_seat_and_no_letter_and_contradict_nothing(tmp_path):
    seminar, env, ask = make_coming_seminar(capacity=FEW_SEATS), environment(tmp_path), partial(asked, tmp_path)

    coming, errors = rush(seminar, env, people=FEW_PEOPLE, kills=8)

    assert (coming["killed"], coming["failed"], errors) == (8, 0, [])
    assert_no_seat_is_lost_or_doubled(ask, FEW_PEOPLE, FEW_SEATS)
    assert_everybody_was_told_once(ask, FEW_PEOPLE, FEW_SEATS)

    leaving, errors = rush(seminar, env, people=FEW_PEOPLE, kills=8, then="cancelled")
    rest, more_errors = rush(seminar, env, people=FEW_PEOPLE, then="cancelled")  # what the killed ones left undone

    assert (leaving["killed"], leaving["failed"], rest["failed"], errors, more_errors) == (8, 0, 0, [], [])
    assert_the_cancellation_contradicts_nothing(ask, FEW_PEOPLE)


# A database that crashes


class CrashingServer:
    """A PostgreSQL server of its own with the portal's tables, of which what was committed outlives a crash."""

    def __init__(self, programs, url):
        home = Path(parse_qs(urlsplit(url).query)["host"][0])
        self.server = (programs, home, throwaway_postgres.unprivileged_owner(home))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE rush TEMPLATE {template.PREFIX}{template.fingerprint()}")
            connection.execute("ALTER DATABASE rush SET synchronous_commit = on")
        self.url = url.replace("/postgres?", "/rush?")

    def ask(self, question):
        with psycopg.connect(self.url) as connection:
            return connection.execute(question).fetchall()

    def crash_when(self, question):
        """Crash, and come back, as soon as the answer to `question` is yes."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not connection.execute(question).fetchone()[0]:
                connection.execute("SELECT pg_sleep(0.02)")
        throwaway_postgres.stop(*self.server, mode="immediate")
        throwaway_postgres.start(*self.server)


@pytest.fixture
def crashing_server():
    programs = throwaway_postgres.needed_binaries()
    with throwaway_postgres.running_server(programs) as url:
        yield CrashingServer(programs, url)


NEW_SEMINAR = """
import django
django.setup()
from tests.make import make_coming_seminar
print(make_coming_seminar(capacity=50).pk)
"""


@pytest.mark.own_postgresql
def test_servers_killed_and_the_database_crashing_twice_lose_nothing_and_contradict_nothing(tmp_path, crashing_server):
    env = environment(tmp_path) | {"DATABASE_URL": crashing_server.url}
    made = subprocess.run([sys.executable, "-c", NEW_SEMINAR], env=env, capture_output=True, text=True, check=True)
    seminar = int(made.stdout)

    coming = begin(seminar, env, kills=4)
    crashing_server.crash_when("SELECT count(*) >= 80 FROM events_registration")
    fate, _errors = end(coming)
    assert (fate["killed"], fate["failed"]) == (4, 0)
    assert_no_seat_is_lost_or_doubled(crashing_server.ask)
    assert_everybody_was_told_once(crashing_server.ask)

    leaving = begin(seminar, env, kills=4, then="cancelled")
    crashing_server.crash_when("SELECT cancelled_on IS NOT NULL FROM events_seminar")
    fate, _errors = end(leaving)
    rest, errors = end(begin(seminar, env, then="cancelled"))  # what the killed ones left undone

    assert (fate["killed"], fate["failed"], rest["failed"], errors) == (4, 0, 0, [])
    assert crashing_server.ask("SELECT count(*) > 0 FROM events_lettertold WHERE kind = 'offered'") == [(True,)]
    assert_the_cancellation_contradicts_nothing(crashing_server.ask)
