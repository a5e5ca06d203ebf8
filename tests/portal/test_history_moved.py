"""What migrations took out of the logs: the administration's own log, and the private words of requests about personal data."""

from importlib import import_module

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.contenttypes.models import ContentType

from members.models import DataRequest
from tests.make import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


def test_the_administrations_own_log_goes_and_the_history_of_changes_stays():
    kind = ContentType.objects.get_for_model(DataRequest)
    AdminLogEntry(user=make_user(), content_type=kind, object_id="1", object_repr="Ana", action_flag=CHANGE).save_base(raw=True)
    history = LogEntry.objects.count()
    assert AdminLogEntry.objects.count() == 1

    import_module("rifess.base.migrations.0004_one_history").forget_the_log_of_the_administration(apps, None)

    assert (AdminLogEntry.objects.count(), LogEntry.objects.count()) == (0, history)


def test_only_the_entries_that_hold_the_words_of_a_request_go():
    kind, other = (ContentType.objects.get_for_model(model) for model in (DataRequest, ContentType))
    entry = {"object_pk": "1", "object_repr": "x", "action": LogEntry.Action.UPDATE}
    LogEntry.objects.create(content_type=kind, changes={"words": ["", "Clave"]}, **entry)
    stays = [
        LogEntry.objects.create(content_type=kind, changes={"answered_at": ["None", "2026"]}, **entry),
        LogEntry.objects.create(content_type=other, changes={"words": ["", "Público"]}, **entry),
        LogEntry.objects.create(content_type=kind, changes=None, **entry),
    ]

    import_module("members.migrations.0013_requests_by_address").forget_words_in_the_history(apps, None)

    assert [*LogEntry.objects.filter(object_repr="x").order_by("pk")] == stays
