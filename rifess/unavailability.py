"""Temporary unavailability, as opposed to errors: a database that is busy or does not answer, a full disk, no cache."""

import errno
import sqlite3

from django.db import InterfaceError, OperationalError

BUSY, AWAY, FULL = "busy", "away", "full"
RETRY_AFTER = {BUSY: 5, AWAY: 30, FULL: 120}  # seconds after which to try again

SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_READONLY: AWAY,
    sqlite3.SQLITE_FULL: FULL,
}
BUSY_STATES = {"55P03", "57014", "40001", "40P01", "25P03"}  # lock, statement and idle time-outs, conflicts, deadlock
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def kind_of_unavailability(error):
    """BUSY, AWAY or FULL when `error`, or what it was raised from, will pass; None when something is wrong."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if kind := _kind(error):
            return kind
        error = error.__cause__ or error.__context__
    return None


def _kind(error):
    if isinstance(error, OperationalError | InterfaceError):
        return _kind_in_database(error.__cause__ or error)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return FULL
    return AWAY if _is_of_redis(error) else None


def _is_of_redis(error):
    """Told by its names, since the package is there only where CACHE_URL asks for it."""
    kind = type(error)
    return kind.__module__.startswith("redis.") and kind.__name__ in {"ConnectionError", "TimeoutError", "BusyLoadingError"}


def _kind_in_database(error):
    """SQLite calls a missing table “operational” too: there its code decides. PostgreSQL's class is what it says."""
    if isinstance(error, sqlite3.Error):
        return SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(error, "sqlstate", None) or ""
    if state in BUSY_STATES:
        return BUSY
    return FULL if state == "53100" else AWAY
