"""What the portal needs around it, tried out: monitors (`/health/ready/`) and `manage.py doctor` ask the same."""

import tempfile

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import caches
from django.utils.crypto import get_random_string

SECONDS = 5  # that an entry of a probe is kept, should it not be deleted
BLOCK = b"\0" * 4096  # what a full disk does not take


class CacheForgets(Exception):
    """What was written to the cache cannot be read back."""


def fault_of_cache():
    """The error of writing to the cache and reading back, or None. Each probe has a key of its own: several may run at once."""
    key, value = f"probe:{get_random_string(12)}", get_random_string(12)
    try:
        cache = caches["default"]
        cache.set(key, value, SECONDS)
        found = cache.get(key)
        cache.delete(key)
    except Exception as error:  # each backend has its own
        return error
    return None if found == value else CacheForgets()


def fault_of_folder(folder):
    """The OSError of making `folder`, where it is not there, and of writing a block to it; None when both can be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(BLOCK)
            file.flush()
    except OSError as error:
        return error
    return None


def lacks_static_files():
    """Whether the list of hashed names is missing, without which each page would be an error."""
    return isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files
