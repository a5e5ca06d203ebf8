"""A seminar before the public, or not."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import timeliness
from events.registration.workflow import suspend_offers
from rifess.base.database.locking import lock_and_refresh


@transaction.atomic
def publish(seminar, *, by):
    """Show `seminar` to its audience; one that is published already stays as it is. Letters that waited for it are written again.

    Raises ValidationError: "gone" when it was deleted, "empty_programme" when it has no panels.
    """
    lock_and_refresh(seminar)
    if not seminar.panels.exists():
        raise ValidationError(_("Add a panel before publishing."), code="empty_programme")
    if seminar.is_published:
        return
    seminar.published_at, seminar.published_by = timezone.now(), by
    seminar.save(update_fields=["published_at", "published_by"])
    timeliness.write_again(seminar)


@transaction.atomic
def unpublish(seminar):
    """Make `seminar` a draft again, with its panels and recordings: only the secretariat sees them. Offers of seats end.

    Raises ValidationError (code "gone") when it was deleted.
    """
    lock_and_refresh(seminar)
    seminar.published_at = seminar.published_by = None
    seminar.save(update_fields=["published_at", "published_by"])
    suspend_offers(seminar)
