"""Who came: written once for each way in which it is known."""

from django.db import transaction

from events.models import Attendance


@transaction.atomic
def record(registration, *, source, panel=None, came_at=None, left_at=None, minutes=None, by=None) -> Attendance:
    """Write that somebody came, to `panel` or to the seminar. The earliest coming and the longest stay are kept."""
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
