"""Django's PostgreSQL, which also gives up a server that accepts what it is asked and never answers.

The time-outs of PostgreSQL are kept by the server itself: one that was stopped (SIGSTOP, a frozen container or disk) keeps none.
OPTIONS["longest_answer"], in seconds, is a bound of the client's for each statement; without it there is none. Whether a kept
connection still answers is asked with a bound of its own, and while new connections get no answer, requests are refused at once
instead of one after the other waiting for the same. See docs/adr/0034.
"""

import time
from functools import partial

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.errors import ConnectionTimeout

LONGEST_PROOF_OF_LIFE = 1.5  # seconds for SELECT 1; with `connect_timeout` less than the five that any request may take
REFUSED_FOR = 2  # seconds after a connection that got no answer in time


class DatabaseWrapper(base.DatabaseWrapper):
    longest_answer = None
    refused_until = 0.0  # of the whole process, on the clock `time.monotonic`

    def get_connection_params(self):
        params = super().get_connection_params()
        self.longest_answer = params.pop("longest_answer", None)
        return params

    def get_new_connection(self, conn_params):
        if self.longest_answer and time.monotonic() < DatabaseWrapper.refused_until:
            raise OperationalError("The database server did not answer a moment ago.")
        try:
            connection = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            DatabaseWrapper.refused_until = time.monotonic() + REFUSED_FOR
            raise
        _bound(connection, self.longest_answer)
        return connection

    def is_usable(self):
        if self.connection is None or self.longest_answer is None:
            return super().is_usable()
        _bound(self.connection, LONGEST_PROOF_OF_LIFE)
        try:
            return super().is_usable()
        finally:
            _bound(self.connection, self.longest_answer)


def _bound(connection, seconds):
    """Let each later wait for the server end after `seconds` with an OperationalError; None waits as long as it takes."""
    connection.wait = partial(type(connection).wait, connection, timeout=seconds)
