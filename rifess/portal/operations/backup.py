"""A backup: the database, the media and the keys in one folder, and a manifest by which all of it can be verified."""

import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from rifess.portal.operations import database_dump, manifest

MEDIA, KEYS = "media", "keys"
BLOCK = 1024 * 1024
SPARE = 50 * 1024 * 1024  # bytes that a backup leaves free
LAST = "last-backup.json"
DATED = "%Y-%m-%dT%H%M%SZ"


def make(folder: Path, *, keys: Path | None = None, now=None):
    """Make a backup in `folder`, new or empty; the keys in its folder `keys`, or in another one. Returns its manifest.

    First the database, then the media: a file that a row names is there, unless it was deleted meanwhile. Nothing is left when
    it fails. Raises CommandError with a sentence.
    """
    keys = keys or folder / KEYS
    _require_room(folder, keys)
    made = []
    try:
        for each in (folder, folder / MEDIA, keys):
            made += _make_folders(each)
        made_of = _content(folder, keys, now or datetime.now(UTC))
        made_of.write(folder)
    except BaseException as error:
        _clear(folder, keys, made)
        if isinstance(error, OSError):
            raise CommandError(f"The backup could not be written: {error.strerror} ({error.filename}).") from error
        raise
    _remember(folder, made_of)
    return made_of


def make_dated(parent: Path, *, keep=0, keys=None, now=None):
    """Make a backup in a folder of `parent` named by its moment, and delete all but the newest `keep` of them.

    One with a name that is still to come was made while the clock was ahead, and counts as older than all others.
    """
    now = now or datetime.now(UTC)
    folder = parent / now.strftime(DATED)
    made = make(folder, keys=keys and keys / folder.name, now=now)
    dated = sorted(_dated(parent), key=lambda each: (each.name <= folder.name, each.name))  # to come: the clock was ahead
    for old in dated[:-keep] if keep else []:
        shutil.rmtree(old)
        if keys:
            shutil.rmtree(keys / old.name, ignore_errors=True)
    return folder, made


def last():
    """When the last backup was made from this machine and where; None when none was."""
    try:
        said = json.loads((settings.DATA_DIR / LAST).read_text())
        return datetime.fromisoformat(said["made_at"]), said["folder"]
    except (OSError, ValueError, KeyError):
        return None


def _content(folder, keys, now):
    name, salt = database_dump.NAMES[connection.vendor], manifest.new_salt()
    rows, counters = database_dump.dump(folder / name)
    applied = sorted([app, migration] for app, migration in MigrationRecorder(connection).applied_migrations())
    files = {name: manifest.hash_of(folder / name)}
    files |= copy_tree(settings.MEDIA_ROOT, folder / MEDIA, prefix=MEDIA)
    files |= copy_tree(settings.DATA_DIR / KEYS, keys, prefix=KEYS)
    return manifest.Manifest(
        made_at=now.isoformat(timespec="seconds"),
        site_url=settings.SITE_URL,
        vendor=connection.vendor,
        database_version=database_dump.version(),
        salt=salt,
        key_marks=manifest.key_marks(salt),
        migrations=applied,
        rows=rows,
        counters=counters,
        files=files,
    )


def copy_tree(source, target, *, prefix, file_mode=0o600, folder_mode=0o700):
    """Copy the files in `source` to `target`. Returns size and hash of each, by its path below `prefix`.

    Raises CommandError at a symbolic link and OSError at a folder that cannot be read: their files would be missing unnoticed.
    """
    copied = {}
    for place, folders, names in os.walk(source, onerror=_refuse_unreadable):
        within = Path(place).relative_to(source)
        _refuse_links(Path(place), [*folders, *names])
        _make_folders(target / within, folder_mode)
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file():
                try:
                    said = _copy(path, target / within / name, file_mode)
                except FileNotFoundError:
                    continue  # deleted while the backup was made
                copied[(Path(prefix) / within / name).as_posix()] = said
    return copied


def _refuse_unreadable(error):
    """`os.walk` passes over folders that it cannot read. One that does not exist, or was deleted meanwhile, has no files."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _refuse_links(place, names):
    if links := [str(place / name) for name in names if (place / name).is_symlink()]:
        raise CommandError(
            f"{links[0]} is a symbolic link, and a backup follows none. Put the files themselves there, or mount the disk on "
            "which they are at that place."
        )


def _copy(source, target, mode):
    digest, size = hashlib.sha256(), 0
    with open(source, "rb") as read, manifest.open_private(target) as written:
        os.fchmod(written.fileno(), mode)
        while block := read.read(BLOCK):
            digest.update(block)
            size += len(block)
            written.write(block)
        changed_at = os.fstat(read.fileno()).st_mtime_ns
    os.utime(target, ns=(changed_at, changed_at))
    return [size, digest.hexdigest()]


def _make_folders(folder, mode=0o700):
    """Make `folder` and those above it; those that were made, the innermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=mode)
    return missing


def _require_room(folder, keys):
    for each in (folder, keys):
        if each.exists() and (not each.is_dir() or any(each.iterdir())):
            raise CommandError(
                f"{each} is not empty. A backup is never written over anything: name a new folder, or use --dated."
            )
        if any(each.resolve().is_relative_to(root.resolve()) for root in (settings.MEDIA_ROOT, settings.DATA_DIR / KEYS)):
            raise CommandError(f"{each} is inside what is backed up. Name a folder elsewhere, best on another disk.")
    parent = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    needed, free = _size_of(settings.MEDIA_ROOT) + _size_of_database(), shutil.disk_usage(parent).free
    if needed + SPARE > free:
        raise CommandError(f"The backup needs about {megabytes(needed)} MB, and {parent} has {megabytes(free)} MB free.")


def _size_of(folder):
    return sum((Path(place) / name).lstat().st_size for place, _folders, names in os.walk(folder) for name in names)


def _size_of_database():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def megabytes(count):
    return -(-count // 1024**2)


def _clear(folder, keys, made):
    """Remove what an unfinished backup left; folders that were there before stay."""
    for each in (folder, keys):
        for path in each.iterdir() if each.exists() else []:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for each in made:
        shutil.rmtree(each, ignore_errors=True)


def _dated(parent):
    """The finished backups in `parent` that are named by their moment, oldest first."""
    return sorted(path.parent for path in parent.glob(f"*/{manifest.NAME}") if _is_dated(path.parent.name))


def _is_dated(name):
    try:
        datetime.strptime(name, DATED)
    except ValueError:
        return False
    return True


def _remember(folder, made):
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    said = json.dumps({"made_at": made.made_at, "folder": str(folder.absolute())})
    note = settings.DATA_DIR / LAST
    note.touch(mode=0o600)
    note.chmod(0o600)  # one of before may be open to all
    note.write_text(said)
