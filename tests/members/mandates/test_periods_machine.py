"""Memberships and mandates under random fire: seats and mandates begin, end and are corrected in any order.

RANDOM_EXAMPLES says how many stories are told (each of up to RANDOM_STEPS acts); the usual run is short.
"""

from datetime import date, timedelta
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from members.mandates.appointments import appoint, end_mandate
from members.models import Delegate, DelegateRole, Membership, User, standing_of
from tests.make import make_institution, make_person, make_user
from tests.state_machines import run_machine

pytestmark = pytest.mark.django_db

FIRST, LENGTH = date(2026, 1, 1), 60
PEOPLE = range(3)

days = st.integers(0, LENGTH).map(lambda number: FIRST + timedelta(days=number))
ends = st.none() | days
which = st.integers(0, 50)
people = st.sampled_from(PEOPLE)


def holds(begins, end, day):
    """Whether a period holds on `day`: from its first day up to, and not including, its end."""
    return begins <= day and (end is None or day < end)


class Belonging(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.users = [make_user() for _number in PEOPLE]
        self.people = [make_person(user=user) for user in self.users]
        self.institutions = [make_institution() for _number in range(2)]
        self.looked_at = None

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, act):
        """Do `act`; a refusal says why and changes nothing."""
        before = self.rows()
        try:
            with transaction.atomic():
                act()
        except ValidationError as refused:
            assert refused.messages and all(refused.messages)
            assert self.rows() == before

    def rows(self):
        return [*Membership.objects.order_by("pk").values()], [*Delegate.objects.order_by("pk").values()]

    def keep(self, row, **fields):
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()

    def one_of(self, model, number):
        rows = [*model.objects.order_by("pk")]
        return rows[number % len(rows)] if rows else None

    @rule(country=st.sampled_from(["MX", "CL"]), institution=st.integers(0, 1), joined=days, left=ends)
    def a_country_joins(self, country, institution, joined, left):
        seat = Membership(category="member", country=country, institution=self.institutions[institution])
        self.attempt(lambda: self.keep(seat, joined_on=joined, left_on=left))

    @rule(institution=st.integers(0, 1), joined=days, left=ends)
    def an_observer_joins(self, institution, joined, left):
        seat = Membership(category="observer", institution=self.institutions[institution])
        self.attempt(lambda: self.keep(seat, joined_on=joined, left_on=left))

    @rule(number=which, joined=days, left=ends)
    def a_membership_is_corrected(self, number, joined, left):
        if seat := self.one_of(Membership, number):
            self.attempt(lambda: self.keep(seat, joined_on=joined, left_on=left))

    @rule(number=which, person=people, role=st.sampled_from(DelegateRole.values), starts=days, follows=st.booleans())
    def somebody_is_appointed(self, number, person, role, starts, follows):
        if seat := self.one_of(Membership, number):
            after = self.one_of(Delegate, number) if follows else None
            after = after if after and after.membership_id == seat.pk else None
            given = {"person": self.people[person], "role": role, "starts_on": starts, "after": after}
            self.attempt(lambda: appoint(seat, **given))

    @rule(number=which, on=days)
    def a_mandate_ends(self, number, on):
        if mandate := self.one_of(Delegate, number):
            self.attempt(lambda: end_mandate(mandate, on=on))

    @rule(number=which, starts=days, ended=ends, role=st.sampled_from(DelegateRole.values))
    def a_mandate_is_corrected(self, number, starts, ended, role):
        if mandate := self.one_of(Delegate, number):
            self.attempt(lambda: self.keep(mandate, starts_on=starts, ended_on=ended, role=role))

    @invariant()
    def a_country_has_one_seat_at_a_time_and_an_institution_one_membership(self):
        seats = [*Membership.objects.all()]
        for one, other in combinations(seats, 2):
            if one.country and one.country == other.country or one.institution_id == other.institution_id:
                assert self.are_apart((one.joined_on, one.left_on), (other.joined_on, other.left_on))

    @invariant()
    def a_membership_has_one_titular_at_a_time(self):
        for one, other in combinations(Delegate.objects.filter(role=DelegateRole.TITULAR), 2):
            if one.membership_id == other.membership_id:
                assert self.are_apart((one.starts_on, one.ended_on), (other.starts_on, other.ended_on))

    def are_apart(self, one, other):
        return not any(
            holds(*one, FIRST + timedelta(days=n)) and holds(*other, FIRST + timedelta(days=n)) for n in range(LENGTH + 2)
        )

    @invariant()
    def access_follows_the_dates(self):
        if self.looked_at == (rows := self.rows()):
            return  # the last act was refused, or changed nothing
        self.looked_at = rows
        mandates = [*Delegate.objects.select_related("membership", "person")]
        for user in User.objects.filter(pk__in=[each.pk for each in self.users]):
            for day in (FIRST + timedelta(days=number) for number in range(0, LENGTH + 2, 7)):
                seats = {
                    mandate.membership_id
                    for mandate in mandates
                    if mandate.person.user_id == user.pk
                    and holds(mandate.starts_on, mandate.ended_on, day)
                    and holds(mandate.membership.joined_on, mandate.membership.left_on, day)
                }
                standing = standing_of(user, day)
                assert (standing.membership.pk if standing else None) == (seats.pop() if len(seats) == 1 else None)


def test_memberships_and_mandates_do_not_overlap_and_access_follows_their_dates():
    run_machine(Belonging, examples=6, steps=25)
