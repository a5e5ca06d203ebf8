"""Several at once, each with a connection of its own, as several processes of the portal have."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from rifess.env import sqlite


def several(count, file):
    """So many workers, each with a connection of its own.

    SQLite keeps the tests' database in memory, where nobody waits for anybody: they get a copy of it in `file`, as in production.
    """
    if connection.vendor != "sqlite":
        return ThreadPoolExecutor(count)
    connection.cursor().execute("VACUUM INTO %s", [str(file)])
    given = connection.settings_dict | sqlite(file)
    return ThreadPoolExecutor(count, initializer=lambda: connections.__setitem__("default", DatabaseWrapper(given)))
