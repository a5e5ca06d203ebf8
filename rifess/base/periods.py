"""Periods: rows that hold from one day to another, either of which may be unknown."""

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from rifess.base.dates import check_precision, say_date, today_in_the_network


class PeriodQuerySet(models.QuerySet):
    """Rows with a first day (or, that unknown, a day it is known to be true: `as_of`) and perhaps an end."""

    first_day = "starts_on"
    end = "ended_on"
    end_is_included = False

    def with_known_from(self):
        """Each row with the first day it is known to hold: its start, or else the day of its source."""
        return self.annotate(known_from=Coalesce(self.first_day, "as_of"))

    def begun(self, day=None):
        """Rows that held on `day` (today in the Network) or before: an appointment made ahead of time is none of them."""
        return self.with_known_from().filter(known_from__lte=day or today_in_the_network())

    def on(self, day=None):
        """Rows that hold on `day` (today in the Network)."""
        day = day or today_in_the_network()
        return self.begun(day).filter(self._not_ended(day))

    def ended(self, day=None):
        """Rows whose end has come by `day`."""
        return self.exclude(self._not_ended(day or today_in_the_network()))

    def _not_ended(self, day):
        after = "gte" if self.end_is_included else "gt"
        return Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__{after}": day})

    def overlapping(self, row):
        """Other rows that share a day with `row`; an unknown end is open, an unknown start begins at `as_of`."""
        begins, ends = getattr(row, self.first_day) or row.as_of, getattr(row, self.end)
        after = "gte" if self.end_is_included else "gt"
        others = self.exclude(pk=row.pk).with_known_from()
        others = others.filter(Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__{after}": begins}))
        if ends is None:
            return others
        return others.filter(**{"known_from__lte" if self.end_is_included else "known_from__lt": ends})


def lock(parent):
    """Hold `parent` until the transaction ends, so that two people cannot both pass the same check."""
    if parent is not None and parent.pk and connection.in_atomic_block:
        type(parent).objects.select_for_update().get(pk=parent.pk)


def refuse_overlap(row, others, sentence, *, field=None):
    """Raise ValidationError (code "overlap") with `sentence` when one of `others` shares a day with `row`."""
    if others.overlapping(row).exists():
        error = ValidationError(sentence, code="overlap")
        raise ValidationError({field: error}) if field else error


def start_is_known(name, first_day):
    """A period has a start, or at least a day on which it is known to be true."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{first_day}__isnull": False}) | Q(as_of__isnull=False),
        violation_error_message=_("Give the first day, or the day on which the source says it was so."),
    )


def end_after_start(name, first_day, end, *, included=False):
    """A period does not end before it starts."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{end}__isnull": True})
        | Q(**{f"{first_day}__isnull": True})
        | Q(**{f"{end}__{'gte' if included else 'gt'}": F(first_day)}),
        violation_error_message=_("The end comes after the first day."),
    )


def say_period(row, first_day, end, *, included=False):
    """The two ends of a period in words, as exactly as they are known: "enero de 2024 –"."""
    starts, ends = getattr(row, first_day), getattr(row, end)
    begins = say_date(starts, getattr(row, f"{first_day}_precision")) if starts else "…"
    return f"{begins} – {say_date(ends, getattr(row, f'{end}_precision'), outside=not included)}" if ends else f"{begins} –"


def check_period(row, first_day, end, *, included=False):
    """Both ends are written as exactly as they are known (see `check_precision`)."""
    check_precision(getattr(row, first_day), getattr(row, f"{first_day}_precision"), field=first_day)
    check_precision(
        getattr(row, end),
        getattr(row, f"{end}_precision"),
        field=end,
        end="included" if included else "outside",
    )
