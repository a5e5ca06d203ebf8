"""Mandates begin and end."""

from datetime import date

from django.db import transaction

from members.models import Delegate, DelegateRole, Membership, Person
from rifess.base.dates import Precision
from rifess.base.exclusion import once_more_if_overlapping
from rifess.base.periods import lock


@transaction.atomic
def end_mandate(mandate: Delegate, *, on: date):
    """`mandate` holds no longer from `on`, the first day without it. What was done under it stays.

    Raises ValidationError: "end_after_start" and whatever else the mandate itself refuses.
    """
    lock(mandate.membership)
    mandate.ended_on, mandate.ended_on_precision = on, Precision.DAY
    mandate.full_clean()
    mandate.save(update_fields=["ended_on", "ended_on_precision"])
    return mandate


@once_more_if_overlapping
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

    Raises ValidationError: "overlap" for a second titular, "outside_membership".
    """
    if after is not None and (after.ended_on is None or after.ended_on > starts_on):
        end_mandate(after, on=starts_on)
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
