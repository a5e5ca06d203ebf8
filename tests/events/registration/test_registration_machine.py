"""Registration under random fire: people, the desk and the clock act in any order, and what is promised holds after each act.

RANDOM_EXAMPLES says how many stories are told (each of up to RANDOM_STEPS acts); the usual run is short.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from events.models import AttendanceForm, LetterKind, LetterTold, Registration, RegistrationTerms, Seats, Seminar
from events.notifications.reminders import tell_called_off, tell_reinstated
from events.registration import workflow
from events.registration.seat_counters import wrong_counts
from members.models import Message
from tests.make import make_coming_seminar
from tests.state_machines import run_machine

pytestmark = pytest.mark.django_db

FORMS = [AttendanceForm.VIRTUAL, AttendanceForm.IN_PERSON]
PEOPLE = [f"persona{number}@example.org" for number in range(6)]
SAID = {"name": "Ana", "country": "UY", "sector": "other", "language": "es"}
SAYS_STATE = {"confirmed", "waiting", "offered", "lapsed", "cancelled", "declined", "to-approve"}
AFTER_CALLED_OFF = {"cancelled", "reinstated"}  # giving up is always possible

people, forms = st.sampled_from(PEOPLE), st.sampled_from(FORMS)


class Registering(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now, self.seen = timezone.now(), set()
        self.seminar = make_coming_seminar(capacity=2)
        Seats.objects.create(seminar=self.seminar, form=AttendanceForm.IN_PERSON, capacity=1)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, act, *given, **more):
        """Do `act`; a refusal changes nothing."""
        before = [*Registration.objects.order_by("pk").values()]
        try:
            with transaction.atomic():
                act(*given, now=self.now, **more)
        except ValidationError as refused:
            assert refused.messages and all(refused.messages)
            assert [*Registration.objects.order_by("pk").values()] == before

    def of(self, email):
        return Registration.objects.filter(email=email).first()

    def each(self, email, act, **more):
        if registration := self.of(email):
            self.attempt(act, registration, **more)

    @rule(email=people, form=forms)
    def somebody_registers(self, email, form):
        with suppress(ValidationError):
            workflow.register(Seminar.objects.get(), form=form, email=email, now=self.now, **SAID)
            self.seen.add(email)

    @rule(email=people, form=forms)
    def somebody_registers_and_confirms(self, email, form):
        self.somebody_registers(email, form)
        self.each(email, workflow.confirm)

    @rule(email=people)
    def somebody_confirms(self, email):
        self.each(email, workflow.confirm)

    @rule(email=people)
    def somebody_accepts(self, email):
        self.each(email, workflow.accept)

    @rule(email=people)
    def somebody_cancels(self, email):
        self.each(email, workflow.cancel)

    @rule(email=people, form=forms)
    def somebody_attends_otherwise(self, email, form):
        self.each(email, workflow.change, form=form)

    @rule(email=people, approves=st.booleans())
    def the_desk_decides(self, email, approves):
        self.each(email, workflow.approve if approves else workflow.decline)

    @rule(looks=st.booleans())
    def the_desk_looks_at_each_registration_or_not(self, looks):
        RegistrationTerms.objects.update(needs_approval=looks)

    @rule(form=forms, more=st.integers(0, 2))
    def the_desk_changes_the_seats(self, form, more):
        seats = Seats.objects.get(form=form)
        Seats.objects.filter(pk=seats.pk).update(capacity=seats.taken + more)
        workflow.fill(seats, now=self.now)

    @rule(is_cancelled=st.booleans(), by_the_desk=st.booleans())
    def the_seminar_is_cancelled_or_reopened(self, is_cancelled, by_the_desk):
        Seminar.objects.update(cancelled_on=timezone.localdate(self.now) if is_cancelled else None)
        if by_the_desk:
            workflow.suspend_offers(now=self.now)

    @rule(is_published=st.booleans())
    def the_seminar_is_withdrawn_or_published(self, is_published):
        Seminar.objects.update(published_at=self.now if is_published else None)
        workflow.suspend_offers(now=self.now)

    @precondition(lambda self: self.now < timezone.now() + timedelta(days=40))
    @rule(hours=st.sampled_from([1, 30, 60, 200]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def the_outbox_is_sent(self):
        Message.objects.filter(state="waiting").update(state="sent", sent_at=self.now, next_try_at=None)

    @rule()
    def the_clock_does_what_is_due(self):
        for act in (workflow.suspend_offers, tell_called_off, tell_reinstated, workflow.lapse_due, workflow.fill_all):
            act(now=self.now)
        self.whoever_waits_has_no_seat_to_wait_for()

    def whoever_waits_has_no_seat_to_wait_for(self):
        seminar = Seminar.objects.get()
        if seminar.is_published and not seminar.is_cancelled and not seminar.has_ended(self.now):
            assert all(seats.left == 0 or not seats.in_line for seats in Seats.objects.all())

    @invariant()
    def no_seat_is_given_twice_and_the_counters_agree_with_the_rows(self):
        assert wrong_counts() == []
        assert all(seats.taken <= seats.capacity for seats in Seats.objects.all())

    @invariant()
    def nothing_is_lost(self):
        assert set(Registration.objects.values_list("email", flat=True)) == self.seen
        assert not Registration.objects.waiting().filter(place_in_line=None).exists()

    @invariant()
    def nobody_reads_two_things_that_contradict_each_other(self):
        for registration in Registration.objects.all():
            kinds = [*registration.told.order_by("pk").values_list("kind", flat=True)]
            for one, following in zip(kinds, kinds[1:], strict=False):
                assert one != "called-off" or following in AFTER_CALLED_OFF, kinds
                assert one != following or one in {"confirm", "waiting", "offered"}, kinds
            self.last_word_is_true(registration, [kind for kind in kinds if kind in SAYS_STATE])

    def last_word_is_true(self, registration, said):
        """What was said last of a registration is so. Only an offer may end without a letter: with its seminar."""
        last = said[-1] if said else None
        quietly = {"waiting": "offered", "lapsed": "offered", "cancelled": None, "unconfirmed": None}
        assert last in {registration.state, quietly.get(registration.state, registration.state)}, (registration.state, said)

    @invariant()
    def nothing_is_sent_twice_nor_waits_that_is_no_longer_so(self):
        if Seminar.objects.filter(cancelled_on=None).exists():
            return
        told = LetterTold.objects.filter(kind=LetterKind.CALLED_OFF).values("registration")
        unsent = LetterTold.objects.filter(registration__in=told, message__state="waiting").exclude(kind__in=AFTER_CALLED_OFF)
        assert not unsent.exclude(kind=LetterKind.CALLED_OFF).exists()


def test_what_is_promised_to_those_who_register_holds_whatever_happens():
    run_machine(Registering, examples=6, steps=25)
