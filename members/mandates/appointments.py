"""Mandates begin and end."""

from copy import copy
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Delegate, DelegateRole, Membership, Person
from rifess.base.database.conflicts import once_more_after_a_conflict
from rifess.base.database.locking import lock_and_refresh
from rifess.base.dates import Precision, say_date
from rifess.base.periods import lock


@transaction.atomic
def end_mandate(mandate: Delegate, *, on: date):
    """`mandate` holds no longer from `on`, the first day without it. What was done under it stays.

    One that ends already may end earlier: to end it later would give back a right that was taken. Raises ValidationError: "gone"
    when it was deleted, "ended" when it ends before that, and what the mandate itself refuses.
    """
    lock(mandate.membership)
    lock_and_refresh(mandate)
    if mandate.ended_on and mandate.ended_on < on:
        sentence = _("This mandate ends earlier already, on %(day)s. To change that, correct the day on its page.")
        raise ValidationError(sentence, code="ended", params={"day": say_date(mandate.ended_on)})
    mandate.ended_on, mandate.ended_on_precision = on, Precision.DAY
    mandate.full_clean()
    mandate.save(update_fields=["ended_on", "ended_on_precision"])
    return mandate


@once_more_after_a_conflict
def appoint(
    membership: Membership,
    *,
    person: Person,
    role: DelegateRole,
    starts_on: date,
    mandate_due_on: date | None = None,
    accreditation: str = "",
    after: Delegate | None = None,
) -> Delegate:
    """`person` speaks for `membership` from `starts_on`; the mandate `after` which this comes ends on that day.

    Raises ValidationError: "overlap" for a second titular, "outside_membership"; "changed" and "gone" when `after` is not as it
    was read: somebody else has appointed a successor, say.
    """
    if after is not None:
        lock(membership)
        present = _as_it_was_read(after)
        if present.ended_on is None or present.ended_on > starts_on:
            end_mandate(present, on=starts_on)
    mandate = Delegate(
        person=person,
        membership=membership,
        role=role,
        starts_on=starts_on,
        mandate_due_on=mandate_due_on,
        accreditation=accreditation,
    )
    mandate.full_clean()
    mandate.save()
    return mandate


def _as_it_was_read(mandate):
    """The mandate as it is now, locked; what was read before somebody else changed it is not acted upon."""
    present = lock_and_refresh(copy(mandate))
    if any(getattr(present, name) != getattr(mandate, name) for name in ("person_id", "role", "starts_on", "as_of", "ended_on")):
        raise ValidationError(_("This mandate was changed in the meantime. Look at it once more."), code="changed")
    return present
