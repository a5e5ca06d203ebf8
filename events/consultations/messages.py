"""What delegates are told of consultations, each in their own language and on the clock of their own country."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from members.models import Delegate
from members.outbox import mail
from rifess.base.zones import ZONE_OF_COUNTRY, ZONES

UNTIL_IT_CLOSES = {"consultation_opened", "consultation_reminder"}  # votes are closed afterwards
CITIES = dict(ZONES)


def voters(memberships, day=None):
    """The mandates in force on `day` (today) that may vote for `memberships`, and whose people have an account."""
    found = Delegate.objects.on(day).that_act().filter(membership__in=memberships, person__user__is_active=True)
    return found.select_related("person__user", "membership__institution").order_by("pk")


def tell(kind, consultation, mandates, **more):
    """Write a message of `kind` about `consultation` to each of `mandates`."""
    for mandate in mandates:
        user = mandate.person.user
        said = {
            "consultation": consultation,
            "name": mandate.person.name,
            "membership": mandate.membership,
            "opens": on_the_clock_of(mandate.membership, consultation.opens_at),
            "closes": on_the_clock_of(mandate.membership, consultation.closes_at),
            **more,
        }
        mail.write(
            kind,
            to=user.email,
            language=user.language,
            user=user,
            context=said,
            expires_at=consultation.closes_at if kind in UNTIL_IT_CLOSES else None,
            about=consultation,
        )


def on_the_clock_of(membership, moment):
    """`moment` as clocks show it in the capital of the member's country, or in the Network's city: time and name of the city."""
    zone = ZONE_OF_COUNTRY.get(membership.country.code if membership and membership.country else "", settings.NETWORK_TIME_ZONE)
    return {"time": timezone.localtime(moment, ZoneInfo(zone)).replace(tzinfo=None), "city": CITIES.get(zone, zone)}
