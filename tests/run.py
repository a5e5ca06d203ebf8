"""The whole check, as `make test` runs it. Every part runs even when one fails; the last lines sum up.

The parts run at the same time: while tests of one wait for a browser, a process or a server, those of another work. Those on
SQLite, which have a process for every core, give way to the others and end last, so that no core is idle until then.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.throwaway_postgres import OLDEST, binaries, running_server

ROOT = Path(__file__).resolve().parent.parent
PYTEST = ["-m", "pytest", "--quiet", "--color=yes" if sys.stdout.isatty() else "--color=no"]
CORES = os.cpu_count() or 1
# Processes. The tests on SQLite are half of all the work, and each other part a quarter.
MOST, FEW = ["-n", str(CORES)], ["-n", str(CORES // 2 if CORES > 3 else 0)]  # 0: in pytest's own process
TAKEN_OVER = ["--dist", "worksteal"]  # who is done takes over half of what another has before it
PAPERS = "tests/events/consultations/test_papers.py"  # reads what certificates say with poppler's programs
GIVES_WAY = 3  # added to the niceness of the tests on SQLite
NOT_RUN = "NOT RUN: "


def main():
    started = time.monotonic()
    results = {"Style": style()}
    with ExitStack() as until_the_end, ThreadPoolExecutor() as beside:
        sqlite, postgres = databases(until_the_end)
        others = {"PostgreSQL": beside.submit(on_postgres, postgres), "Browser": beside.submit(in_browser, sqlite)}
        results["SQLite"] = on_sqlite(sqlite)
        results |= {name: other.result() for name, other in others.items()}
    if without_papers():
        results["Papers"] = (True, f"{NOT_RUN}this machine has no pdftotext (Debian: apt install poppler-utils)")
    print()
    for name, (passed, words) in results.items():
        print(f"{name + ':':12}{'' if passed else 'FAILED: '}{words}")
    print(f"Checked in {time.monotonic() - started:.0f} s.")
    return not all(passed for passed, _ in results.values())


def without_papers():
    """What pytest leaves out where nothing reads PDF."""
    return [] if shutil.which("pdftotext") else [f"--ignore={PAPERS}"]


def style():
    checked, _ = part("Style: ruff check", ["-m", "ruff", "check", "."])
    formatted, _ = part("Style: ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."])
    return (
        checked and formatted,
        "ruff has nothing to say" if checked and formatted else "see above; make format mends most",
    )


def databases(until_the_end):
    """What each part is told of its database. Templates that are missing are made here, both at the same time."""
    print("Tables of the tests", flush=True)
    environment = {**os.environ, "TEST_DATABASE_URL": ""}
    sqlite = subprocess.Popen([sys.executable, "-m", "tests.template"], cwd=ROOT, env=environment)
    postgres = {"TEST_DATABASE_URL": until_the_end.enter_context(running_server(binaries()))} if binaries() else None
    if sqlite.wait():
        sys.exit("The tables of the tests could not be made: see above.")
    return {"TEST_DATABASE_URL": ""}, postgres


def on_sqlite(told):
    chosen = ["-m", "not browser and not own_postgresql", *without_papers()]
    return part("Tests on SQLite", [*PYTEST, *MOST, *TAKEN_OVER, *chosen], gives_way=True, **told)


def on_postgres(told):
    if told is None:
        return (
            True,
            f"{NOT_RUN}this machine has no PostgreSQL {OLDEST} or newer (Debian: apt install postgresql)",
        )
    chosen = ["-m", "not browser and not one_database", *without_papers()]
    return part("Tests on PostgreSQL", [*PYTEST, *FEW, *TAKEN_OVER, *chosen], at_the_end=True, **told)


def in_browser(told):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return True, f"{NOT_RUN}this machine has no Chromium (Debian: apt install chromium)"
    chosen = ["-m", "browser", "tests/browser"]
    return part("Tests in Chromium", [*PYTEST, *FEW, *TAKEN_OVER, *chosen], at_the_end=True, **told)


def part(title, arguments, at_the_end=False, gives_way=False, **environment):
    """Run Python with `arguments`, showing what it prints; return whether it passed, and its last line."""
    command = ["nice", "-n", str(GIVES_WAY)] * gives_way + [sys.executable, *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    printed = b""
    if not at_the_end:
        show(f"\n{title}\n".encode())
    while chunk := process.stdout.read1():  # a row of dots is progress too
        printed += chunk
        if not at_the_end:
            show(chunk)
    if at_the_end:
        show(f"\n{title}\n".encode() + printed)
    lines = printed.decode(errors="replace").strip().splitlines()
    return process.wait() == 0, lines[-1].strip("= ") if lines else ""


def show(text):
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
