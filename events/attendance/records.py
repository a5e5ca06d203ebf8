"""Who came: written once for each way in which it is known, and added up without counting anything twice."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.live import now_playing
from events.models import Attendance, AttendanceForm, AttendanceSource, Registration
from events.programme.status import refuse_cancelled

FORM_KNOWN_BY = {
    AttendanceSource.JOIN_LINK: {AttendanceForm.VIRTUAL},
    AttendanceSource.PLATFORM: {AttendanceForm.VIRTUAL},
    AttendanceSource.DOOR: {AttendanceForm.IN_PERSON},
}


@dataclass(frozen=True)
class Total:
    """What one person attended of a seminar: known minutes, how many panels, and whether they came at all."""

    minutes: int = 0
    panels: int = 0
    came: bool = False
    forms: frozenset = field(default=frozenset(), compare=False)  # in which they are known to have come

    def form_of(self, registration):
        """In which form `registration` really attended; None in both. What nothing tells of is as it was registered."""
        if len(self.forms) > 1:
            return None
        return next(iter(self.forms), registration.form)


@transaction.atomic
def record(registration, *, source, panel=None, came_at=None, left_at=None, minutes=None, by=None) -> Attendance:
    """Record attendance of `panel` or of the seminar. The earliest arrival and the longest stay are kept.

    Raises ValidationError (code "cancelled") for a seminar that is cancelled.
    """
    refuse_cancelled(registration.seminar)
    attendance, is_new = Attendance.objects.select_for_update().get_or_create(
        registration=registration,
        panel=panel,
        source=source,
        defaults={"came_at": came_at, "left_at": left_at, "minutes": minutes, "recorded_by": by},
    )
    if not is_new:
        attendance.came_at = min(filter(None, [attendance.came_at, came_at]), default=None)
        attendance.left_at = max(filter(None, [attendance.left_at, left_at]), default=None)
        attendance.minutes = max((each for each in [attendance.minutes, minutes] if each is not None), default=None)
        attendance.save(update_fields=["came_at", "left_at", "minutes"])
    return attendance


@transaction.atomic
def open_link(registration, *, now) -> str:
    """The address at which they join, near the time. Opening it says that they came, where the secretariat wants that.

    Raises ValidationError (code "closed") before, afterwards, while there is no link, and for those who may not attend.
    """
    registration = Registration.objects.select_for_update(of=("self",)).select_related("seminar").get(pk=registration.pk)
    seminar = registration.seminar
    link = getattr(seminar, "join_link", None)
    if link is None or not registration.may_attend or not link.is_shown(now):
        raise ValidationError(_("You cannot join yet."), code="closed")
    if link.counts_attendance:
        record(registration, source=AttendanceSource.JOIN_LINK, panel=now_playing.panel_for(seminar, now), came_at=now)
    return link.join_url


def totals(seminar):
    """{pk of a registration: its Total} of everybody who came to `seminar`. One query."""
    return _totals(Attendance.objects.filter(registration__seminar=seminar))


def total_of(registration):
    """The Total of one person."""
    return _totals(registration.attendances.all()).get(registration.pk, Total())


def _totals(attendances):
    forms = defaultdict(set)
    stays = defaultdict(dict)  # by registration: the longest stay at each panel (None: the seminar), whoever tells of it
    for each in attendances:
        known = stays[each.registration_id]
        forms[each.registration_id] |= FORM_KNOWN_BY.get(each.source, set())
        known[each.panel_id] = max(known.get(each.panel_id, 0), minutes_of(each))
    return {pk: replace(_total(by_panel), forms=frozenset(forms[pk])) for pk, by_panel in stays.items()}


def minutes_of(attendance):
    """How long a stay was: as it is written, or from its beginning to its end; 0 when neither is known."""
    if attendance.minutes is not None:
        return attendance.minutes
    if attendance.came_at and attendance.left_at:
        return int((attendance.left_at - attendance.came_at).total_seconds() // 60)
    return 0


def _total(by_panel):
    """The stay at the whole seminar and those at its panels are the same time told twice: the longer one counts."""
    at_panels = [minutes for panel, minutes in by_panel.items() if panel is not None]
    return Total(max(by_panel.get(None, 0), sum(at_panels)), len(at_panels), True)
