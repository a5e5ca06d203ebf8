"""Who belongs, who speaks and who coordinates on a day: the first day, the last day, and the day after of each."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.models import Audience, CoordinationTerm, Delegate, DelegateRole, Membership, audiences_open_to
from tests.make import make_delegate, make_institution, make_membership, make_person, make_term, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2024, 1, 31), False), (date(2024, 2, 1), True), (date(2025, 2, 28), True), (date(2025, 3, 1), False)],
)
def test_a_membership_holds_from_its_first_day_up_to_the_day_it_leaves(day, holds):
    seat = make_membership(joined_on=date(2024, 2, 1), left_on=date(2025, 3, 1))

    assert (seat in Membership.objects.on(day)) is holds
    assert (seat in Membership.objects.ended(day)) is (day >= date(2025, 3, 1))
    assert seat.is_active(day) is holds


def test_a_membership_of_unknown_start_is_known_from_the_day_of_its_source():
    seat = make_membership(joined_on=None, as_of=date(2024, 9, 5))

    assert list(Membership.objects.on(date(2024, 9, 4))) == []
    assert list(Membership.objects.on(date(2024, 9, 5))) == [seat]


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2024, 4, 30), False), (date(2024, 5, 1), True), (date(2024, 5, 31), True), (date(2024, 6, 1), False)],
)
def test_a_mandate_ends_on_the_first_day_outside(day, holds):
    mandate = make_delegate(starts_on=date(2024, 5, 1), ended_on=date(2024, 6, 1))

    assert (mandate in Delegate.objects.on(day)) is holds


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2024, 12, 31), False), (date(2025, 1, 1), True), (date(2025, 6, 30), True), (date(2025, 7, 1), False)],
)
def test_a_coordination_term_includes_its_last_day(day, holds):
    term = make_term(starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 30))

    assert (term in CoordinationTerm.objects.on(day)) is holds


def test_a_term_without_an_end_lasts_until_the_next_known_start():
    mexico = make_term(country="MX", starts_on=None, as_of=date(2024, 9, 5))
    colombia = make_term(country="CO", starts_on=date(2025, 7, 1))

    assert list(CoordinationTerm.objects.on(date(2024, 9, 5))) == [mexico]
    assert list(CoordinationTerm.objects.on(date(2025, 6, 30))) == [mexico]
    assert list(CoordinationTerm.objects.on(date(2025, 7, 1))) == [colombia]


def test_nobody_coordinates_after_an_end_although_an_older_term_has_none():
    make_term(country="MX", starts_on=date(2024, 1, 1))
    make_term(country="CO", starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 30))

    assert list(CoordinationTerm.objects.on(date(2025, 7, 1))) == []


def code_of(error, field):
    return [each.code for each in error.value.error_dict[field]]


def test_a_country_has_one_seat_at_a_time():
    make_membership(country="CO")

    with pytest.raises(ValidationError) as error:
        Membership(country="CO", joined_on=date(2025, 1, 1)).full_clean()

    assert code_of(error, "country") == ["overlap"]


def test_an_institution_belongs_once_at_a_time():
    institution = make_institution()
    make_membership(category="partner", institution=institution)

    with pytest.raises(ValidationError) as error:
        Membership(category="observer", institution=institution, joined_on=date(2025, 1, 1)).full_clean()

    assert code_of(error, "institution") == ["overlap"]


def test_a_seat_may_be_taken_again_on_the_day_it_was_left():
    make_membership(country="CO", left_on=date(2025, 1, 1))

    Membership(country="CO", joined_on=date(2025, 1, 1)).full_clean()


def test_a_second_titular_is_refused_and_an_alternate_is_not():
    titular = make_delegate()

    Delegate(person=make_person(), membership=titular.membership, role="alternate", starts_on=date(2024, 5, 1)).full_clean()
    with pytest.raises(ValidationError) as error:
        Delegate(person=make_person(), membership=titular.membership, role="titular", starts_on=date(2024, 5, 1)).full_clean()

    assert code_of(error, "role") == ["overlap"]


def test_a_mandate_starts_within_the_membership():
    seat = make_membership(joined_on=date(2024, 1, 1), left_on=date(2025, 1, 1))

    for day in (date(2023, 12, 31), date(2025, 1, 1)):
        with pytest.raises(ValidationError) as error:
            Delegate(person=make_person(), membership=seat, role="titular", starts_on=day).full_clean()
        assert code_of(error, "starts_on") == ["outside_membership"]


def test_two_dated_terms_do_not_overlap():
    make_term(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))

    with pytest.raises(ValidationError) as error:
        CoordinationTerm(
            country="CO", institution=make_institution(), starts_on=date(2024, 12, 31), ends_on=date(2025, 12, 31)
        ).full_clean()

    assert code_of(error, "starts_on") == ["overlap"]


@pytest.mark.parametrize(
    "broken",
    [
        {"category": "member", "country": ""},
        {"category": "observer", "institution": None},
        {"joined_on": None, "as_of": None},
        {"joined_on": date(2024, 5, 1), "left_on": date(2024, 5, 1)},
    ],
    ids=["member without country", "observer without institution", "no start", "left when it joined"],
)
def test_the_database_refuses_a_broken_membership(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(**broken)


def test_the_database_refuses_a_mandate_that_ends_when_it_starts():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_delegate(ended_on=date(2024, 1, 1))


def test_the_database_refuses_a_mandate_without_any_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_delegate(starts_on=None)


@pytest.mark.parametrize("broken", [{"starts_on": None}, {"ends_on": date(2023, 12, 31)}])
def test_the_database_refuses_a_broken_term(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_term(**broken)


def is_refused(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_postgresql_itself_refuses_overlapping_periods_and_sqlite_leaves_it_to_clean():
    make_membership(country="CO")
    titular = make_delegate()
    make_term(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    overlapping = [
        lambda: make_membership(country="CO", joined_on=date(2025, 1, 1)),
        lambda: make_delegate(membership=titular.membership, role=DelegateRole.TITULAR),
        lambda: make_term(country="CO", starts_on=date(2024, 6, 1), ends_on=date(2025, 6, 1)),
    ]

    assert [is_refused(write) for write in overlapping] == [connection.vendor == "postgresql"] * 3


@pytest.mark.parametrize(
    ("category", "more"),
    [
        ("member", [Audience.MEMBERS_AND_OBSERVERS, Audience.MEMBERS]),
        ("observer", [Audience.MEMBERS_AND_OBSERVERS]),
        ("partner", []),
    ],
)
def test_what_an_account_may_read_follows_from_its_mandate(category, more):
    user = make_user()
    make_delegate(user=user, membership=make_membership(category=category))

    assert audiences_open_to(user) == [Audience.EVERYONE, *more]


def test_a_mandate_that_ended_today_opens_nothing():
    user = make_user()
    make_delegate(user=user, starts_on=date(2024, 1, 1), ended_on=date(2024, 6, 1))

    assert Audience.MEMBERS in audiences_open_to(user, date(2024, 5, 31))
    assert audiences_open_to(user, date(2024, 6, 1)) == [Audience.EVERYONE]


def test_a_membership_that_ended_closes_what_its_delegates_read():
    user = make_user()
    seat = make_membership(left_on=date(2024, 6, 1))
    make_delegate(user=user, membership=seat)

    assert audiences_open_to(user, date(2024, 6, 1)) == [Audience.EVERYONE]
