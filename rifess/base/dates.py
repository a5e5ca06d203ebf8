"""Dates that are known to the day, the month or the year, and said no more exactly than they are known."""

import calendar
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models

# Django's Portuguese writes months with a capital; Brazil does not: our catalogue has them small.
MONTHS = [
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
]


class Precision(models.TextChoices):
    DAY = "day", pgettext_lazy("precision", "exact day")
    MONTH = "month", pgettext_lazy("precision", "month")
    YEAR = "year", pgettext_lazy("precision", "year")
    BY_DAY = "by-day", pgettext_lazy("precision", "no later than this day")
    BY_MONTH = "by-month", pgettext_lazy("precision", "no later than this month")
    BY_YEAR = "by-year", pgettext_lazy("precision", "no later than this year")

    @property
    def unit(self):
        """The span that is known: day, month or year."""
        return self.value.removeprefix("by-")

    @property
    def is_limit(self):
        """Whether the date is a latest possible one rather than the date itself."""
        return self.value.startswith("by-")


def precision_field(**options):
    """How exactly the date beside it is known."""
    options = {"max_length": 8, "choices": Precision, "default": Precision.DAY} | options
    return models.CharField(options.pop("verbose_name", _("known to the")), **options)


def today_in_the_network(now=None):
    """The day on which rights begin and end (`NETWORK_TIME_ZONE`)."""
    return timezone.localdate(now, ZoneInfo(settings.NETWORK_TIME_ZONE))


def last_of(day, unit):
    """The last day of the month or year that `day` is in; the day itself for a day."""
    if unit == "year":
        return date(day.year, 12, 31)
    if unit == "month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def first_of(day, unit):
    """The first day of the month or year that `day` is in; the day itself for a day."""
    return {"year": day.replace(month=1, day=1), "month": day.replace(day=1)}.get(unit, day)


def check_precision(day, precision, *, field, end=None):
    """A date known to the month or year is written as its first day.

    An end that is the last day included (`end="included"`) is written as the last day of the span, and an end that is
    the first day outside (`end="outside"`) as the first day of the next. Raises ValidationError on `field`.
    """
    if day is None:
        return
    unit = Precision(precision).unit
    right = last_of(day, unit) if end == "included" else first_of(day, unit)
    if day != right:
        sentence = {
            None: _("Known to the month or year: write its first day, %(right)s."),
            "included": _("Known to the month or year: write its last day, %(right)s."),
            "outside": _("Known to the month or year: write the first day after it, for example %(right)s."),
        }[end]
        example = last_of(day, unit) + timedelta(days=1) if end == "outside" else right
        shown = date_format(example, "SHORT_DATE_FORMAT")
        raise ValidationError({field: ValidationError(sentence, code="precision", params={"right": shown})})


def say_date(day, precision=Precision.DAY, *, outside=False):
    """`day` in words of the active language, no more exact than it is known: "enero de 2024".

    With `outside`, `day` is the first day after a period, and the span named is the one before it.
    """
    precision = Precision(precision)
    if outside and precision.unit != "day":
        day -= timedelta(days=1)
    formats = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y"}
    words = date_format(day, formats[precision.unit])
    if not precision.is_limit:
        return words
    sentence = pgettext("day", "on or before %(date)s") if precision.unit == "day" else gettext("%(date)s or earlier")
    return sentence % {"date": words}


def say_since(day, precision=Precision.DAY):
    """When something began: "desde enero de 2024", or "a más tardar en julio de 2025" when only a limit is known."""
    precision, words = Precision(precision), say_date(day, precision)
    if precision.is_limit:
        return words
    sentence = pgettext("day", "since %(date)s") if precision.unit == "day" else gettext("since %(date)s")
    return sentence % {"date": words}


def machine_date(day, precision=Precision.DAY, *, outside=False):
    """The same for `<time datetime>`: 2024-01-29, 2024-01 or 2024."""
    unit = Precision(precision).unit
    if outside and unit != "day":
        day -= timedelta(days=1)
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def say_days(first, last=None):
    """A seminar's days, both included: "5 y 6 de septiembre de 2024", "del 29 de enero al 2 de febrero de 2024"."""
    if last is None or last == first:
        return date_format(first, "DATE_FORMAT")
    end = date_format(last, "DATE_FORMAT")
    if (first.year, first.month) == (last.year, last.month):
        sentence = gettext("%(first)s and %(last)s") if last - first == timedelta(days=1) else gettext("%(first)s to %(last)s")
        return sentence % {"first": first.day, "last": end}
    begin = date_format(first, "MONTH_DAY_FORMAT" if first.year == last.year else "DATE_FORMAT")
    return gettext("from %(first)s to %(last)s") % {"first": begin, "last": end}
