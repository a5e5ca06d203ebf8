"""How the portal answers while rows are locked, clients slow, the database stopped or frozen: `python -m tests.bench.outage`.

A server as in production on a PostgreSQL of its own (tests/throwaway_postgres.py), eight visitors who ask without a pause, and
for each phase the longest answer in seconds and what was answered. Ends with 1 when a request took longer than LONGEST.
Options are those of `manage.py serve`; OUTAGE_SECONDS says how long the database is away (60).
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests import template, throwaway_postgres

LONGEST = 5  # seconds that any request may take while the database is away
FROZEN_SECONDS = 15
VISITORS = 8
PATHS = ["/es/", "/es/seminarios/", "/es/personas/", "/static/rifess/site.css", "/health/live/"]
FORM, COOKIE = "application/x-www-form-urlencoded", "csrftoken=" + "a" * 32
SIGN_IN = "/es/cuenta/login/"


class Load:
    """Visitors who ask for one page after the other; what they got since the phase began, and how long the longest took."""

    def __init__(self, port):
        self.port, self.stopped = port, threading.Event()
        self.begin()
        self.threads = [threading.Thread(target=self._visit, args=(number,)) for number in range(VISITORS)]

    def begin(self):
        self.answers, self.longest, self.longest_static = Counter(), 0.0, 0.0

    def _visit(self, number):
        while not self.stopped.is_set():
            path = PATHS[number % len(PATHS)]
            began = time.monotonic()
            self.answers[path if path.startswith(("/static", "/health")) else "pages", ask(self.port, path)] += 1
            took = time.monotonic() - began
            self.longest = max(self.longest, took)
            if path.startswith("/static"):
                self.longest_static = max(self.longest_static, took)
            number += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def phase(self, name, seconds):
        """Watch for so many seconds, and say what came; the longest answer."""
        self.begin()
        time.sleep(seconds)
        kinds = ", ".join(f"{what} {status}: {count}" for (what, status), count in sorted(self.answers.items(), key=str))
        print(f"{name:34} longest {self.longest:5.2f} s, of static files {self.longest_static:5.2f} s; {kinds}", flush=True)
        return self.longest


def ask(port, path, timeout=60):
    """The status of an answer, or what kept it from coming."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


@contextmanager
def half_sent_forms(port, count):
    """So many clients that send half of a form and then nothing."""
    clients = [socket.create_connection(("127.0.0.1", port)) for _number in range(count)]
    lines = [
        f"POST {SIGN_IN} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Content-Type: {FORM}",
        "Content-Length: 5000",
        f"Cookie: {COOKIE}",
    ]
    for client in clients:
        client.sendall("\r\n".join([*lines, "", "login=half"]).encode())
    yield
    for client in clients:
        client.close()


@contextmanager
def locked_table(url):
    """A transaction that holds the table of sessions, which each visitor with a session reads."""
    import psycopg

    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        yield


def visit_locked(port, count, stopped):
    """Visitors with a session, whose page waits for the locked table; the longest that one of them waited."""
    waited = []

    def visit():
        while not stopped.is_set():
            began = time.monotonic()
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/es/delegacion/", headers={"Cookie": "sessionid=" + "a" * 32})
            status = connection.getresponse().status
            connection.close()
            waited.append((time.monotonic() - began, status))

    threads = [threading.Thread(target=visit) for _number in range(count)]
    for thread in threads:
        thread.start()
    return threads, waited


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(port, seconds=60):
    """Seconds until the server answers a page."""
    began = time.monotonic()
    while ask(port, "/es/", timeout=5) != 200:
        if time.monotonic() - began > seconds:
            sys.exit("The portal does not answer.")
        time.sleep(0.1)
    return time.monotonic() - began


def with_tables(url):
    """A database of that server with the portal's tables, copied from the template of the tests."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE outage TEMPLATE {template.PREFIX}{template.fingerprint()}")
    return url.replace("/postgres?", "/outage?")


class Server(NamedTuple):
    """The database server, which can be stopped, started and frozen."""

    programs: Path
    home: Path
    owner: dict

    def stop(self):
        throwaway_postgres.stop(*self)

    def start(self):
        throwaway_postgres.start(*self)

    def frozen(self):
        return throwaway_postgres.frozen(self.home)


def measure(url, database, folder, options):
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rifess.settings",
        "SECRET_KEY": "bench of the outage, no secret at all, 50 characters",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
    }
    for command in (["migrate", "-v0"], ["seed", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    log = folder / "log"
    with log.open("w") as said:
        command = [sys.executable, "manage.py", "serve", "--port", str(port), *options]
        server = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    try:
        wait_until_ready(port)
        return phases(port, url, database, log)
    finally:
        server.terminate()
        server.wait(30)


def phases(port, url, database, log):
    seconds = int(os.environ.get("OUTAGE_SECONDS", "60"))
    with Load(port) as load:
        load.phase("all is well", 10)
        with half_sent_forms(port, 8):
            slow = load.phase("eight half-sent forms", 10)
        stopped = threading.Event()
        with locked_table(url):
            threads, waited = visit_locked(port, 8, stopped)
            locked = load.phase("eight wait for a locked table", 15)
            stopped.set()
            for thread in threads:
                thread.join()
        locked = max(locked, max(waited)[0])
        print(f"{'':34} those eight waited at most {max(waited)[0]:.2f} s: {Counter(status for _took, status in waited)}")
        database.stop()
        away = load.phase(f"database stopped, {seconds} s", seconds)
        database.start()
        wait_for_the_first_page(port, load)
        with database.frozen():
            frozen = max(load.phase(f"database frozen: {which}", FROZEN_SECONDS) for which in ("those under way", "later ones"))
        wait_for_the_first_page(port, load)
    lines = log.read_text().splitlines()
    print(f"log: {len(lines)} lines, {sum('Unavailable' in line for line in lines)} of them “Unavailable”")
    return max(slow, locked, away, frozen)


def wait_for_the_first_page(port, load):
    began = time.monotonic()
    load.begin()
    back = wait_until_ready(port)
    print(f"{'':34} the first page was there {back:.2f} s after the database ({time.monotonic() - began:.2f} s)")
    time.sleep(2)
    load.phase("database back", 10)


def main():
    options = argparse.ArgumentParser(prog="python -m tests.bench.outage").parse_known_args()[1]
    programs = throwaway_postgres.binaries()
    if programs is None:
        sys.exit("No PostgreSQL on this machine.")
    with throwaway_postgres.running_server(programs) as url, tempfile.TemporaryDirectory(prefix="rifess-outage-") as folder:
        home = Path(parse_qs(urlsplit(url).query)["host"][0])
        longest = measure(
            with_tables(url), Server(programs, home, throwaway_postgres.unprivileged_owner(home)), Path(folder), options
        )
    print(f"longest: {longest:.2f} s")
    return longest > LONGEST


if __name__ == "__main__":
    sys.exit(main())
