"""The whole database to a file and back, by its own means: SQLite's backup, or pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management import CommandError
from django.db import connection, transaction
from django.utils import timezone

from rifess.portal.operations.manifest import open_private

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
HOLD = "members_mailhold"
RESTORED = "restored"
PORTABLE = ["--no-owner", "--no-privileges", "--no-comments"]  # the new owner need not be a superuser


def dump(path):
    """Write the database to `path` as it is at one moment, while the portal goes on. Returns rows and counters of that moment."""
    return _dump_sqlite(path) if connection.vendor == "sqlite" else _dump_postgres(path)


def restore(path):
    """Fill the empty database from `path`, with mail held back from the first moment on."""
    (_restore_sqlite if connection.vendor == "sqlite" else _restore_postgres)(path)


def is_empty():
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def folder_of_server():
    """PostgreSQL's data folder, where it is on this machine (a local socket) and we may ask for it; otherwise None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")  # no row for who may not read it
        found = cursor.fetchone()
    is_local = connection.settings_dict["HOST"].startswith("/") or not connection.settings_dict["HOST"]
    return Path(found[0]) if found and is_local and os.access(found[0], os.F_OK) else None


def rows_and_counters():
    """How many rows each table has, and where its counter stands."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {table: _one(cursor, f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}") for table in tables}
        return rows, _counters(cursor)


def version():
    with connection.cursor() as cursor:
        return _one(cursor, "SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")


def _one(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchone()[0]


def _counters(cursor):
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
    else:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
        )
    return dict(cursor.fetchall())


# SQLite


def _dump_sqlite(path):
    connection.ensure_connection()
    open_private(path).close()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("VACUUM")  # what was erased is not in the copy either
        faults = copy.execute("PRAGMA integrity_check").fetchall()
        if faults != [("ok",)]:
            raise CommandError(f"The database is damaged: {faults[0][0]}")
        names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        rows = {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for (name,) in names.fetchall()}
        return rows, dict(copy.execute("SELECT name, seq FROM sqlite_sequence"))


def _restore_sqlite(path):
    target = Path(connection.settings_dict["NAME"])
    beside = target.with_name(f"{target.name}.restoring")
    beside.unlink(missing_ok=True)
    open_private(beside).close()
    try:
        shutil.copyfile(path, beside)
        with closing(sqlite3.connect(beside)) as copy, copy:
            copy.execute(
                f"INSERT INTO {HOLD} (reason, held_at) VALUES (?, ?)", [RESTORED, str(timezone.now().replace(tzinfo=None))]
            )
        connection.close()
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


# PostgreSQL


def _dump_postgres(path):
    """pg_dump takes the snapshot in which the rows are counted."""
    open_private(path).close()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = _one(cursor, "SELECT pg_export_snapshot()")
        counted = rows_and_counters()
        _run(*_postgres("pg_dump", ["--format=custom", *PORTABLE, f"--snapshot={snapshot}", f"--file={path}"]))
    return counted


def _restore_postgres(path):
    """One transaction, which ends with the row that holds mail back."""
    with connection.cursor() as cursor:
        schema = connection.ops.quote_name(_one(cursor, "SELECT current_schema()"))
    connection.close()
    hold = f"INSERT INTO {schema}.{HOLD} (reason, held_at) VALUES ('{RESTORED}', now())"
    script = [_program("pg_restore"), *PORTABLE, "--file=-", str(path)]
    fill = [
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        "--file=-",
        f"--command={hold}",
    ]
    with _piped(script) as pipe:
        _run(*_postgres("psql", fill), stdin=pipe)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _piped(command):
    """What `command` writes. Raises CommandError when it ends with an error."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        yield process.stdout
        process.stdout.close()
        if process.wait():
            raise CommandError(f"{Path(command[0]).name} ended with exit code {process.returncode}.")


def _postgres(program, parameters):
    """Command and environment of one of PostgreSQL's programs for the portal's database; the password is in the environment."""
    client = connection.client_class
    command, environment = client.settings_to_cmd_args_env(connection.settings_dict, parameters)
    return [_program(program), *command[1:]], os.environ | (environment or {})


def _program(name):
    """Where `name` is: in PG_BIN, on the PATH, or among Debian's."""
    folders = [Path(os.environ["PG_BIN"])] if "PG_BIN" in os.environ else []
    found = next((str(folder / name) for folder in folders if (folder / name).exists()), None) or shutil.which(name)
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4].partition(".")[0]))
    if not found and not newest:
        raise CommandError(
            f"{name} is missing: install the client programs of PostgreSQL (Debian: apt install postgresql-client)."
        )
    return found or str(newest[-1])


def _run(command, environment, stdin=subprocess.DEVNULL):
    done = subprocess.run(command, env=environment, stdin=stdin, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise CommandError(f"{Path(command[0]).name} failed: {' '.join(done.stderr.split())}")
