"""What a letter says is asked again when it leaves: what has become untrue since stays here."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from events.models import LetterKind, LetterTold, Registration, Seminar
from events.notifications import send as letters
from events.notifications.reminders import tell_called_off, tell_reinstated
from events.registration import workflow
from members.models import Message, MessageState
from rifess.base.dates import today_in_the_network
from tests.make import make_coming_seminar, make_registration

pytestmark = pytest.mark.django_db
K = LetterKind


def cancel_seminar():
    Seminar.objects.update(cancelled_on=today_in_the_network())


def reopen():
    Seminar.objects.update(cancelled_on=None)


def unpublish():
    Seminar.objects.update(published_at=None)


def state(name, **more):
    def change():
        Registration.objects.update(state=name, **more)

    return change


def another_address():
    Registration.objects.update(email="otra@example.org")


def registration_goes():
    LetterTold.objects.all().delete()


def day_moves():
    day = today_in_the_network() + timedelta(days=40)
    Seminar.objects.update(starts_on=day, ends_on=day)


def nothing():
    pass


CASES = [  # kind, what happens before it leaves, whether it leaves
    *((kind, nothing, True) for kind in (K.CONFIRMED, K.CHANGED, K.CANCELLED, K.THANKS)),
    *((kind, cancel_seminar, False) for kind in (K.CONFIRMED, K.CHANGED)),
    (K.CANCELLED, cancel_seminar, True),
    (K.CONFIRMED, unpublish, False),
    (K.CONFIRMED, state("cancelled", ended_at=timezone.now()), False),
    (K.CHANGED, state("cancelled", ended_at=timezone.now()), False),
    (K.CONFIRMED, another_address, False),
    (K.THANKS, another_address, False),
    (K.THANKS, registration_goes, False),
    (K.CHANGED, day_moves, False),
    (K.CONFIRMED, day_moves, True),
    (K.CERTIFICATE, nothing, False),  # of this code there is none
]


def test_a_letter_leaves_only_while_it_is_true(mailoutbox):
    found = []
    for kind, happens, _leaves in CASES:
        Registration.objects.all().delete()
        Message.objects.all().delete()
        Seminar.objects.all().delete()
        more = {"state": "cancelled", "ended_at": timezone.now()} if kind == K.CANCELLED else {}
        message = letters.tell(make_registration(make_coming_seminar(), **more), kind)
        happens()
        mailoutbox.clear()
        call_command("send_messages", verbosity=0)
        message.refresh_from_db()
        found.append((kind, happens, bool(mailoutbox)))
        assert message.state == (MessageState.SENT if mailoutbox else MessageState.EXPIRED)
        assert bool(message.trouble) != bool(mailoutbox) and bool(message.text) == bool(mailoutbox)

    assert found == CASES


def send():
    call_command("send_messages", verbosity=0)


def subjects(mailoutbox):
    return [
        Message.objects.get(message_id=mail.extra_headers["Message-ID"]).kind.removeprefix("registration-") for mail in mailoutbox
    ]


def test_each_cancelling_and_reopening_of_one_day_is_told(mailoutbox, settings):
    settings.BULK_PER_MINUTE = 100_000
    make_registration(make_coming_seminar())
    for _twice in range(2):
        cancel_seminar()
        assert (tell_called_off(), tell_called_off()) == (1, 0)
        send()
        reopen()
        assert (tell_reinstated(), tell_reinstated()) == (1, 0)
        send()

    assert subjects(mailoutbox) == ["called-off", "reinstated"] * 2


def test_letters_that_say_the_opposite_never_wait_together(mailoutbox):
    make_registration(make_coming_seminar())
    waiting = []
    for happens, tell in [(cancel_seminar, tell_called_off), (reopen, tell_reinstated), (cancel_seminar, tell_called_off)]:
        happens()
        assert (tell(), tell()) == (1, 0)
        waiting.append([*Message.objects.filter(state="waiting").values_list("kind", flat=True)])
    send()

    assert waiting == [["registration-called-off"], ["registration-reinstated"], ["registration-called-off"]]
    assert subjects(mailoutbox) == ["called-off"]


def test_who_had_read_nothing_yet_reads_in_the_end_that_it_takes_place(mailoutbox):
    registration = make_registration(make_coming_seminar())
    letters.tell(registration, K.CONFIRMED)
    cancel_seminar()
    tell_called_off()
    reopen()
    tell_reinstated()
    send()

    assert subjects(mailoutbox) == ["reinstated"]


def test_a_seat_offered_and_given_up_before_the_letter_left_is_not_offered_by_mail(mailoutbox):
    seminar = make_coming_seminar(capacity=1)
    make_registration(seminar, state="confirmed")
    waits = make_registration(seminar, state="waiting", place_in_line=1)
    workflow.cancel(Registration.objects.get(state="confirmed"), tells=False)
    workflow.cancel(Registration.objects.get(pk=waits.pk))
    send()

    assert subjects(mailoutbox) == ["cancelled"]
