"""Files from outside are read in a process of their own, within bounds that no content can move.

The cost of a file is not bounded by its size: pictures, PDF and packages unpack to far more than they weigh. What needs a
library to read such a file is a task of `rifess.base.uploads.examiner`: a new process with limits on CPU seconds and memory.
Few run at once and few wait, so that uploads never occupy all threads of the server. See docs/adr/0028.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore

from django.db import connection

from rifess.base.uploads.refusals import Refused

log = logging.getLogger("rifess.uploads")
ROOT = Path(__file__).resolve().parents[3]
LIMITS = {"cpu_seconds": 10, "megabytes": 1024, "megabytes_written": 100}
LIMITS_OF = {"workbook": LIMITS | {"cpu_seconds": 20}}  # a million empty rows, which people leave behind, take nine
WALL_CLOCK = 4  # times its CPU seconds: on a machine that has other things to do
AT_ONCE, MOST_WAITING, LONGEST_WAIT = 2, 2, 5  # of one server process; seconds
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")  # of the environment, which holds secrets otherwise
COSTLY_ENDS = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ, -signal.SIGSEGV, -signal.SIGABRT}

_outcomes = ContextVar("outcomes of examinations, inside examining_before_transactions", default=None)
_places, _queue = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + MOST_WAITING)


def examining_before_transactions(act, request):
    """Return what `act` answers to `request`, whose files are examined before its transaction begins.

    Examining takes seconds, and on SQLite a transaction blocks all other writers. So when `act` asks for it inside a
    transaction, that is rolled back, the file is examined, and `act` is called again, with the outcome at hand. Before it asks
    for an examination `act` must do nothing that a rollback does not undo.
    """
    token = _outcomes.set({})
    try:
        while True:
            try:
                return act()
            except _ToExamineFirst as asked:
                asked.examine()
                for _name, files in request.FILES.lists():
                    for file in files:
                        file.seek(0)  # as when `act` was called first
    finally:
        _outcomes.reset(token)


class _ToExamineFirst(Exception):
    """Leads from a transaction to `examining_before_transactions`. No outcome is asked for twice."""

    def __init__(self, key, file, task, options):
        super().__init__(f"{task} waits until no transaction is open")
        self.key, self.asked = key, (file, task, options)

    def examine(self):
        file, task, options = self.asked
        try:
            found, refused = _examine(file, task, options), None
        except Refused as error:
            found, refused = None, error
        _outcomes.get()[self.key] = found, refused


def examine(file, task, **options):
    """What `task` finds in the uploaded `file`: what JSON can say, or bytes. The file is left at its beginning.

    Raises Refused: the codes of the task, "too_costly" when it went beyond its bounds, and "busy" when others wait already.
    """
    outcomes = _outcomes.get()
    if outcomes is None or not connection.in_atomic_block:
        return _examine(file, task, options)
    key = _digest(file), task, json.dumps(options, sort_keys=True)
    if key not in outcomes:
        raise _ToExamineFirst(key, file, task, options)
    found, refused = outcomes[key]
    if refused:
        raise refused
    return found


def _digest(file):
    digest = sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _examine(file, task, options):
    with _a_place():
        limits = LIMITS_OF.get(task, LIMITS)
        ended, answer = _run(file, command_for(task, options, limits), limits["cpu_seconds"] * WALL_CLOCK)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["params"])
    if not answer:
        log.warning("An examination (%s) of %d bytes ended with %d", task, file.size, ended)
        raise Refused("too_costly" if ended in COSTLY_ENDS else "damaged")
    return answer["found"]


@contextmanager
def _a_place():
    if not _queue.acquire(blocking=False):
        raise Refused("busy")
    try:
        if not _places.acquire(timeout=LONGEST_WAIT):
            raise Refused("busy")
        try:
            yield
        finally:
            _places.release()
    finally:
        _queue.release()


def command_for(task, options, limits):
    """What starts the process: the interpreter that runs now, without what stands in a user's own folders."""
    return [
        sys.executable,
        "-s",
        "-W",
        "ignore",
        "-m",
        "rifess.base.uploads.examiner",
        task,
        json.dumps(options | {"limits": limits}),
    ]


def environment():
    """What the process may know: neither keys nor addresses of ours."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _run(file, command, longest):
    """How the process ended, and what it wrote: nothing, if it did not come to that."""
    with _on_disk(file) as content, TemporaryFile() as written, TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=content, stdout=written, stderr=said, cwd=ROOT, env=environment())
        try:
            ended = process.wait(timeout=longest)
        except subprocess.TimeoutExpired:
            ended = -signal.SIGKILL
        finally:
            process.kill()
            process.wait()
        return ended, _answer(written) if ended == 0 else _unexpected(said)


def _on_disk(file):
    """`file` as a file of the operating system: large uploads are one already."""
    file.seek(0)  # what was written of it is on disk then
    if hasattr(file, "temporary_file_path"):
        return open(file.temporary_file_path(), "rb")  # noqa: SIM115 (the caller closes it)
    kept = TemporaryFile()  # noqa: SIM115
    for chunk in file.chunks():
        kept.write(chunk)
    kept.seek(0)
    file.seek(0)
    return kept


def _answer(written):
    written.seek(0)
    answer = json.loads(written.readline())
    return answer | {"found": written.read(answer["bytes"])} if "bytes" in answer else answer


def _unexpected(said):
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - 2000))
    if words := said.read().decode(errors="replace").strip():
        log.error("An examination failed: %s", words)
    return {}
