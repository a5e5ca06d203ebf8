"""The tables that tests start with."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from members.models import User
from tests import template
from tests.make import make_user


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_and_migrated_rows_are_back_after_a_copy():
    migrated = (Group.objects.count(), Permission.objects.count())
    make_user()
    Group.objects.all().delete()

    template.copy_again(connection)

    assert (Group.objects.count(), Permission.objects.count()) == migrated
    assert not User.objects.exists()


def test_fingerprint_changes_with_a_migration(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "ROOT", tmp_path)
    migrations = tmp_path / "events" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").write_text("first")
    first = template.fingerprint()

    (migrations / "0001_initial.py").write_text("changed")
    changed = template.fingerprint()
    (migrations / "0001_initial.py").rename(migrations / "0002_initial.py")

    assert len({first, changed, template.fingerprint()}) == 3
