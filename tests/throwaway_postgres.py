"""A PostgreSQL server for one test run: its own folder, a unix socket, no durability, gone afterwards.

Run one command against it: `python -m tests.throwaway_postgres python -m pytest tests/events`. It is a copy of a server that was
set up once and holds the template of the tests (tests/template.py): so it is there in a second.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests import template

OLDEST = 15  # the oldest that Django 6.1 speaks to
OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
}
FOLDERS = [
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
]


def binaries():
    """The folder of the newest server here (PG_BIN names another), or None when none is new enough."""
    if "PG_BIN" in os.environ:
        return Path(os.environ["PG_BIN"])
    folders = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern)]
    if found := shutil.which("postgres"):
        folders.append(Path(found).parent)
    newest = max(folders, key=version, default=None)
    return newest if newest and version(newest) >= OLDEST else None


def needed_binaries():
    """The same for tests that cannot be without (`own_postgresql`). Raises RuntimeError where there is none."""
    if (programs := binaries()) is None:
        raise RuntimeError(f"No PostgreSQL {OLDEST} or newer on this machine: -m 'not own_postgresql' leaves this test out.")
    return programs


def version(folder):
    """The major version of the server in `folder`; 0 when there is none that runs."""
    if not (os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK)):
        return 0
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


@contextmanager
def running_server(programs):
    """Start the server of the folder `programs` and yield its DATABASE_URL; nothing of it is left on the way out."""
    home = Path(tempfile.mkdtemp(prefix="rifess-pg-"))  # short: a socket's path may not pass 100 characters or so
    owner = unprivileged_owner(home)
    try:
        fill(home / "data", programs, owner)
        with started(programs, home, owner) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def fill(data, programs, owner):
    """Put a server's files into the folder `data`: those kept from a former run, unless a migration has changed since."""
    kept = template.FOLDER / f"postgresql-{version(programs)}-{template.fingerprint()}"
    with template.locked():
        if kept.exists():
            shutil.copytree(kept, data)
        else:
            set_up(data, programs, owner)
            unfinished = kept.with_name("unfinished")
            for other in (unfinished, *template.FOLDER.glob("postgresql-*")):
                shutil.rmtree(other, ignore_errors=True)
            shutil.copytree(data, unfinished)
            unfinished.rename(kept)
    if owner:
        for path in (data, *data.rglob("*")):
            os.chown(path, owner["user"], owner["group"])


def set_up(data, programs, owner):
    """Make a server's files with the template of the tests among its databases."""
    login = ["--username", "postgres", "--auth", "trust"]
    run([programs / "initdb", "-D", data, *login, "--encoding", "UTF8", "--no-sync"], data.parent, owner)
    with started(programs, data.parent, owner) as url:
        environment = {**os.environ, "TEST_DATABASE_URL": url, "TEST_TEMPLATE": ""}
        subprocess.run([sys.executable, "-m", "tests.template"], cwd=template.ROOT, env=environment, check=True)


@contextmanager
def started(programs, home, owner):
    """Start the server whose files are in `home`, and stop it in order: what is in memory only would be missing from a copy."""
    start(programs, home, owner)
    try:
        yield "postgres://postgres@/postgres?" + urlencode({"host": home})
    finally:
        stop(programs, home, owner)


def start(programs, home, owner):
    options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
    control = [programs / "pg_ctl", "-D", home / "data", "--wait", "--log", home / "log"]
    run([*control, "-o", f"{options} -k {home}", "start"], home, owner)


def stop(programs, home, owner, mode="fast"):
    """Stop the server; in the `mode` "immediate" it is as if it had crashed."""
    run([programs / "pg_ctl", "-D", home / "data", "--wait", "--mode", mode, "stop"], home, owner)


@contextmanager
def frozen(home):
    """Freeze the server of `home`, with the processes of its connections: it accepts what is asked, and answers nothing."""
    first = int((home / "data" / "postmaster.pid").read_text().split()[0])
    family = [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]
    for process in family:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in family:
            os.kill(process, signal.SIGCONT)


def unprivileged_owner(home):
    """Whom the server runs as: PostgreSQL refuses root, so there `nobody` gets the folder."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def run(command, home, owner):
    """Run one of PostgreSQL's programs; what it printed is shown when it fails.

    Its output goes to a file, because the server keeps what it is given open and a pipe would never end.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home)}
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, cwd=home, env=environment, stdout=said, stderr=subprocess.STDOUT, **owner)
        if done.returncode:
            said.seek(0)
            log = home / "log"
            raise RuntimeError(f"{command[0]} failed:\n{said.read()}{log.read_text() if log.exists() else ''}")


def main(command):
    folder = binaries()
    if folder is None:
        sys.exit(f"No PostgreSQL {OLDEST} or newer on this machine; PG_BIN may name the folder of its programs.")
    with running_server(folder) as url:
        return subprocess.run(command, env={**os.environ, "TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
