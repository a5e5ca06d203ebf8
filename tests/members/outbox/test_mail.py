"""The outbox: what is written goes once, and its row says what became of it. The mail server is real, on loopback."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier

import allauth
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from members.accounts import mail as account_mail
from members.models import Message, MessageAttachment, MessageState
from members.outbox import delivery
from members.outbox.delivery import send_due
from members.outbox.mail import one_line, send_again, withdraw, write
from members.outbox.tasks import AFTER_WHAT_IS_NEW
from rifess.env import pace
from tests.at_once import several
from tests.make import make_user

LONG_AGO = timedelta(hours=5)


def notice(**given):
    """A message that is not secret, waiting in the outbox."""
    about = {"subject": given.pop("subject", "Su contraseña cambió"), "sentence": given.pop("sentence", "Alguien la cambió.")}
    defaults = {"template": "notice", "to": "persona@example.org", "language": "es", "context": {"about": about}}
    return write("password_changed", **defaults | given)


def after(message, wait):
    """Let `wait` pass for a message that waits for its next try."""
    Message.objects.filter(pk=message.pk, next_try_at__isnull=False).update(next_try_at=timezone.now() - timedelta(seconds=1))


def tried(message):
    delivery.attempt(message.pk)
    message.refresh_from_db()
    return message


# What leaves


@pytest.mark.django_db
def test_a_message_leaves_as_text_and_as_a_page_in_its_language(server):
    message = notice(language="pt-br", user=make_user(name="José Ñandú Peña"))

    tried(message)

    (mail,) = server.got
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["To"].addresses[0].display_name == "José Ñandú Peña"
    assert mail["From"].addresses[0].display_name == "RIFESS"
    assert mail["Subject"] == "Su contraseña cambió"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert '<html lang="pt-br">' in mail.get_body(["html"]).get_content()
    assert message.state == MessageState.SENT and message.sent_at


@pytest.mark.django_db
def test_headers_are_ascii_on_the_wire(server):
    tried(notice(subject="Invitación de la Dirección Técnica Ñ", user=make_user(name="José Ñandú")))

    head = server.said[0].partition(b"\r\n\r\n")[0]

    assert head.isascii()
    assert b"=?utf-8?" in head


@pytest.mark.django_db
def test_the_text_is_read_in_a_plain_client(server):
    message = notice(sentence="Una frase muy larga. " * 20)

    tried(message)

    text = server.got[0].get_body(["plain"]).get_content()
    assert max(len(line) for line in text.splitlines()) <= 78
    assert "<" not in text and "&" not in text
    assert re.search(r"^http://testserver/es/contacto/\r?$", text, re.MULTILINE)


@pytest.mark.django_db
def test_nothing_typed_becomes_a_header(server):
    trick = "Ana\r\nBcc: otra@example.org\r\n\r\nHola"

    tried(notice(subject=trick, user=make_user(name=trick)))

    (mail,) = server.got
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Ana Bcc: otra@example.org Hola"
    assert [address.addr_spec for address in mail["To"].addresses] == ["persona@example.org"]


def test_a_line_has_nothing_that_is_not_seen():
    assert one_line(" a\r\nb\x00c\u2028d\u202ee\t ñ ") == "a b c d e ñ"


@pytest.mark.django_db
def test_a_page_escapes_what_was_typed_and_the_text_does_not():
    message = notice(sentence="Ana & <b>Luis</b>")

    assert "Ana & <b>Luis</b>" in message.text
    assert "Ana &amp; &lt;b&gt;Luis&lt;/b&gt;" in message.html


@pytest.mark.django_db
def test_an_address_that_is_none_is_not_tried_again(server):
    message = notice()
    Message.objects.filter(pk=message.pk).update(to="a@b, c@d")

    assert tried(message).state == MessageState.FAILED


# What goes with it

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:Economía en Łódź\r\nEND:VCALENDAR\r\n".encode()


@pytest.mark.django_db
def test_a_file_goes_with_a_message_byte_by_byte(server):
    tried(notice(attachments=[("acta ñ.pdf", "application/pdf", b"%PDF\r\n\x00\xff\n.\r\n")]))

    (file,) = server.got[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("acta ñ.pdf", "application/pdf")
    assert file.get_content() == b"%PDF\r\n\x00\xff\n.\r\n"
    assert [part.get_content_type() for part in server.got[0].get_body(["related", "html"]).walk()] == ["text/html"]


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["text/calendar", "text/calendar; charset=utf-8; method=PUBLISH"])
def test_a_calendar_says_its_method_in_its_type(server, content_type):
    tried(notice(attachments=[("seminario.ics", content_type, CALENDAR)]))

    (file,) = server.got[0].iter_attachments()
    assert dict(file["Content-Type"].params) == {"charset": "utf-8", "method": "PUBLISH"}
    assert file["Content-Disposition"] == 'attachment; filename="seminario.ics"'
    assert file.get_payload(decode=True) == CALENDAR


@pytest.mark.django_db
def test_news_can_be_ended_with_one_click_and_other_mail_has_no_such_thing(server):
    tried(notice(unsubscribe_url="/es/avisos/abc/", is_bulk=True))
    tried(notice())

    news, letter = server.got
    assert news["List-Unsubscribe"] == "<http://testserver/es/avisos/abc/>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (news["List-Id"], news["Precedence"]) == ("<password-changed.testserver>", "bulk")
    assert {"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Precedence"}.isdisjoint(letter.keys())


@pytest.mark.django_db
def test_a_file_is_written_with_its_message_or_not_at_all():
    with pytest.raises(ValueError), transaction.atomic():
        notice(attachments=[("a.ics", "text/calendar", CALENDAR), ("b.ics", "text/calendar")])

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_what_is_wiped_leaves_no_file_behind(server):
    files = {"attachments": [("a.ics", "text/calendar", CALENDAR)]}
    tried(notice(is_secret=True, **files))
    notice(**files)
    withdraw(Message.objects.all())

    assert not MessageAttachment.objects.exists()


@pytest.mark.django_db
def test_a_file_goes_when_its_message_does():
    notice(attachments=[("a.ics", "text/calendar", CALENDAR)])

    Message.objects.all().delete()

    assert not MessageAttachment.objects.exists()


# When it leaves


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_when_what_it_tells_is_committed(server):
    with transaction.atomic():
        message = notice()
        assert server.got == []

    assert [mail["Message-ID"] for mail in server.got] == [message.message_id]


@pytest.mark.django_db(transaction=True)
def test_a_message_is_not_written_when_what_it_tells_is_undone(server):
    with pytest.raises(RuntimeError), transaction.atomic():
        notice()
        raise RuntimeError

    assert server.got == []
    assert not Message.objects.exists()


# At which pace what goes to many leaves


def news(count, **given):
    return [notice(is_bulk=True, to=f"persona{number}@example.org", **given) for number in range(count)]


def moments():
    """The moments for which what goes to many waits."""
    return list(Message.objects.in_line().order_by("next_try_at").values_list("next_try_at", flat=True))


@pytest.mark.django_db
def test_what_goes_to_many_is_planned_a_turn_apart(settings):
    settings.BULK_PER_MINUTE = 30

    news(4)

    first, *others = moments()
    assert [round((moment - first).total_seconds()) for moment in others] == [2, 4, 6]


@pytest.mark.django_db
def test_what_goes_to_many_leaves_all_others_first():
    (one,) = news(1)
    Message.objects.update(next_try_at=timezone.now() - LONG_AGO)
    letter = notice()

    assert list(Message.objects.due()) == [letter, one]


@pytest.fixture
def one_span(monkeypatch):
    """The span of the pace in which a test begins goes on until its end: on a busy machine the next would begin meanwhile."""
    began = timezone.now()
    in_turn = delivery.in_turn
    monkeypatch.setattr(delivery, "in_turn", lambda what, *, per_minute, now: in_turn(what, per_minute=per_minute, now=began))


@pytest.mark.django_db
def test_no_more_go_to_many_than_the_pace_allows(server, settings, one_span):
    settings.BULK_PER_MINUTE = 12  # one in each span of five seconds
    news(3)
    Message.objects.update(next_try_at=timezone.now())
    letter = notice()

    send_due()

    assert [mail["To"].addresses[0].addr_spec for mail in server.got] == [letter.to, "persona0@example.org"]
    assert set(Message.objects.in_line().values_list("attempts", "trouble")) == {(0, "")}


@pytest.mark.django_db
def test_after_an_hour_without_a_worker_what_goes_to_many_keeps_its_pace(server, settings, one_span):
    settings.BULK_PER_MINUTE = 12
    news(5)
    Message.objects.update(next_try_at=timezone.now() - LONG_AGO)

    send_due()

    waits = [round((moment - timezone.now()).total_seconds()) for moment in moments()]
    assert (len(server.got), waits) == (1, [5, 10, 15, 20])


@pytest.mark.django_db
def test_nobody_waits_behind_a_message_that_pauses(server, settings):
    settings.BULK_PER_MINUTE = 60
    pausing, *_others = news(3)
    Message.objects.filter(pk=pausing.pk).update(next_try_at=timezone.now() + timedelta(hours=4))

    (late,) = news(1)

    assert late.next_try_at < timezone.now() + timedelta(seconds=5)


@pytest.mark.slow
@pytest.mark.django_db
def test_without_a_worker_the_command_stays_until_all_have_gone(server, settings):
    settings.BULK_PER_MINUTE = 1200
    news(6)

    assert 1 <= len(send_due()) < 6  # on a slow machine the second turn comes while the first message goes
    call_command("send_messages", "--seconds", "5", verbosity=0)

    assert len(server.got) == 6
    assert not Message.objects.in_line().exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_comes_back_at_each_turn_and_does_everything_else_first(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    news(2)
    notice()

    tasks = DBTaskResult.objects.ready().values_list("task_path", flat=True)
    turns = DBTaskResult.objects.filter(task_path="members.outbox.tasks.deliver_in_turn").order_by("run_after")
    assert list(tasks) == ["members.outbox.tasks.deliver", "members.outbox.tasks.deliver_in_turn"]
    assert list(turns.values_list("run_after", flat=True)) == moments()


def test_a_pace_of_nothing_stops_the_start(monkeypatch):
    monkeypatch.setenv("BULK_PER_MINUTE", "0")

    with pytest.raises(ImproperlyConfigured, match="BULK_PER_MINUTE=0 would send nothing"):
        pace("BULK_PER_MINUTE", 60)


# What becomes of it


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mood", "state"),
    [
        ("", MessageState.SENT),
        ("busy", MessageState.WAITING),
        ("full", MessageState.WAITING),
        ("unknown", MessageState.FAILED),
        ("spam", MessageState.FAILED),
        ("gone before", MessageState.WAITING),
        ("gone after", MessageState.UNCERTAIN),
        ("rude", MessageState.UNCERTAIN),
        ("gone at the end", MessageState.SENT),
    ],
)
def test_the_row_says_what_the_server_did(server, mood, state):
    server.mood = mood

    message = tried(notice())

    assert message.state == state
    assert message.attempts == 1
    assert bool(message.next_try_at) == (state == MessageState.WAITING)
    assert bool(message.trouble) == (state != MessageState.SENT)
    assert len(server.got) == (state == MessageState.SENT)


@pytest.mark.django_db
@pytest.mark.parametrize("mood", ["busy", "full", "gone before"])
def test_what_had_to_wait_goes_once_under_the_same_name(server, mood):
    server.mood = mood
    message = tried(notice())
    server.mood = ""

    assert tried(message).state == MessageState.WAITING  # its moment has not come
    after(message, timedelta(minutes=1))
    tried(message)
    tried(message)

    assert message.state == MessageState.SENT
    assert message.attempts == 2
    assert [mail["Message-ID"] for mail in server.got] == [message.message_id]


@pytest.mark.django_db(transaction=True)
def test_the_worker_comes_back_to_what_has_to_wait(server, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    server.mood = "busy"

    message = notice()
    call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)

    message.refresh_from_db()
    (waiting,) = DBTaskResult.objects.filter(finished_at=None)
    assert message.state == MessageState.WAITING
    assert (waiting.run_after, waiting.priority) == (message.next_try_at, AFTER_WHAT_IS_NEW)
    assert waiting.args_kwargs["args"] == [message.pk]


@pytest.mark.django_db
def test_a_server_that_is_down_is_asked_less_and_less_and_then_no_more(server):
    server.mood, pauses = "busy", []
    message = notice()

    while tried(message).state == MessageState.WAITING:
        pauses.append(round((message.next_try_at - timezone.now()).total_seconds() / 60))
        after(message, LONG_AGO)

    assert pauses[:6] == [1, 5, 15, 60, 240, 240] and set(pauses[6:]) == {240}
    assert sum(pauses) >= 3 * 24 * 60
    assert message.state == MessageState.FAILED


@pytest.mark.django_db
def test_no_server_at_all_means_to_wait(server):
    server.tcp.server_close()

    assert tried(notice()).state == MessageState.WAITING


@pytest.mark.django_db
def test_what_is_uncertain_goes_again_only_when_somebody_says_so(server):
    server.mood = "gone after"
    message = tried(notice())
    server.mood = ""
    call_command("send_messages", verbosity=0)
    assert server.got == []

    assert send_again(Message.objects.all()) == 1
    tried(message)

    assert [mail["Message-ID"] for mail in server.got] == [message.message_id]


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(server):
    tried(notice())

    assert send_again(Message.objects.all()) == 0


@pytest.mark.django_db
def test_a_message_whose_worker_died_is_uncertain_after_a_while(server):
    dying, alive = notice(), notice()
    long_ago = timezone.now() - timedelta(minutes=11)
    Message.objects.filter(pk=dying.pk).update(state=MessageState.SENDING, claimed_at=long_ago)
    Message.objects.filter(pk=alive.pk).update(state=MessageState.SENDING, claimed_at=timezone.now())

    call_command("send_messages", verbosity=0)

    dying.refresh_from_db()
    alive.refresh_from_db()
    assert (dying.state, alive.state) == (MessageState.UNCERTAIN, MessageState.SENDING)
    assert server.got == []


@pytest.mark.django_db
def test_the_command_sends_what_is_due_and_not_yet_told(server):
    due, later = notice(), notice()
    Message.objects.filter(pk=later.pk).update(next_try_at=timezone.now() + timedelta(minutes=5))
    said = StringIO()

    call_command("send_messages", stdout=said)
    call_command("send_messages", stdout=said)

    assert [mail["Message-ID"] for mail in server.got] == [due.message_id]
    assert said.getvalue().split() == ["1", "tried.", "1", "sent", "0", "tried."]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_sends(server, tmp_path, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}  # nobody works yet
    message, start = notice(), Barrier(3)

    with several(3, tmp_path / "copy.sqlite3") as workers:
        list(workers.map(lambda _each: (start.wait(), delivery.attempt(message.pk)), range(3)))
        found = workers.submit(lambda: Message.objects.values_list("state", "attempts").get()).result()
        list(workers.map(lambda _each: (start.wait(), connection.close()), range(3)))

    assert (*found, len(server.got)) == (MessageState.SENT, 1, 1)


# What lets somebody in


@pytest.mark.django_db
def test_what_lets_somebody_in_is_wiped_once_sent(server):
    message = notice(is_secret=True, expires_at=timezone.now() + timedelta(minutes=15))

    tried(message)

    assert (message.state, message.text, message.html) == (MessageState.SENT, "", "")
    assert "Alguien la cambió." in server.got[0].get_body(["plain"]).get_content()


@pytest.mark.django_db
@pytest.mark.parametrize("mood", ["unknown", "gone after", "busy"])
def test_what_lets_somebody_in_is_wiped_when_it_is_of_no_use(server, mood):
    server.mood = mood
    message = tried(notice(is_secret=True, expires_at=timezone.now() + timedelta(minutes=15)))
    assert message.text

    Message.objects.update(expires_at=timezone.now())
    call_command("send_messages", verbosity=0)

    message.refresh_from_db()
    assert (message.text, message.html) == ("", "")
    assert send_again(Message.objects.all()) == 0


@pytest.mark.django_db
def test_a_code_that_is_too_old_does_not_leave(server):
    message = notice(expires_at=timezone.now())

    assert tried(message).state == MessageState.EXPIRED
    assert server.got == []


# allauth's messages


def test_each_message_of_allauth_has_words_of_ours():
    folder = Path(allauth.__file__).parent / "templates"
    found = {path.name.removesuffix("_subject.txt") for path in folder.glob("[am][cf]*/email/*_subject.txt")}

    assert found - set(account_mail.ABOUT) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(set(account_mail.ABOUT) - {account_mail.NOBODY}))
def test_each_message_about_an_account_can_be_read(kind, server):
    context = {"code": "ABCD-1234", "password_reset_url": "http://testserver/en/account/password/reset/key/1-a/"}

    account_mail.tell(kind, make_user(language="es").email, context)

    message = tried(Message.objects.get())
    (mail,) = server.got
    secret = message.is_secret
    for body in ("plain", "html"):
        said = mail.get_body([body]).get_content()
        assert ("ABCD-1234" in said) == (account_mail.ABOUT[kind][0] == "code")
        assert ("/password/reset/key/1-a/" in said) == (kind == "password_reset_key")
    assert (message.text == "") == secret
    assert message.language == "es"


@pytest.mark.django_db(transaction=True)
def test_a_code_to_sign_in_goes_in_the_language_of_the_account(client, server):
    user = make_user(language="pt-br")

    client.post(reverse("account_request_login_code"), {"email": user.email})

    assert [mail["To"].addresses[0].addr_spec for mail in server.got] == [user.email]
    assert '<html lang="pt-br">' in server.got[0].get_body(["html"]).get_content()
    assert Message.objects.get().text == ""


@pytest.mark.django_db(transaction=True)
def test_an_unknown_address_gets_no_message_and_the_same_answer(client, server):
    known = client.post(reverse("account_request_login_code"), {"email": make_user().email})
    client.cookies.clear()
    unknown = client.post(reverse("account_request_login_code"), {"email": "nadie@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(server.got) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_an_unknown_address_is_as_much_work_as_a_known_one(client, name, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    work = []
    for email in (make_user().email, "nadie@example.org"):
        with CaptureQueriesContext(connection) as asked:
            client.post(reverse(name), {"email": email})
        client.cookies.clear()
        work.append([kept_in(query["sql"]) for query in asked if kept_in(query["sql"])])

    assert work == [[Message, DBTaskResult]] * 2
    assert not Message.objects.filter(to="nadie@example.org").exists()


def kept_in(statement):
    """Which of the outbox and the tasks a statement adds to."""
    return next((model for model in (Message, DBTaskResult) if f'INSERT INTO "{model._meta.db_table}"' in statement), None)
