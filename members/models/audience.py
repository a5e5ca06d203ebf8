from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read something."""

    EVERYONE = "everyone", _("everyone")
    MEMBERS_AND_OBSERVERS = "members-and-observers", _("members and observers")
    MEMBERS = "members", _("members")
    SECRETARIAT = "secretariat", _("the secretariat only")


def audiences_open_to(user, day=None):
    """The audiences `user` belongs to on `day` (today): computed from mandates and memberships each time, kept nowhere."""
    from members.models.mandates import Delegate, MembershipCategory

    open_to = [Audience.EVERYONE]
    if not user.is_authenticated:
        return open_to
    categories = set(
        Delegate.objects.on(day)
        .filter(person__user=user)
        .in_active_memberships(day)
        .values_list("membership__category", flat=True)
    )
    if categories & {MembershipCategory.MEMBER, MembershipCategory.OBSERVER}:
        open_to.append(Audience.MEMBERS_AND_OBSERVERS)
    if MembershipCategory.MEMBER in categories:
        open_to.append(Audience.MEMBERS)
    return open_to
