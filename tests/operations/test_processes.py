"""Server, worker and clock as processes: one server at a port, and what stops is started again."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from rifess.portal.operations.server import PortInUse, require_free_port
from rifess.portal.operations.supervisor import FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER, Kept


def test_port_shared_by_an_earlier_server_is_refused():
    with socket.socket() as earlier:
        earlier.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as granian does
        earlier.bind(("127.0.0.1", 0))
        earlier.listen()

        with pytest.raises(PortInUse):
            require_free_port("127.0.0.1", earlier.getsockname()[1])

    require_free_port("127.0.0.1", 0)


def test_pause_before_restart_grows_until_the_process_is_steady():
    kept = Kept("worker", [])
    pauses = []
    for _ in range(8):
        kept.started_at = time.monotonic()
        kept.plan_restart()
        pauses.append(kept.pause)
    kept.started_at = time.monotonic() - STEADY_AFTER - 1

    kept.plan_restart()

    assert pauses == sorted(pauses) and pauses[-1] == LONGEST_PAUSE
    assert kept.pause == FIRST_PAUSE


SUPERVISED = """
import sys
from rifess.portal.operations.supervisor import Kept, Supervisor
python = lambda code: [sys.executable, "-c", code]
lasting = Kept("server", python("import time; time.sleep(60)"))
failing = Kept("worker", python("import sys; open(sys.argv[1], 'a').write('x'); sys.exit(1)") + [sys.argv[1]], pause=0.05)
sys.exit(Supervisor([lasting, failing], print).run())
"""


@pytest.mark.slow
def test_process_that_fails_is_started_again_and_all_end_with_the_supervisor(tmp_path):
    starts = tmp_path / "starts"
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISED, starts], env=os.environ | {"PYTHONPATH": os.getcwd()})

    deadline = time.monotonic() + 30
    while not (starts.exists() and len(starts.read_text()) > 1) and time.monotonic() < deadline:
        time.sleep(0.05)
    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(timeout=30) == 0
    assert len(starts.read_text()) > 1
