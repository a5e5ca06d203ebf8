"""What monitors are told of the portal's state."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from members.models import Message
from rifess.base.heartbeats import beat
from rifess.portal.worker import WORKER

pytestmark = pytest.mark.django_db


def missing(client):
    answer = client.get("/health/ready/")
    return answer.status_code, answer.json()["status"], sorted(answer.json()["missing"])


def test_a_process_lives_without_its_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live/").json() == {"status": "ok"}
    assert client.head("/health/live/").status_code == client.head("/health/ready/").status_code == 200
    assert client.post("/health/live/").status_code == 405


def test_ready_names_the_worker_and_the_oldest_message_while_pages_are_answered(client):
    now = timezone.now()
    never = missing(client)
    beat(WORKER)
    fine = missing(client)
    beat(WORKER, now - timedelta(minutes=11))
    waiting = {"kind": "x", "to": "a@example.org", "language": "es", "subject": "s"}
    Message.objects.create(**waiting, written_at=now - timedelta(minutes=59))
    silent = missing(client)
    Message.objects.create(**waiting, written_at=now - timedelta(hours=2), next_try_at=now + timedelta(hours=1))

    assert never == (200, "degraded", ["worker"])
    assert fine == (200, "ok", [])
    assert silent == (200, "degraded", ["worker"])
    assert missing(client) == (200, "degraded", ["messages", "worker"])
    assert "a@example.org" not in client.get("/health/ready/").content.decode()


def test_migrations_that_were_not_applied_are_missing(client):
    beat(WORKER)
    MigrationRecorder(connection).record_unapplied("base", "0003_heartbeats")

    assert missing(client) == (503, "unavailable", ["migrations"])


def test_folder_and_cache_that_cannot_be_written_are_missing(client, settings, tmp_path, monkeypatch):
    beat(WORKER)
    (tmp_path / "file").write_text("in the way of a folder")
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "file" / "media"},
        },
        "staticfiles": {"BACKEND": "rifess.static_storage.PortalStorage"},
    }
    settings.STATIC_ROOT = tmp_path
    settings.CACHES = {"default": {"BACKEND": "rifess.base.file_cache.SharedFileCache", "LOCATION": str(tmp_path / "file")}}

    assert missing(client) == (503, "unavailable", ["cache", "media", "static"])


def test_database_that_is_away_is_missing_and_nothing_else_is_asked_of_it(client, monkeypatch):
    def refuse(self):
        raise OperationalError("connection refused")

    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)

    assert missing(client) == (503, "unavailable", ["database", "migrations"])
    assert client.get("/health/").status_code == 503
    assert client.get("/health/live/").status_code == 200
