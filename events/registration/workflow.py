"""Registering for a seminar, step by step: the address is confirmed, a seat is taken or waited for, and given back.

Each step is one transaction: what it changes and the letter that tells it are both there, or neither is.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from events.models import (
    ChosenOption,
    LetterKind,
    Registration,
    RegistrationAnswer,
    RegistrationOption,
    RegistrationOrigin,
    RegistrationState,
    RegistrationTerms,
    Seats,
    Seminar,
)
from events.models.meetings import shown_between
from events.notifications import send
from events.programme.status import refuse_cancelled, refuse_over, refuse_unless_takes_place, takes_place
from events.registration import attempts
from events.registration import seat_counters as counters
from members.models import Audience, User

State = RegistrationState
MAY_COME_BACK = [State.UNCONFIRMED, State.CANCELLED, State.LAPSED]
ONLY_DELEGATES = _("This meeting is not public: only delegates who are invited to it register, from their account.")


@transaction.atomic
def register(seminar, *, form, email, answers=(), now=None, **fields) -> Registration:
    """Write down that the reader of `email` wants to take part, and ask there whether that is so.

    An address that takes part already, or was declined, keeps its registration, and is told so. Of one that took part once,
    or has not been confirmed yet, nothing changes before it is: what was typed waits beside it. Neither the answer nor an error
    says which. Raises ValidationError (codes "closed", "form").
    """
    _be_open(seminar, now)
    if seminar.audience != Audience.EVERYONE:
        raise ValidationError(ONLY_DELEGATES, code="closed")
    counters.of_form({each.form: each for each in seminar.seats.all()}, form)
    registration, is_new = _find_or_write(seminar, email, form=form, **fields)
    if not is_new and registration.state not in MAY_COME_BACK:
        _tell_again(registration)
        return registration
    if is_new:
        _write_answers(registration, answers)
    else:
        attempts.keep(registration, answers, now, form=form, **fields)
    send.tell(registration, LetterKind.CONFIRM)
    return registration


@transaction.atomic
def register_delegate(seminar, *, form, user, answers=(), now=None, **fields) -> Registration:
    """Register a delegate who signed in: their address is known to be theirs, so there is nothing to confirm.

    Raises ValidationError (codes "closed", "form", "not_invited").
    """
    seats = counters.locked(seminar.pk)
    _be_open(seminar, now)
    seats = counters.of_form(seats, form)
    fields |= {"user": user, "origin": RegistrationOrigin.DELEGATE}
    registration, is_new = _find_or_write(seminar, user.email, form=form, **fields)
    if is_new or registration.state in MAY_COME_BACK:
        _write(registration, form=form, **fields)
        _write_answers(registration, answers)
        attempts.forget(registration)
        _refuse_not_invited(registration)
        _settle(registration, seats, now)
    return registration


@transaction.atomic
def enrol(registration, *, tells=True, now=None) -> Registration:
    """Register a person whose consent was given in writing: nothing to confirm or approve. The waiting list when it is full.

    After the seminar no letter is written. Those added to a draft get theirs once it is published (`enrolling`).
    Raises ValidationError (codes "cancelled", "not_invited").
    """
    registration, seats = _lock(registration)
    refuse_cancelled(registration.seminar)
    _refuse_not_invited(registration)
    if registration.state in MAY_COME_BACK:
        registration.confirmed_at = now or timezone.now()
        attempts.forget(registration)
        later = tells and not registration.seminar.is_published
        _seat_or_line(registration, seats, tell=_teller(registration.seminar, tells, now), is_told=not later)
    return registration


@transaction.atomic
def confirm(registration, *, seen=None, now=None) -> Registration:
    """The address is theirs: they get a seat, wait for one, or for the secretariat's yes. Pressed twice it changes nothing.

    `seen` is the version of what was typed that their page showed (`attempts.version_of`); None where it showed none.
    Raises ValidationError (codes "over", "cancelled", "draft", "not_invited", "typed_anew").
    """
    seats = counters.locked(registration.seminar_id)
    registration = _fresh(registration)
    typed = attempts.of(registration) if registration.state in MAY_COME_BACK else None
    if registration.is_over and typed is None:
        raise ValidationError(_("This registration is no longer in force and cannot be confirmed."), code="over")
    refuse_unless_takes_place(registration.seminar, now)
    _refuse_not_invited(registration)
    if typed or registration.state == State.UNCONFIRMED:
        _take_up(registration, typed, seen)
        _settle(registration, counters.of_form(seats, registration.form), now)
    return registration


@transaction.atomic
def approve(registration, *, by=None, now=None) -> Registration:
    """The secretariat says yes: a seat, or the end of the waiting list.

    Raises ValidationError (codes "decided" when it is not waiting for that, "over", "cancelled", "draft", "not_invited").
    """
    registration, seats = _lock(registration)
    _be_to_approve(registration, now)
    _refuse_not_invited(registration)
    _write(registration, decided_by=by, decided_at=now or timezone.now())
    _seat_or_line(registration, seats)
    return registration


@transaction.atomic
def decline(registration, *, because="", by=None, now=None) -> Registration:
    """The secretariat says no, and why if it likes. Raises ValidationError (codes as `approve`)."""
    registration, _seats = _lock(registration)
    _be_to_approve(registration, now)
    now = now or timezone.now()
    _write(registration, state=State.DECLINED, ended_at=now, decided_by=by, decided_at=now)
    send.tell(registration, LetterKind.DECLINED, reason=because)
    return registration


@transaction.atomic
def accept(registration, *, now=None) -> Registration:
    """Take the seat that was offered.

    Raises ValidationError (codes "late", "not_offered", "over", "cancelled", "draft", "not_invited").
    """
    registration, _seats = _lock(registration)
    if registration.state == State.CONFIRMED:
        return registration
    refuse_unless_takes_place(registration.seminar, now)
    _refuse_not_invited(registration)
    if registration.state != State.OFFERED:
        raise ValidationError(_("No place is offered to you at the moment."), code="not_offered")
    if registration.offer_expires_at <= (now or timezone.now()):
        raise ValidationError(_("The time to accept this place is over. It goes to the next person."), code="late")
    _write(registration, state=State.CONFIRMED, offer_expires_at=None, place_in_line=None)
    send.tell(registration, LetterKind.CONFIRMED)
    return registration


@transaction.atomic
def cancel(registration, *, by=None, now=None, tells=True) -> Registration:
    """Cancel the registration; the seat is offered to the next on the waiting list. Idempotent.

    One may give up as long as the seminar is not over, cancelled and withdrawn ones too. Raises ValidationError (code "over").
    """
    registration, seats = _lock(registration)
    before = registration.state
    attempts.forget(registration)
    if registration.is_over:
        return registration
    refuse_over(registration.seminar, now)
    _leave(registration, seats)
    _write(registration, state=State.CANCELLED, ended_at=now or timezone.now(), offer_expires_at=None, ended_by=by)
    if tells and before != State.UNCONFIRMED:
        send.tell(registration, LetterKind.CANCELLED)
    fill(seats, now=now)
    return registration


@transaction.atomic
def change(registration, *, form=None, answers=None, now=None, **fields) -> Registration:
    """Correct what somebody wrote, and attend in another `form`. A seat held stays held until the new one is taken.

    Who they are may be corrected as long as it is kept, how they attend as long as the seminar takes place.
    Raises ValidationError (codes "over", "cancelled", "draft", "form", "full").
    """
    seats = counters.locked(registration.seminar_id)
    registration = _fresh(registration)
    if registration.is_over:
        raise ValidationError(_("This registration is no longer in force and cannot be changed."), code="over")
    if form and form != registration.form:
        refuse_unless_takes_place(registration.seminar, now)
        _move(registration, counters.of_form(seats, registration.form), counters.of_form(seats, form), now)
    _write(registration, **fields)
    if answers is not None:
        attempts.forget(registration)
        _write_answers(registration, answers)
    return registration


def end_links(registration):
    """Let the links of `registration` that were sent so far open nothing more: those made from now on have another key."""
    _write(registration, link_key=get_random_string(8))


@transaction.atomic
def follow_corrected_address(registration, *, user=None, now=None):
    """Link `registration`, whose address was corrected, to `user` or the account of that address, and write there how it stands.

    Return the letter, which has its new link; None when there is nothing to write, because it is over or its seminar is not
    held. The links sent to the former address end, and what still waits for it does not leave (events.timeliness).
    """
    accounts = User.objects.exclude(email="").filter(email__iexact=registration.email, is_active=True)
    _write(registration, user=user or accounts.first())
    end_links(registration)
    if registration.is_over or not takes_place(registration.seminar, now):
        return None
    return send.tell(registration, send.kind_of_state(registration))


@transaction.atomic
def fill(seats, *, now=None) -> int:
    """Offer every free seat to those who wait, in their order; how many were offered.

    None is while the seminar is a draft or cancelled, nor after it. Who may not see it any more is passed over, and stays.
    """
    now = now or timezone.now()
    seats = Seats.objects.select_related("seminar").select_for_update(of=("self",)).get(pk=seats.pk)
    count = 0
    while takes_place(seats.seminar, now) and counters.take_for_the_first_in_line(seats):
        waiting = Registration.objects.filter(seminar=seats.seminar_id, form=seats.form).waiting().entitled()
        first = waiting.select_for_update(of=("self",)).select_related("seminar").first()
        if first is None:
            _put_right(seats)
            break
        _write(first, state=State.OFFERED, offer_expires_at=_until_when(seats.seminar, now))
        send.tell(first, LetterKind.OFFERED)
        count += 1
    return count


def fill_all(now=None):
    """The same for every seminar to come: for seats that became free in any other way; how many were offered."""
    coming = Seats.objects.filter(counters.FREE, in_line__gt=0, seminar__in=_to_come(now))
    return sum(fill(seats, now=now) for seats in coming)


def lapse_due(now=None) -> int:
    """Give the seats that were not accepted in time to those who come next; how many were given up."""
    now = now or timezone.now()
    due = Registration.objects.lapsing(now).filter(seminar__in=_to_come(now))
    return sum(_lapse(registration, now) for registration in due.order_by("pk"))


def suspend_offers(seminar=None, *, now=None) -> int:
    """End the offers of seminars that do not take place (of `seminar` alone, where one is given); how many those were.

    Of a cancelled seminar or a draft they go back to their places in the waiting list, from which they are offered a seat again
    if it takes place after all. Of one that is over they lapse, and no letter is written: it would be of no use.
    """
    now = now or timezone.now()
    offered = Registration.objects.filter(state=State.OFFERED).exclude(seminar__in=_to_come(now))
    offered = offered.filter(seminar=seminar.pk) if seminar else offered
    return sum(_suspend(registration, now) for registration in offered.order_by("pk"))


@transaction.atomic
def _lapse(registration, now):
    registration, seats = _lock(registration)
    is_due = registration.state == State.OFFERED and registration.offer_expires_at <= now
    if not is_due or not takes_place(registration.seminar, now):
        return False
    _give_up_offer(registration, seats, now)
    send.tell(registration, LetterKind.LAPSED)
    fill(seats, now=now)
    return True


@transaction.atomic
def _suspend(registration, now):
    registration, seats = _lock(registration)
    if registration.state != State.OFFERED or takes_place(registration.seminar, now):
        return False
    if registration.seminar.has_ended(now):
        _give_up_offer(registration, seats, now)
        return True
    counters.give_back_into_line(seats)
    _write(registration, state=State.WAITING, offer_expires_at=None, place_in_line=registration.place_in_line or 0)
    return True


def _give_up_offer(registration, seats, now):
    counters.give_back(seats)
    _write(registration, state=State.LAPSED, offer_expires_at=None, place_in_line=None, ended_at=now)


def _put_right(seats):
    """A seat was taken for the first in line, and there is none who may have it: as before, counted anew."""
    counters.give_back(seats)
    counters.count_who_wait(seats)


def _to_come(now):
    return Seminar.objects.to_come(now).order_by().values("pk")


def _take_up(registration, typed, seen):
    """What was typed last takes the place of what was there. Raises ValidationError when their page showed something else."""
    if seen is not None and seen != attempts.version_of(typed):
        sentence = _("Other data were sent with this address after you opened this page. Check them, and confirm again.")
        raise ValidationError(sentence, code="typed_anew")
    if typed:
        fields, answers = attempts.read(typed)
        _write(registration, **fields)
        _write_answers(registration, answers)
        typed.delete()


def _refuse_not_invited(registration):
    if not registration.may_see_seminar():
        raise ValidationError(ONLY_DELEGATES, code="not_invited")


def _teller(seminar, tells, now):
    return send.tell if tells and takes_place(seminar, now) else send.count_as_told


def _be_open(seminar, now):
    terms = RegistrationTerms.objects.select_related("seminar").filter(seminar=seminar).first()
    if terms is None or not terms.is_open(now):
        raise ValidationError(_("Registration is not open."), code="closed")


def _be_to_approve(registration, now):
    refuse_unless_takes_place(registration.seminar, now)
    if registration.state != State.TO_APPROVE:
        raise ValidationError(
            _("This registration is not waiting for a decision: %(state)s."),
            code="decided",
            params={"state": registration.get_state_display()},
        )


def _tell_again(registration):
    """Tell somebody who registers again how their registration stands: one that was declined is none they have."""
    send.tell(registration, LetterKind.DECLINED if registration.state == State.DECLINED else LetterKind.ALREADY)


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
    """Keep `answers`: question, words and keys of the options chosen of each. What was answered before and is not now, goes.

    An option that was deleted meanwhile is left out: it had not been chosen.
    """
    registration.answers.all().delete()
    chosen = {key for _question, _text, keys in answers for key in keys}
    options = RegistrationOption.objects.in_bulk(chosen) if chosen else {}
    for question, text, keys in answers:
        answer = RegistrationAnswer.objects.create(registration=registration, question=question, text=text)
        known = [options[key] for key in keys if key in options and options[key].question_id == question.pk]
        ChosenOption.objects.bulk_create(ChosenOption(answer=answer, option=option) for option in known)


def _settle(registration, seats, now=None):
    """What follows when the address is known to be theirs."""
    registration.confirmed_at = now or timezone.now()
    if RegistrationTerms.objects.filter(seminar=registration.seminar_id, needs_approval=True).exists():
        _write(registration, state=State.TO_APPROVE, confirmed_at=registration.confirmed_at, ended_at=None)
        send.tell(registration, LetterKind.TO_APPROVE)
    else:
        _seat_or_line(registration, seats)


def _seat_or_line(registration, seats, *, tell=send.tell, is_told=True):
    fields = {"confirmed_at": registration.confirmed_at, "ended_at": None}
    if counters.take(seats):
        _write(registration, state=State.CONFIRMED, place_in_line=None, **fields)
    else:
        _write(registration, state=State.WAITING, place_in_line=counters.stand_in_line(seats), **fields)
    if is_told:
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
            raise ValidationError(_("No place is free for that way of attending. You keep the one you have."), code="full")
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
