"""In whose name somebody acts: computed from dates each time it is asked, and kept nowhere."""

from dataclasses import dataclass

from members.models.audience import Audience
from members.models.mandates import ROLES_THAT_ACT, Delegate, DelegateRole, MembershipCategory
from members.models.users import User

STRONGEST_FIRST = [*ROLES_THAT_ACT, DelegateRole.TECHNICAL]


@dataclass(frozen=True)
class Standing:
    """The mandate by which a user reads and acts, and through it the membership."""

    mandate: Delegate

    @property
    def membership(self):
        return self.mandate.membership

    @property
    def category(self):
        return self.membership.category

    @property
    def role(self):
        return self.mandate.role

    @property
    def is_titular(self):
        return self.role == DelegateRole.TITULAR

    @property
    def may_act(self):
        """Whether it may propose and vote: technical contacts only read."""
        return self.role in ROLES_THAT_ACT

    @property
    def audiences(self):
        """The audiences it belongs to, beyond everyone."""
        return {
            MembershipCategory.MEMBER: [Audience.MEMBERS_AND_OBSERVERS, Audience.MEMBERS],
            MembershipCategory.OBSERVER: [Audience.MEMBERS_AND_OBSERVERS],
        }.get(self.category, [])


def mandates_of(user, day=None):
    """The mandates of `user` in force on `day` (today), in memberships in force, the strongest role of each first."""
    if not user.is_authenticated:
        return Delegate.objects.none()
    found = Delegate.objects.on(day).filter(person__user=user).in_active_memberships(day)
    return found.select_related("person", "membership__institution")


def titular_first(mandates):
    """`mandates` by role, the titular's before the alternates'; in each the older row first."""
    return sorted(mandates, key=lambda mandate: (STRONGEST_FIRST.index(mandate.role), mandate.pk))


def standings_of(user, day=None):
    """Every standing `user` may choose from on `day`: one for each membership, by the strongest mandate in it.

    A page asks this many times, so a request remembers the answer (`user.standings`); nothing outlives the request.
    """
    if not user.is_authenticated:
        return []
    if user.standings is None:
        return _standings_of(user, day)
    if day not in user.standings:
        user.standings[day] = _standings_of(user, day)
    return user.standings[day]


def _standings_of(user, day):
    best = {}
    for mandate in titular_first(mandates_of(user, day)):
        best.setdefault(mandate.membership_id, Standing(mandate))
    return [best[seat] for seat in sorted(best)]


def standing_of(user, day=None):
    """The standing in which `user` acts on `day`: the only one there is, or the one chosen in this session (`user.acts_for`).

    None without a mandate in force, and while several are waiting for a choice: rights of two institutions never mix.
    """
    return chosen(standings_of(user, day), user)


def standing_now(user, day=None):
    """The standing in which `user` acts, asked of the database again: what a request remembers may have ended meanwhile.

    For acts, once what they act on is locked. None, too, for an account that may not sign in any more.
    """
    present = User.objects.filter(pk=user.pk, is_active=True).first()
    if present is None:
        return None
    present.acts_for = user.acts_for
    return standing_of(present, day)


def chosen(standings, user):
    """That of `standings`, all of `user`, in which they act; see `standing_of`."""
    if len(standings) == 1:
        return standings[0]
    return next((standing for standing in standings if standing.membership.pk == user.acts_for), None)


def audiences_open_to(user, day=None):
    """The audiences `user` belongs to on `day` (today)."""
    standing = standing_of(user, day)
    return [Audience.EVERYONE, *(standing.audiences if standing else [])]
