"""The portal's own settings, but for the few lines that tests need otherwise.

Nothing of the developer's environment gets in.
"""

import os

os.environ |= {
    "DEBUG": "0",
    "SECRET_KEY": "of the tests, which have no secrets",
    "SITE_URL": "http://testserver",
    "SECRETARIAT_EMAIL": "secretaria@rifess.example",
    "NETWORK_TIME_ZONE": "America/Mexico_City",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),  # tests/throwaway_postgres.py; without it SQLite in memory
}
NOT_OURS = [
    "ALLOWED_HOSTS",
    "BULK_PER_MINUTE",
    "CACHE_URL",
    "CERTIFICATE_KEY",
    "DATA_DIR",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "HSTS_INCLUDE_SUBDOMAINS",
    "HSTS_PRELOAD",
    "IDLE_NOTICE",
    "IDLE_WARN_AFTER",
    "SECOND_FACTOR_KEYS",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_PROXIES",
]
for name in NOT_OURS:
    os.environ.pop(name, None)

from rifess.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in ("default", "pages")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
SECOND_FACTOR_KEYS = ["A" * 43]
CERTIFICATE_KEY = "A" * 43  # no file of the developer's is read or made
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else whitenoise warns in every test
