"""The process in which one file from outside is read: `python -m rifess.base.uploads.examiner TASK OPTIONS`, the file on stdin.

It knows no settings, no database and no secrets, and ends when it has used up its CPU seconds or its memory. It writes a line of
JSON: {"found": …}, {"bytes": length} with the bytes behind it, or {"refused": code, "params": …}.
`rifess.base.uploads.examination` starts it.
"""

import json
import os
import resource
import sys
from importlib import import_module

from rifess.base.uploads.refusals import Refused

TASKS = {  # each imports only what it needs: starting costs more than most files
    "recognize": ("rifess.base.uploads.recognition", "recognize"),
    "draw": ("rifess.base.uploads.drawing", "draw"),
    "workbook": ("rifess.base.spreadsheets.workbooks", "read"),
}
LESS_URGENT = 10  # niceness: below the processes that answer requests


def main(task, options):
    options = json.loads(options)
    _limit(**options.pop("limits"))
    answer, content = _answer(task, options)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


def _answer(task, options):
    try:
        module, name = TASKS[task]
        found = getattr(import_module(module), name)(sys.stdin.buffer.read(), **options)
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}, b""
    except (MemoryError, RecursionError, SystemError):  # the last comes from libraries in C to which memory was refused
        return {"refused": "too_costly", "params": {}}, b""
    return ({"bytes": len(found)}, found) if isinstance(found, bytes) else ({"found": found}, b"")


def _limit(*, cpu_seconds, megabytes, megabytes_written):
    """Bound this process for good: hard limits, which it cannot raise again."""
    for what, most in {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: megabytes * 1024**2,
        resource.RLIMIT_FSIZE: megabytes_written * 1024**2,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(what, (most, most))
    os.nice(LESS_URGENT)


if __name__ == "__main__":
    main(*sys.argv[1:])
