"""A seminar moves to another time zone: either its clock times stay as they are written, or the moments do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rifess.base.zones import ZONES


class Keep(models.TextChoices):
    CLOCK = "clock", _("the clock times, as written: 10:00 stays 10:00")
    INSTANT = "instant", _("the moments: 10:00 becomes the same moment on the new clock")


class RepeatedHour(models.TextChoices):
    """Which of two: on the night clocks are set back, one hour is shown twice."""

    FIRST = "first", _("the first time, before clocks are set back")
    SECOND = "second", _("the second time, after clocks are set back")


def to_instant(day, clock, zone, repeated=""):
    """The moment (UTC) at which clocks in `zone` show `clock` on `day`; `repeated` says which one when they show it twice.

    Raises ValidationError: codes "skipped_hour" when they never show it, "repeated_hour" when they show it twice and
    `repeated` is empty.
    """
    moment = datetime.combine(day, clock, zone).replace(fold=repeated == RepeatedHour.SECOND)
    if _is_skipped(moment):
        sentence = _("On %(day)s clocks in %(city)s are set forward: %(time)s does not exist. Enter another time.")
        raise ValidationError(sentence, code="skipped_hour", params=_in_words(moment))
    if not repeated and is_repeated(moment):
        sentence = _("On %(day)s clocks in %(city)s are set back: %(time)s occurs twice. Choose which one you mean.")
        raise ValidationError(sentence, code="repeated_hour", params=_in_words(moment))
    return moment.astimezone(UTC)


def is_repeated(moment):
    """Whether clocks in the zone of `moment` show its time twice on that day."""
    return not _is_skipped(moment) and moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


def _is_skipped(moment):
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None, fold=0) != moment.replace(tzinfo=None, fold=0)


def _in_words(moment):
    return {
        "day": date_format(moment, "DATE_FORMAT"),
        "city": dict(ZONES).get(moment.tzinfo.key, moment.tzinfo.key),
        "time": date_format(moment, "H:i"),
    }


def last_day_of(day, starts, ends):
    """The day on which `ends` is: the one after `day` when it is at or before `starts`."""
    return day + timedelta(days=1) if starts and ends <= starts else day


def to_clock(moment, zone):
    """What clocks in `zone` show at `moment`."""
    return timezone.localtime(moment, zone).time() if moment else None


def same_clock(moment, before, after, days=timedelta()):
    """The moment at which clocks in `after` show what those in `before` show at `moment`, so many days later.

    Of an hour that clocks in `after` show twice it is the same one of the two, or the first. Raises ValidationError (code
    "skipped_hour").
    """
    if moment is None:
        return None
    local = timezone.localtime(moment, before)
    which = RepeatedHour.SECOND if local.fold else RepeatedHour.FIRST
    return to_instant(local.date() + days, local.time().replace(fold=0), after, which)


def same_clocks(begins, ends, before, after, days=timedelta()):
    """The same for a beginning and an end; either may be None.

    Raises ValidationError: "skipped_hour", and "turned_round" for what lies in an hour that clocks in `before` show twice and
    would end before it begins on others.
    """
    begins, ends = (same_clock(moment, before, after, days) for moment in (begins, ends))
    if begins and ends and ends <= begins:
        raise ValidationError(_("On the new clock it would end before it begins. Change its hours first."), code="turned_round")
    return begins, ends


def has_times(seminar):
    """Whether something of `seminar` is written on its clock: panels, or when registration opens and closes."""
    terms = getattr(seminar, "terms", None)
    return seminar.panels.filter(starts_at__isnull=False).exists() or bool(terms and (terms.opens_at or terms.closes_at))


@transaction.atomic
def move_zone(seminar, zone, *, keep=Keep.CLOCK):
    """Write the times of `seminar` in `zone` from now on; `keep` says what stays of those written so far.

    Raises ValidationError (codes "outside_seminar" when a panel would fall on a day that is not one of the seminar's,
    "skipped_hour" when clocks in `zone` never show one of its times, "turned_round" as `same_clocks`).
    """
    before, after = seminar.zone, ZoneInfo(zone or settings.NETWORK_TIME_ZONE)
    for panel in seminar.panels.filter(starts_at__isnull=False).order_by("pk"):
        if keep == Keep.CLOCK:
            _keep_the_clock(panel, before, after)
        else:
            panel.held_on = timezone.localdate(panel.starts_at, after)
            _stay_within(panel, seminar)
        panel.save(update_fields=["held_on", "starts_at", "ends_at"])
    if keep == Keep.CLOCK and hasattr(seminar, "terms"):
        _keep_the_clock_of_registration(seminar.terms, before, after)
    seminar.time_zone = zone
    seminar.save(update_fields=["time_zone"])


def _keep_the_clock(panel, before, after):
    try:
        panel.starts_at, panel.ends_at = same_clocks(panel.starts_at, panel.ends_at, before, after)
    except ValidationError as error:
        raise about(panel, error) from error


def _keep_the_clock_of_registration(terms, before, after):
    try:
        terms.opens_at, terms.closes_at = same_clocks(terms.opens_at, terms.closes_at, before, after)
    except ValidationError as error:
        raise about(terms._meta.verbose_name, error) from error
    terms.save(update_fields=["opens_at", "closes_at"])


def about(what, error):
    """`error`, and what it is about."""
    sentence = _("“%(what)s”: %(sentence)s")
    return ValidationError(sentence, code=error.code, params={"what": what, "sentence": error.messages[0]})


def _stay_within(panel, seminar):
    if not seminar.starts_on <= panel.held_on <= (seminar.ends_on or panel.held_on):
        raise ValidationError(
            _("On the new clock, “%(panel)s” falls on a day that is not one of the seminar’s."),
            code="outside_seminar",
            params={"panel": panel},
        )
