"""A network meeting as a delegate finds it: the link while it is near, who is invited, who came."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from events.models import INVITED_BY_AUDIENCE, MeetingAttendance, SeminarKind
from events.models.meetings import is_invited, shown_between
from members.models import Membership, MembershipCategory, standing_of


def invited_to(seminar):
    """The memberships invited to `seminar`: those named, or else all of its audience on its first day."""
    named = Membership.objects.filter(seminar_invitations__seminar=seminar)
    if named.exists():
        return named
    return Membership.objects.on(seminar.starts_on).filter(category__in=INVITED_BY_AUDIENCE[seminar.audience])


@dataclass(frozen=True)
class PrivatePart:
    """What the page of a meeting says to `standing`, beyond its programme."""

    is_invited: bool
    opens_at: datetime
    closes_at: datetime
    has_link: bool
    join_url: str  # empty until it is near, and after it
    attendance: list
    agreements: list


def private_part(seminar, user, now=None):
    """The private part of a meeting for `user`, at the server's clock; None for who has none.

    Who may see the meeting at all, its queryset has said before.
    """
    if seminar.kind != SeminarKind.MEETING or not user.is_authenticated:
        return None
    is_desk, standing = user.has_perm("events.view_joinlink"), standing_of(user)
    if not (is_desk or standing):
        return None
    invited = is_desk or is_invited(seminar, standing)
    link, (opens_at, closes_at) = getattr(seminar, "join_link", None), shown_between(seminar)
    near = bool(link) and (is_desk or (invited and link.is_shown(now or timezone.now())))
    return PrivatePart(
        is_invited=invited,
        opens_at=opens_at,
        closes_at=closes_at,
        has_link=bool(link),
        join_url=link.join_url if near else "",
        attendance=attendance_of(seminar) if is_desk or standing.category == MembershipCategory.MEMBER else [],
        agreements=list(seminar.agreements.visible_to(user).with_card()),
    )


def attendance_of(seminar):
    return list(MeetingAttendance.objects.filter(seminar=seminar).select_related("membership__institution"))
