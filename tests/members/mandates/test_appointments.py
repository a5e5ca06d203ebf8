"""Mandates begin and end, and the coordination passes on: as acts, and as the pages that guide them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from members.mandates.appointments import appoint, end_mandate
from members.mandates.coordination import hand_over
from members.models import CoordinationTerm, Delegate, DelegateRole, ProposalState, standing_of
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_delegate,
    make_editor,
    make_institution,
    make_membership,
    make_person,
    make_secretary,
    make_seminar,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 3)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def code_of(refused):
    return (
        [error.code for error in refused.value.error_dict.popitem()[1]]
        if hasattr(refused.value, "error_dict")
        else [refused.value.code]
    )


def test_a_mandate_ends_on_the_first_day_without_it():
    mandate = make_delegate(starts_on=date(2024, 1, 1), user=make_user())

    end_mandate(mandate, on=DAY)

    assert standing_of(mandate.person.user, date(2026, 5, 2)).mandate == mandate
    assert standing_of(mandate.person.user, DAY) is None


def test_a_mandate_cannot_end_before_it_began():
    mandate = make_delegate(starts_on=date(2024, 1, 1))

    with pytest.raises(ValidationError):
        end_mandate(mandate, on=date(2023, 12, 31))

    mandate.refresh_from_db()
    assert mandate.ended_on is None


def test_a_successor_begins_on_the_day_on_which_the_other_ends():
    present = make_delegate(starts_on=date(2024, 1, 1))

    following = appoint(present.membership, person=make_person(), role=DelegateRole.TITULAR, starts_on=DAY, after=present)

    present.refresh_from_db()
    assert (present.ended_on, following.starts_on) == (DAY, DAY)
    assert list(Delegate.objects.on(date(2026, 5, 2))) == [present]
    assert list(Delegate.objects.on(DAY)) == [following]


def test_a_successor_is_appointed_once_from_what_was_read_before():
    present = make_delegate(role=DelegateRole.ALTERNATE, starts_on=date(2024, 1, 1))
    read_before, seat = Delegate.objects.get(pk=present.pk), present.membership
    appoint(seat, person=make_person(), role=DelegateRole.ALTERNATE, starts_on=DAY, after=present)

    with pytest.raises(ValidationError) as refused:
        appoint(seat, person=make_person(), role=DelegateRole.ALTERNATE, starts_on=date(2026, 4, 1), after=read_before)

    present.refresh_from_db()
    assert code_of(refused) == ["changed"]
    assert (present.ended_on, Delegate.objects.count()) == (DAY, 2)


def test_a_second_titular_is_refused_and_nothing_is_written():
    present = make_delegate(starts_on=date(2024, 1, 1))

    with pytest.raises(ValidationError) as refused:
        appoint(present.membership, person=make_person(), role=DelegateRole.TITULAR, starts_on=DAY)

    assert code_of(refused) == ["overlap"]
    assert Delegate.objects.count() == 1


def test_a_successor_outside_the_membership_is_refused_and_the_present_mandate_goes_on():
    seat = make_membership(left_on=date(2026, 4, 1))
    present = make_delegate(membership=seat, starts_on=date(2024, 1, 1))

    with pytest.raises(ValidationError) as refused:
        appoint(seat, person=make_person(), role=DelegateRole.TITULAR, starts_on=DAY, after=present)

    present.refresh_from_db()
    assert code_of(refused) == ["outside_membership"]
    assert present.ended_on is None


def test_the_coordination_passes_on_the_day():
    mexico, institution = make_term(country="MX", starts_on=date(2024, 1, 1)), make_institution()

    colombia = hand_over(mexico, country="CO", institution=institution, starts_on=date(2025, 7, 1))

    assert list(CoordinationTerm.objects.on(date(2025, 6, 30))) == [mexico]
    assert list(CoordinationTerm.objects.on(date(2025, 7, 1))) == [colombia]
    mexico.refresh_from_db()
    assert mexico.ends_on == date(2025, 6, 30)


@pytest.mark.parametrize(("day", "code"), [(date(2024, 1, 1), "before_the_term"), (date(2023, 1, 1), "before_the_term")])
def test_the_coordination_does_not_pass_before_it_began(day, code):
    mexico = make_term(country="MX", starts_on=date(2024, 1, 1))

    with pytest.raises(ValidationError) as refused:
        hand_over(mexico, country="CO", institution=make_institution(), starts_on=day)

    assert code_of(refused) == [code]
    assert CoordinationTerm.objects.count() == 1


def test_the_coordination_does_not_pass_past_another_that_is_entered():
    mexico = make_term(country="MX", starts_on=date(2024, 1, 1))
    make_term(country="CL", starts_on=date(2027, 1, 1))

    with pytest.raises(ValidationError) as refused:
        hand_over(mexico, country="CO", institution=make_institution(), starts_on=date(2026, 1, 1))

    assert code_of(refused) == ["overlap"]


@pytest.mark.parametrize(("days_from_now", "country"), [(1, "MX"), (0, "CO"), (-1, "CO")])
def test_home_and_network_tell_who_coordinates_the_day_before_on_the_day_and_after(days_from_now, country, desk):
    seminar = make_seminar(published_by=make_secretary(name="Inés"))
    mexico, institution = make_term(country="MX", starts_on=date(2024, 1, 1)), make_institution(name="Unidad Solidaria")
    first_day = today_in_the_network() + timedelta(days=days_from_now)
    answers = {"country": "CO", "institution": institution.pk, "starts_on": first_day.isoformat()}

    do(desk, reverse("admin:members_coordinationterm_hand-over", args=[mexico.pk]), answers)

    assert desk.get(reverse("home")).context["term"].country.code == country
    assert desk.get(reverse("network")).context["current_term"].country.code == country
    seminar.refresh_from_db()
    assert seminar.published_by.name == "Inés"


def see(desk, address, answers):
    return desk.post(address, answers)


def do(desk, address, answers):
    """Answer, look at what will happen, and do it."""
    shown = see(desk, address, answers).context["shown"]
    return desk.post(address, answers | {"shown": shown})


def test_what_will_happen_is_told_before_it_does(desk):
    mandate = make_delegate(starts_on=date(2024, 1, 1), person=make_person(name="Héctor Dada"))
    mandate.proposals.create(kind="institution", membership=mandate.membership, title="x", state=ProposalState.DRAFT)
    address = reverse("admin:members_delegate_end", args=[mandate.pk])

    told = [str(sentence) for sentence in see(desk, address, {"on": "2026-05-03"}).context["consequences"]]

    assert told[0] == "Héctor Dada is no longer principal delegate of Mexico · member from 3 May 2026."
    assert "1 proposal of theirs is not decided yet: it stays with the institution." in told
    assert told[-1] == "No one represents Mexico · member on that day. Appoint a successor."
    mandate.refresh_from_db()
    assert mandate.ended_on is None


def test_an_act_is_done_once_its_consequences_were_seen(desk):
    mandate = make_delegate(starts_on=date(2024, 1, 1))

    answer = do(desk, reverse("admin:members_delegate_end", args=[mandate.pk]), {"on": "2026-05-03"})

    mandate.refresh_from_db()
    assert (answer.status_code, mandate.ended_on) == (302, DAY)


def test_other_answers_than_those_seen_are_shown_again(desk):
    mandate = make_delegate(starts_on=date(2024, 1, 1))
    address = reverse("admin:members_delegate_end", args=[mandate.pk])
    shown = see(desk, address, {"on": "2026-05-03"}).context["shown"]

    answer = desk.post(address, {"on": "2026-05-04", "shown": shown})

    mandate.refresh_from_db()
    assert (answer.status_code, mandate.ended_on) == (200, None)


def test_what_the_record_refuses_is_said_beside_what_was_typed(desk):
    mandate = make_delegate(starts_on=date(2024, 1, 1))

    answer = do(desk, reverse("admin:members_delegate_end", args=[mandate.pk]), {"on": "2023-05-03"})

    assert "The end comes after the first day." in answer.content.decode()
    assert "2023-05-03" in answer.content.decode()


def test_a_successor_without_an_account_is_invited_next(desk):
    mandate, person = make_delegate(starts_on=date(2024, 1, 1)), make_person()

    answer = do(
        desk,
        reverse("admin:members_delegate_successor", args=[mandate.pk]),
        {"person": person.pk, "starts_on": "2026-05-03", "mandate_due_on": "", "accreditation": "Oficio 12"},
    )

    following = Delegate.objects.get(person=person)
    assert (following.starts_on, following.accreditation) == (DAY, "Oficio 12")
    assert f"person={person.pk}" in answer.url


@pytest.mark.parametrize("who", [make_editor, lambda: make_secretary(second_factor=False), make_user])
@pytest.mark.parametrize("word", ["end", "successor"])
def test_whoever_may_not_change_mandates_has_no_such_page(who, word, client):
    mandate = make_delegate(starts_on=date(2024, 1, 1))
    client.force_login(who())

    answer = client.post(reverse(f"admin:members_delegate_{word}", args=[mandate.pk]), {"on": "2026-05-03"})

    assert answer.status_code in {302, 403, 404}
    mandate.refresh_from_db()
    assert mandate.ended_on is None


def test_a_day_of_an_unlikely_year_is_asked_about_once_and_taken_when_it_is_meant(client):
    mandate, page = make_delegate(starts_on=date(2024, 1, 1)), "admin:members_delegate_end"
    client.force_login(make_secretary())
    url, typed = reverse(page, args=[mandate.pk]), {"on": "2072-05-03"}

    asked = client.post(url, typed).context["adminform"].form
    typed |= {"confirmed": asked.fields["confirmed"].widget.asked_about}
    shown = client.post(url, typed)
    client.post(url, typed | {"shown": shown.context["shown"]})

    mandate.refresh_from_db()
    assert [error.code for error in asked.errors.as_data()["on"]] == ["unlikely"]
    assert mandate.ended_on == date(2072, 5, 3)
