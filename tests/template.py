"""The template database of the tests: migrated once, kept, and copied by every run.

To migrate takes a quarter of a minute, to copy takes milliseconds. A template is named after the migrations that made it
(`fingerprint`): when one of them changes, the next run makes another by itself. SQLite's is a file in `var/tests`, PostgreSQL's
a database of the server in TEST_DATABASE_URL. TEST_TEMPLATE names one that `python -m tests.template NAME` made elsewhere.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "tests"
PREFIX = "rifess_template_"
UNFINISHED = "_unfinished"
KEPT = 5  # templates that stay, for branches between which one goes back and forth
MAKING = 4_127_509_881  # PostgreSQL's advisory lock, for checkouts that share a server
# What decides about the tables: the migrations of every app, and what they call.
ORIGINS = ["tests/template.py", "requirements/run.txt", "*/migrations/*.py", "rifess/*/migrations/*.py", "rifess/base/*.py"]


def fingerprint():
    """Twelve hexadecimal digits of all that decides about the tables."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in ORIGINS for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)} ".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def ready(connection):
    """The name of the template for the database of `connection`. Where there is none it is made, by one process at a time."""
    if named := os.environ.get("TEST_TEMPLATE"):
        return named
    kept = KeptDatabases(connection) if connection.vendor == "postgresql" else KeptFiles()
    with kept.locked():
        if not kept.exists():
            kept.remove(kept.unfinished)
            subprocess.run([sys.executable, "-m", "tests.template", kept.unfinished], cwd=ROOT, check=True)
            kept.finish()
            for old in kept.newest_first()[KEPT:]:
                kept.remove(old)
    return kept.name


@contextmanager
def locked():
    """What is kept in FOLDER, to oneself."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back when the file is closed
        yield


class KeptFiles:
    """SQLite's templates: files in the checkout."""

    def __init__(self):
        self.name = str(FOLDER / f"{PREFIX}{fingerprint()}.sqlite3")
        self.unfinished = self.name + UNFINISHED

    def locked(self):
        return locked()

    def exists(self):
        return Path(self.name).exists()

    def finish(self):
        Path(self.unfinished).rename(self.name)

    def newest_first(self):
        return sorted(FOLDER.glob(f"{PREFIX}*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)

    def remove(self, name):
        for part in ("", "-wal", "-shm"):
            Path(f"{name}{part}").unlink(missing_ok=True)


class KeptDatabases:
    """PostgreSQL's templates: databases of a server, which several checkouts may share."""

    def __init__(self, connection):
        self.connection = connection
        self.name = PREFIX + fingerprint()
        self.unfinished = self.name + UNFINISHED

    @contextmanager
    def locked(self):
        with self.connection._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MAKING])  # given back when the cursor's connection closes
            self.cursor = cursor
            yield

    def exists(self):
        return self.name in self.newest_first()

    def finish(self):
        self.cursor.execute(f'ALTER DATABASE "{self.unfinished}" RENAME TO "{self.name}"')

    def newest_first(self):
        self.cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC", [f"^{PREFIX}[0-9a-f]+$"])
        return [name for (name,) in self.cursor.fetchall()]

    def remove(self, name):
        self.cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def open_copy(connection):
    """Give `connection` a test database of its own, copied from the template."""
    template, name = ready(connection), connection.creation._get_test_db_name()
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["TEST"]["TEMPLATE"] = template
    copy_again(connection)


def copy_again(connection):
    """The test database as it was at first: what a test has committed is gone."""
    template, name = connection.settings_dict["TEST"]["TEMPLATE"], connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        remove_copy(connection)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{Path(template).resolve().as_uri()}?immutable=1", uri=True)) as source:
        source.backup(connection.connection)


def remove_copy(connection):
    """Take a PostgreSQL test database away, whoever is still connected. SQLite's is gone with its process."""
    if connection.vendor == "postgresql":
        connection.close()
        connection.close_pool()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{connection.settings_dict["NAME"]}" WITH (FORCE)')


def make(connection, name):
    """Migrate a new database: an SQLite file called `name`, or a database of the server."""
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    connection.close()


def main(name=None):
    """Make the template called `name`, or see that there is the one that runs look for."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    connection = connections[DEFAULT_DB_ALIAS]
    if name:
        make(connection, name)
    else:
        ready(connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
