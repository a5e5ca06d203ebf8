"""One request over the network: to an IP address that was checked, for a limited time, and only its first lines read."""

import http.client
import socket
import ssl
import string
from dataclasses import dataclass
from threading import Event, Timer
from urllib.parse import quote, urlsplit

IPS_TRIED = 3


@dataclass(frozen=True)
class Door:
    """Where an address is asked: `host` by its name, but only at `ips`, whatever the name leads to by then."""

    url: str
    host: str
    port: int
    ips: tuple


@dataclass(frozen=True)
class Reply:
    """The first lines of what a server sent; the rest is never read."""

    status: int
    reason: str
    location: str
    retry_after: str

    @property
    def asks_to_wait(self):
        return self.status == 429 or (self.status == 503 and bool(self.retry_after))


class Mute(Exception):
    """A server was reached, and said nothing that is HTTP; `late` when it had not finished in time."""

    def __init__(self, error, *, late):
        super().__init__(str(error))
        self.late = late


class Connection(http.client.HTTPConnection):
    """To a Door, with TLS when there is a `context`: the certificate must be of the host's name."""

    def __init__(self, door, *, timeout, context):
        self.default_port = http.client.HTTPS_PORT if context else http.client.HTTP_PORT
        super().__init__(door.host, door.port, timeout=timeout)
        self.ips, self.context = door.ips[:IPS_TRIED], context

    def connect(self):
        self.sock = self._reach()
        if self.context:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)

    def _reach(self):
        *others, last = self.ips
        for ip in others:
            try:
                return socket.create_connection((ip, self.port), self.timeout)
            except OSError:
                continue
        return socket.create_connection((last, self.port), self.timeout)

    def ask(self, method, target, headers):
        """The Reply, within `timeout` however slowly it drips in. Raises Mute."""
        late = Event()
        limit = Timer(self.timeout, _hang_up, [self.sock, late])
        limit.start()
        try:
            self.request(method, target, headers=headers)
            with self.getresponse() as said:
                reply = Reply(said.status, said.reason, said.getheader("Location", ""), said.getheader("Retry-After", ""))
            if late.is_set():
                raise TimeoutError("cut short")
            return reply
        except (OSError, http.client.HTTPException) as error:
            raise Mute(error, late=late.is_set() or isinstance(error, TimeoutError)) from error
        finally:
            limit.cancel()


def _hang_up(line, late):
    late.set()
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:  # it ended by itself a moment ago
        pass


def exchange(method, door, headers, *, timeout, context):
    """Send one request to `door` and return the Reply. Raises OSError when it cannot be reached, else Mute."""
    parts = urlsplit(door.url)
    connection = Connection(door, timeout=timeout, context=context if parts.scheme == "https" else None)
    try:
        connection.connect()
        target = quoted(parts.path or "/") + (f"?{quoted(parts.query)}" if parts.query else "")
        return connection.ask(method, target, headers | {"Accept-Encoding": "identity", "Connection": "close"})
    finally:
        connection.close()


def quoted(text):
    """`text` of an address in ASCII; what is quoted already stays so."""
    return quote(text, safe=string.punctuation)


def look_up(host, port):
    """The IP addresses of `host`, as this machine is told them. Raises OSError when there are none."""
    return list(dict.fromkeys(info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def certificates():
    """Certificates verified as browsers do: Python's own strictness refuses authorities that they accept."""
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
