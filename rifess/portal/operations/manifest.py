"""What a backup says about itself: files with hashes, rows and counters of each table, migrations, and marks of the keys."""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import CommandError

NAME, FORMAT = "manifest.json", 1
ROUNDS = 200_000  # of PBKDF2, so that a mark is of no help in guessing the key


@dataclass
class Manifest:
    made_at: str  # ISO 8601, UTC
    site_url: str
    vendor: str  # "sqlite" or "postgresql"
    database_version: str
    salt: str
    key_marks: dict  # name of a setting: its mark, never the key itself
    migrations: list  # [app, name], all that were applied
    rows: dict  # table: number of rows
    counters: dict  # sequence: its last value
    files: dict = field(default_factory=dict)  # path: [bytes, SHA-256]
    format: int = FORMAT

    @property
    def moment(self):
        return datetime.fromisoformat(self.made_at)

    def write(self, folder):
        """Written last: a folder without it is no backup."""
        with open_private(folder / NAME) as file:
            file.write(json.dumps(asdict(self), indent=1, sort_keys=True).encode())
            file.flush()
            os.fsync(file.fileno())

    def is_known_key(self, name, keys):
        """Whether one of `keys` is the one that `name` was when the backup was made; also when it was not set then."""
        mark = self.key_marks.get(name)
        return not mark or any(hmac.compare_digest(mark, mark_of(key, self.salt)) for key in keys if key)


def read(folder):
    """The manifest in `folder`. Raises CommandError when there is none that this code can read."""
    try:
        said = json.loads((folder / NAME).read_text())
        _require_known_format(said["format"])
        manifest = Manifest(**said)
        outside = [name for name, (_size, _digest) in manifest.files.items() if not _is_inside(name)]
    except FileNotFoundError as error:
        raise CommandError(f"{folder} is no finished backup: it has no {NAME}.{_backups_within(folder)}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CommandError(f"{folder / NAME} cannot be read: {error}.") from error
    if outside:
        raise CommandError(f"{folder / NAME} names files outside the backup.")
    return manifest


def _require_known_format(format):
    """Asked before anything else is read: another format may have other fields."""
    if format != FORMAT:
        raise CommandError(f"This backup has the format {format}; this code reads {FORMAT}. Install the release that made it.")


def _is_inside(name):
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _backups_within(folder):
    names = sorted(path.parent.name for path in folder.glob(f"*/{NAME}")) if folder.is_dir() else []
    return f" Name one of those in it: {', '.join(names[-5:])}." if names else ""


def new_salt():
    return secrets.token_hex(16)


def key_marks(salt):
    return {name: mark_of(key, salt) for name, key in current_keys().items() if key}


def current_keys():
    """The keys that the environment gives, by the name of their setting."""
    second_factors = next(iter(settings.SECOND_FACTOR_KEYS), "")
    return {"SECRET_KEY": settings.SECRET_KEY, "CERTIFICATE_KEY": settings.CERTIFICATE_KEY, "SECOND_FACTOR_KEYS": second_factors}


def mark_of(key, salt):
    return hashlib.pbkdf2_hmac("sha256", str(key).encode(), bytes.fromhex(salt), ROUNDS).hex()


def open_private(path):
    """A new file for its owner only. Raises FileExistsError when it is there."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def hash_of(path: Path):
    with open(path, "rb") as file:
        return [os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()]
