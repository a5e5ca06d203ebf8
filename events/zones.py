"""A seminar moves to another time zone: either its clock times stay as they are written, or the moments do."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Keep(models.TextChoices):
    CLOCK = "clock", _("the clock times, as written: 10:00 stays 10:00")
    INSTANT = "instant", _("the moments: 10:00 becomes the same moment on the new clock")


def to_instant(day, clock, zone):
    """The moment at which clocks in `zone` show `clock` on `day`."""
    return timezone.make_aware(timezone.datetime.combine(day, clock), zone)


def to_instants(day, starts, ends, zone):
    """The moments of two clock times on `day`; either may be None. An end at or before the start is on the next day."""
    starts_at = to_instant(day, starts, zone) if starts else None
    if not ends:
        return starts_at, None
    return starts_at, to_instant(day + timedelta(days=1) if starts and ends <= starts else day, ends, zone)


def to_clock(moment, zone):
    """What clocks in `zone` show at `moment`."""
    return timezone.localtime(moment, zone).time() if moment else None


@transaction.atomic
def move_zone(seminar, zone, *, keep=Keep.CLOCK):
    """Write the times of `seminar` in `zone` from now on; `keep` says what stays of those written so far.

    Raises ValidationError (code "outside_seminar") when a panel would fall on a day that is not one of the seminar's.
    """
    before, after = seminar.zone, ZoneInfo(zone or settings.NETWORK_TIME_ZONE)
    for panel in seminar.panels.filter(starts_at__isnull=False).order_by("pk"):
        if keep == Keep.CLOCK:
            _keep_the_clock(panel, before, after)
        else:
            panel.held_on = timezone.localdate(panel.starts_at, after)
            _stay_within(panel, seminar)
        panel.save(update_fields=["held_on", "starts_at", "ends_at"])
    seminar.time_zone = zone
    seminar.save(update_fields=["time_zone"])


def _keep_the_clock(panel, before, after):
    starts, ends = (timezone.localtime(moment, before) if moment else None for moment in (panel.starts_at, panel.ends_at))
    panel.starts_at = starts.replace(tzinfo=after)
    panel.ends_at = ends.replace(tzinfo=after) if ends else None


def _stay_within(panel, seminar):
    if not seminar.starts_on <= panel.held_on <= (seminar.ends_on or panel.held_on):
        raise ValidationError(
            _("On the new clock, “%(panel)s” falls on a day that is not one of the seminar's."),
            code="outside_seminar",
            params={"panel": panel},
        )
