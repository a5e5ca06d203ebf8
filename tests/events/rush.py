"""People who register all at once, each in one of several processes; some of the processes are killed on the way.

`python -m tests.events.rush <seminar> <people> <processes> <kills>`: what became of it, as JSON. Each process is a fork of this
one; a killed one is followed by another that begins its share again, as a server would be by the next.
"""

import json
import os
import random
import signal
import sys
import time
import traceback

import django

SEED = 20261124


def main(seminar_id, people, processes, kills):
    django.setup()
    chance, began = random.Random(SEED), time.monotonic()
    shares = [range(first, people, processes) for first in range(processes)]
    running = {_start(seminar_id, share): share for share in shares}
    killed = failed = 0
    while running:
        if killed < kills:
            time.sleep(chance.uniform(0.02, 0.25))
            os.kill(chance.choice([*running]), signal.SIGKILL)
        pid, status = os.wait()
        share = running.pop(pid)
        if os.WIFSIGNALED(status):
            killed += 1
            running[_start(seminar_id, share)] = share
        elif os.waitstatus_to_exitcode(status):
            failed += 1
    return {"processes": processes, "killed": killed, "failed": failed, "seconds": round(time.monotonic() - began, 1)}


def _start(seminar_id, share):
    if pid := os.fork():
        return pid
    try:
        for number in share:
            _register(seminar_id, number)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _register(seminar_id, number):
    """As the two pages do: the form is sent, and then the button of the letter's page is pressed."""
    from events.models import Seminar
    from events.registering import confirm, register

    person = {"name": f"Persona {number}", "country": "UY", "sector": "other", "language": "es"}
    seminar = Seminar.objects.get(pk=seminar_id)
    confirm(register(seminar, form="virtual", email=f"persona{number}@example.org", **person))


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
