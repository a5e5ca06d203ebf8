"""The outbox under random fire: workers that die, a server that refuses or is away, a clock that jumps.

RANDOM_EXAMPLES says how many stories are told (each of up to RANDOM_STEPS acts); the usual run is short.
"""

import smtplib
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from members.models import Message, MessageState
from members.outbox import delivery
from members.outbox.mail import look_after_the_outbox
from rifess.base.smtp import AnswerMissing, ServerAway
from tests.state_machines import run_machine

pytestmark = pytest.mark.django_db
MOODS = {
    "takes it": None,
    "is away": ServerAway("refused"),
    "is busy": smtplib.SMTPDataError(451, b"later"),
    "refuses": smtplib.SMTPDataError(554, b"never"),
    "falls silent": AnswerMissing("no answer"),
}


class WorkerDied(BaseException):
    """As if the process were killed: nothing catches it."""


class Outbox(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now, self.mood, self.dies = timezone.now(), "takes it", False
        self.arrived, self.late, self.written = Counter(), set(), 0
        self.keep, delivery.as_mail = delivery.as_mail, self.as_mail

    def teardown(self):
        delivery.as_mail = self.keep
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def as_mail(self, message):
        self.message = message
        return self

    def send(self):
        """What the server does with the message of `as_mail`."""
        if self.dies:
            raise WorkerDied
        if MOODS[self.mood]:
            raise MOODS[self.mood]
        self.arrived[self.message.pk] += 1
        if self.message.expires_at and self.message.expires_at <= self.now:
            self.late.add(self.message.pk)

    @rule(expires=st.sampled_from([None, timedelta(minutes=20), timedelta(days=1)]))
    def something_is_written(self, expires):
        self.written += 1
        what = {"kind": "notice", "to": "a@example.org", "language": "es", "subject": "s", "text": "t", "html": "h"}
        until = self.now + expires if expires else None
        Message.objects.create(**what, written_at=self.now, next_try_at=self.now, expires_at=until)

    @rule(mood=st.sampled_from([*MOODS]))
    def the_server_changes(self, mood):
        self.mood = mood

    @rule(dies=st.sampled_from([False, False, True]))
    def a_worker_works(self, dies):
        self.dies = dies
        try:
            for key in [*Message.objects.due(self.now).values_list("pk", flat=True)]:
                delivery.attempt(key, now=self.now)
                self.now += timedelta(milliseconds=1)
        except WorkerDied:
            pass
        self.dies = False

    @rule()
    def the_timer_comes(self):
        look_after_the_outbox(self.now)
        self.now += timedelta(milliseconds=1)

    @rule(passes=st.sampled_from([timedelta(minutes=1), timedelta(hours=5), timedelta(days=2), timedelta(hours=-3)]))
    def time_passes_or_jumps_back(self, passes):
        self.now += passes

    @invariant()
    def nothing_arrives_twice_nor_after_its_time(self):
        assert set(self.arrived.values()) <= {1} and not self.late

    @invariant()
    def nothing_is_lost(self):
        assert Message.objects.count() == self.written
        assert not Message.objects.filter(pk__in=self.arrived).exclude(state=MessageState.SENT).exists()
        assert set(Message.objects.filter(state=MessageState.SENT).values_list("pk", flat=True)) == {*self.arrived}

    @rule()
    def in_the_end_everything_has_an_end(self):
        """A server that answers and four days: nothing waits, nothing is being sent for ever."""
        self.mood = "takes it"
        for _day in range(4):
            self.now += timedelta(days=1)
            self.the_timer_comes()
            self.a_worker_works(dies=False)
        assert not Message.objects.filter(state__in=[MessageState.WAITING, MessageState.SENDING]).exists()


def test_what_is_promised_of_the_outbox_holds_whatever_happens():
    run_machine(Outbox, examples=8, steps=30)
