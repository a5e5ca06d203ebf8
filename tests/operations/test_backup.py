"""A backup and its restore, on either database: the same pages, the same files, and no e-mail by itself."""

import json
import re
import shutil
import stat
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.conf import settings as given
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.certificates import signing_keys
from members.models import MailHold, Message
from members.outbox import mail
from members.outbox.delivery import send_due
from rifess.portal.operations import database_dump, manifest, restore
from rifess.portal.operations.backup import SPARE
from tests.make import (
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_seminar,
    make_version,
)

MADE_ANEW = r'nonce="[^"]+"|csrfmiddlewaretoken" value="[^"]+"'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(tmp_path, settings, monkeypatch):
    """The portal's own folders and a file store in them, as in production."""
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.CERTIFICATE_KEY = tmp_path / "var", tmp_path / "var" / "media", ""
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=settings.MEDIA_ROOT))
    monkeypatch.setattr(manifest, "ROUNDS", 1)  # slow on purpose
    settings.DATA_DIR.mkdir()
    return settings


@contextmanager
def another_machine(portal, folder):
    """An empty database and empty folders, in place of ours for as long as this holds."""
    ours, name = connections["default"], "rifess_restored"
    wrapper = ours.copy()
    if ours.vendor == "postgresql":
        with ours.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
        wrapper.settings_dict["OPTIONS"].pop("pool", None)
        wrapper.settings_dict["NAME"] = name
    else:
        wrapper.settings_dict["NAME"] = folder / "rifess.sqlite3"
    folder.mkdir(exist_ok=True)
    portal.DATA_DIR, portal.MEDIA_ROOT = folder, folder / "media"
    connections["default"] = wrapper
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = ours
        if ours.vendor == "postgresql":
            with ours.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def make_contents():
    """Something on pages of each kind, a file, and a key that signs."""
    seminar = make_seminar(title="Seminario de economía social")
    panel = make_panel(seminar=seminar)
    person = make_person()
    make_intervention(panel=panel, person=person)
    make_membership(country="MX", institution=make_institution())
    make_recording(seminar=seminar)
    make_document()
    version = make_version()
    signing_keys.current()
    return version


def public_pages():
    """The answer to every address of the sitemap, without what is made anew for each answer."""
    client, pages = Client(), {}
    for address in re.findall(r"<loc>http://testserver([^<]+)</loc>", client.get(reverse("sitemap")).content.decode()):
        answer = client.get(address)
        pages[address] = (
            answer.status_code,
            re.sub(MADE_ANEW, "", answer.content.decode()),
        )
    return pages


MESSAGE = {"kind": "test", "to": "ana@example.org", "language": "es", "subject": "Hola", "text": "Hola", "html": "<p>Hola</p>"}


def test_restored_portal_shows_the_same_pages_and_sends_nothing_until_released(portal, tmp_path, mailoutbox):
    version = make_contents()
    key = signing_keys.current().name
    Message.objects.create(**MESSAGE)
    before = public_pages()
    call_command("backup", str(tmp_path / "kept"), verbosity=0)

    with another_machine(portal, tmp_path / "new"):
        call_command("restore", str(tmp_path / "kept"))

        assert public_pages() == before and len(before) > 40
        assert (portal.MEDIA_ROOT / version.file.name).read_bytes() == version.file.read()
        assert signing_keys.current().name == key
        send_due()
        assert mailoutbox == [] and MailHold.objects.active().count() == 1
        later = Message.objects.create(**MESSAGE | {"subject": "Después"})
        mail.release_held(discard=True)
        send_due()
        assert [sent.subject for sent in mailoutbox] == [later.subject]
        assert set(Message.objects.values_list("subject", "state")) == {("Hola", "expired"), ("Después", "sent")}
        with pytest.raises(CommandError, match="not empty"):
            call_command("restore", str(tmp_path / "kept"))


def test_restore_that_has_no_room_says_so_before_it_writes(portal, tmp_path, monkeypatch):
    make_contents()
    call_command("backup", str(tmp_path / "kept"), verbosity=0)
    full = shutil.disk_usage(tmp_path)._replace(free=SPARE)

    with another_machine(portal, tmp_path / "new"):
        monkeypatch.setattr(shutil, "disk_usage", lambda place: full)
        with pytest.raises(CommandError, match=r"needs about \d+ MB, and .* has 50 MB free"):
            call_command("restore", str(tmp_path / "kept"))

        assert not portal.MEDIA_ROOT.exists() and database_dump.is_empty()


