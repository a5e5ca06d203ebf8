"""The directory of the Network's delegates, for one another: of each only what they share."""

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce

from members.models import Delegate, MembershipCategory, standing_of

LISTED = [MembershipCategory.MEMBER, MembershipCategory.OBSERVER]


def directory_for(user, day=None):
    """The mandates of members and observers on `day` (today), as `user` may read them: none unless they hold one of these.

    Whoever wishes not to appear does not. `shared_email` and `shared_phone` are empty unless their owner shows them: what
    is not shared never leaves the database.
    """
    standing = standing_of(user, day)
    if standing is None or standing.category not in LISTED:
        return Delegate.objects.none()
    listed = Delegate.objects.on(day).in_active_memberships(day).filter(membership__category__in=LISTED)
    listed = listed.exclude(person__contact__is_listed=False).select_related("person", "membership__institution")
    return listed.annotate(
        country=of_country(),
        position=Coalesce("person__contact__position", Value("")),
        shared_email=_if_shared("person__contact__shares_email", "person__user__email"),
        shared_phone=_if_shared("person__contact__shares_phone", "person__contact__phone"),
    )


def of_country():
    """The country of a mandate: its seat's, or that of the institution."""
    return Case(When(~Q(membership__country=""), then=F("membership__country")), default=F("membership__institution__country"))


def _if_shared(shares, column):
    return Case(When(**{shares: True}, then=F(column)), default=Value(""), output_field=CharField())
