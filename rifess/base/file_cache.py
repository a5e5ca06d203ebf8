"""The cache in files, fit for counting: what adds up is one step, however many processes count at once (docs/adr/0015)."""

import pickle
import random
import time
import zlib
from contextlib import contextmanager
from pathlib import Path

from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

HOW_OFTEN = 100  # of so many writings, one looks for what has expired


class SharedFileCache(FileBasedCache):
    """Django's, whose `add` and `incr` look first and write later: two processes at once would both win, and count as one."""

    @contextmanager
    def _alone(self):
        self._createdir()
        with open(Path(self._dir) / "lock", "a") as door:
            locks.lock(door, locks.LOCK_EX)
            yield

    def add(self, *args, **kwargs):
        with self._alone():
            return super().add(*args, **kwargs)

    def incr(self, key, delta=1, version=None):
        """One more, until the moment that was said when it was added."""
        with self._alone():
            expiry, value = self._read(key, version)
            self.set(key, value + delta, expiry and expiry - time.time(), version)
            return value + delta

    def _read(self, key, version):
        try:
            with open(self._key_to_file(key, version), "rb") as file:
                expiry, value = pickle.load(file), pickle.loads(zlib.decompress(file.read()))
        except FileNotFoundError:
            raise ValueError(f"Key {key!r} not found") from None
        if expiry is not None and expiry < time.time():
            raise ValueError(f"Key {key!r} not found")
        return expiry, value

    def _cull(self):
        """Drop what has expired, now and then; and only when that is not enough, some of what has not."""
        if random.random() > 1 / HOW_OFTEN:
            return
        self._drop_expired()
        super()._cull()

    def _drop_expired(self):
        for name in self._list_cache_files():
            try:
                with open(name, "rb") as file:
                    self._is_expired(file)
            except FileNotFoundError:
                pass


class CounterFileCache(SharedFileCache):
    """For what must not be forgotten before its time, however much is counted: only what has expired is dropped."""

    def _cull(self):
        if random.random() <= 1 / HOW_OFTEN:
            self._drop_expired()