def test_room_on_the_disk_of_postgresql_is_asked_for_where_it_can_be_seen(portal, tmp_path, monkeypatch):
    said = SimpleNamespace(files={database_dump.NAMES["postgresql"]: [1000 * 1024**2, ""]}, vendor="postgresql")
    full = shutil.disk_usage(tmp_path)._replace(free=SPARE)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: full)
    monkeypatch.setattr(database_dump, "folder_of_server", lambda: tmp_path)

    with pytest.raises(CommandError, match="needs about 1000 MB"):
        restore._require_space(said)
    monkeypatch.setattr(database_dump, "folder_of_server", lambda: None)
    restore._require_space(said)


def test_two_operators_release_mail_once(portal):
    MailHold.objects.create(reason="restored")
    hold = connections["default"]

    with CaptureQueriesContext(hold) as asked:
        mail.release_held()

    locks = [query for query in asked if "FOR UPDATE" in query["sql"]]
    assert len(locks) == (1 if hold.features.has_select_for_update else 0)  # SQLite's transactions write one after the other
    assert mail.release_held(discard=True) == 0


def test_backup_belongs_to_its_owner_and_holds_no_secret_key(portal, tmp_path):
    portal.SECRET_KEY = "the key that no backup may hold, 0123456789"
    make_contents()

    call_command("backup", str(tmp_path / "kept"), verbosity=0)

    for path in [tmp_path / "kept", *(tmp_path / "kept").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
        assert path.is_dir() or portal.SECRET_KEY.encode() not in path.read_bytes()
    assert stat.S_IMODE((portal.DATA_DIR / "last-backup.json").stat().st_mode) == 0o600


def change_a_file(folder):
    next(path for path in (folder / "media").rglob("*") if path.is_file()).write_bytes(b"another")


def lose_a_file(folder):
    next(path for path in (folder / "media").rglob("*") if path.is_file()).unlink()


def leave_the_folder(folder):
    said = json.loads((folder / "manifest.json").read_text())
    said["files"]["../outside"] = [1, "x"]
    (folder / "manifest.json").write_text(json.dumps(said))


def come_from_newer_code(folder):
    said = json.loads((folder / "manifest.json").read_text())
    said["migrations"].append(["members", "9999_of_the_next_release"])
    (folder / "manifest.json").write_text(json.dumps(said))


def come_from_another_database(folder):
    said = json.loads((folder / "manifest.json").read_text())
    said["vendor"] = "oracle"
    (folder / "manifest.json").write_text(json.dumps(said))


def link_a_file(folder):
    path = next(path for path in (folder / "media").rglob("*") if path.is_file())
    path.rename(folder.parent / f"{folder.name}-elsewhere")
    path.symlink_to(folder.parent / f"{folder.name}-elsewhere")


def link_a_folder(folder):
    (folder / "media").rename(folder.parent / f"{folder.name}-elsewhere")
    (folder / "media").symlink_to(folder.parent / f"{folder.name}-elsewhere")


def come_from_another_format(folder):
    said = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(said | {"format": 2, "a_new_field": []}))


def write_manifest(words):
    return lambda folder: (folder / "manifest.json").write_text(words)


REFUSED = {
    link_a_file: "damaged",
    link_a_folder: "damaged",
    lambda folder: (folder / "media" / "added.html").write_text("later"): "does not name: media/added.html",
    come_from_another_format: "format 2",
    write_manifest("[]"): "cannot be read",
    write_manifest('{"format": 1, "files": {"a": 1}}'): "cannot be read",
    change_a_file: "damaged",
    lose_a_file: "damaged",
    leave_the_folder: "outside",
    come_from_newer_code: "newer code",
    come_from_another_database: "oracle",
    lambda folder: (folder / "manifest.json").unlink(): "no finished backup",
    write_manifest("{"): "cannot be read",
    lambda folder: setattr(given, "SECRET_KEY", "another key"): "SECRET_KEY",
    lambda folder: (given.MEDIA_ROOT.mkdir(parents=True), (given.MEDIA_ROOT / "there").touch()): "not empty",
}


def test_restore_refuses_with_a_sentence_and_writes_nothing(portal, tmp_path):
    make_contents()

    for number, (spoil, sentence) in enumerate(REFUSED.items()):
        kept, new, key = tmp_path / f"kept{number}", tmp_path / f"new{number}", given.SECRET_KEY
        portal.DATA_DIR, portal.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "media"
        call_command("backup", str(kept), verbosity=0)
        with another_machine(portal, new):
            spoil(kept)

            with pytest.raises(CommandError, match=sentence):
                call_command("restore", str(kept))

            assert database_dump.is_empty()
            written = {path.name for path in new.rglob("*") if path.is_file() and not path.name.startswith("rifess.sqlite3")}
            assert written <= {"there"}
            portal.SECRET_KEY = key


