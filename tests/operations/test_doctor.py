"""One list of checks, asked by `check --deploy` and by `manage.py doctor`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.checks import registry
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import MailHold, Message
from rifess.base.heartbeats import beat
from rifess.base.models import Heartbeat
from rifess.portal.operations import backup, diagnosis
from rifess.portal.timers import TIMERS
from tests.make import make_version

pytestmark = pytest.mark.django_db
MESSAGE = {"kind": "test", "to": "ana@example.org", "language": "es", "subject": "Hola", "text": "Hola", "html": "<p>Hola</p>"}


@pytest.fixture
def folders(tmp_path, settings, monkeypatch):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=settings.MEDIA_ROOT))
    return settings


def ids(check):
    return [message.id for message in check()]


def test_each_check_is_asked_by_check_deploy_too():
    asked = {check.__name__ for check in registry.registry.get_checks(include_deployment_checks=True)}

    assert {check.__name__ for check in diagnosis.CHECKS.values()} <= asked


def test_check_that_fails_itself_is_told_beside_the_others(monkeypatch, caplog):
    def fail():
        raise PermissionError("the folder of the keys")
        yield

    out = StringIO()
    monkeypatch.setitem(diagnosis.CHECKS, "Settings", fail)

    with pytest.raises(CommandError, match="must be mended"):
        call_command("doctor", stdout=out, no_color=True)

    assert "MUST  Settings: This could not be looked at (PermissionError: the folder of the keys)." in out.getvalue()
    assert "  Seats" in out.getvalue() and caplog.records[0].exc_info


def test_settings_that_make_every_page_redirect_for_ever_are_an_error(settings):
    settings.SITE_URL, settings.TRUSTED_PROXIES = "https://testserver", 0

    assert ids(diagnosis.check_settings) == ["rifess.E002"]

    settings.TRUSTED_PROXIES = 1
    assert ids(diagnosis.check_settings) == []


def test_each_fault_of_an_operator_is_named(folders, tmp_path, monkeypatch):
    faults = {}
    faults["no backup"] = ids(diagnosis.check_backup)
    (tmp_path / "media").mkdir(mode=0o755)
    (tmp_path / "media").chmod(0o755)
    faults["open media"] = ids(diagnosis.check_private_files)
    Message.objects.create(**MESSAGE, next_try_at=timezone.now() - timedelta(hours=2))
    faults["late mail"] = ids(diagnosis.check_outbox)
    MailHold.objects.create(reason="restored")
    faults["held mail"] = ids(diagnosis.check_outbox)
    version = make_version()
    faults["file there"] = ids(diagnosis.check_media)
    version.file.storage.delete(version.file.name)
    faults["file elsewhere"] = ids(diagnosis.check_media)
    monkeypatch.setattr(diagnosis, "LITTLE_SPACE", 10**18)
    faults["full disk"] = ids(diagnosis.check_disk)[:1]
    folders.DATA_DIR = folders.MEDIA_ROOT = tmp_path / "file" / "var"
    (tmp_path / "file").write_text("")
    faults["no folder"] = ids(diagnosis.check_folders)[:1]

    assert faults == {
        "no backup": ["rifess.W050"],
        "open media": ["rifess.W034"],
        "late mail": ["rifess.W043"],
        "held mail": ["rifess.W042"],
        "file there": [],
        "file elsewhere": ["rifess.E031"],
        "full disk": ["rifess.W033"],
        "no folder": ["rifess.E030"],
    }


def test_silence_of_worker_and_timers_is_said_until_they_run():
    silent = [message.msg.split()[1] for message in diagnosis.check_timers()]
    for timer in TIMERS:
        beat(timer.name)

    assert silent == ["db_worker", "remind", "daily"]
    assert ids(diagnosis.check_timers) == []


def test_command_that_did_what_is_due_leaves_a_sign_of_life():
    call_command("remind", verbosity=0)

    assert Heartbeat.objects.filter(name="remind").exists()


def test_age_of_the_last_backup_is_said(folders, monkeypatch):
    monkeypatch.setattr(backup, "last", lambda: (timezone.now() - timedelta(days=9), "/var/backups/rifess/x"))

    assert "9 days old" in str([message.msg for message in diagnosis.check_backup()])


def test_cache_that_does_not_answer_is_an_error(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert ids(diagnosis.check_cache) == ["rifess.E021"]


def test_doctor_says_what_must_be_mended_and_ends_with_an_error(folders):
    folders.DEBUG, said = True, StringIO()

    with pytest.raises(CommandError, match="must be mended"):
        call_command("doctor", stdout=said)

    assert "DEBUG is on" in said.getvalue() and "No backup was made" in said.getvalue()
