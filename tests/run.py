"""The whole check, as `make test` runs it. Every part runs even when one fails; the last lines sum up."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tests.throwaway_postgres import OLDEST, binaries, running_server

ROOT = Path(__file__).resolve().parent.parent
PYTEST = ["-m", "pytest", "--quiet", "--color=yes" if sys.stdout.isatty() else "--color=no"]
# One process more than there are cores, for some tests wait. Who is done takes over half of what another has before it.
IN_PARALLEL = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
PAPERS = "tests/events/test_papers.py"  # reads what certificates say with poppler's programs
NOT_RUN = "NOT RUN: "


def main():
    started = time.monotonic()
    with ExitStack() as until_the_end:
        sqlite, postgres = databases(until_the_end)
        results = {
            "Style": style(),
            "SQLite": part("Tests on SQLite", [*PYTEST, *IN_PARALLEL, "-m", "not browser", *without_papers()], **sqlite),
            "PostgreSQL": on_postgres(postgres),
            "Browser": in_browser(sqlite),
        }
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


def on_postgres(told):
    if told is None:
        return (
            True,
            f"{NOT_RUN}this machine has no PostgreSQL {OLDEST} or newer (Debian: apt install postgresql)",
        )
    return part(
        "Tests on PostgreSQL", [*PYTEST, *IN_PARALLEL, "-m", "not browser and not one_database", *without_papers()], **told
    )


def in_browser(told):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return True, f"{NOT_RUN}this machine has no Chromium (Debian: apt install chromium)"
    return part("Tests in Chromium", [*PYTEST, *IN_PARALLEL, "-m", "browser", "tests/browser"], CHROMIUM=chromium, **told)


def part(title, arguments, **environment):
    """Run Python with `arguments`, showing all it prints; return whether it passed, and its last line."""
    print(f"\n{title}", flush=True)
    command = [sys.executable, *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    printed = b""
    while chunk := process.stdout.read1():  # as it comes: a row of dots is progress too
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        printed = (printed + chunk)[-2000:]
    lines = printed.decode(errors="replace").strip().splitlines()
    return process.wait() == 0, lines[-1].strip("= ") if lines else ""


if __name__ == "__main__":
    sys.exit(main())