def test_restore_that_the_disk_stops_says_so_and_leaves_nothing(portal, tmp_path, monkeypatch):
    make_contents()
    call_command("backup", str(tmp_path / "kept"), verbosity=0)
    monkeypatch.setattr("rifess.portal.operations.backup._copy", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))

    with another_machine(portal, tmp_path / "new"), pytest.raises(CommandError, match="Nothing was restored: No space left"):
        call_command("restore", str(tmp_path / "kept"))

    assert not any(path.is_file() for path in (tmp_path / "new" / "media").rglob("*"))


def test_another_secret_key_is_taken_when_told_and_what_dies_is_said(portal, tmp_path, capsys):
    make_contents()
    call_command("backup", str(tmp_path / "kept"), verbosity=0)

    with another_machine(portal, tmp_path / "new"):
        portal.SECRET_KEY = "another key"
        call_command("restore", str(tmp_path / "kept"), "--another-secret-key")

    assert "Void are all sessions" in capsys.readouterr().out


def test_former_secret_key_among_the_fallbacks_is_known(portal, tmp_path):
    call_command("backup", str(tmp_path / "kept"), verbosity=0)

    with another_machine(portal, tmp_path / "new"):
        portal.SECRET_KEY, portal.SECRET_KEY_FALLBACKS = "a new key", [given.SECRET_KEY]
        call_command("restore", str(tmp_path / "kept"))

        assert MailHold.objects.active().exists()


def test_backup_is_never_written_over_anything_and_leaves_nothing_when_it_fails(portal, tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("backup", str(tmp_path / "full"))
    with pytest.raises(CommandError, match="inside what is backed up"):
        call_command("backup", str(portal.MEDIA_ROOT / "kept"))
    with pytest.raises(CommandError, match="inside what is backed up"):
        call_command("backup", str(tmp_path / "kept"), "--keys", str(portal.MEDIA_ROOT / "kept"))

    monkeypatch.setattr(
        "rifess.portal.operations.manifest.Manifest.write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path / "deep" / "kept"))

    assert not (tmp_path / "deep").exists() and (tmp_path / "full" / "mine").read_text() == "mine"


def test_backup_refuses_links_whose_content_it_would_leave_out(portal, tmp_path):
    make_contents()
    portal.MEDIA_ROOT.rename(tmp_path / "large-disk")
    portal.MEDIA_ROOT.mkdir()
    (portal.MEDIA_ROOT / "documents").symlink_to(tmp_path / "large-disk" / "documents")

    with pytest.raises(CommandError, match="symbolic link"):
        call_command("backup", str(tmp_path / "kept"), verbosity=0)

    assert not (tmp_path / "kept").exists()


def test_backup_refuses_media_that_cannot_be_read(portal, tmp_path):
    portal.MEDIA_ROOT.write_text("a file in the place of the folder")

    with pytest.raises(CommandError, match="Not a directory"):
        call_command("backup", str(tmp_path / "kept"), verbosity=0)

    assert not (tmp_path / "kept").exists()


def test_number_of_backups_to_keep_is_refused_where_it_means_nothing(portal, tmp_path):
    for options in (["--keep", "2"], ["--dated", "--keep", "-1"]):
        with pytest.raises(CommandError, match="--keep"):
            call_command("backup", str(tmp_path / "kept"), *options)

    assert not (tmp_path / "kept").exists()


def test_only_the_newest_dated_backups_are_kept(portal, tmp_path):
    kept = tmp_path / "kept"
    (kept / "notes").mkdir(parents=True)
    for day in (1, 2, 3):
        made = kept / f"2026-01-0{day}T030000Z"
        made.mkdir()
        (made / "manifest.json").write_text("{}")

    call_command("backup", str(kept), "--dated", "--keep", "2", verbosity=0)

    names = sorted(path.name for path in kept.iterdir())
    assert names[0] == "2026-01-03T030000Z" and names[2] == "notes" and len(names) == 3


def test_backups_made_while_the_clock_was_ahead_go_first_and_the_one_just_made_stays(portal, tmp_path):
    kept = tmp_path / "kept"
    for name in ("2026-01-01T030000Z", "2999-01-01T030000Z", "2999-01-02T030000Z"):
        (kept / name).mkdir(parents=True)
        (kept / name / "manifest.json").write_text("{}")

    call_command("backup", str(kept), "--dated", "--keep", "2", verbosity=0)

    before, now = sorted(path.name for path in kept.iterdir())
    assert before == "2026-01-01T030000Z" and now < "2999"
