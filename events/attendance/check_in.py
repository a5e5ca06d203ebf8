"""Who comes in at the door, and who was let in by mistake."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.attendance import records
from events.models import Attendance, AttendanceSource, Registration, RegistrationState
from events.programme.status import refuse_before_it_is_held, refuse_cancelled, refuse_draft

REFUSED = {
    RegistrationState.UNCONFIRMED: _("They have not confirmed their address yet."),
    RegistrationState.TO_APPROVE: _("The Secretariat has not looked at this registration yet."),
    RegistrationState.WAITING: _("They are waiting for a place."),
    RegistrationState.OFFERED: _("A place is offered to them, and they have not accepted it yet."),
    RegistrationState.CANCELLED: _("This registration is cancelled."),
    RegistrationState.LAPSED: _("They were offered a place and did not accept it in time."),
    RegistrationState.DECLINED: _("This registration was not accepted."),
}


@transaction.atomic
def check_in(registration, *, by, at):
    """Write that somebody came in at the moment `at`. Whoever is in already stays so since then.

    Raises ValidationError: code: the state, when they have no seat; "draft", "cancelled"; "to_come" before its first day;
    "not_invited" when they may not see the seminar any more.
    """
    registration = Registration.objects.select_for_update(of=("self",)).select_related("seminar").get(pk=registration.pk)
    refuse_draft(registration.seminar)
    refuse_cancelled(registration.seminar)
    refuse_before_it_is_held(registration.seminar, timezone.localdate(at, registration.seminar.zone))
    if not registration.may_see_seminar():
        raise ValidationError(_("They are not, or no longer, a delegate invited to this meeting."), code="not_invited")
    if registration.state in REFUSED:
        raise ValidationError(REFUSED[registration.state], code=registration.state)
    return records.record(registration, source=AttendanceSource.DOOR, came_at=at, by=by)


def undo(registration):
    """They did not come in after all. What is known in other ways stays."""
    came_in().filter(registration=registration).delete()


def came_in():
    """Who came in at the door of a seminar, as a queryset of Attendance."""
    return Attendance.objects.filter(source=AttendanceSource.DOOR, panel=None)
