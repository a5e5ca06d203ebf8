"""Choosing which notices come by e-mail."""

from django.db import transaction

from members.models import DeclinedNotice, OptionalNotice


@transaction.atomic
def choose(user, wanted):
    """Send `user` of the optional kinds those that are `wanted`, and no others."""
    DeclinedNotice.objects.filter(user=user, kind__in=wanted).delete()
    for kind in set(OptionalNotice.values) - set(wanted):
        decline(user.pk, kind)


def decline(user_id, kind):
    """Send no more of `kind` to the account `user_id`; nothing happens where there is none."""
    DeclinedNotice.objects.bulk_create([DeclinedNotice(user_id=user_id, kind=kind)], ignore_conflicts=True)


def wanted_by(user):
    """The optional kinds that `user` gets."""
    declined = set(DeclinedNotice.objects.filter(user=user).values_list("kind", flat=True))
    return [kind for kind in OptionalNotice.values if kind not in declined]
