"""The database of a test, for processes of their own: PostgreSQL's, or a copy as a file of the one in memory."""

import os
import sqlite3
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def environment(folder):
    """What a process needs to find the database. Called when everything is written.

    On SQLite, whatever is asked of the database afterwards must be `asked` of the copy.
    """
    settings = {"DJANGO_SETTINGS_MODULE": "rifess.settings", "SECRET_KEY": "tests", "SITE_URL": "http://testserver"}
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
