"""A recording before the public, or not."""

from django.db import transaction
from django.utils import timezone

from rifess.base.dates import today_in_the_network


@transaction.atomic
def publish(recording):
    """Show `recording` to those who may see its seminar; one that had been withdrawn comes back."""
    recording.published_at = recording.published_at or timezone.now()
    recording.withdrawn_on = None
    recording.save(update_fields=["published_at", "withdrawn_on"])


@transaction.atomic
def withdraw(recording, *, on=None):
    """Take `recording` away everywhere at once, from `on` (today in the Network); the row stays."""
    recording.withdrawn_on = recording.withdrawn_on or on or today_in_the_network()
    recording.save(update_fields=["withdrawn_on"])
