"""Background processes and timers with their heartbeats, for the desk, readiness and doctor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rifess.base.models import Heartbeat
from rifess.portal.worker import WORKER


@dataclass(frozen=True)
class Timer:
    """A command, by the name of its heartbeat, and its longest silence that is no trouble."""

    name: str
    label: str
    longest: timedelta
    command: str = ""
    is_needed: bool = True  # False: another one does its work too, so that it is missed only where it ran once

    @property
    def manage(self):
        return self.command or self.name


TIMERS = [
    Timer(
        WORKER, _("tasks in the background, such as sending email"), timedelta(minutes=10), "db_worker"
    ),  # longer than any one task
    Timer("remind", _("reminders and places offered"), timedelta(minutes=30)),
    Timer("daily", _("what is due once a day: retention, reminders of mandates, news"), timedelta(hours=26)),
    Timer("send_messages", _("email that no worker has sent"), timedelta(minutes=30), is_needed=False),
    Timer("close_consultations", _("consultations opened and closed"), timedelta(minutes=30), is_needed=False),
    Timer("check_links", _("addresses outside the portal checked"), timedelta(hours=50), is_needed=False),
]


@dataclass(frozen=True)
class Sign:
    """The last sign of life of a timer; None where it never ran."""

    timer: Timer
    seen_at: datetime | None
    is_late: bool


def signs(now=None):
    """A Sign of each timer that is needed or has run: one query."""
    now, seen = now or timezone.now(), dict(Heartbeat.objects.values_list("name", "seen_at"))
    found = [Sign(timer, at := seen.get(timer.name), at is None or abs(now - at) > timer.longest) for timer in TIMERS]
    return [sign for sign in found if sign.seen_at or sign.timer.is_needed]


def silent(now=None):
    """The Signs of those that should have run lately and did not."""
    return [sign for sign in signs(now) if sign.is_late]
