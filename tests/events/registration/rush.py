"""People who register all at once, each in one of several processes; some of the processes are killed on the way.

`python -m tests.events.registration.rush <seminar> <people> <processes> <kills> [cancelled]`: what became of it, as JSON.
With `cancelled` those who registered give up or accept what they are offered, and the seminar is cancelled in the middle of it.
Each process is a fork of this one; a killed one is followed by another that begins its share again, as a server would be. What
a database refuses that is busy, or away, is sent again: visitors are answered 503 then, and press the button again.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from functools import partial

import django
from django.db import InterfaceError, OperationalError, connection

from rifess.base.dates import today_in_the_network

SEED = 20261124
PATIENCE, PAUSE = 60, 0.1  # seconds for which a button is pressed again, and between two presses


def main(seminar_id, people, processes, kills, act):
    django.setup()
    chance, began = random.Random(SEED), time.monotonic()
    shares = [range(first, people, processes) for first in range(processes)]
    running = {_start(seminar_id, share, act): share for share in shares}
    killed = failed = 0
    while running:
        if killed < kills:
            time.sleep(chance.uniform(0.02, 0.25))
            pid = chance.choice([*running])
            os.kill(pid, signal.SIGKILL)
            _pid, status = os.waitpid(pid, 0)
        else:
            pid, status = os.wait()
        share = running.pop(pid)
        if os.WIFSIGNALED(status):
            killed += 1
            running[_start(seminar_id, share, act)] = share
        elif os.waitstatus_to_exitcode(status):
            failed += 1
    return {"processes": processes, "killed": killed, "failed": failed, "seconds": round(time.monotonic() - began, 1)}


def _start(seminar_id, share, act):
    if pid := os.fork():
        return pid
    try:
        for number in share:
            _press_until_it_is_answered(act, seminar_id, number)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _press_until_it_is_answered(act, seminar_id, number):
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act(seminar_id, number)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
        connection.close()
        time.sleep(PAUSE)


def _register(seminar_id, number):
    """As the two pages do: the form is sent, and then the button of the letter's page is pressed."""
    from events.models import Seminar
    from events.registration.workflow import confirm, register

    person = {"name": f"Persona {number}", "country": "UY", "sector": "other", "language": "es"}
    seminar = Seminar.objects.get(pk=seminar_id)
    confirm(register(seminar, form="virtual", email=f"persona{number}@example.org", **person))


def _give_up_or_accept(seminar_id, number, *, cancelled_at):
    """The first to come give up, others accept; at the turn of `cancelled_at` the seminar is cancelled, and the clock runs."""
    from django.core.exceptions import ValidationError

    from events.models import Registration, Seminar
    from events.notifications.reminders import tell_called_off
    from events.registration.workflow import accept, cancel, fill_all, lapse_due, suspend_offers

    registration = Registration.objects.get(seminar=seminar_id, email=f"persona{number}@example.org")
    if number == cancelled_at:
        Seminar.objects.filter(pk=seminar_id).update(cancelled_on=today_in_the_network())
    if number % 10 == 0:
        for due in (suspend_offers, tell_called_off, lapse_due, fill_all):
            due()
    try:
        cancel(registration) if number % 4 == 0 else accept(registration)
    except ValidationError:  # nothing is offered, or the seminar is cancelled
        return


if __name__ == "__main__":
    (seminar, people, *given), (name, *_rest) = map(int, sys.argv[1:5]), [*sys.argv[5:], ""]
    near_the_middle = people * 9 // 20  # by then, places have been offered
    acts = {"": _register, "cancelled": partial(_give_up_or_accept, cancelled_at=near_the_middle)}
    print(json.dumps(main(seminar, people, *given, acts[name])))
