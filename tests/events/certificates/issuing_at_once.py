"""Workers who issue certificates all at once, each in a process of its own; some are killed on the way and begin again.

`python -m tests.events.certificates.issuing_at_once <kills> <job> …` prints what became of it, as JSON. Each worker is a fork of
this process.
"""

import json
import os
import random
import signal
import sys
import time
import traceback

import django

SEED = 20261129


def main(kills, *jobs):
    django.setup()
    chance, running = random.Random(SEED), {_start(job): job for job in jobs}
    killed = failed = 0
    while running:
        if killed < kills:
            time.sleep(chance.uniform(0.02, 0.2))
            os.kill(chance.choice([*running]), signal.SIGKILL)
        pid, status = os.wait()
        job = running.pop(pid)
        if os.WIFSIGNALED(status):
            killed += 1
            running[_start(job)] = job
        elif os.waitstatus_to_exitcode(status):
            failed += 1
    return {"killed": killed, "failed": failed}


def _start(job):
    if pid := os.fork():
        return pid
    try:
        from events.certificates.issue import carry_out

        carry_out(job)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
