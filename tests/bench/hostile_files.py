"""What each hostile file costs at each door: `python -m tests.bench.hostile_files [PART OF A NAME]`.

CPU seconds (user and system) and the largest memory of the process that reads the file, starting it included; what came of it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile

CPU_SECONDS, MEGABYTES = 20, 1024  # rifess.base.uploads.examination.LIMITS
# A process inherits the largest memory of the one that starts it: a small one stands between.
BETWEEN = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_pid, status, used = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, file=sys.stderr)
"""


@dataclass(frozen=True)
class Case:
    """A file at a door: the command that reads it from standard input, and how to make it."""

    door: str
    name: str
    command: list
    make: Callable


def cases():
    from rifess.base.uploads.examination import LIMITS, LIMITS_OF, command_for
    from tests.base import hostile, hostile_texts

    posters = {"most_pixels": 30_000_000, "size": (1280, 720)}
    lists = {"most_rows": 5001, "most_columns": 100}
    for files, task, options in [
        (hostile.PICTURES, "recognize", {}),
        (hostile.PICTURES, "draw", posters),
        (hostile.COSTLY_PDFS, "recognize", {}),
        (hostile.COSTLY_PACKAGES, "recognize", {}),
        (hostile.COSTLY_WORKBOOKS, "recognize", {}),
        (hostile.COSTLY_WORKBOOKS, "workbook", lists),
    ]:
        for name, make in files.items():
            yield Case(task, name, command_for(task, options, LIMITS_OF.get(task, LIMITS)), make)
    for door, name, make in hostile_texts.cases():
        yield Case(door, name, [sys.executable, "-m", "tests.base.hostile_texts", door], make)


def measure(case):
    """Print what `case` costs. Returns whether it stayed within the bounds."""
    content = case.make()
    with TemporaryFile() as sent, TemporaryFile() as written:
        sent.write(content)
        sent.seek(0)
        began = time.monotonic()
        between = [sys.executable, "-S", "-c", BETWEEN, *case.command]
        told = subprocess.run(between, stdin=sent, stdout=written, stderr=subprocess.PIPE, text=True).stderr.split()
        took, (ended, cpu, peak) = time.monotonic() - began, (float(number) for number in told[-3:])
        written.seek(0)
        answer = written.read(60).decode(errors="replace").partition("\n")[0] or f"ended with {ended:.0f}"
    size = f"{len(content) / 1024:.0f} KB"
    print(f"{case.door:<12} {case.name:<36} {size:>9} {cpu:>6.2f} s CPU {took:>6.2f} s {peak:>5.0f} MB  {answer}", flush=True)
    return cpu <= CPU_SECONDS + 1 and peak <= MEGABYTES


def main(part=""):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    results = [measure(case) for case in cases() if part in f"{case.door} {case.name}"]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
