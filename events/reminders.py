"""Letters to those who take part that are due by themselves: before a seminar begins, and when it is called off."""

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from events import letters
from events.models import AttendanceForm, LetterKind, LetterTold, MissedReminder, Seminar
from events.models.registrations import SIGNER
from events.schedules import SAYS_WHEN
from members.models import MessageState

MORNING = time(9)  # when something is said to begin of which only the day is known
LONGEST_BEFORE = timedelta(days=9)
STILL_TOMORROW = timedelta(hours=8)  # so long after the moment it is due, it is tomorrow in every city of the Network
LOOK_BACK = timedelta(days=3)  # for reminders that were not sent in time
HOUR = timedelta(hours=1)
KINDS = [LetterKind.WEEK_BEFORE, LetterKind.DAY_BEFORE, LetterKind.HOUR_BEFORE, LetterKind.JOIN]


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """A letter of `kind` that is due at `since`, and true until `until`. `about` changes when the seminar is put off."""

    kind: LetterKind
    about: str
    since: datetime
    until: datetime

    def is_due(self, now):
        return self.since <= now < self.until


def remind(now=None) -> int:
    """Write every reminder that is due and not yet told; how many that were."""
    now = now or timezone.now()
    near = Seminar.objects.to_come(now).filter(starts_on__lte=(now + LONGEST_BEFORE).date())
    count = sum(_remind_of(seminar, now) for seminar in near.select_related("join_link").prefetch_related("panels"))
    note_missed(now)
    return count


def note_missed(now=None) -> int:
    """Write down which reminders of the last days did not reach people while they were true, for the desk; how many those are.

    Who was told day and place otherwise since the reminder was due lacks nothing.
    """
    now = now or timezone.now()
    days = ((now - LOOK_BACK).date(), (now + LONGEST_BEFORE).date())
    held = Seminar.objects.filter(published_at__isnull=False, cancelled_on=None).filter(starts_on__range=days)
    return sum(_note_missed_of(seminar, now) for seminar in held.select_related("join_link").prefetch_related("panels"))


def tell_called_off(now=None) -> int:
    """Tell those who take part in a seminar that it is cancelled, once each time it is; how many were told."""
    return sum(_tell_called_off(seminar) for seminar in Seminar.objects.called_off(now))


def tell_reinstated(now=None) -> int:
    """Tell those who read last that their seminar is cancelled that it takes place after all; how many were told."""
    told = LetterTold.objects.filter(kind=LetterKind.CALLED_OFF).values("registration__seminar")
    return sum(_tell_reinstated(seminar) for seminar in Seminar.objects.to_come(now).filter(pk__in=told))


def not_told_of_cancellation(seminar):
    """Those who take part in `seminar`, which is cancelled, and were not told since it last was."""
    return _who_read_last(seminar).filter(Q(last_read=None) | Q(last_read=LetterKind.REINSTATED))


def not_told_of_reinstatement(seminar):
    """Those who take part in `seminar` and read last that it is cancelled."""
    return _who_read_last(seminar).filter(last_read=LetterKind.CALLED_OFF)


def reminders_of(seminar):
    """What those who take part in `seminar` are told before it begins. Without a known hour there is none an hour before."""
    first = _first_moment(seminar)
    begins = first or datetime.combine(seminar.starts_on, MORNING, seminar.zone)
    week, day = _days_before(begins, 7, seminar.zone), _days_before(begins, 1, seminar.zone)
    on = seminar.starts_on.isoformat()
    yield Reminder(LetterKind.WEEK_BEFORE, on, week, week + timedelta(days=1))
    yield Reminder(LetterKind.DAY_BEFORE, on, day, min(day + STILL_TOMORROW, _midnight(seminar)))
    if first:
        yield Reminder(LetterKind.HOUR_BEFORE, first.isoformat(), first - HOUR, first - HOUR / 2)
    if hasattr(seminar, "join_link"):
        yield Reminder(LetterKind.JOIN, begins.isoformat(), begins - HOUR, seminar.ends_at)


