"""A wrong setting stops every command with one sentence."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from rifess import env


def run_manage(*arguments, **variables):
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "a long key of a test, with letters and 0123456789, not secret"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment | variables, capture_output=True, text=True, cwd=settings.BASE_DIR)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "variables", "sentence"),
    [
        ("migrate", {"SITE_URL": "rifess.example"}, "SITE_URL"),
        ("migrate", {"DATABASE_URL": "postgres://nobody:wrong@127.0.0.1:9/rifess"}, "The database does not answer"),
    ],
)
def test_command_with_a_wrong_setting_ends_with_a_sentence(tmp_path, command, variables, sentence):
    done = run_manage(command, DATA_DIR=str(tmp_path), **variables)

    assert done.returncode != 0
    assert sentence in done.stderr and "Traceback" not in done.stderr


def test_data_folder_that_cannot_be_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ImproperlyConfigured, match="DATA_DIR"):
        env.sqlite(tmp_path / "file" / "var" / "rifess.sqlite3")


def test_redis_without_its_package_is_refused_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("CACHE_URL", "redis://localhost:6379/0")
    monkeypatch.setattr(env, "find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match="requirements/redis.txt"):
        env.cache("CACHE_URL", tmp_path)


def test_database_file_is_readable_by_its_owner_only(tmp_path):
    env.sqlite(tmp_path / "rifess.sqlite3")

    assert (tmp_path / "rifess.sqlite3").stat().st_mode & 0o777 == 0o600
