"""Restores a backup into an empty database and empty folders, and verifies it. E-mail is held back until it is released."""

import shutil
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from events.registration.seat_counters import wrong_counts
from rifess.portal.operations import database_dump, manifest
from rifess.portal.operations.backup import KEYS, MEDIA, SPARE, copy_tree, megabytes

LINKS_THAT_DIE = (
    "all sessions, and the links in e-mails already sent: registrations, invitations, applications, subscriptions, calendars"
)


def verify(folder: Path, keys: Path):
    """Return the manifest of the backup in `folder`. Raises CommandError naming files that are missing or changed."""
    said = manifest.read(folder)
    places = {name: _place(folder, keys, name) for name in said.files}
    wrong = [name for name, (root, path) in places.items() if not _is_as_written(root, path, said.files[name])]
    if wrong:
        raise CommandError(
            f"This backup is damaged. Missing or changed: {', '.join(sorted(wrong)[:10])}{' …' if len(wrong) > 10 else ''}."
        )
    return said


def restore(folder: Path, keys: Path, *, another_secret_key=False):
    """Restore the backup in `folder`. Return its manifest and sentences on what an operator should still do.

    Raises CommandError before anything is written when something stands in its way.
    """
    said = verify(folder, keys)
    _require_same_database(said)
    behind = _migrations_to_do(said)
    _require_keys(said, another_secret_key)
    _require_empty()
    _require_space(said)
    try:
        modes = {"file_mode": settings.FILE_UPLOAD_PERMISSIONS, "folder_mode": settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS}
        copied = copy_tree(folder / MEDIA, settings.MEDIA_ROOT, prefix=MEDIA, **modes)
        copied |= copy_tree(keys, settings.DATA_DIR / KEYS, prefix=KEYS)
        _require_same_files(said, copied)
        database_dump.restore(folder / database_dump.NAMES[said.vendor])
    except BaseException as error:
        _remove_copied_files()
        if isinstance(error, OSError):
            raise CommandError(f"Nothing was restored: {error.strerror} ({error.filename}).") from error
        raise
    _require_same_rows(said)
    return said, [*behind, *_advice(said, behind), *_empty_caches()]


def _place(folder, keys, name):
    """The folder of the backup that holds the file called `name`, and the path of the file."""
    root, within = (keys, name.removeprefix(f"{KEYS}/")) if name.startswith(f"{KEYS}/") else (folder, name)
    return root, root / within


def _is_as_written(root, path, expected):
    """A link counts as missing: it is not copied, and what it leads to is not in the backup."""
    is_there = path.is_file() and path.resolve() == root.resolve() / path.relative_to(root)
    return is_there and manifest.hash_of(path) == expected


def _require_same_database(said):
    if said.vendor != connection.vendor:
        raise CommandError(
            f"This backup is of {said.vendor}, and DATABASE_URL leads to {connection.vendor}. Restore it into an empty "
            "database of its own kind."
        )


def _migrations_to_do(said):
    """A sentence when this code is newer than the backup. Raises CommandError when it is older."""
    on_disk = MigrationLoader(connection=None).disk_migrations
    ours, squashed = set(on_disk), {former for migration in on_disk.values() for former in migration.replaces}
    theirs = {tuple(each) for each in said.migrations}
    installed = {app for app, _name in ours}
    if newer := sorted(f"{app}.{name}" for app, name in theirs - ours - squashed if app in installed):
        raise CommandError(
            f"This backup was made by newer code; it has {', '.join(newer[:3])}. Install that release, then restore."
        )
    return ["It was made by older code: run manage.py migrate now."] if ours - theirs else []


