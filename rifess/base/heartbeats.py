"""Heartbeats: one row for each background process, so that its silence is noticed."""

from django.utils import timezone

from rifess.base.models import Heartbeat


def beat(name, now=None):
    """Write down that `name` is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": now or timezone.now()})
