"""What an operator reads when the portal cannot start: one sentence on standard error, without a traceback."""

import sqlite3
import sys
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from rifess.logs import log_what_nobody_catches
from rifess.portal.operations.parent_process import end_with_parent

WRONG_SETTING, NO_DATABASE = 2, 3  # exit codes
OUT_OF_REACH = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_NOTADB,
}


@contextmanager
def says_why_it_cannot():
    """End with a sentence when a setting is wrong or the database does not answer, and with the parent when it ends.

    Other errors go through the log.
    """
    end_with_parent()
    log_what_nobody_catches()
    try:
        yield
    except ImproperlyConfigured as error:
        _end(f"The portal cannot start: {error}", WRONG_SETTING)
    except OperationalError as error:
        if not _is_out_of_reach(error):
            raise
        _end(f"The database does not answer: {_one_line(error)}. Look at DATABASE_URL, and whether the server runs.", NO_DATABASE)


def _is_out_of_reach(error):
    """Whether the database itself is away; otherwise the error is of one statement, and its traceback helps."""
    cause = error.__cause__ or error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in OUT_OF_REACH
    return getattr(cause, "sqlstate", None) is None


def _one_line(error):
    return " ".join(str(error).split()).rstrip(".")


def _end(sentence, code):
    print(sentence, file=sys.stderr)
    sys.exit(code)
