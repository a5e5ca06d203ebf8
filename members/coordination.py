"""The Executive Coordination passes from one country to another."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import CoordinationTerm, Institution, Person
from rifess.base.dates import Precision
from rifess.base.exclusion import once_more_if_overlapping
from rifess.base.periods import lock


@once_more_if_overlapping
def hand_over(
    term: CoordinationTerm, *, country: str, institution: Institution, starts_on: date, coordinator: Person | None = None
):
    """From `starts_on` another institution coordinates; `term` lasts until the day before. One row tells it at every page.

    What was published keeps its authors, and accounts stay as they are: the secretariat looks through them by hand.
    Raises ValidationError: "before_the_term" when `term` has not begun by then, "overlap" with a term entered already.
    """
    lock(term)
    begins = term.starts_on or term.as_of
    if starts_on <= begins:
        raise ValidationError(_("The present coordination has not begun by then: choose a later day."), code="before_the_term")
    later = CoordinationTerm.objects.with_known_from().filter(known_from__gt=begins, known_from__gte=starts_on)
    if later.exists():
        raise ValidationError(_("A coordination that begins later is entered already: correct that one."), code="overlap")
    term.ends_on, term.ends_on_precision = starts_on - timedelta(days=1), Precision.DAY
    term.full_clean()
    term.save(update_fields=["ends_on", "ends_on_precision"])
    following = CoordinationTerm(country=country, institution=institution, coordinator=coordinator, starts_on=starts_on)
    following.full_clean()
    following.save()
    return following
