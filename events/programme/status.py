"""Whether a seminar takes place: asked by each act on its rows, once it holds the lock."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def takes_place(seminar, now=None):
    """Whether `seminar` is published, not cancelled and not over: `SeminarQuerySet.to_come` of one row."""
    return seminar.is_published and not seminar.is_cancelled and not seminar.has_ended(now)


def refuse_unless_takes_place(seminar, now=None):
    """Raise ValidationError (codes "draft", "cancelled", "over") where there is nothing any more to take part in."""
    refuse_draft(seminar)
    refuse_cancelled(seminar)
    refuse_over(seminar, now)


def refuse_draft(seminar):
    if not seminar.is_published:
        raise ValidationError(_("This seminar is not published at the moment."), code="draft")


def refuse_cancelled(seminar):
    if seminar.is_cancelled:
        raise ValidationError(_("This seminar is cancelled."), code="cancelled")


def refuse_over(seminar, now=None):
    if seminar.has_ended(now):
        raise ValidationError(_("This seminar is over."), code="over")


def refuse_before_it_is_held(seminar, on):
    """Raise ValidationError (code "to_come") on a day `on` before its first."""
    if on < seminar.starts_on:
        raise ValidationError(_("This seminar has not begun yet."), code="to_come")
