from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import AttendanceForm, LetterTold, PrivacyNotice, Registration, RegistrationQuestion, Seats
from events.registration.seat_counters import wrong_counts
from events.registration.workflow import (
    accept,
    approve,
    cancel,
    change,
    confirm,
    decline,
    enrol,
    fill,
    fill_all,
    lapse_due,
    register,
    register_delegate,
)
from members.models import Message
from rifess.base.dates import today_in_the_network
from tests.make import make_coming_seminar, make_delegate_user, make_registration
from tests.refusals import refusal

pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Łukasz", "country": "UY", "sector": "other", "language": "es"}
IN_PERSON = AttendanceForm.IN_PERSON


def register_and_confirm(seminar, email, form="virtual"):
    return confirm(register(seminar, form=form, email=email, **ANA))


def told(registration):
    return [*LetterTold.objects.filter(registration=registration).order_by("pk").values_list("kind", flat=True)]


def state_of(registration):
    registration.refresh_from_db()
    return registration.state


def test_whoever_registers_is_asked_whether_the_address_is_theirs_and_has_no_seat_before():
    seminar, notice = make_coming_seminar(capacity=1), PrivacyNotice.objects.get()

    registration = register(seminar, form="virtual", email="ana@example.org", notice=notice, **ANA)

    assert (registration.state, told(registration)) == ("unconfirmed", ["confirm"])
    assert (registration.notice, registration.agreed_at is not None) == (notice, True)
    assert Seats.objects.get().taken == 0


def test_a_confirmed_address_has_a_seat_and_pressing_twice_changes_nothing():
    seminar = make_coming_seminar(capacity=1)

    registration = register_and_confirm(seminar, "ana@example.org")
    confirm(registration)

    assert (state_of(registration), told(registration)) == ("confirmed", ["confirm", "confirmed"])
    assert (Seats.objects.get().taken, wrong_counts()) == (1, [])


def test_the_same_address_in_any_case_gets_the_same_registration_back():
    seminar = make_coming_seminar()
    first = register_and_confirm(seminar, "ana@example.org")

    again = register(seminar, form="virtual", email="ANA@example.org", **ANA | {"name": "Otra persona"})

    assert (again.pk, again.name, again.state) == (first.pk, "Ana Łukasz", "confirmed")
    assert told(first)[-1] == "already" and Registration.objects.count() == 1


