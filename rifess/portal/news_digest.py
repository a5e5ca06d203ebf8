"""What is new, told by e-mail to whoever asked: at most once a day to each address, in its language, and only what is public.

A seminar or a recording is announced once: the row says when, whatever becomes of it later. An alert is told what was
announced since it was told last. What has been taken back meanwhile is left out; where nothing is left, nothing is sent.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from events.models import Alert, Seminar
from events.programme.filters import about, with_part_of
from members.outbox import mail
from recordings import subjects
from recordings.models import Recording

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST = 12  # of each kind in one message; the lists have them all


@dataclass(frozen=True)
class Several:
    """The first of what is new, and how many more there are."""

    rows: list
    count: int

    @property
    def more(self):
        return self.count - len(self.rows)


def tell(now=None) -> int:
    """Write to each address what is new for it; how many messages that were. Twice at once, or twice a day, changes nothing."""
    until = announce(now)
    today = _start_of_the_day(until)
    due = Alert.objects.confirmed().filter(told_until__lt=today)
    addresses = {email.lower() for email in due.values_list("email", flat=True)} if _is_any_news_for(due) else ()
    return sum(_tell(email, until, today) for email in sorted(addresses))


@transaction.atomic
def announce(now=None) -> datetime:
    """Write down what is announced from now on, and return the moment that counts as now.

    All alerts are held meanwhile: of two runs, the later one sees all that the earlier one wrote, and has the later moment.
    """
    list(Alert.objects.confirmed().select_for_update().order_by("pk").values_list("pk", flat=True))
    until = now or timezone.now()
    _bring_back_what_is_ahead(until)
    new_seminars().filter(announced_at=None).update(announced_at=until)
    new_recordings().filter(announced_at=None).update(announced_at=until)
    return until


def _bring_back_what_is_ahead(until):
    """What was written while the clock was ahead would keep everybody waiting until then: it counts as of now, or a day ago."""
    ahead = until + AN_HOUR  # clocks of two servers differ by less
    Alert.objects.filter(told_until__gt=ahead).update(told_until=until - A_DAY)
    for model in (Seminar, Recording):
        model._base_manager.filter(announced_at__gt=ahead).update(announced_at=until)


def new_seminars():
    """Seminars that may be told: public, still to come, and not cancelled."""
    coming = Seminar.objects.upcoming().order_by().values("pk")
    return Seminar.objects.public().filter(pk__in=coming, cancelled_on=None, is_demonstration=False).order_by()


def new_recordings():
    """Recordings that may be told: public ones that can be watched or heard."""
    seen = Recording.objects.public().exclude(pk__in=Recording.objects.without_source().values("pk"))
    return seen.filter(seminar__is_demonstration=False).order_by()


@transaction.atomic
def _tell(email, until, today):
    """Tell one address; whether there was anything to tell."""
    alerts = Alert.objects.confirmed().at(email).filter(told_until__lt=today).select_related("topic")
    alerts = list(alerts.select_for_update(of=("self",)).order_by("-asked_at", "-pk"))
    if not alerts:
        return False
    seminars, recordings = _seminars_for(alerts, until), _recordings_for(alerts, until)
    if not (seminars.count or recordings.count):
        return False
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(told_until=until)
    _write(alerts, seminars, recordings)
    return True


def _write(alerts, seminars, recordings):
    latest = alerts[0]
    with override(latest.language):
        stop = reverse("events:alert-stop", args=[latest.signed])
    mail.write(
        "news",
        to=latest.email,
        language=latest.language,
        user=latest.user,
        context={"alert": latest, "seminars": seminars, "recordings": recordings},
        is_bulk=True,
        unsubscribe_url=stop,
    )


def _seminars_for(alerts, until):
    wanted = Q(pk__in=[])
    for alert in alerts:
        if alert.of_seminars:
            wanted |= _since(alert, until) & _matching(alert, about, with_part_of)
    return _several(new_seminars().filter(wanted).order_by("starts_on", "pk"))


def _recordings_for(alerts, until):
    wanted = Q(pk__in=[])
    for alert in alerts:
        if alert.of_recordings:
            wanted |= _since(alert, until) & _matching(alert, subjects.about, subjects.with_voice_from)
    found = new_recordings().filter(wanted).select_related("seminar")
    return _several(found.order_by("-seminar__starts_on", "seminar", "panel__position", "part", "pk"))


def _since(alert, until):
    return Q(announced_at__gt=alert.told_until, announced_at__lte=until)


def _matching(alert, of_topics, of_country):
    """The condition that something is of what `alert` is about."""
    if alert.topic_id:
        return Q(of_topics([alert.topic_id]))
    return Q(of_country(alert.country.code)) if alert.country else Q()


def _several(rows):
    return Several(list(rows[:MOST]), rows.count())


def _is_any_news_for(due):
    """Whether anything was announced since the one of `due` that was told longest ago."""
    first = due.order_by("told_until").values_list("told_until", flat=True).first()
    return first is not None and any(rows.filter(announced_at__gt=first).exists() for rows in (new_seminars(), new_recordings()))


def _start_of_the_day(moment):
    """The midnight before `moment`, in the Network's zone."""
    zone = ZoneInfo(settings.NETWORK_TIME_ZONE)
    return datetime.combine(timezone.localdate(moment, zone), time.min, zone)
