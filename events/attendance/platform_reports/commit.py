"""A platform's list is brought, looked at, written as attendance, taken back or thrown away."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.attendance import records
from events.attendance.platform_reports.columns import platform_of
from events.attendance.platform_reports.match import Participants, settle
from events.attendance.platform_reports.parse import read
from events.attendance.platform_reports.reader import text_of
from events.attendance.platform_reports.sessions import Window
from events.models import (
    Attendance,
    AttendanceSource,
    ListedParticipant,
    Panel,
    PlatformList,
    Registration,
    RegistrationState,
    Sureness,
)

WRITTEN = _("The attendance of this list has been recorded. Undo that first.")


@dataclass(frozen=True)
class Brought:
    """A list as it was kept, and what in it was not understood or is unlikely: sentences."""

    list: PlatformList
    notices: list


class Unlikely(ValidationError):
    """A list of which `remarks`, sentences, have to be confirmed first. `answer` is the confirmation of these and no others."""

    def __init__(self, remarks, answer):
        super().__init__(remarks, code="unlikely")
        self.remarks, self.answer = remarks, answer


@transaction.atomic
def bring(seminar, *, data, file_name, zone, by, panel=None, platform="", only_within=False, confirmed="") -> Brought:
    """Keep the list `data` of `seminar`, or of its `panel`, with who each in it may be. Moments are on clocks of `zone`.

    `only_within`: what counts is the time of the panel or, without one, from the first panel's beginning to the last one's end.
    Raises Unlikely unless what is remarked upon is `confirmed`, and ValidationError: codes "platform", "no_times", "brought",
    "nobody" and those of `text_of` and `rows_of`.
    """
    text = text_of(data)
    platform = platform or platform_of(text)
    if not platform:
        raise ValidationError(_("It is not plain which platform wrote this list: choose it."), code="platform")
    reading = read(text, zone=zone, days=_days(seminar, panel))
    remarks = [*map(str, reading.signs), *reading.notices, *_of_other_days(reading.people, seminar, panel, zone)]
    if remarks and confirmed != (answer := fingerprint(data + repr(remarks).encode(), panel)):
        raise Unlikely(remarks, answer)
    people = _within(reading.people, _window(seminar, panel)) if only_within else reading.people
    kept = {"panel": panel, "platform": platform, "file_name": file_name[-200:], "brought_by": by}
    listed, is_new = PlatformList.objects.get_or_create(seminar=seminar, fingerprint=fingerprint(data, panel), defaults=kept)
    if not is_new:
        raise ValidationError(_("This list has already been imported."), code="brought", params={"list": listed.pk})
    ListedParticipant.objects.bulk_create(_rows(listed, people))
    return Brought(listed, remarks)


def fingerprint(data, panel=None):
    """What tells a list from every other: the same file may be brought once for each panel, and once for the whole seminar."""
    return hashlib.sha256(f"{panel.pk if panel else ''}:".encode() + data).hexdigest()


def _days(seminar, panel):
    if panel and panel.held_on:
        return [panel.held_on]
    count = ((seminar.ends_on or seminar.starts_on) - seminar.starts_on).days + 1
    return [seminar.starts_on + timedelta(days=number) for number in range(count)]


def _window(seminar, panel):
    panels = Panel.objects.filter(pk=panel.pk) if panel else seminar.panels.all()
    times = panels.order_by().aggregate(starts=Min("starts_at"), ends=Max("ends_at"))
    if not (times["starts"] and times["ends"]):
        raise ValidationError(_("It is not written when this begins and ends: count all the time instead."), code="no_times")
    return Window(times["starts"], times["ends"])


def _within(people, window):
    found = [inside for person in people if (inside := person.within(window))]
    if not found:
        raise ValidationError(_("No one in this list was there at that time: is the time zone right?"), code="nobody")
    return found


def _of_other_days(people, seminar, panel, zone):
    """A notice when nobody of whom the time is known was there on a day of the seminar, nor on the day before or after."""
    came = {person.came_at.astimezone(zone).date() for person in people if person.came_at}
    near = {day + timedelta(days=number) for day in _days(seminar, panel) for number in (-1, 0, 1)}
    return [_("None of its times is of a day of the seminar: is it the right list?")] if came and not came & near else []


def _rows(listed, people):
    candidates = Registration.objects.filter(seminar=listed.seminar).known().exclude(state=RegistrationState.UNCONFIRMED)
    participants = Participants(candidates.order_by("pk"))
    matches = settle([participants.match(person.name, person.email) for person in people])
    return [_row(listed, person, match) for person, match in zip(people, matches, strict=True)]


def _row(listed, person, match):
    return ListedParticipant(
        list=listed,
        lines=", ".join(map(str, person.lines))[:200],
        name=person.name,
        email=person.email[:254],
        came_at=person.came_at,
        left_at=person.left_at,
        minutes=person.minutes,
        registration=match.registration,
        sureness=match.sureness,
        suggestions=[[registration.pk, reason] for registration, reason in match.found],
    )


def undecided(listed):
    """The rows of which a person has to say who they are before attendance is written."""
    return listed.rows.filter(sureness=Sureness.UNSURE, is_decided=False)


def decide(row, registration):
    """Say who somebody in a list is; None: nobody who registered. Raises ValidationError (codes "elsewhere", "written")."""
    if registration and registration.seminar_id != row.list.seminar_id:
        raise ValidationError(_("This person registered for another seminar."), code="elsewhere")
    if row.list.applied_at:
        raise ValidationError(WRITTEN, code="written")
    row.registration, row.is_decided = registration, True
    row.save(update_fields=["registration", "is_decided"])


def doubt(row):
    """Take back who somebody in a list is taken for: it has to be decided by a person."""
    row.registration, row.is_decided, row.sureness = None, False, Sureness.UNSURE
    row.save(update_fields=["registration", "is_decided", "sureness"])


@transaction.atomic
def write_attendance(listed, *, by) -> int:
    """Write that those found in the list came, and forget everybody else in it. Returns how many people that are.

    Done again it changes nothing. Raises ValidationError (code "undecided") while somebody has to be decided about.
    """
    listed = PlatformList.objects.select_for_update().get(pk=listed.pk)
    if undecided(listed).exists():
        raise ValidationError(_("Decide first who those are of whom it is not sure."), code="undecided")
    listed.rows.filter(registration=None).delete()
    listed.applied_at = listed.applied_at or timezone.now()
    listed.save(update_fields=["applied_at"])
    return _write(listed, listed.rows.values("registration"), by)


def _write(listed, registrations, by):
    """Write the presence of `registrations` as all lists applied to the same panel, or to the seminar as a whole, tell it."""
    applied = ListedParticipant.objects.filter(
        list__seminar=listed.seminar_id, list__panel=listed.panel_id, list__applied_at__isnull=False
    )
    rows = {}
    for row in applied.filter(registration__in=registrations).select_related("registration"):
        rows.setdefault(row.registration, []).append(row)
    for registration, told in rows.items():
        records.record(registration, source=AttendanceSource.PLATFORM, panel=listed.panel, by=by, **presence(told))
    return len(rows)


def presence(rows):
    """What several rows tell of one person: from when to when, and the minutes of all, never more than lie between."""
    came = min((row.came_at for row in rows if row.came_at), default=None)
    left = max((row.left_at for row in rows if row.left_at), default=None)
    told = [row.minutes for row in rows if row.minutes is not None]
    between = [round((left - came).total_seconds() / 60)] if came and left else []
    return {"came_at": came, "left_at": left, "minutes": min([sum(told), *between]) if told else None}


@transaction.atomic
def take_back(listed, *, by):
    """What this list told of who came no longer counts; what other lists told does."""
    listed = PlatformList.objects.select_for_update().get(pk=listed.pk)
    registrations = [*listed.rows.exclude(registration=None).values_list("registration", flat=True)]
    listed.applied_at = None
    listed.save(update_fields=["applied_at"])
    written = Attendance.objects.filter(source=AttendanceSource.PLATFORM, panel=listed.panel_id)
    written.filter(registration__in=registrations).delete()
    _write(listed, registrations, by)


@transaction.atomic
def throw_away(listed):
    """Forget a list. Raises ValidationError (code "written") while what it told counts."""
    listed = PlatformList.objects.select_for_update().get(pk=listed.pk)
    if listed.applied_at:
        raise ValidationError(WRITTEN, code="written")
    listed.delete()
