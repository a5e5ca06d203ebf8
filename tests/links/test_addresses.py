"""When an address is dead, and what is remembered of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from rifess.links.models import ANSWERS, FAILURES, UNDECIDED, Address, LinkState, Outcome
from rifess.links.states import states_of
from tests.links.sites import make_address

pytestmark = pytest.mark.django_db
NEITHER = {Outcome.LATER, Outcome.OFFLINE}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def after(*outcomes, state=LinkState.ALIVE, every=timedelta(days=1), start=NOON):
    """An address that was asked at `start` and then `every` so often."""
    address = make_address(state=state)
    for number, outcome in enumerate(outcomes):
        address.note(outcome, start + number * every)
        address.save()
    return address


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_three_failures_on_three_days_are_a_death(failure):
    address = after(failure, failure, failure)

    assert (address.state, address.failing_since, address.failed_days) == (LinkState.DEAD, date(2026, 3, 1), 3)
    assert list(Address.objects.dead()) == [address]


def test_two_are_not():
    address = after(Outcome.GONE, Outcome.TIMEOUT)

    assert (address.state, address.failing_since, address.failed_days) == (LinkState.ALIVE, date(2026, 3, 1), 2)
    assert list(Address.objects.failing()) == [address]


def test_many_on_one_day_count_as_one():
    address = after(*[Outcome.GONE] * 5, every=timedelta(hours=2))

    assert (address.state, address.failed_days) == (LinkState.ALIVE, 1)


def test_days_are_those_of_utc():
    late = datetime.fromisoformat("2026-03-01T23:30:00-06:00")  # already the second of March in UTC

    assert after(Outcome.GONE, start=late).failing_since == date(2026, 3, 2)


def test_the_three_days_need_not_follow_each_other():
    address = after(Outcome.GONE, Outcome.GONE, Outcome.GONE, every=timedelta(days=10))

    assert (address.state, address.failing_since) == (LinkState.DEAD, date(2026, 3, 1))


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_one_answer_brings_an_address_back(answer):
    address = after(Outcome.GONE, Outcome.GONE, Outcome.GONE, answer)

    assert (address.state, address.failing_since, address.failed_days) == (LinkState.ALIVE, None, 0)
    assert address.answered_at == NOON + timedelta(days=3)


def test_an_answer_between_failures_begins_the_count_again():
    address = after(Outcome.GONE, Outcome.GONE, Outcome.ANSWERED, Outcome.GONE)

    assert (address.state, address.failing_since, address.failed_days) == (LinkState.ALIVE, date(2026, 3, 4), 1)


@pytest.mark.parametrize("outcome", sorted({*UNDECIDED, *NEITHER}))
def test_what_is_neither_answer_nor_failure_changes_no_state(outcome):
    address = after(Outcome.GONE, Outcome.GONE, *[outcome] * 5)

    assert (address.state, address.failing_since, address.failed_days) == (LinkState.ALIVE, date(2026, 3, 1), 2)
    assert (address.last_outcome, address.checked_at) == (outcome, NOON + timedelta(days=6))


def test_every_outcome_is_of_one_kind():
    assert sorted([*ANSWERS, *FAILURES, *UNDECIDED, *NEITHER]) == sorted(Outcome)


def test_addresses_are_due_after_nearly_a_day_those_never_asked_first():
    old = make_address("https://pagina.example/old", checked_at=NOON - timedelta(hours=20))
    older = make_address("https://pagina.example/older", checked_at=NOON - timedelta(hours=21))
    make_address("https://pagina.example/recent", checked_at=NOON - timedelta(hours=19, minutes=59))
    new = make_address("https://pagina.example/new")

    assert list(Address.objects.due(NOON)) == [new, older, old]


def test_what_broke_lately_is_known_apart():
    make_address("https://pagina.example/long-ago", failing_since=date(2026, 1, 30), failed_on=date(2026, 3, 1), failed_days=9)
    lately = make_address(failing_since=date(2026, 1, 31), failed_on=date(2026, 3, 1), failed_days=2)

    assert list(Address.objects.broken_since(date(2026, 1, 31))) == [lately]


def test_a_page_asks_for_the_states_of_its_addresses_at_once(django_assert_num_queries):
    dead, alive = after(*[Outcome.GONE] * 3), make_address("https://otra.example/")
    make_address("https://not-asked.example/")

    with django_assert_num_queries(1):
        states = states_of([dead.url, alive.url, dead.url, "", None, "https://unknown.example/"])

    assert states == {dead.url: dead, alive.url: alive}
    assert states[dead.url].is_dead and not states[alive.url].is_dead


def test_a_page_without_addresses_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert states_of([]) == {}


@pytest.mark.parametrize(
    "given",
    [
        {"failed_days": 1},
        {"failing_since": date(2026, 3, 1)},
        {"failing_since": date(2026, 3, 2), "failed_on": date(2026, 3, 1), "failed_days": 1},
        {"state": LinkState.DEAD},
        {"state": LinkState.DEAD, "failing_since": date(2026, 3, 1), "failed_on": date(2026, 3, 2), "failed_days": 2},
    ],
)
def test_the_database_refuses_a_death_without_three_days(given):
    with pytest.raises(IntegrityError):
        make_address(**given)


def test_a_copy_is_at_a_public_address():
    with pytest.raises(ValidationError) as refused:
        make_address(archived_url="http://127.1/").full_clean()

    assert [each.code for each in refused.value.error_dict["archived_url"]] == ["invalid", "inside"]
