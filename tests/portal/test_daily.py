"""What one command a day sees to, of every room."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from members.models import Application, Message, MessageState
from rifess.base.dates import today_in_the_network
from tests.make import make_delegate, make_membership

pytestmark = pytest.mark.django_db


def test_a_day_tells_forgets_and_sends(capsys):
    make_delegate(membership=make_membership(country="MX"), mandate_due_on=today_in_the_network() + timedelta(days=30))
    long_ago = timezone.now() - settings.RETENTION["unconfirmed_applications"] - timedelta(days=1)
    Application.objects.create(state="unconfirmed", category="member", country="CL", language="es", applied_at=long_ago)

    call_command("daily")

    said = capsys.readouterr().out
    assert "     1  mandates of which it was told that their term is nearly over" in said
    assert "     1  rows with personal data no longer needed, erased or made anonymous" in said
    assert "     1  messages of the outbox tried" in said
    assert (Message.objects.get().state, len(mail.outbox)) == (MessageState.SENT, 1)
    assert not Application.objects.exists()
