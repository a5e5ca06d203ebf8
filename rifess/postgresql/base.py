"""Django's PostgreSQL, which also gives up a server that accepts what it is asked and never answers.

The time-outs of PostgreSQL are kept by the server itself: one that was stopped (SIGSTOP, a frozen container or disk) keeps none,
and its kernel goes on acknowledging packets, so that keepalives and `tcp_user_timeout` see nothing. OPTIONS["longest_answer"], in
seconds, is a bound of the client's for each statement; without it there is none. A statement that has been silent for `SILENCE`
may be slow or the server frozen: a greeting at its door tells which, since a server that works answers it at once. Whether a kept
connection still answers is asked with a bound of its own, and while new connections get no answer, requests are refused at once
instead of one after the other waiting for the same. See docs/adr/0034.
"""

import socket
import time
from threading import Lock

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.errors import ConnectionTimeout

LONGEST_PROOF_OF_LIFE = 1  # seconds for SELECT 1; with `connect_timeout` less than the five that any request may take
SILENCE = 1.5  # seconds after which, and again each time, a waiting statement asks whether the server still answers
LONGEST_GREETING = 1.5  # seconds for the answer
REFUSED_FOR = 2  # seconds after a connection that got no answer in time
SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # answered with one letter, before anybody signs in (protocol 3.0)


class DatabaseWrapper(base.DatabaseWrapper):
    longest_answer = None
    refused_until = answered_at = 0.0  # of the whole process, on the clock `time.monotonic`
    asking = Lock()

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
        self._bound(connection, self.longest_answer)
        return connection

    def is_usable(self):
        if self.connection is None or self.longest_answer is None:
            return super().is_usable()
        self._bound(self.connection, LONGEST_PROOF_OF_LIFE)
        try:
            return super().is_usable()
        finally:
            self._bound(self.connection, self.longest_answer)

    def _bound(self, connection, seconds):
        """Let each later wait for the server end after `seconds` with an OperationalError, and sooner when the server answers
        nobody; None waits as long as it takes.
        """

        def wait(steps, *args, **options):
            return type(connection).wait(connection, self._watched(connection, steps), *args, **options, timeout=seconds)

        if seconds is not None:
            connection.wait = wait

    def _watched(self, connection, steps):
        """The `steps` of a statement (a generator of psycopg's, resumed with nothing each tenth of a second without an answer),
        ended with an OperationalError when the server answers nobody."""
        silent_until = time.monotonic() + SILENCE
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                if ready:
                    silent_until = time.monotonic() + SILENCE
                elif time.monotonic() >= silent_until:
                    if not _server_answers(connection.info):
                        raise self.Database.OperationalError("The database server does not answer any more.")
                    silent_until = time.monotonic() + SILENCE
                wanted = steps.send(ready)
        except StopIteration as end:
            return end.value


def _server_answers(server):
    """Whether the `server` of a connection (psycopg's ConnectionInfo) still answers anybody. One thread asks for all."""
    called_at = time.monotonic()
    with DatabaseWrapper.asking:
        if DatabaseWrapper.answered_at > called_at:
            return True
        if time.monotonic() < DatabaseWrapper.refused_until:
            return False
        if not _is_greeted(server):
            DatabaseWrapper.refused_until = time.monotonic() + REFUSED_FOR
            return False
        DatabaseWrapper.answered_at = time.monotonic()
        return True


def _is_greeted(server):
    """Whether the `server` answers one connection more. A refusal is an answer."""
    try:
        with _connected(server) as greeting:
            greeting.sendall(SSL_REQUEST)
            greeting.recv(1)
    except (TimeoutError, BlockingIOError):  # the latter: nobody takes connections from the queue, which is full
        return False
    except OSError:
        pass
    return True


def _connected(server):
    if not server.host.startswith("/"):
        return socket.create_connection((server.hostaddr or server.host, server.port), LONGEST_GREETING)
    greeting = socket.socket(socket.AF_UNIX)
    greeting.settimeout(LONGEST_GREETING)
    try:
        greeting.connect(f"{server.host}/.s.PGSQL.{server.port}")
    except OSError:
        greeting.close()
        raise
    return greeting