def _require_keys(said, another_secret_key):
    if not _has_our_secret_key(said) and not another_secret_key:
        raise CommandError(
            f"SECRET_KEY is not the one of this backup. With another one these are void: {LINKS_THAT_DIE}. Set the former key, "
            "if need be as one of SECRET_KEY_FALLBACKS, or add --another-secret-key."
        )
    if not said.is_known_key("CERTIFICATE_KEY", [settings.CERTIFICATE_KEY]):
        raise CommandError("CERTIFICATE_KEY is not the one of this backup. Set the former key; rotate it afterwards if you must.")
    if not said.is_known_key("SECOND_FACTOR_KEYS", settings.SECOND_FACTOR_KEYS):
        raise CommandError("SECOND_FACTOR_KEYS does not name the key of this backup: no authenticator app would open an account.")


def _has_our_secret_key(said):
    return said.is_known_key("SECRET_KEY", [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])


def _require_empty():
    if not database_dump.is_empty():
        raise CommandError(
            "The database is not empty. Nothing is overwritten: restore into a new, empty one (without “migrate”)."
        )
    for place in (settings.MEDIA_ROOT, settings.DATA_DIR / KEYS):
        if place.exists() and any(place.iterdir()):
            raise CommandError(f"{place} is not empty. Nothing is overwritten: move it away first.")


def _require_space(said):
    """Raise CommandError when a disk has no room for what would be copied to it.

    PostgreSQL's disk counts where it can be seen, with the size of the dump, which is compressed: the least that is needed.
    """
    needed, places = Counter(), {}
    for name, (size, _hash) in said.files.items():
        target = settings.MEDIA_ROOT if name.startswith(f"{MEDIA}/") else settings.DATA_DIR
        if name == database_dump.NAMES["postgresql"]:
            target = database_dump.folder_of_server()
            if target is None:
                continue
        place = next(each for each in (target, *target.parents) if each.exists())
        needed[place.stat().st_dev] += size
        places[place.stat().st_dev] = place
    for device, place in places.items():
        free = shutil.disk_usage(place).free
        if needed[device] + SPARE > free:
            raise CommandError(
                f"The restore needs about {megabytes(needed[device])} MB, and {place} has {megabytes(free)} MB free. "
                "Nothing was restored."
            )


def _require_same_files(said, copied):
    """Raises CommandError when the folders hold files that the backup does not know: those were added later."""
    expected = {name: each for name, each in said.files.items() if name.startswith((f"{MEDIA}/", f"{KEYS}/"))}
    if others := sorted(name for name in copied if copied[name] != expected.get(name)):
        raise CommandError(
            f"The backup holds files that its {manifest.NAME} does not name: {', '.join(others[:10])}. Remove them."
        )


def _require_same_rows(said):
    """Raises CommandError when a table has not the rows of the backup, or a counter is behind."""
    rows, counters = database_dump.rows_and_counters()
    rows[database_dump.HOLD] = rows.get(database_dump.HOLD, 1) - 1  # ours
    wrong = [table for table, number in said.rows.items() if rows.get(table) != number]
    wrong += [name for name, value in said.counters.items() if counters.get(name, 0) < value]
    if wrong:
        raise CommandError(f"The database was restored, but not as it was: {', '.join(sorted(wrong)[:10])}. Do not use it.")


def _advice(said, behind):
    if said.site_url != settings.SITE_URL:
        yield f"It is of {said.site_url}; here SITE_URL is {settings.SITE_URL}, to which new links lead."
    if said.vendor == "postgresql" and database_dump.folder_of_server() is None:
        yield "PostgreSQL's own disk cannot be seen from here, and its free space was not asked for: look at it on its machine."
    if not _has_our_secret_key(said):
        yield f"SECRET_KEY is another one. Void are {LINKS_THAT_DIE}."
    if not behind and wrong_counts():
        yield "Seats were counted wrongly already in the backup: see manage.py doctor."


def _empty_caches():
    """Pages of before must not be shown any more. Yields a sentence when a cache cannot be emptied."""
    try:
        for each in caches.all():
            each.clear()
    except Exception as error:
        yield f"The cache could not be emptied ({error}): empty it, or it may show pages from before."


def _remove_copied_files():
    """Remove what a restore that failed has copied: the folders were empty before."""
    for place in (settings.MEDIA_ROOT, settings.DATA_DIR / KEYS):
        for path in place.iterdir() if place.exists() else []:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
