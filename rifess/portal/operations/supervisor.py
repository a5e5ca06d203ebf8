"""Several processes kept running: the one that stops is started again. In production this is what the units of systemd do."""

import signal
import subprocess
import time
from dataclasses import dataclass

from rifess.portal.operations import parent_process

SECONDS_BETWEEN_LOOKS = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 1, 30  # seconds before a process is started again; doubled while it stops at once
STEADY_AFTER = 20  # seconds after which a process counts as running
SECONDS_TO_FINISH = 30


@dataclass
class Kept:
    """A process that is kept running, with its command. Moments are on the clock `time.monotonic`, pauses in seconds."""

    name: str
    command: list
    process: subprocess.Popen | None = None
    started_at: float = 0
    due_at: float = 0
    pause: float = FIRST_PAUSE
    starts: int = 0

    def start(self):
        # A session of its own: Ctrl+C reaches the supervisor alone, which then stops each process once.
        self.process = subprocess.Popen(
            self.command, env=parent_process.environment_of_children(), stdin=subprocess.DEVNULL, start_new_session=True
        )
        self.started_at, self.starts = time.monotonic(), self.starts + 1

    def has_stopped(self):
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self):
        """Wait longer each time when it stops again and again."""
        now = time.monotonic()
        steady = now - self.started_at > STEADY_AFTER
        self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.process, self.due_at = None, now + self.pause


class Supervisor:
    """Keeps `processes` running until it is terminated. Ends with the first of them when that cannot start at all."""

    def __init__(self, processes, say):
        self.processes, self.say, self.stopping = processes, say, False

    def run(self):
        """Return the exit code: 0 after SIGINT, SIGTERM or SIGHUP, that of the first process when it could not start."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for kept in self.processes:
                    if self._cannot_start(kept):
                        return kept.process.returncode
                    self._look_after(kept)
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            self._end_all()
        return 0

    def _stop(self, number, frame):
        self.stopping = True

    def _cannot_start(self, kept):
        soon = time.monotonic() - kept.started_at < STEADY_AFTER
        return kept is self.processes[0] and kept.has_stopped() and kept.starts == 1 and soon and kept.process.returncode > 0

    def _look_after(self, kept):
        if kept.has_stopped():
            code = kept.process.returncode
            kept.plan_restart()
            self.say(f"The {kept.name} stopped (exit code {code}). It is started again in {kept.pause:.0f} s.")
        elif kept.process is None and time.monotonic() >= kept.due_at:
            kept.start()

    def _end_all(self):
        running = [kept.process for kept in self.processes if kept.process and kept.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + SECONDS_TO_FINISH
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
