"""Thanks to those who took part, when what was recorded can be watched."""

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from events.models import Attendance, LetterKind, LetterTold, Seminar
from events.notifications import send
from recordings.models import Recording

RECENT = timedelta(days=180)  # whoever came longer ago expects no letter any more


def thank_due(now=None) -> int:
    """Thank those who came to a seminar that is over, once its first recording is public; how many were thanked."""
    now = now or timezone.now()
    public = Recording.objects.public().filter(seminar=OuterRef("pk")).order_by()
    over = Seminar.objects.past(now).filter(last_day__gte=(now - RECENT).date(), cancelled_on=None)
    return sum(_thank(seminar) for seminar in over.filter(Exists(public)))


def _thank(seminar):
    told = LetterTold.objects.filter(registration=OuterRef("pk"), kind=LetterKind.THANKS)
    who = _who_came(seminar).filter(~Exists(told)).order_by("pk")
    return send.tell_each(who, LetterKind.THANKS, said_to=lambda _each: {"url": seminar.get_absolute_url()})


def _who_came(seminar):
    """Those of whom it is written that they came, or all who had a seat where nothing is; not who was added to the list later."""
    confirmed = seminar.registrations.confirmed().reachable().filter(written_at__lt=_end_of(seminar))
    came = Attendance.objects.filter(registration=OuterRef("pk"))
    if Attendance.objects.filter(registration__seminar=seminar).exists():
        return confirmed.filter(Exists(came))
    return confirmed


def _end_of(seminar):
    return datetime.combine((seminar.ends_on or seminar.starts_on) + timedelta(days=1), time.min, seminar.zone)
