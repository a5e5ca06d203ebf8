"""A PostgreSQL server that was stopped in the middle (SIGSTOP): it accepts connections and statements, and answers nothing."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import OperationalError

from rifess import env
from rifess.postgresql import base
from tests import throwaway_postgres

pytestmark = pytest.mark.own_postgresql


@pytest.fixture(scope="module")
def server():
    """The address of a server of its own."""
    with throwaway_postgres.running_server(throwaway_postgres.needed_binaries()) as url:
        yield url


@pytest.fixture
def connect(server, monkeypatch, django_db_blocker):
    """Connections as a request has them."""
    monkeypatch.setenv("DATABASE_URL", server)
    monkeypatch.setattr(base.DatabaseWrapper, "refused_until", 0.0)
    given = env.database("DATABASE_URL", Path("unused"), patient=False)
    usual = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {}}
    made = []

    def connect(**options):
        wrapper = base.DatabaseWrapper(usual | given | {"OPTIONS": given["OPTIONS"] | options}, "other")
        made.append(wrapper)
        return wrapper

    with django_db_blocker.unblock():
        yield connect
    for wrapper in made:
        wrapper.close()


def test_a_server_that_says_nothing_is_given_up_and_taken_up_again(server, connect):
    asked, kept, waiting = connect(longest_answer=1), connect(), connect(connect_timeout=2)  # the least that libpq waits
    asked.ensure_connection()
    kept.ensure_connection()

    with throwaway_postgres.frozen(Path(parse_qs(urlsplit(server).query)["host"][0])):
        with pytest.raises(OperationalError, match="timeout"), asked.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert not kept.is_usable()
        with pytest.raises(OperationalError, match="timeout"):
            waiting.ensure_connection()
        with pytest.raises(OperationalError, match="a moment ago"):
            waiting.ensure_connection()

    base.DatabaseWrapper.refused_until = 0.0
    asked.close_if_unusable_or_obsolete()
    for wrapper in (asked, waiting):
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


def test_a_statement_under_way_is_given_up_when_the_server_answers_nobody(server, connect, monkeypatch):
    monkeypatch.setattr(base, "SILENCE", 0.1)
    under_way, another = connect(longest_answer=60), connect(longest_answer=60)
    under_way.ensure_connection()
    another.ensure_connection()

    with throwaway_postgres.frozen(Path(parse_qs(urlsplit(server).query)["host"][0])):
        for wrapper in (under_way, another):  # the second asks nothing further: the answer holds for the whole process
            with pytest.raises(OperationalError, match="does not answer any more"), wrapper.cursor() as cursor:
                cursor.execute("SELECT 1")
        with pytest.raises(OperationalError), under_way.cursor() as cursor:
            cursor.execute("SELECT 1")

    base.DatabaseWrapper.refused_until = 0.0
    under_way.close_if_unusable_or_obsolete()
    with under_way.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_slow_statement_is_waited_for_while_the_server_answers(connect, monkeypatch):
    monkeypatch.setattr(base, "SILENCE", 0.1)
    monkeypatch.setattr(base.DatabaseWrapper, "answered_at", 0.0)
    slow = connect(longest_answer=60)
    slow.ensure_connection()

    with slow.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_sleep(0.5)")
        assert cursor.fetchone() == (1,)

    assert base.DatabaseWrapper.answered_at


def test_a_command_waits_as_long_as_it_takes(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://portal@localhost/portal")

    assert "longest_answer" not in env.database("DATABASE_URL", Path("unused"))["OPTIONS"]
