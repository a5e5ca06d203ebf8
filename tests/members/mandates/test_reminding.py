"""Mandates nearly over are told in time, each limit once, whatever nights were missed."""

from datetime import date, timedelta

import pytest

from members.mandates.reminders import remind
from members.models import DelegateRole, MandateReminder, Message
from tests.make import make_delegate, make_membership, make_user

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 31)


def before(days):
    return DUE - timedelta(days=days)


def make_due(**given):
    return make_delegate(**{"starts_on": date(2024, 1, 1), "mandate_due_on": DUE, "user": make_user()} | given)


def told(day):
    """Who was written to when it was asked on `day`."""
    Message.objects.all().delete()
    remind(day)
    return sorted(Message.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(("days", "expected"), [(91, []), (90, ["mandate_due", "mandates_due"])])
def test_the_first_limit_is_ninety_days(days, expected):
    make_due()

    assert told(before(days)) == expected


def test_each_limit_is_told_once():
    make_due()

    counted = {days: len(told(before(days))) for days in range(95, -5, -1)}

    assert {days for days, count in counted.items() if count} == {90, 30, 7}


def test_missed_nights_lose_nothing_and_tell_it_once():
    make_due()

    assert told(before(5)) == ["mandate_due", "mandates_due"]
    assert told(before(4)) == []
    assert sorted(MandateReminder.objects.values_list("days_before", flat=True)) == [7, 30, 90]


def test_a_mandate_that_is_overdue_and_was_never_told_is_told():
    make_due()

    assert told(DUE + timedelta(days=40)) == ["mandate_due", "mandates_due"]


def test_a_mandate_that_is_prolonged_is_told_again_before_its_new_day():
    mandate = make_due()
    remind(before(90))

    mandate.mandate_due_on = DUE + timedelta(days=365)
    mandate.save()

    assert told(before(0)) == []
    assert told(before(0) + timedelta(days=275)) == ["mandate_due", "mandates_due"]


def test_of_an_alternates_mandate_the_titular_hears_too_each_in_their_language():
    seat = make_membership()
    titular, alternate = make_user(language="pt-br"), make_user(language="en")
    make_delegate(membership=seat, user=titular, starts_on=date(2024, 1, 1))
    make_due(membership=seat, role=DelegateRole.ALTERNATE, user=alternate)

    remind(before(30))

    written = Message.objects.filter(kind="mandate_due").values_list("to", "language")
    assert sorted(written) == sorted([(titular.email, "pt-br"), (alternate.email, "en")])


@pytest.mark.parametrize(
    "given", [{"ended_on": date(2026, 1, 1)}, {"mandate_due_on": None}, {"starts_on": date(2026, 12, 30)}], ids=str
)
def test_what_does_not_hold_today_is_not_told(given):
    make_due(**given)

    assert told(before(30)) == []


def test_a_mandate_of_a_membership_that_ended_is_not_told():
    make_due(membership=make_membership(left_on=date(2026, 6, 1)))

    assert told(before(30)) == []


def test_the_secretariat_gets_one_message_about_all():
    make_due()
    make_due(membership=make_membership(country="CO"))

    remind(before(30))

    assert Message.objects.filter(kind="mandates_due").count() == 1


def test_whoever_may_not_sign_in_is_not_written_to():
    make_due(user=make_user(is_active=False))

    assert told(before(30)) == ["mandates_due"]
