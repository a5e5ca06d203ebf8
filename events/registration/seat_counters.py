"""The seats of a seminar are moved here and nowhere else, each by one UPDATE that either finds a free one or does nothing.

Whoever moves more than a counter locks the row of the seats first (`locked`), then the registration: so nobody waits in a ring.
"""

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models import HAS_A_SEAT, Registration, Seats

FREE = Q(capacity__isnull=True) | Q(taken__lt=F("capacity"))


def locked(seminar_id):
    """The seats of a seminar by form of attendance, locked until the transaction ends."""
    return {seats.form: seats for seats in Seats.objects.filter(seminar=seminar_id).order_by("pk").select_for_update()}


def of_form(seats, form):
    """Those of `seats` by form that are for `form`. Raises ValidationError (code "form") when there are none."""
    if form not in seats:
        raise ValidationError(_("This seminar does not offer that way of attending."), code="form")
    return seats[form]


def take(seats):
    """Take a seat for whoever comes now; whether there was one. Nobody passes those who wait."""
    return _one(seats).filter(FREE, in_line=0).update(taken=F("taken") + 1) == 1


def take_for_the_first_in_line(seats):
    """Take a seat for whoever has waited longest; whether there was one, and somebody waiting."""
    return _one(seats).filter(FREE, in_line__gt=0).update(taken=F("taken") + 1, in_line=F("in_line") - 1) == 1


def give_back(seats):
    """A seat is free again."""
    _one(seats).filter(taken__gt=0).update(taken=F("taken") - 1)


def give_back_into_line(seats):
    """Release an offered seat; the person to whom it was offered is back on the waiting list."""
    _one(seats).filter(taken__gt=0).update(taken=F("taken") - 1, in_line=F("in_line") + 1)


def stand_in_line(seats):
    """Go to the end of the waiting list; the number of the place there, which nobody else has or had."""
    _one(seats).update(in_line=F("in_line") + 1, last_place=F("last_place") + 1)
    return _one(seats).values_list("last_place", flat=True).get()


def take_up_to(seats, count):
    """Take seats for as many as `count` who come together; how many there were. `seats` are locked."""
    left = _one(seats).get().left
    count = min(count, count if left is None else left)
    return count if count and _one(seats).filter(in_line=0).update(taken=F("taken") + count) else 0


def count_who_wait(seats):
    """Set the counter of those who wait to how many wait. `seats` are locked."""
    waiting = Registration.objects.filter(seminar=seats.seminar_id, form=seats.form).waiting().count()
    _one(seats).update(in_line=waiting)


def stand_in_line_together(seats, count):
    """Go to the end of the waiting list, `count` together; the number of the first place. `seats` are locked."""
    _one(seats).update(in_line=F("in_line") + count, last_place=F("last_place") + count)
    return _one(seats).values_list("last_place", flat=True).get() - count + 1


def leave_the_line(seats):
    """Wait no more."""
    _one(seats).filter(in_line__gt=0).update(in_line=F("in_line") - 1)


def wrong_counts():
    """The seats whose counters do not tell what the registrations do: none, unless somebody wrote past this module."""
    found = []
    for seats in Seats.objects.select_related("seminar"):
        registrations = Registration.objects.filter(seminar=seats.seminar_id, form=seats.form)
        counted = registrations.filter(state__in=HAS_A_SEAT).count(), registrations.waiting().count()
        if counted != (seats.taken, seats.in_line):
            found.append(seats)
    return found


def _one(seats):
    return Seats.objects.filter(pk=seats.pk)
