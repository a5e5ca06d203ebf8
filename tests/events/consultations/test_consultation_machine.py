"""Consultations under random fire: delegates vote, mandates and memberships end, the desk calls off, the clock closes.

RANDOM_EXAMPLES says how many stories are told (each of up to RANDOM_STEPS acts); the usual run is short.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as portal
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from events.consultations import closing, voting
from events.models import Agreement, Consultation, VoteCast
from members.models import Delegate, DelegateRole, Membership, Message, User
from tests.make import make_delegate, make_institution, make_membership, make_user
from tests.state_machines import run_machine

pytestmark = pytest.mark.django_db

COUNTRIES = ["MX", "CL"]
ROLES = [DelegateRole.TITULAR, DelegateRole.ALTERNATE, DelegateRole.TECHNICAL]
OPENS = datetime(2026, 5, 4, 15, tzinfo=ZoneInfo("UTC"))
CLOSES = OPENS + timedelta(days=10)
BEGINS = OPENS + timedelta(hours=1)

people = st.sampled_from([(country, role) for country in [*COUNTRIES, "observer"] for role in ROLES])
countries = st.sampled_from(COUNTRIES)


class Consulting(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now, self.cast, self.result = BEGINS, [], None
        self.seats = {code: make_membership(country=code, institution=make_institution()) for code in COUNTRIES}
        self.seats["observer"] = make_membership(country="", category="observer", institution=make_institution())
        self.voters = {(where, role): self.make_voter(seat, role) for where, seat in self.seats.items() for role in ROLES}
        consultation = Consultation.objects.create(question_es="¿Se aprueba?", opens_at=OPENS, closes_at=CLOSES)
        voting.add_usual_options(consultation)
        self.pk, self.options = consultation.pk, [*consultation.options.values_list("pk", flat=True)]
        self.the_desk_publishes()

    def make_voter(self, seat, role):
        user = make_user()
        make_delegate(user=user, membership=seat, role=role)
        return user.pk

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def it(self):
        return Consultation.objects.get(pk=self.pk)

    def today(self):
        return self.now.astimezone(ZoneInfo(portal.NETWORK_TIME_ZONE)).date()

    @rule()
    def the_desk_publishes(self):
        with suppress(ValidationError):
            voting.publish(self.it(), by=None, now=self.now)

    @rule(who=people, option=st.integers(0, 2))
    def somebody_votes(self, who, option):
        """Of each vote that was taken it is kept here who cast it, when, and what."""
        with suppress(ValidationError), transaction.atomic():
            voting.cast(self.pk, self.options[option], by=User.objects.get(pk=self.voters[who]), now=self.now)
            self.cast.append((self.seats[who[0]].pk, who[1], self.options[option], self.now))

    @precondition(lambda self: self.now < CLOSES)
    @rule(country=countries, options=st.lists(st.integers(0, 2), min_size=3, max_size=3))
    def a_delegation_votes_one_after_the_other(self, country, options):
        for role, option in zip([*ROLES[:2], ROLES[0]], options, strict=True):
            self.somebody_votes((country, role), option)

    @rule(who=people)
    def a_mandate_ends(self, who):
        Delegate.objects.filter(person__user=self.voters[who], starts_on__lt=self.today()).update(ended_on=self.today())

    @rule(who=people)
    def a_mandate_goes_on_after_all(self, who):
        Delegate.objects.filter(person__user=self.voters[who]).update(ended_on=None)

    @rule(country=countries, days=st.integers(0, 20))
    def a_member_leaves(self, country, days):
        Membership.objects.filter(pk=self.seats[country].pk).update(left_on=self.today() + timedelta(days=days))

    @rule(country=countries)
    def a_member_stays_after_all(self, country):
        Membership.objects.filter(pk=self.seats[country].pk).update(left_on=None)

    @precondition(lambda self: len(self.cast) > 2)
    @rule()
    def the_desk_calls_it_off(self):
        with suppress(ValidationError), transaction.atomic():
            voting.call_off(self.pk, by=None, reason={"es": "Por error."}, now=self.now)

    @rule(days=st.integers(-20, 20))
    def the_desk_moves_the_closing(self, days):
        consultation = self.it()
        consultation.closes_at = CLOSES + timedelta(days=days)
        with suppress(ValidationError):
            consultation.full_clean(exclude=["called_off_reason"])
            consultation.save()

    @rule()
    def the_clock_does_what_is_due(self):
        closing.attend_all(self.now)

    @rule(hours=st.sampled_from([1, 23, 60, 100]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def the_very_moment_of_closing_comes(self):
        self.now = max(self.now, self.it().closes_at)

    @invariant()
    def a_unit_has_one_vote_and_it_is_the_last_one_it_cast(self):
        last = {seat: (option, role) for seat, role, option, _moment in self.cast}
        held = [(vote.membership_id, (vote.option_id, vote.role)) for vote in self.it().votes.all()]

        assert len(held) == len(dict(held)) and dict(held) == last

    @invariant()
    def the_log_is_complete(self):
        log = [(each.membership_id, each.role, each.option_id, each.cast_at) for each in VoteCast.objects.order_by("pk")]
        first = [not replaced for replaced in VoteCast.objects.order_by("pk").values_list("replaced", flat=True)]

        assert log == self.cast
        assert first == [seat not in [each[0] for each in self.cast[:at]] for at, (seat, *_rest) in enumerate(self.cast)]

    @invariant()
    def nothing_is_taken_before_it_opens_from_the_closing_on_or_after_it_was_called_off(self):
        consultation = self.it()
        ends = min(filter(None, [consultation.closes_at, consultation.called_off_at]))

        assert all(consultation.opens_at <= moment and moment <= ends for *_vote, moment in self.cast)
        assert all(moment < consultation.closes_at for *_vote, moment in self.cast)

    @invariant()
    def only_those_who_may_act_for_a_member_have_voted_and_no_alternate_after_the_titular(self):
        titulars = set()
        for seat, role, _option, _moment in self.cast:
            assert seat != self.seats["observer"].pk and role != DelegateRole.TECHNICAL
            assert role == DelegateRole.TITULAR or seat not in titulars
            titulars |= {seat} if role == DelegateRole.TITULAR else set()

    @invariant()
    def a_result_is_written_once_from_the_votes_of_the_units_and_stays(self):
        consultation = self.it()
        if self.result:
            assert consultation.result == self.result
        elif consultation.closed_at:
            counted = [vote for vote in consultation.votes.all() if vote.membership_id in consultation.result["units"]]
            assert consultation.result["voted"] == len(counted) == sum(consultation.result["votes"].values())
            self.result = consultation.result
        assert Agreement.objects.count() == (1 if consultation.closed_at else 0)
        assert not (consultation.closed_at and consultation.called_off_at)

    @invariant()
    def nobody_is_told_anything_twice_nor_of_a_result_of_what_was_called_off(self):
        told = Message.objects.filter(kind__startswith="consultation_").values("kind", "to").annotate(times=Count("pk"))
        kinds = {each["kind"] for each in told}

        assert all(each["times"] == 1 for each in told)
        assert not {"consultation_result", "consultation_called_off"} <= kinds


def test_what_is_promised_to_those_who_vote_holds_whatever_happens():
    run_machine(Consulting, examples=6, steps=25)