def _remind_of(seminar, now):
    return sum(_write(seminar, reminder) for reminder in reminders_of(seminar) if reminder.is_due(now))


def _write(seminar, reminder):
    told = LetterTold.objects.filter(registration=OuterRef("pk"), kind=reminder.kind, about=reminder.about)
    who = _who(seminar, reminder).filter(~Exists(told)).order_by("pk")
    url_of = _joining if reminder.kind == LetterKind.JOIN else None
    return letters.tell_each(who, reminder.kind, about=reminder.about, expires_at=reminder.until, url_of=url_of)


def _who(seminar, reminder):
    """To whom it goes: the link to those who attend from afar, however late they come; the hour before to the others.

    Who has had a seat only since the moment it was due has just read when it is.
    """
    confirmed = seminar.registrations.confirmed().reachable()
    if reminder.kind == LetterKind.JOIN:
        return confirmed.filter(form=AttendanceForm.VIRTUAL)
    if reminder.kind == LetterKind.HOUR_BEFORE and hasattr(seminar, "join_link"):
        confirmed = confirmed.exclude(form=AttendanceForm.VIRTUAL)
    since = LetterTold.objects.filter(registration=OuterRef("pk"), kind=LetterKind.CONFIRMED, told_at__gt=reminder.since)
    return confirmed.filter(~Exists(since), confirmed_at__lte=reminder.since)


def _note_missed_of(seminar, now):
    over = [each for each in reminders_of(seminar) if now - LOOK_BACK < each.until <= now and each.since < each.until]
    return sum(_note_missed(seminar, reminder) for reminder in over)


def _note_missed(seminar, reminder):
    of_them = LetterTold.objects.filter(registration=OuterRef("pk"))
    reached = of_them.filter(kind=reminder.kind, about=reminder.about).exclude(message__state=MessageState.EXPIRED)
    otherwise = of_them.filter(kind__in=SAYS_WHEN, told_at__gt=reminder.since)
    missing = _who(seminar, reminder).filter(~Exists(reached), ~Exists(otherwise), confirmed_at__lte=reminder.since).count()
    if missing:
        about = {"seminar": seminar, "kind": reminder.kind, "about": reminder.about}
        _missed, is_new = MissedReminder.objects.update_or_create(**about, defaults={"people": missing})
        if is_new:
            log.warning("A reminder was not sent in time: %s, seminar %s, %s people", reminder.kind, seminar.pk, missing)
    return bool(missing)


def _joining(registration):
    return reverse("events:registration-join", args=[SIGNER.sign(registration.code)])


def _tell_called_off(seminar):
    who = not_told_of_cancellation(seminar).order_by("pk")
    return letters.tell_each(who, LetterKind.CALLED_OFF, url_of=lambda _each: seminar.get_absolute_url())


def _tell_reinstated(seminar):
    return letters.tell_each(not_told_of_reinstatement(seminar).order_by("pk"), LetterKind.REINSTATED)


def _who_read_last(seminar):
    """Those who take part, each with `last_read`: which of the two letters, that it is cancelled or that it is not, came last."""
    last = LetterTold.objects.filter(registration=OuterRef("pk"), kind__in=letters.IN_TURNS).order_by("-pk").values("kind")[:1]
    return seminar.registrations.taking_part().reachable().annotate(last_read=Subquery(last))


def _first_moment(seminar):
    """When it begins; None while no hour of its first day is known."""
    first = min((panel.starts_at for panel in seminar.panels.all() if panel.starts_at), default=None)
    return first if first and timezone.localdate(first, seminar.zone) == seminar.starts_on else None


def _days_before(moment, days, zone):
    """The same hour on the clock of `zone`, so many days before."""
    local = timezone.localtime(moment, zone)
    return datetime.combine(local.date() - timedelta(days=days), local.time(), zone)


def _midnight(seminar):
    return datetime.combine(seminar.starts_on, time.min, seminar.zone)
