"""What a seminar's page says of registering for it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from events.models import PrivacyNotice, Registration, Seats
from events.models.meetings import is_invited
from members.models import Audience, Standing, standing_of
from rifess.base.zones import ZONES

CITIES = dict(ZONES)


@dataclass(frozen=True)
class Call:
    """Whether one may register, until when, how many seats are left, and what this visitor has to do with it."""

    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    city: str
    seats: list[Seats]
    needs_approval: bool
    registration: Registration | None
    standing: Standing | None
    notice: PrivacyNotice | None

    @property
    def is_still_to_open(self):
        return not self.is_open and self.opens_at is not None and self.opens_at > timezone.now()

    @property
    def has_closed(self):
        return not self.is_open and self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def is_full(self):
        """Whether whoever comes now waits, in whatever way they attend."""
        return all(seats.left == 0 or seats.in_line for seats in self.seats)

    @property
    def limited(self):
        """The seats of which there is an end."""
        return [seats for seats in self.seats if seats.capacity is not None]


def call_of(seminar, user, now=None):
    """The Call of `seminar` for `user`; None without registration, in a draft, and when it is over or cancelled.

    Of a meeting that is not for everyone, none for those whose delegation is not invited.
    """
    terms = getattr(seminar, "terms", None)
    if terms is None or not seminar.is_published or seminar.is_cancelled or seminar.has_ended(now):
        return None
    seats = list(seminar.seats.all())
    if not seats:
        return None
    standing = standing_of(user) if user.is_authenticated else None
    if seminar.audience != Audience.EVERYONE and not (standing and is_invited(seminar, standing)):
        return None
    return Call(
        is_open=terms.is_open(now),
        opens_at=terms.opens_at and terms.opens_at.astimezone(seminar.zone),
        closes_at=terms.closes_at and terms.closes_at.astimezone(seminar.zone),
        city=CITIES.get(str(seminar.zone), str(seminar.zone)),
        seats=seats,
        needs_approval=terms.needs_approval,
        registration=own_registration(seminar, user),
        standing=standing,
        notice=PrivacyNotice.objects.in_force().first() if standing else None,
    )


def own_registration(seminar, user):
    """The registration of `user`, from their account or with its address, if it is confirmed and not over."""
    if not user.is_authenticated:
        return None
    theirs = Q(user=user) | Q(email__iexact=user.email)
    return Registration.objects.taking_part().filter(theirs, seminar=seminar).first()