def test_the_database_keeps_one_registration_for_each_address_whatever_its_case():
    seminar = make_coming_seminar()
    make_registration(seminar, email="ana@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_registration(seminar, email="Ana@Example.org")


def test_the_database_sells_no_seat_twice():
    seats = make_coming_seminar(capacity=1).seats.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Seats.objects.filter(pk=seats.pk).update(taken=2)


def test_who_comes_when_all_seats_are_taken_waits_in_order_of_arrival():
    seminar = make_coming_seminar(capacity=1)

    first, second, third = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b", "c"))

    assert [state_of(each) for each in (first, second, third)] == ["confirmed", "waiting", "waiting"]
    assert [each.people_before() for each in (second, third)] == [0, 1]
    assert told(second) == ["confirm", "waiting"]


def test_a_seat_given_back_is_offered_to_whoever_waited_longest_and_to_nobody_else():
    seminar = make_coming_seminar(capacity=1)
    first, second, third = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b", "c"))

    cancel(first)
    cancel(first)

    assert [state_of(each) for each in (first, second, third)] == ["cancelled", "offered", "waiting"]
    assert (told(first)[-1], told(second)[-1]) == ("cancelled", "offered")
    assert wrong_counts() == []


def test_an_offered_seat_is_kept_for_whoever_is_offered_it():
    seminar = make_coming_seminar(capacity=1)
    first, second = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b"))
    cancel(first)

    late = register_and_confirm(seminar, "c@example.org")
    accept(second)
    accept(second)

    assert (state_of(second), state_of(late)) == ("confirmed", "waiting")
    assert told(second)[-1] == "confirmed" and wrong_counts() == []


def test_a_seat_not_accepted_in_time_goes_to_the_next():
    seminar = make_coming_seminar(capacity=1)
    first, second, third = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b", "c"))
    cancel(first)
    second.refresh_from_db()
    end = second.offer_expires_at

    assert lapse_due(end - timedelta(seconds=1)) == 0
    assert refusal(accept, second, now=end) == "late"
    assert (lapse_due(end), lapse_due(end)) == (1, 0)

    assert [state_of(each) for each in (second, third)] == ["lapsed", "offered"]
    assert told(second)[-1] == "lapsed" and wrong_counts() == []


def test_an_offer_lasts_the_hours_of_the_terms_but_not_beyond_the_beginning():
    soon, later = make_coming_seminar(capacity=1, days=1), make_coming_seminar(capacity=1)
    now = timezone.now()

    for seminar in (soon, later):
        first, _second = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b"))
        cancel(first, now=now)

    until = dict(Registration.objects.filter(state="offered").values_list("seminar", "offer_expires_at"))
    assert until[later.pk] == now + timedelta(hours=48)
    assert now + timedelta(hours=1) <= until[soon.pk] < now + timedelta(hours=48)


def test_more_seats_are_offered_in_order():
    seminar = make_coming_seminar(capacity=1)
    waiting = [register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b", "c", "d")][1:]
    seats = seminar.seats.get()
    Seats.objects.filter(pk=seats.pk).update(capacity=3)

    assert (fill_all(), fill(seats)) == (2, 0)

    assert [state_of(each) for each in waiting] == ["offered", "offered", "waiting"]
    assert wrong_counts() == []


def test_whoever_cancelled_may_come_back_at_the_end_of_the_line():
    seminar = make_coming_seminar(capacity=1)
    first, second = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b"))
    cancel(first)

    again = register_and_confirm(seminar, "a@example.org")

    assert (again.pk, again.state, state_of(second)) == (first.pk, "waiting", "offered")
    assert again.place_in_line == 2 and wrong_counts() == []


def test_whoever_waits_and_leaves_frees_their_place_only():
    seminar = make_coming_seminar(capacity=1)
    _first, second, third = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b", "c"))

    cancel(second)

    assert (state_of(second), state_of(third), third.people_before()) == ("cancelled", "waiting", 0)
    assert wrong_counts() == []


def test_where_the_secretariat_looks_first_nobody_has_a_seat_before_its_yes():
    seminar = make_coming_seminar(capacity=1)
    seminar.terms.needs_approval = True
    seminar.terms.save()
    one, other, refused = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b", "c"))
    taken_before = seminar.seats.get().taken

    approve(one)
    approve(other)
    decline(refused, because="Es solo para delegaciones.")

    assert taken_before == 0
    assert [state_of(each) for each in (one, other, refused)] == ["confirmed", "waiting", "declined"]
    assert refusal(approve, one) == "decided" and refusal(decline, refused) == "decided"
    letter = Message.objects.filter(letters_told__registration=refused).latest("pk")
    assert "Es solo para delegaciones." in " ".join(letter.text.split())


def test_another_form_of_attendance_is_a_seat_there_or_the_one_they_have():
    seminar = make_coming_seminar(capacity=1)
    Seats.objects.create(seminar=seminar, form=IN_PERSON, capacity=1)
    virtual, waiting = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b"))

    change(virtual, form=IN_PERSON, name="Ana Ñandú")

    assert (virtual.pk, state_of(virtual), virtual.form, virtual.name) == (virtual.pk, "confirmed", "in-person", "Ana Ñandú")
    assert state_of(waiting) == "offered"
    assert refusal(change, waiting, form=IN_PERSON) == "full"
    assert (state_of(waiting), waiting.form, wrong_counts()) == ("offered", "virtual", [])


def test_whoever_waits_may_go_where_a_seat_is_free():
    seminar = make_coming_seminar(capacity=1)
    Seats.objects.create(seminar=seminar, form=IN_PERSON, capacity=1)
    _virtual, waiting = (register_and_confirm(seminar, f"{name}@example.org") for name in ("a", "b"))

    change(waiting, form=IN_PERSON)

    assert (state_of(waiting), waiting.form, waiting.place_in_line) == ("confirmed", "in-person", None)
    assert wrong_counts() == []


def test_answers_are_kept_and_corrected():
    seminar = make_coming_seminar()
    question = RegistrationQuestion.objects.create(seminar=seminar, text_es="¿Qué espera?")
    registration = register(seminar, form="virtual", email="a@example.org", answers=[(question, "Aprender", [])], **ANA)

    change(registration, answers=[(question, "Compartir", [])])

    assert [*registration.answers.values_list("question", "text")] == [(question.pk, "Compartir")]


def test_a_delegate_has_a_seat_at_once_and_once():
    seminar, user = make_coming_seminar(capacity=1), make_delegate_user()

    first = register_delegate(seminar, form="virtual", user=user, **ANA)
    again = register_delegate(seminar, form="virtual", user=user, **ANA)

    assert (first.pk, first.state, first.origin, first.user) == (again.pk, "confirmed", "delegate", user)
    assert (told(first), wrong_counts()) == (["confirmed"], [])


def test_whoever_agreed_in_writing_is_seated_without_a_letter():
    seminar = make_coming_seminar(capacity=1)
    listed = [make_registration(seminar, state="unconfirmed", confirmed_at=None, origin="list") for _ in range(2)]

    for each in listed:
        enrol(each, tells=False)

    assert [state_of(each) for each in listed] == ["confirmed", "waiting"]
    assert not Message.objects.exists() and wrong_counts() == []


@pytest.mark.parametrize(
    "change_of",
    [
        {"opens_at": timedelta(hours=1)},
        {"closes_at": timedelta(seconds=-1)},
    ],
)
def test_nobody_registers_before_it_opens_nor_once_it_is_closed(change_of):
    seminar = make_coming_seminar()
    for field, distance in change_of.items():
        setattr(seminar.terms, field, timezone.now() + distance)
    seminar.terms.save()

    assert refusal(register, seminar, form="virtual", email="a@example.org", **ANA) == "closed"
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "change_of", [{"published_at": None}, {"cancelled_on": today_in_the_network()}, {"starts_on": "2024-09-05", "ends_on": None}]
)
def test_nobody_registers_for_a_draft_nor_for_what_is_cancelled_or_over(change_of):
    seminar = make_coming_seminar()
    type(seminar).objects.filter(pk=seminar.pk).update(**change_of)
    seminar.refresh_from_db()

    assert refusal(register, seminar, form="virtual", email="a@example.org", **ANA) == "closed"


def test_nobody_registers_in_a_form_without_seats():
    assert refusal(register, make_coming_seminar(), form=IN_PERSON, email="a@example.org", **ANA) == "form"


def test_what_is_over_is_neither_confirmed_nor_changed():
    registration = make_registration()
    cancel(registration)

    assert refusal(confirm, registration) == refusal(change, registration, name="Otra") == "over"
    assert refusal(accept, registration) == "not_offered"


def test_nothing_is_left_of_a_step_that_is_undone():
    seminar = make_coming_seminar(capacity=1)

    with pytest.raises(RuntimeError), transaction.atomic():
        register_and_confirm(seminar, "ana@example.org")
        raise RuntimeError

    assert not Registration.objects.exists() and not Message.objects.exists()
    assert Seats.objects.get().taken == 0


def test_the_signed_address_opens_one_registration_and_tells_nothing_of_it():
    registration = make_registration(email="ana@example.org")
    signed = registration.get_absolute_url().rstrip("/").rpartition("/")[2]

    assert Registration.objects.behind(signed).get() == registration
    assert not Registration.objects.behind(signed[:-1]).exists() and not Registration.objects.behind(registration.code).exists()
    assert "ana" not in registration.get_absolute_url() and registration.name not in registration.get_absolute_url()
