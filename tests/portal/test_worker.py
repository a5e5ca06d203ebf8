"""The worker goes on when the database was busy or away."""

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from rifess.base.models import Heartbeat
from rifess.portal.worker import WORKER, LastingWorker, forget_old_results

pytestmark = pytest.mark.django_db(transaction=True)
OPTIONS = {
    "queue_names": ["default"],
    "interval": 0,
    "backend_name": "default",
    "startup_delay": False,
    "worker_id": "test",
    "excluded_queue_names": [],
}


@pytest.fixture
def in_the_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@task
def add(one, two):
    return one + two


def worker(max_tasks=None, batch=False):
    return LastingWorker(max_tasks=max_tasks, batch=batch, **OPTIONS)


def test_worker_survives_a_database_that_is_away_and_does_its_work_afterwards(in_the_database, monkeypatch, caplog):
    pauses, failures = [], [OperationalError("connection refused")] * 3
    queued = add.enqueue(1, 2)
    looked_for_work = DBTaskResult.objects.ready

    def ready():
        if failures:
            raise failures.pop()
        return looked_for_work()

    monkeypatch.setattr(DBTaskResult.objects, "ready", ready)
    monkeypatch.setattr("rifess.portal.worker.time.sleep", pauses.append)
    with caplog.at_level(logging.ERROR, "rifess.portal.worker"):
        worker(max_tasks=1).run()

    assert DBTaskResult.objects.get(pk=queued.id).status == TaskResultStatus.SUCCESSFUL
    assert pauses == [1, 2, 4] and Heartbeat.objects.filter(name=WORKER).exists()
    assert [record.getMessage().partition("(")[2][:18] for record in caplog.records] == ["connection refused"] * 3


def test_task_whose_end_cannot_be_written_fails_when_the_database_is_back(in_the_database, monkeypatch):
    queued, writes = add.enqueue(1, 2), [False]
    fine = DBTaskResult.set_failed

    def set_failed(self, error):
        if not writes[0]:
            writes[0] = True
            raise OperationalError("server closed the connection")
        fine(self, error)

    def set_successful(self, value):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(DBTaskResult, "set_failed", set_failed)
    monkeypatch.setattr(DBTaskResult, "set_successful", set_successful)
    monkeypatch.setattr("rifess.portal.worker.time.sleep", lambda seconds: None)
    asked = worker(max_tasks=2)
    add.enqueue(3, 4)
    asked.run()

    assert DBTaskResult.objects.get(pk=queued.id).status == TaskResultStatus.FAILED


def test_error_that_will_not_pass_ends_the_worker(in_the_database, monkeypatch):
    def wrong():
        raise TypeError("a mistake")

    monkeypatch.setattr(DBTaskResult.objects, "ready", wrong)

    with pytest.raises(TypeError):
        worker().run()


def test_old_results_are_deleted_and_tasks_of_a_worker_that_died_do_not_run_for_ever(in_the_database):
    now, ids = timezone.now(), [add.enqueue(1, 2).id for _each in range(4)]
    old, fresh, dead, running = (DBTaskResult.objects.filter(pk=pk) for pk in ids)
    done = {"status": TaskResultStatus.SUCCESSFUL}
    old.update(**done, finished_at=now - timedelta(days=15))
    fresh.update(**done, finished_at=now - timedelta(days=13))
    dead.update(status=TaskResultStatus.RUNNING, started_at=now - timedelta(days=2))
    running.update(status=TaskResultStatus.RUNNING, started_at=now - timedelta(minutes=2))

    assert forget_old_results(now) == 1
    assert [not old.exists(), fresh.get().status, dead.get().status, running.get().status] == [
        True,
        TaskResultStatus.SUCCESSFUL,
        TaskResultStatus.FAILED,
        TaskResultStatus.RUNNING,
    ]
