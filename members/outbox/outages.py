"""Outages of the mail server, recorded once for all messages, so that each does not have to try (docs/adr/0042).

While an outage lasts, messages are put off without a connection. One at a time asks whether the server answers again.
"""

import re
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members.models import MailOutage, Message, MessageState

ADDRESS = re.compile(r"[^\s<>\"'(),:;@]{1,64}@[^\s<>\"'(),:;@]{1,255}")


def current():
    """The outage that lasts, or None."""
    return MailOutage.objects.active().first()


def claim_probe(outage, now, pause):
    """Return whether the caller may probe the server now: one of several workers, once in each `pause`."""
    due = Q(next_probe_at__lte=now) | Q(next_probe_at__gt=now + pause)  # later than that: the clock was ahead
    return bool(MailOutage.objects.active().filter(due, pk=outage.pk).update(next_probe_at=now + pause))


def begin(error, now, pause):
    """Write down that the server is away, if it is not known yet; what it said last is kept, but nobody's address.

    It is repeated with every message that waits, and in reports for operators.
    """
    said = ADDRESS.sub("•••", str(error))[:1000]
    with transaction.atomic():
        MailOutage.objects.bulk_create([MailOutage(began_at=now, next_probe_at=now + pause, trouble=said)], ignore_conflicts=True)
        MailOutage.objects.active().update(trouble=said)


def end(now):
    """The server answered: end the outage."""
    MailOutage.objects.active().update(ended_at=now)


def release(now=None, *, longest_pause=timedelta(0)):
    """Let messages go now that wait for a server that answers again, or since a clock was ahead; their keys, in their order.

    None while the server is away. Those that go to many keep their pace.
    """
    now = now or timezone.now()
    if current():
        return []
    too_far = Q(next_try_at__gt=now + longest_pause + Message.objects.in_line().count() * timedelta(minutes=1))
    waiting = Message.objects.filter(Q(waits_for_server=True) | too_far, state=MessageState.WAITING)
    keys = list(waiting.order_by("is_bulk", "written_at", "pk").values_list("pk", flat=True))
    if keys:
        waiting.filter(pk__in=keys).update(waits_for_server=False, next_try_at=now)
    return keys
