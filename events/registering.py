"""Registering for a seminar, step by step: the address is confirmed, a seat is taken or waited for, and given back.

Each step is one transaction: what it changes and the letter that tells it are both there, or neither is.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import letters
from events import seats as counters
from events.models import (
    LetterKind,
    Registration,
    RegistrationAnswer,
    RegistrationOrigin,
    RegistrationState,
    RegistrationTerms,
    Seats,
    Seminar,
)
from events.models.meetings import shown_between

State = RegistrationState
MAY_COME_BACK = [State.UNCONFIRMED, State.CANCELLED, State.LAPSED]


@transaction.atomic
def register(seminar, *, form, email, answers=(), now=None, **fields) -> Registration:
    """Write down that whoever reads `email` wants to take part, and ask there whether that is so.

    An address that is registered already keeps its registration, and is told so. Neither the answer nor an error says which.
    Raises ValidationError (codes "closed", "form").
    """
    _be_open(seminar, now)
    counters.of_form({each.form: each for each in seminar.seats.all()}, form)
    registration, is_new = _find_or_write(seminar, email, form=form, **fields)
    if not is_new and registration.state not in MAY_COME_BACK:
        letters.tell(registration, LetterKind.ALREADY)
        return registration
    if not is_new:
        _write(registration, form=form, state=State.UNCONFIRMED, **fields)
    _write_answers(registration, answers)
    letters.tell(registration, LetterKind.CONFIRM)
    return registration


@transaction.atomic
def register_delegate(seminar, *, form, user, answers=(), now=None, **fields) -> Registration:
    """Register whoever signed in: their address is known to be theirs, so there is nothing to confirm.

    Raises ValidationError (codes "closed", "form").
    """
    _be_open(seminar, now)
    seats = counters.of_form(counters.locked(seminar.pk), form)
    fields |= {"user": user, "origin": RegistrationOrigin.DELEGATE}
    registration, is_new = _find_or_write(seminar, user.email, form=form, **fields)
    if is_new or registration.state in MAY_COME_BACK:
        _write(registration, form=form, **fields)
        _write_answers(registration, answers)
        _settle(registration, seats, now)
    return registration


@transaction.atomic
def enrol(registration, *, tells=True, now=None) -> Registration:
    """Seat somebody who agreed elsewhere, in writing: no address to confirm, nothing to approve. Full means in line."""
    registration, seats = _lock(registration)
    if registration.state in MAY_COME_BACK:
        registration.confirmed_at = now or timezone.now()
        _seat_or_line(registration, seats, tells=tells)
    return registration


@transaction.atomic
def confirm(registration, *, now=None) -> Registration:
    """The address is theirs: they get a seat, wait for one, or for the secretariat's yes. Pressed twice it changes nothing.

    Raises ValidationError (code "over") when the seminar is over or cancelled, or the registration is.
    """
    registration, seats = _lock(registration)
    if registration.is_over or not _is_to_come(registration.seminar, now):
        raise ValidationError(_("This registration is over: it cannot be confirmed any more."), code="over")
    if registration.state == State.UNCONFIRMED:
        _settle(registration, seats, now)
    return registration


@transaction.atomic
def approve(registration, *, by=None) -> Registration:
    """The secretariat says yes: a seat, or the end of the waiting list.

    Raises ValidationError (code "decided") when it is not waiting for that.
    """
    registration, seats = _lock(registration)
    _be_to_approve(registration)
    _seat_or_line(registration, seats)
    return registration


@transaction.atomic
def decline(registration, *, because="", by=None, now=None) -> Registration:
    """The secretariat says no, and why if it likes. Raises ValidationError (code "decided")."""
    registration, _seats = _lock(registration)
    _be_to_approve(registration)
    _write(registration, state=State.DECLINED, ended_at=now or timezone.now())
    letters.tell(registration, LetterKind.DECLINED, reason=because)
    return registration


@transaction.atomic
def accept(registration, *, now=None) -> Registration:
    """Take the seat that was offered. Raises ValidationError (codes "late", "not_offered")."""
    registration, _seats = _lock(registration)
    if registration.state == State.CONFIRMED:
        return registration
    if registration.state != State.OFFERED:
        raise ValidationError(_("No seat is offered to you at the moment."), code="not_offered")
    if registration.offer_expires_at <= (now or timezone.now()):
        raise ValidationError(_("The time to accept this seat is over: it goes to the next person."), code="late")
    _write(registration, state=State.CONFIRMED, offer_expires_at=None)
    letters.tell(registration, LetterKind.CONFIRMED)
    return registration


@transaction.atomic
def cancel(registration, *, now=None, tells=True) -> Registration:
    """Take part no more; the seat goes to whoever waits. Cancelled twice it changes nothing."""
    registration, seats = _lock(registration)
    before = registration.state
    if registration.is_over:
        return registration
    _leave(registration, seats)
    _write(registration, state=State.CANCELLED, ended_at=now or timezone.now())
    if tells and before != State.UNCONFIRMED:
        letters.tell(registration, LetterKind.CANCELLED)
    fill(seats, now=now)
    return registration


@transaction.atomic
def change(registration, *, form=None, answers=None, now=None, **fields) -> Registration:
    """Correct what somebody wrote, and attend in another `form`. A seat held stays held until the new one is taken.

    Raises ValidationError (codes "over", "form", "full").
    """
    seats = counters.locked(registration.seminar_id)
    registration = _fresh(registration)
    if registration.is_over:
        raise ValidationError(_("This registration is over: it cannot be changed any more."), code="over")
    if form and form != registration.form:
        _move(registration, counters.of_form(seats, registration.form), counters.of_form(seats, form), now)
    _write(registration, **fields)
    if answers is not None:
        _write_answers(registration, answers)
    return registration


@transaction.atomic
def fill(seats, *, now=None) -> int:
    """Offer every free seat to those who wait, in their order; how many were offered. After the seminar none is."""
    now = now or timezone.now()
    seats = Seats.objects.select_related("seminar").select_for_update(of=("self",)).get(pk=seats.pk)
    count = 0
    while _is_to_come(seats.seminar, now) and counters.take_for_the_first_in_line(seats):
        waiting = Registration.objects.filter(seminar=seats.seminar_id, form=seats.form).waiting()
        first = waiting.select_for_update(of=("self",)).select_related("seminar").first()
        if first is None:  # somebody wrote past these acts: the counter is put right
            counters.give_back(seats)
            continue
        _write(first, state=State.OFFERED, place_in_line=None, offer_expires_at=_until_when(seats.seminar, now))
        letters.tell(first, LetterKind.OFFERED)
        count += 1
    return count


def fill_all(now=None):
    """The same for every seminar to come: for seats that became free in any other way; how many were offered."""
    coming = Seats.objects.filter(counters.FREE, in_line__gt=0, seminar__in=Seminar.objects.upcoming(now).order_by().values("pk"))
    return sum(fill(seats, now=now) for seats in coming)


def lapse_due(now=None) -> int:
    """Give the seats that nobody accepted in time to those who come next; how many were given up."""
    now = now or timezone.now()
    return sum(_lapse(registration, now) for registration in Registration.objects.lapsing(now).order_by("pk"))


@transaction.atomic
def _lapse(registration, now):
    registration, seats = _lock(registration)
    if registration.state != State.OFFERED or registration.offer_expires_at > now:
        return False
    counters.give_back(seats)
    _write(registration, state=State.LAPSED, offer_expires_at=None, ended_at=now)
    letters.tell(registration, LetterKind.LAPSED)
    fill(seats, now=now)
    return True


def _be_open(seminar, now):
    terms = RegistrationTerms.objects.select_related("seminar").filter(seminar=seminar).first()
    if terms is None or not terms.is_open(now):
        raise ValidationError(_("Registration is not open."), code="closed")


def _be_to_approve(registration):
    if registration.state != State.TO_APPROVE:
        raise ValidationError(
            _("This registration is not waiting for a decision: %(state)s."),
            code="decided",
            params={"state": registration.get_state_display()},
        )


def _is_to_come(seminar, now):
    return not seminar.is_cancelled and not seminar.has_ended(now)


def _find_or_write(seminar, email, **fields):
    """The registration of `email`, locked, and whether it was written just now."""
    found = Registration.objects.filter(seminar=seminar, email__iexact=email).select_for_update()
    if registration := found.first():
        return registration, False
    try:
        with transaction.atomic():
            agreed = {"agreed_at": timezone.now()} if fields.get("notice") else {}
            return Registration.objects.create(seminar=seminar, email=email, **agreed, **fields), True
    except IntegrityError:  # the same person, in the same moment, at another door
        return found.get(), False


def _lock(registration):
    """The registration as it is now, and the seats of its form, both locked: the seats first."""
    seats = counters.locked(registration.seminar_id)
    registration = _fresh(registration)
    return registration, counters.of_form(seats, registration.form)


def _fresh(registration):
    return Registration.objects.select_for_update(of=("self",)).select_related("seminar").get(pk=registration.pk)


def _write(registration, **fields):
    if fields.get("notice"):
        fields["agreed_at"] = timezone.now()
    for name, value in fields.items():
        setattr(registration, name, value)
    registration.save(update_fields=[*fields])


def _write_answers(registration, answers):
    """Keep `answers`: question, words and chosen lines of each. What was answered before and is not now, goes."""
    registration.answers.all().delete()
    RegistrationAnswer.objects.bulk_create(
        RegistrationAnswer(registration=registration, question=question, text=text, chosen=chosen)
        for question, text, chosen in answers
    )


def _settle(registration, seats, now=None):
    """What follows when the address is known to be theirs."""
    registration.confirmed_at = now or timezone.now()
    if RegistrationTerms.objects.filter(seminar=registration.seminar_id, needs_approval=True).exists():
        _write(registration, state=State.TO_APPROVE, confirmed_at=registration.confirmed_at, ended_at=None)
        letters.tell(registration, LetterKind.TO_APPROVE)
    else:
        _seat_or_line(registration, seats)


def _seat_or_line(registration, seats, *, tells=True):
    fields = {"confirmed_at": registration.confirmed_at, "ended_at": None}
    if counters.take(seats):
        _write(registration, state=State.CONFIRMED, place_in_line=None, **fields)
    else:
        _write(registration, state=State.WAITING, place_in_line=counters.stand_in_line(seats), **fields)
    tell = letters.tell if tells else letters.count_as_told
    tell(registration, LetterKind(registration.state))


def _leave(registration, seats):
    """Give back what `registration` holds: its seat, or its place in line."""
    if registration.has_a_seat:
        counters.give_back(seats)
    elif registration.state == State.WAITING:
        counters.leave_the_line(seats)


def _move(registration, here, there, now):
    """Attend in another form: with a seat only into a seat, from the waiting list to what there is."""
    if registration.has_a_seat:
        if not counters.take(there):
            raise ValidationError(_("No seat is free in that form of attendance. You keep the one you have."), code="full")
        counters.give_back(here)
        _write(registration, form=there.form)
        fill(here, now=now)
    elif registration.state == State.WAITING:
        counters.leave_the_line(here)
        _write(registration, form=there.form)
        _seat_or_line(registration, there)
    else:
        _write(registration, form=there.form)


def _until_when(seminar, now):
    """How long an offered seat is kept: the hours of the terms, but no longer than until it begins; then, an hour."""
    terms = RegistrationTerms.objects.filter(seminar=seminar).first()
    hours = terms.hours_to_accept if terms else RegistrationTerms._meta.get_field("hours_to_accept").default
    begins, _ends = shown_between(seminar)
    return max(min(now + timedelta(hours=hours), begins), now + timedelta(hours=1))
