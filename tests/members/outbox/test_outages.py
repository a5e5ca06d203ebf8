"""The mail server that does not answer: known once, asked by one message at a time, and everything goes when it answers."""

import smtplib
import socketserver
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.mail import mailers
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from members.models import MailHold, MailOutage, Message, MessageState
from members.outbox import delivery, outages
from members.outbox.mail import look_after_the_outbox, write
from rifess.base import smtp
from rifess.base.heartbeats import beat
from rifess.base.smtp import ServerAway
from rifess.portal.worker import WORKER
from tests.make import make_secretary

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def messages(count, **given):
    about = {"subject": "Aviso", "sentence": "Algo pasó."}
    return [
        write("notice", to=f"persona{number}@example.org", language="es", context={"about": about}, **given)
        for number in range(count)
    ]


def state_of(message):
    return Message.objects.values_list("state", flat=True).get(pk=message.pk)


def test_while_the_server_is_away_only_one_message_asks_it_and_all_keep_their_three_days(server, monkeypatch):
    asked, connect = [], delivery.as_mail
    monkeypatch.setattr(delivery, "as_mail", lambda message: asked.append(message.pk) or connect(message))
    rows, now = messages(5), timezone.now()
    with server.down():
        for message in rows:
            delivery.attempt(message.pk, now=now)
        later = [delivery.attempt(message.pk, now=now + 2 * HOUR) for message in rows]

    assert asked == [rows[0].pk, rows[0].pk]
    assert all(moment > now for moment in later)
    assert set(Message.objects.values_list("state", "attempts", "waits_for_server")) == {("waiting", 2, True)}


def test_everything_goes_as_soon_as_the_server_answers_again(server):
    rows, now = messages(4) + messages(1, is_bulk=True), timezone.now()
    with server.down():
        for message in rows:
            delivery.attempt(message.pk, now=now + MINUTE)
        Message.objects.filter(state="waiting").update(next_try_at=now + 4 * HOUR)  # after a day the pauses are that long
    MailOutage.objects.update(next_probe_at=now)

    call_command("send_messages", verbosity=0)

    assert set(map(state_of, rows)) == {MessageState.SENT}
    assert len(server.got) == 5 and not MailOutage.objects.active().exists()


def test_worker_and_timer_ask_a_server_that_is_away_once_a_minute_without_using_up_tries(server):
    (message,), now = messages(1), timezone.now()
    with server.down():
        delivery.attempt(message.pk, now=now)
        planned = Message.objects.get().next_try_at
        for minute in range(1, 61):
            look_after_the_outbox(now + minute * MINUTE)
        kept = Message.objects.get()
    look_after_the_outbox(now + 62 * MINUTE)

    assert (kept.attempts, kept.next_try_at, kept.state) == (1, planned, "waiting")
    assert state_of(message) == MessageState.SENT


@pytest.mark.parametrize("mood", ["busy", "full", "unknown", "spam", "gone before"])
def test_a_failure_of_one_recipient_is_no_outage(server, mood):
    one, other = messages(2)
    server.moods = {"persona0@example.org": [mood]}

    call_command("send_messages", verbosity=0)

    assert state_of(one) != MessageState.SENT and state_of(other) == MessageState.SENT
    assert not MailOutage.objects.exists()


def test_an_outage_longer_than_three_days_leaves_failed_messages_and_shorter_ones_none(server):
    (message,), began = messages(1), timezone.now()
    moment = began
    with server.down():
        while state_of(message) == MessageState.WAITING:
            last, moment = moment, delivery.attempt(message.pk, now=moment) or moment + DAY
            Message.objects.filter(next_try_at__isnull=False).update(next_try_at=moment)

    assert last - began >= 3 * DAY


def test_what_expires_during_an_outage_is_not_sent_afterwards(server):
    now = timezone.now()
    code, letter = messages(2)
    Message.objects.filter(pk=code.pk).update(expires_at=now + HOUR)
    with server.down():
        for message in (code, letter):
            delivery.attempt(message.pk, now=now + MINUTE)
    look_after_the_outbox(now + 2 * HOUR)
    delivery.send_due()

    assert (state_of(code), state_of(letter)) == (MessageState.EXPIRED, MessageState.SENT)


