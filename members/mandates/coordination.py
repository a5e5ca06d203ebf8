"""The Executive Coordination passes from one country to another."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import CoordinationTerm, Institution, Person
from rifess.base.database.conflicts import once_more_after_a_conflict
from rifess.base.dates import Precision


@once_more_after_a_conflict
def hand_over(
    term: CoordinationTerm, *, country: str, institution: Institution, starts_on: date, coordinator: Person | None = None
):
    """From `starts_on` another institution coordinates; `term` lasts until the day before. One row tells it at every page.

    What was published keeps its authors, and accounts stay as they are: the secretariat looks through them by hand.
    Raises ValidationError: "changed" when `term` is not as it was read, "ended" when it ends later than that by what is entered,
    "before_the_term" when it has not begun by then, "overlap" with a term entered already, whether by hand or by handing over.
    """
    _refuse_what_has_changed(term)
    if term.ends_on and starts_on <= term.ends_on:
        raise ValidationError(_("This coordination has an end already, on a later day: correct that one first."), code="ended")
    begins = term.starts_on or term.as_of
    if starts_on <= begins:
        raise ValidationError(_("The present coordination has not begun by then: choose a later day."), code="before_the_term")
    if CoordinationTerm.objects.with_known_from().filter(known_from__gt=begins).exists():
        raise ValidationError(_("A coordination that begins later is entered already: correct that one."), code="overlap")
    term.ends_on, term.ends_on_precision = starts_on - timedelta(days=1), Precision.DAY
    term.full_clean()
    term.save(update_fields=["ends_on", "ends_on_precision"])
    following = CoordinationTerm(country=country, institution=institution, coordinator=coordinator, starts_on=starts_on)
    following.full_clean()
    following.save()
    return following


def _refuse_what_has_changed(term):
    """Hold `term` until the transaction ends; what was read before somebody else handed it over is not acted upon."""
    present = CoordinationTerm.objects.select_for_update().filter(pk=term.pk).first()
    if present is None or any(getattr(present, name) != getattr(term, name) for name in ("starts_on", "as_of", "ends_on")):
        raise ValidationError(_("This coordination was changed in the meantime. Look at it once more."), code="changed")
