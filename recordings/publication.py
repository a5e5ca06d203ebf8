"""A recording before the public, or not; and the permissions of those who are heard in it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recordings.permissions import people_missing, people_not_asked
from rifess.base.database.locking import lock_and_refresh
from rifess.base.dates import today_in_the_network


@transaction.atomic
def publish(recording):
    """Show `recording` to those who may see its seminar; one that had been withdrawn comes back.

    Raises ValidationError: "gone" when it was deleted, "missing_consent" when a permission that the seminar waits for is missing.
    """
    lock_and_refresh(recording)
    if recording.seminar.waits_for_consent:
        _refuse_without_permission(recording)
    recording.published_at = recording.published_at or timezone.now()
    recording.withdrawn_on = None
    recording.save(update_fields=["published_at", "withdrawn_on"])


def _refuse_without_permission(recording):
    missing = people_missing(recording)
    narrow = missing.filter(consents__in=recording.consents.in_force())
    sentences = [
        (missing.exclude(pk__in=narrow.values("pk")), _("Its seminar waits for the consent of: %(people)s.")),
        (narrow, _("They agree to it within the Network only, and the seminar is for everyone: %(people)s.")),
    ]
    mistakes = [
        ValidationError(sentence, code="missing_consent", params={"people": ", ".join(person.name for person in people)})
        for people, sentence in sentences
        if people
    ]
    if mistakes:
        raise ValidationError(mistakes)


@transaction.atomic
def withdraw(recording, *, on=None):
    """Take `recording` away everywhere at once, from `on` (today in the Network); the row stays.

    Raises ValidationError (code "gone") when it was deleted.
    """
    lock_and_refresh(recording)
    recording.withdrawn_on = recording.withdrawn_on or on or today_in_the_network()
    recording.save(update_fields=["withdrawn_on"])


@transaction.atomic
def ask_permissions(recording):
    """Write down that everyone heard in `recording` has been asked for permission; return those of whom nothing was written.

    Raises ValidationError (code "gone") when the recording was deleted.
    """
    lock_and_refresh(recording)
    people = list(people_not_asked(recording))
    for person in people:
        recording.consents.create(person=person)
    return people


@transaction.atomic
def take_back(consent, *, on=None):
    """Write down that a permission was taken back `on` a day (today in the Network), and return whether the recording stays.

    The recording disappears at once when its seminar waits for permissions. Otherwise it stays, and the secretariat decides about
    `withdraw`. A permission taken back before keeps that day. Raises ValidationError (code "gone") when the row was deleted.
    """
    lock_and_refresh(consent)
    consent.withdrawn_on = consent.withdrawn_on or on or today_in_the_network()
    consent.full_clean()
    consent.save()
    return consent.recording.is_published and not consent.recording.seminar.waits_for_consent
