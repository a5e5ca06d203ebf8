"""The tables of the tests, made by the migrations once and then copied: to make them takes each process half a minute.

`python -m tests.template FILE` makes them in an SQLite file; with TEST_DATABASE_URL, in a database of that server called FILE.
The tests take their tables from what TEST_TEMPLATE names, and make them themselves without it.
"""

import os
import sqlite3
import sys
from contextlib import closing

NAMED = os.environ.get("TEST_TEMPLATE", "")


def settings(url):
    """What Django is told of a test database: PostgreSQL copies the template by itself."""
    if not NAMED:
        return {}
    return {"MIGRATE": False} | ({"TEMPLATE": NAMED} if url else {})


def copy_into(connection):
    """Give the database in memory what is in the template."""
    connection.ensure_connection()
    with closing(sqlite3.connect(NAMED)) as template:
        template.backup(connection.connection)
    connection._test_serialized_contents = connection.creation.serialize_db_to_string()


def make(name):
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
        connection.close()
        connection.close_pool()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    make(sys.argv[1])
