"""Letters of registrations, workers, and a mail server that does what it likes: each arrives once, or a person decides."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from events.models import LetterKind
from events.notifications import send
from members.models import Message, MessageState
from members.outbox.mail import write
from tests.elsewhere import asked, environment
from tests.make import make_coming_seminar, make_registration
from tests.members.smtp import MailServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FAULTS = {  # what the server does when it is first tried, and what becomes of the message
    "": MessageState.SENT,
    "busy": MessageState.SENT,
    "full": MessageState.SENT,
    "gone before": MessageState.SENT,
    "gone at the end": MessageState.SENT,
    "unknown": MessageState.FAILED,
    "spam": MessageState.FAILED,
    "gone after": MessageState.UNCERTAIN,
    "gone with it": MessageState.UNCERTAIN,
    "rude": MessageState.UNCERTAIN,
}


class Workers:
    """Processes that send what waits; those that are left are told to stop at the end."""

    def __init__(self, server, folder):
        more = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "BULK_PER_MINUTE": "1200"}
        self.env, self.running = environment(folder) | more, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(20)

    def start(self):
        self.running.append(subprocess.Popen([sys.executable, "-m", "tests.members.outbox.hasty"], env=self.env))

    def kill(self):
        process = self.running.pop()
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL


def letters_of_registrations(moods):
    """A confirmation, with its entry for the calendar, for each mood of the server; {address: mood}."""
    seminar = make_coming_seminar()
    people = {f"persona{number}@example.org": mood for number, mood in enumerate(moods)}
    for number, address in enumerate(people):
        registration = make_registration(seminar, email=address, language=("es", "pt-br", "en")[number % 3])
        send.tell(registration, LetterKind.CONFIRMED)
    return people


def wait_for(sign, seconds=90):
    end = time.monotonic() + seconds
    while not sign():
        assert time.monotonic() < end, "It did not come to an end."
        time.sleep(0.05)


def fates(folder):
    """{address: (state, tries)} of every message, once none waits or is being sent."""
    wait_for(lambda: not asked(folder, "select 1 from members_message where state in ('waiting', 'sending')"))
    return {to: (state, tries) for to, state, tries in asked(folder, 'select "to", state, attempts from members_message')}


def test_each_letter_arrives_once_or_is_left_to_a_person(tmp_path, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    people = letters_of_registrations([*FAULTS, "silent", *FAULTS, *FAULTS])
    about = {"subject": "Noticias", "sentence": "Hay noticias."}
    for number in range(6):
        write(
            "news", template="notice", to=f"noticias{number}@example.org", language="es", context={"about": about}, is_bulk=True
        )
    names = dict(Message.objects.values_list("to", "message_id"))

    with MailServer() as server, Workers(server, tmp_path) as workers:
        server.moods = {address: [mood] for address, mood in people.items()}
        workers.start()
        assert server.is_silent.wait(90)  # a message is on the wire, and nobody answers
        workers.kill()
        with server.down():
            workers.start()
            workers.start()
            wait_for(lambda: not asked(tmp_path, "select 1 from members_message where attempts = 0 and kind <> 'news'"))
        found = fates(tmp_path)

    silent = next(address for address, mood in people.items() if mood == "silent")
    wanted = {address: FAULTS.get(mood, MessageState.UNCERTAIN) for address, mood in people.items()}
    assert {address: state for address, (state, _tries) in found.items() if address in people} == wanted
    assert found[silent] == (MessageState.UNCERTAIN, 1)
    arrived = Counter(str(mail["Message-ID"]) for mail in server.got)
    assert set(arrived.values()) == {1}
    sent = {names[address] for address, (state, _tries) in found.items() if state == MessageState.SENT}
    lost_from_sight = {names[address] for address, mood in people.items() if mood == "gone with it"}
    assert set(arrived) == sent | lost_from_sight
    assert sum(address.startswith("noticias") and state == "sent" for address, (state, _tries) in found.items()) == 6
    for mail in server.got:
        calendars = [part.get_content_type() for part in mail.iter_attachments()]
        assert calendars == ([] if mail["Precedence"] else ["text/calendar"])
