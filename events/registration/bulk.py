"""Many people at once who agreed elsewhere, in writing: seats for all of them in a few statements, and letters afterwards."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import LetterKind, LetterTold, Registration, RegistrationOrigin, RegistrationState, Seminar
from events.notifications import send
from events.notifications.schedule_changes import SAYS_WHEN, mark_of
from events.programme.status import refuse_cancelled
from events.registration import seat_counters as counters
from members.models import Audience

AT_ONCE = 500  # rows in one statement
TOLD = {RegistrationState.CONFIRMED: LetterKind.CONFIRMED, RegistrationState.WAITING: LetterKind.WAITING}


@transaction.atomic
def enrol_all(seminar, registrations, *, tells=True, now=None) -> list[Registration]:
    """Write down `registrations`, not saved yet, and give each a seat or, in their order, a place in line; those that are new.

    Whoever registered meanwhile at another door keeps what they have. With `tells` they get a letter later (`tell_the_enrolled`).
    Raises ValidationError: code "form" when one of them attends in a form that is not offered, "cancelled", "not_invited".
    """
    seats, now = counters.locked(seminar.pk), now or timezone.now()
    refuse_cancelled(Seminar.objects.get(pk=seminar.pk))
    new = _written(registrations, now)
    _refuse_not_invited(seminar, new)
    for form in dict.fromkeys(each.form for each in new):
        _seat_or_line(counters.of_form(seats, form), [each for each in new if each.form == form], now)
    if not tells:
        mark = mark_of(seminar)
        LetterTold.objects.bulk_create([_as_told(each, mark) for each in new], batch_size=AT_ONCE)
    return new


def tell_the_enrolled(seminar_id=None, *, now=None) -> int:
    """Write to those who were enrolled and not told yet, each in a transaction of its own; how many were told."""
    return sum(_tell(state, kind, seminar_id, now) for state, kind in TOLD.items())


def _tell(state, kind, seminar_id, now):
    told = LetterTold.objects.filter(registration=OuterRef("pk"), kind__in=TOLD.values())
    coming = Seminar.objects.to_come(now).order_by().values("pk")
    due = Registration.objects.reachable().filter(~Exists(told), state=state, origin=RegistrationOrigin.LIST, seminar__in=coming)
    due = due.filter(seminar=seminar_id) if seminar_id else due
    return send.tell_each(due.order_by("pk"), kind, is_bulk=True)


def _written(registrations, now):
    """Those of `registrations` that are in the database now and were not: an address that is there already keeps its row."""
    for each in registrations:
        each.written_at = now
    Registration.objects.bulk_create(registrations, batch_size=AT_ONCE, ignore_conflicts=True)
    mine = {each.code: each for each in registrations}
    found = {}
    for start in range(0, len(registrations), AT_ONCE):
        codes = [each.code for each in registrations[start : start + AT_ONCE]]
        found |= dict(Registration.objects.filter(code__in=codes, written_at=now).values_list("code", "pk"))
    for code, key in found.items():
        mine[code].pk = key
    return [each for each in registrations if each.code in found]


def _refuse_not_invited(seminar, registrations):
    """Only invited delegates take part in a seminar that is not for everyone. The error names the others."""
    if seminar.audience == Audience.EVERYONE:
        return
    entitled = set(Registration.objects.filter(seminar=seminar.pk).entitled().values_list("pk", flat=True))
    if others := [each.name for each in registrations if each.pk not in entitled]:
        sentence = _("This meeting is not public, and these people are not delegates invited to it: %(names)s.")
        raise ValidationError(sentence, code="not_invited", params={"names": ", ".join(others)})


def _as_told(registration, mark):
    """That they know where they stand and, by its `mark`, when it is: somebody told them elsewhere."""
    kind = TOLD[registration.state]
    return LetterTold(registration=registration, kind=kind, about=f"1 {mark}" if kind in SAYS_WHEN else "1")


def _seat_or_line(seats, registrations, now):
    """Seats for the first of `registrations`, and places in line for the others. `seats` are locked."""
    count = counters.take_up_to(seats, len(registrations))
    first = counters.stand_in_line_together(seats, len(registrations) - count)
    seated, waiting = registrations[:count], registrations[count:]
    for place, each in enumerate(waiting, start=first):
        each.place_in_line = place
    Registration.objects.bulk_update(waiting, ["place_in_line"], batch_size=AT_ONCE)
    _write(seated, state=RegistrationState.CONFIRMED, confirmed_at=now)
    _write(waiting, state=RegistrationState.WAITING, confirmed_at=now)


def _write(registrations, **fields):
    """The same `fields` in all of `registrations`."""
    for each in registrations:
        for name, value in fields.items():
            setattr(each, name, value)
    for start in range(0, len(registrations), AT_ONCE):
        keys = [each.pk for each in registrations[start : start + AT_ONCE]]
        Registration.objects.filter(pk__in=keys).update(**fields)
