"""The database of a test, for processes of their own: PostgreSQL's, or a copy as a file of the one in memory."""

import os
import sqlite3
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def environment(folder):
    """What a process needs to find the database. Called when everything is written.

    On SQLite, whatever is asked of the database afterwards must be `asked` of the copy.
    """
    settings = {
        "DJANGO_SETTINGS_MODULE": "rifess.settings",
        "SECRET_KEY": "of the tests, which have no secrets",
        "SITE_URL": "http://testserver",
    }
    return {**os.environ, **settings, **_database(folder)}


def _database(folder):
    if connection.vendor == "postgresql":
        parts = urlsplit(os.environ["TEST_DATABASE_URL"])
        name = connection.settings_dict["NAME"]
        return {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")), "DATA_DIR": str(folder)}
    copy = sqlite3.connect(folder / "rifess.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    return {"DATABASE_URL": "", "DATA_DIR": str(folder)}


def asked(folder, question):
    """The rows that answer `question` in the database where the processes worked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()
    with sqlite3.connect(folder / "rifess.sqlite3") as copy:
        return copy.execute(question).fetchall()


BEGINNING = """
import sys
import django
django.setup()
"""
WAITING = """
print("ready", flush=True)
sys.stdin.readline()
"""


def at_once(before, act, *given, environment, processes=2):
    """What each of several servers prints that do `act` in the same moment, once all have done what comes `before`.

    Both are Python; `given` are their `sys.argv[1:]`.
    """
    command = [sys.executable, "-c", BEGINNING + before + WAITING + act, *map(str, given)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    servers = [subprocess.Popen(command, env=environment, **pipes) for _number in range(processes)]
    assert [server.stdout.readline().strip() for server in servers] == ["ready"] * processes
    for server in servers:
        server.stdin.write("now\n")
        server.stdin.flush()
    return [server.communicate(timeout=60)[0].strip() for server in servers]
