"""The worker of background tasks, which survives a database that is busy or away, and leaves heartbeats."""

import logging
import time
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connections
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from members.outbox.mail import look_after_the_outbox
from rifess.base.heartbeats import beat
from rifess.unavailability import kind_of_unavailability

log = logging.getLogger(__name__)

WORKER = "worker"  # its heartbeat
SECONDS_BETWEEN_BEATS = 30
LONGEST_TASK, RESULTS_KEPT = timedelta(days=1), timedelta(days=14)
LONGEST_PAUSE = 10  # seconds between two tries while the database is away


class LastingWorker(Worker):
    """The one of django-tasks-db, which ends at the first error of the database outside a task (its issue 49)."""

    def __init__(self, **options):
        super().__init__(**options)
        self.ends_when_idle, self.batch = self.batch, True  # one round of `run` ends when nothing is left to do
        self.next_beat = 0
        self.unwritten = []  # tasks whose end could not be written, and why

    def run(self):
        pause = self.interval
        while self.running:
            try:
                self._round()
                pause = self.interval
            except (DatabaseError, InterfaceError) as error:
                if self.ends_when_idle or not kind_of_unavailability(error):
                    raise
                pause = min(max(pause, 0.5) * 2, LONGEST_PAUSE)
                log.error("The database is away or busy (%s). Next try in %.0f s.", _first_line(error), pause)
                connections.close_all()
            if self.ends_when_idle or self._has_done_its_share():
                return
            if self.running:
                time.sleep(pause)

    def _round(self):
        self._write_what_was_left()
        super().run()
        self.startup_delay = False
        self._beat()

    def run_task(self, db_task_result):
        """Run one task. If not even its failure can be written, write it as soon as the database is back."""
        try:
            super().run_task(db_task_result)
        except (DatabaseError, InterfaceError) as error:
            log.exception("The end of task id=%s could not be written", db_task_result.id)
            self.unwritten.append((db_task_result.pk, error))
            raise
        self._beat()

    def _write_what_was_left(self):
        while self.unwritten:
            pk, error = self.unwritten[0]
            for result in DBTaskResult.objects.filter(pk=pk, status=TaskResultStatus.RUNNING):
                result.set_failed(error)
            self.unwritten.pop(0)

    def _beat(self):
        if time.monotonic() >= self.next_beat:
            beat(WORKER)
            look_after_the_outbox()
            self.next_beat = time.monotonic() + SECONDS_BETWEEN_BEATS

    def _has_done_its_share(self):
        return self.max_tasks is not None and self._run_tasks >= self.max_tasks


def forget_old_results(now=None) -> int:
    """Delete the results of tasks that ended two weeks ago, and give up those that a worker left unfinished a day ago.

    What such a task had to do is done by the timers: each asks what is due and not yet done. Returns how many were deleted.
    """
    now = now or timezone.now()
    for result in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LONGEST_TASK):
        result.set_failed(TimeoutError("The worker stopped before this task had ended."))
    return DBTaskResult.objects.finished().filter(finished_at__lt=now - RESULTS_KEPT).delete()[0]


def _first_line(error):
    return str(error).partition("\n")[0]
