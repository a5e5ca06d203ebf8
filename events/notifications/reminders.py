"""Letters to those who take part that are due by themselves: before a seminar begins and goes on, and when it is called off."""

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from events.calendar.entries import programme_of
from events.models import AttendanceForm, LetterKind, LetterTold, MissedReminder, Seminar
from events.notifications import send
from events.notifications.mailings import address_that_ends
from events.notifications.schedule_changes import SAYS_WHEN, first_moment_of_first_day, letters_with_another_beginning, mark_of
from events.notifications.texts import WORDS
from events.programme.times import Sitting, say_moment, sittings_of, zone_of_country
from members.models import MessageState
from rifess.base.dates import say_days

MORNING = time(9)  # when something is said to begin of which only the day is known
LONGEST_BEFORE = timedelta(days=9)
STILL_TOMORROW = timedelta(hours=8)  # so long after the moment it is due, it is tomorrow in every city of the Network
LOOK_BACK = timedelta(days=3)  # for reminders that were not sent in time
HOUR = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(hours=1)  # at most, between two servers
KINDS = [LetterKind.WEEK_BEFORE, LetterKind.DAY_BEFORE, LetterKind.HOUR_BEFORE, LetterKind.FURTHER_DAY, LetterKind.JOIN]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """A letter of `kind` that is due at `since`, and true until `until`. `about` changes when the seminar is put off.

    `sitting` is the day that one before a further day is about.
    """

    kind: LetterKind
    about: str
    since: datetime
    until: datetime
    sitting: Sitting | None = None

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

    Those who read day and place in another letter since the reminder was due do not count.
    """
    now = now or timezone.now()
    first, last = (now - LOOK_BACK).date(), (now + LONGEST_BEFORE).date()
    held = Seminar.objects.filter(published_at__isnull=False, cancelled_on=None)
    held = held.with_last_day().filter(starts_on__lte=last, last_day__gte=first)
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
    """What those who take part in `seminar` are told before it begins, and before each further day that has panels.

    Without a known hour there is none an hour before.
    """
    first = first_moment_of_first_day(seminar)
    begins = first or datetime.combine(seminar.starts_on, MORNING, seminar.zone)
    week, day = _days_before(begins, 7, seminar.zone), _days_before(begins, 1, seminar.zone)
    on = seminar.starts_on.isoformat()
    yield Reminder(LetterKind.WEEK_BEFORE, on, week, week + timedelta(days=1))
    yield Reminder(LetterKind.DAY_BEFORE, on, day, min(day + STILL_TOMORROW, _midnight(seminar.starts_on, seminar.zone)))
    if first:
        yield Reminder(LetterKind.HOUR_BEFORE, first.isoformat(), first - HOUR, first - HOUR / 2)
    if hasattr(seminar, "join_link"):
        yield Reminder(LetterKind.JOIN, begins.isoformat(), begins - HOUR, seminar.ends_at)
    for sitting in sittings_of(seminar, seminar.panels.all()):
        if sitting.held_on > seminar.starts_on and sitting.panels:
            yield _of_further_day(sitting, seminar.zone)


def _of_further_day(sitting, zone):
    """An hour before it begins, and true until then; while its hours are not known, in the morning and all day."""
    if sitting.starts_at:
        about, begins, until = sitting.starts_at.isoformat(), sitting.starts_at, sitting.starts_at
    else:
        about, begins = sitting.held_on.isoformat(), datetime.combine(sitting.held_on, MORNING, zone)
        until = _midnight(sitting.held_on + timedelta(days=1), zone)
    return Reminder(LetterKind.FURTHER_DAY, about, begins - HOUR, until, sitting)


def _remind_of(seminar, now):
    return sum(_write(seminar, reminder, now) for reminder in reminders_of(seminar) if reminder.is_due(now))


def _write(seminar, reminder, now):
    who = _who(seminar, reminder, now).filter(~Exists(_told(reminder))).order_by("pk")
    return send.tell_each(who, reminder.kind, expires_at=reminder.until, said_to=partial(_said_to, reminder))


def _told(reminder):
    """The rows that say that somebody got `reminder`, and read nothing since that puts another beginning in its place."""
    of_them = LetterTold.objects.filter(registration=OuterRef("pk"), kind=reminder.kind)
    return of_them.filter(about__startswith=reminder.about, pk__gt=OuterRef("contradicted_by"))


def is_about(told, reminder):
    """Whether the row `told` says that somebody got `reminder`."""
    return (told.kind, told.about.partition(" ")[0]) == (reminder.kind, reminder.about)


def _said_to(reminder, registration):
    """What the letter says to one person, as arguments of `letters.tell`."""
    after = registration.contradicted_by
    said = {"about": f"{reminder.about} {after}" if after else reminder.about}
    joins = registration.form == AttendanceForm.VIRTUAL and hasattr(registration.seminar, "join_link")
    if reminder.kind == LetterKind.JOIN or (reminder.sitting and joins):
        said["url"] = reverse("events:registration-join", args=[registration.signed])
    if reminder.sitting:
        said |= _said_of_day(reminder.sitting, registration)
        said["button"] = WORDS[LetterKind.JOIN].button if joins else ""
    return said


def _said_of_day(sitting, registration):
    """The programme of a further day, when it begins in their city, and the address that ends such letters."""
    home = registration.seminar.zone
    begins = sitting.starts_at
    theirs = zone_of_country(registration.country.code, home)
    return {
        "programme": programme_of(sitting, home),
        "when": say_moment(begins, home, theirs) if begins else say_days(sitting.held_on, None),
        "unsubscribe_url": address_that_ends(registration),
    }


def _who(seminar, reminder, now):
    """To whom it goes: the link to those who attend from afar, however late they come; the hour before to the others.

    Those who read when it is since the moment it was due do not need it. That of a further day does not go to those who
    unsubscribed. Each has `contradicted_by`: the letter that said another beginning last, or 0.
    What was written down while a clock was ahead says a moment that is still to come: it counts as of before.
    """
    confirmed = seminar.registrations.confirmed().reachable()
    otherwise = letters_with_another_beginning(seminar).filter(registration=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    confirmed = confirmed.annotate(contradicted_by=Coalesce(Subquery(otherwise), Value(0)))
    if reminder.kind == LetterKind.JOIN:
        return confirmed.filter(form=AttendanceForm.VIRTUAL)
    if reminder.kind == LetterKind.HOUR_BEFORE and hasattr(seminar, "join_link"):
        confirmed = confirmed.exclude(form=AttendanceForm.VIRTUAL)
    if reminder.kind == LetterKind.FURTHER_DAY:
        confirmed = confirmed.open_to_mailings()
    since = _told_when_it_is(reminder, now)
    knows = Exists(since.filter(Q(kind=LetterKind.CONFIRMED) | Q(about__endswith=mark_of(seminar))))
    return confirmed.filter(_were_there(reminder, now), ~knows)


def _were_there(reminder, now):
    """They were confirmed before `reminder` was due."""
    return Q(confirmed_at__lte=reminder.since) | Q(confirmed_at__gt=now + CLOCKS_DIFFER)


def _told_when_it_is(reminder, now):
    """Letters told to the registration of an outer query, since `reminder` was due, from which they know when it is."""
    since = {"told_at__gt": reminder.since, "told_at__lte": now + CLOCKS_DIFFER}
    return LetterTold.objects.filter(registration=OuterRef("pk"), kind__in=SAYS_WHEN, **since)


def _note_missed_of(seminar, now):
    over = [each for each in reminders_of(seminar) if now - LOOK_BACK < each.until <= now and each.since < each.until]
    return sum(_note_missed(seminar, reminder, now) for reminder in over)


def _note_missed(seminar, reminder, now):
    reached = Exists(_told(reminder).exclude(message__state=MessageState.EXPIRED))
    otherwise = Exists(_told_when_it_is(reminder, now))
    missing = _who(seminar, reminder, now).filter(_were_there(reminder, now), ~reached, ~otherwise).count()
    if missing:
        about = {"seminar": seminar, "kind": reminder.kind, "about": reminder.about}
        _missed, is_new = MissedReminder.objects.update_or_create(**about, defaults={"people": missing})
        if is_new:
            log.warning("A reminder was not sent in time: %s, seminar %s, %s people", reminder.kind, seminar.pk, missing)
    return bool(missing)


def _tell_called_off(seminar):
    who = not_told_of_cancellation(seminar).order_by("pk")
    return send.tell_each(who, LetterKind.CALLED_OFF, said_to=lambda _each: {"url": seminar.get_absolute_url()})


def _tell_reinstated(seminar):
    return send.tell_each(not_told_of_reinstatement(seminar).order_by("pk"), LetterKind.REINSTATED)


def _who_read_last(seminar):
    """Those who take part, each with `last_read`: which of the two letters, that it is cancelled or that it is not, came last."""
    last = LetterTold.objects.filter(registration=OuterRef("pk"), kind__in=send.IN_TURNS).order_by("-pk").values("kind")[:1]
    return seminar.registrations.taking_part().reachable().annotate(last_read=Subquery(last))


def _days_before(moment, days, zone):
    """The same hour on the clock of `zone`, so many days before."""
    local = timezone.localtime(moment, zone)
    return datetime.combine(local.date() - timedelta(days=days), local.time(), zone)


def _midnight(day, zone):
    return datetime.combine(day, time.min, zone)
