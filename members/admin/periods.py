"""Rows that hold from one day to another, at the secretariat's desk."""

from django.utils.translation import gettext_lazy as _

from rifess.base.admin import ChoiceFilter
from rifess.base.dates import say_date


def say_period(row, first_day, end):
    """The two ends of a period in words, as exactly as they are known."""
    starts, ends = getattr(row, first_day), getattr(row, end)
    begins = say_date(starts, getattr(row, f"{first_day}_precision")) if starts else "…"
    return f"{begins} – {say_date(ends, getattr(row, f'{end}_precision'), outside=end != 'ends_on')}" if ends else f"{begins} –"


class InForce(ChoiceFilter):
    """Of rows with a period: those that hold today, and those that are over."""

    title, parameter_name = _("period"), "period"
    questions = {
        "today": (_("in force today"), lambda rows: rows.on()),
        "ended": (_("ended"), lambda rows: rows.ended()),
    }
