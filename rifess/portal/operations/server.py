"""The web server: the one place that says how granian is started, in the demonstration and in production."""

import errno
import fcntl
import os
import socket
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from rifess.portal.operations import parent_process

APPLICATION = "rifess.wsgi:application"
WORKERS = 2  # processes
THREADS = 16  # of each process; a request that waits holds one of them (docs/adr/0034; python -m tests.bench.outage)


class PortInUse(OSError):
    """Another program, perhaps an earlier server, listens there."""


def start(host, port, *, folder, workers=WORKERS, threads=THREADS):
    """Become the server at `host`:`port`: this process is replaced by one in which nothing of Django is open yet.

    Raises PortInUse: granian would share the port with an earlier server, and old code would answer some of the requests. The
    lock in `folder` is inherited by all processes of a server, those that its end left behind too.
    """
    lock = os.open(folder / f"server-{port}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise PortInUse(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)) from error
    require_free_port(host, port)
    os.set_inheritable(lock, True)
    os.execv(sys.executable, [sys.executable, "-m", __name__, host, str(port), str(workers), str(threads)])


def require_free_port(host, port):
    """Raise PortInUse when something listens at `host`:`port`, and OSError when nothing can listen there at all."""
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that are closing do not count
        try:
            probe.bind(address)
            probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(error.errno, error.strerror) from error
            raise


def main(host, port, workers, threads):
    """Answer requests until the process is terminated. A worker process that dies is replaced."""
    parent_process.end_with_parent()
    os.environ.update(parent_process.environment_of_children())
    Granian(
        APPLICATION,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        blocking_threads=int(threads),
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