def test_no_probe_leaves_while_mail_is_held_back(server):
    (message,), now = messages(1), timezone.now()
    with server.down():
        delivery.attempt(message.pk, now=now)
    MailHold.objects.create(reason="restored")

    look_after_the_outbox(now + HOUR)

    assert server.got == [] and state_of(message) == MessageState.WAITING


def test_a_clock_that_was_ahead_keeps_nothing_waiting_or_being_sent(server):
    claimed, planned = messages(2)
    ahead = timezone.now() + 300 * DAY
    Message.objects.filter(pk=claimed.pk).update(state="sending", claimed_at=ahead)
    Message.objects.filter(pk=planned.pk).update(next_try_at=ahead)
    MailOutage.objects.create(next_probe_at=ahead)

    call_command("send_messages", verbosity=0)

    assert (state_of(claimed), state_of(planned)) == (MessageState.UNCERTAIN, MessageState.SENT)


# Who notices


def test_messages_that_wait_too_long_are_trouble_wherever_one_looks(client):
    now = timezone.now()
    beat(WORKER)
    old, retried, bulk, planned, fresh = messages(2) + messages(2, is_bulk=True) + messages(1)
    Message.objects.filter(pk__in=[old.pk, planned.pk]).update(written_at=now - 2 * DAY)
    Message.objects.filter(pk=old.pk).update(next_try_at=now - 2 * DAY)
    Message.objects.filter(pk=retried.pk).update(written_at=now - 3 * HOUR, next_try_at=now + 3 * HOUR, attempts=5)
    Message.objects.filter(pk=bulk.pk).update(next_try_at=now - 2 * HOUR)

    assert [*Message.objects.overdue()] == [old, retried, bulk] and set(Message.objects.in_trouble()) == {old, retried, bulk}
    client.force_login(make_secretary())
    assert "3 emails were not sent" in client.get(reverse("admin:index").replace("/es/", "/en/")).content.decode()
    listed = client.get(reverse("admin:members_message_changelist") + "?trouble=any").context["cl"]
    assert listed.result_count == 3
    assert client.get("/health/ready/").json()["missing"] == {"messages": "The oldest has waited for 2880 minutes."}


def test_silence_of_timers_and_an_outage_are_named_by_readiness_and_on_the_desk(client):
    beat(WORKER)
    beat("daily", timezone.now() - 3 * DAY)
    MailOutage.objects.create(began_at=timezone.now() - HOUR, next_probe_at=timezone.now())

    missing = client.get("/health/ready/").json()["missing"]
    client.force_login(make_secretary())
    desk = client.get(reverse("admin:index").replace("/es/", "/en/"))

    assert set(missing) == {"timers", "mail server"} and "manage.py daily has not run since" in missing["timers"]
    assert [(each.timer.name, each.is_late) for each in desk.context["runs_by_itself"]] == [
        ("worker", False),
        ("remind", True),
        ("daily", True),
    ]
    assert "It should have run since" in desk.content.decode()


def test_what_the_server_said_is_kept_without_the_address_it_was_about(server):
    first, other = messages(2)
    answer = smtplib.SMTPRecipientsRefused({first.to: (421, f"4.3.2 <{first.to}> try later, {first.to}".encode())})

    outages.begin(ServerAway(str(answer)), timezone.now(), MINUTE)
    delivery.attempt(other.pk, now=timezone.now())

    other.refresh_from_db()
    assert "421" in other.trouble and "try later" in other.trouble
    assert first.to not in f"{other.trouble}{MailOutage.objects.get().trouble}"


@pytest.mark.parametrize("words", [b"220-please wait\r\n", b"2"])
def test_server_that_never_comes_to_the_end_of_an_answer_is_given_up(words, settings, monkeypatch):
    monkeypatch.setattr(smtp, "LONGEST_REPLY", 0.2)

    class Endless(socketserver.StreamRequestHandler):
        def handle(self):
            with suppress(OSError):
                while not done.wait(0.01):
                    self.wfile.write(words)

    done = Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Endless) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        to = {"host": "127.0.0.1", "port": server.server_address[1], "timeout": 5}
        settings.MAILERS = {"default": {"BACKEND": "rifess.base.smtp.EmailBackend", "OPTIONS": to}}
        backend = mailers["default"]

        try:
            with pytest.raises(smtp.ServerAway, match="end of an answer"):
                backend.open()
        finally:
            done.set()
            server.shutdown()
