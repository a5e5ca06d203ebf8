"""What is on in a seminar at a moment, what comes next, and of which panels the time is not known."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Panel
from events.models.meetings import SHOWN_BEFORE, shown_between
from events.models.seminars import LONGEST_NIGHT

A_DAY = timedelta(days=1)


class NowState(models.TextChoices):
    BEFORE = "before", _("It has not begun yet")
    ON = "on", _("On now")
    BETWEEN = "between", _("Pause")
    UNKNOWN = "unknown", _("Today, at times to be confirmed")
    OVER = "over", _("It is over")
    CANCELLED = "cancelled", _("Cancelled")


@dataclass(frozen=True)
class Now:
    """A seminar at one moment: the panels on, those that begin next (several at once), and those of the day without a time."""

    state: NowState
    on: list[Panel]
    next: list[Panel]
    untimed: list[Panel]
    opens_at: datetime
    closes_at: datetime

    @property
    def is_over(self):
        return self.state in (NowState.OVER, NowState.CANCELLED)


def at(seminar, now) -> Now:
    """`seminar` at the moment `now`. One query, or none when its panels were brought along."""
    prefetch_related_objects([seminar], "panels")
    panels = list(seminar.panels.all())
    opens_at, closes_at = shown_between(seminar)
    on = [panel for panel in panels if is_on(panel, panels, now)]
    state = _state(seminar, panels, on, now)
    if state in (NowState.OVER, NowState.CANCELLED):
        return Now(state, [], [], [], opens_at, closes_at)
    today = timezone.localdate(now, seminar.zone)
    untimed = [panel for panel in panels if panel.held_on == today and not panel.has_time]
    return Now(state, on, _next(panels, now), untimed, opens_at, closes_at)


def is_near(seminar, now):
    """Whether it is on, begins within half an hour or was to end within the hour. Of another day nothing is asked."""
    today = timezone.localdate(now, seminar.zone)
    is_another_day = not seminar.starts_on - A_DAY <= today <= seminar.last_known_day + LONGEST_NIGHT
    if seminar.is_cancelled or is_another_day:
        return False
    prefetch_related_objects([seminar], "panels")
    opens_at, closes_at = shown_between(seminar)
    return opens_at <= now < closes_at


def is_on(panel, panels, now):
    """Whether `panel`, one of `panels`, is on: from its first second up to, and not including, its end."""
    return panel.has_time and panel.starts_at <= now < _end_of(panel, panels)


def panel_for(seminar, now):
    """The panel that somebody comes to who comes `now`: the only one on, or about to begin; None when that is not sure."""
    moment = at(seminar, now)
    about_to_begin = [panel for panel in moment.next if panel.starts_at - SHOWN_BEFORE <= now]
    panels = moment.on or about_to_begin
    return panels[0] if len(panels) == 1 else None


def _end_of(panel, panels):
    """When it ends. While that is not known: when another one begins that day, or with the day."""
    if panel.ends_at:
        return panel.ends_at
    later = [each.starts_at for each in panels if each.has_time and each.starts_at > panel.starts_at]
    midnight = datetime.combine(panel.held_on + timedelta(days=1), time.min, panel.seminar.zone)
    return min([*later, midnight])


def _next(panels, now):
    """The panels that begin at the next known moment."""
    coming = [panel for panel in panels if panel.has_time and panel.starts_at > now]
    first = min((panel.starts_at for panel in coming), default=None)
    return [panel for panel in coming if panel.starts_at == first]


def _state(seminar, panels, on, now):
    if seminar.is_cancelled:
        return NowState.CANCELLED
    if now >= seminar.ends_at:
        return NowState.OVER
    if on:
        return NowState.ON
    has_begun = any(panel.has_time and panel.starts_at <= now for panel in panels)
    if _next(panels, now):
        return NowState.BETWEEN if has_begun else NowState.BEFORE
    return NowState.UNKNOWN if seminar.is_under_way(now) else NowState.BEFORE
