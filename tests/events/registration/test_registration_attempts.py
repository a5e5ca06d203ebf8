"""What anybody can do who knows an address: nothing, before its reader has said yes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import LetterTold, PrivacyNotice, Registration, RegistrationAttempt, RegistrationState, Seminar
from events.models.registrations import SIGNER
from events.registration import attempts, workflow
from events.registration.anonymize import forget
from members.models import Application
from members.outbox.delivery import send_due
from rifess.base.dates import today_in_the_network
from rifess.portal.personal_data import retention
from tests.events.registration.test_participants_desk import carry_out
from tests.events.registration.test_registration_pages import form_of, send, words
from tests.make import (
    make_certificate,
    make_coming_seminar,
    make_delegate_user,
    make_panel,
    make_question,
    make_registration,
    make_secretary,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("rows are locked, and what was typed is kept as JSON")]

TYPED = {"name": "Otra persona", "country": "CL", "sector": "other", "language": "es"}


def register(seminar, email="ana@example.org", **more):
    return workflow.register(seminar, form="virtual", email=email, **TYPED | more)


def kinds(registration):
    return [*registration.told.values_list("kind", flat=True)]


def in_database(registration):
    return Registration.objects.filter(pk=registration.pk).values().get()


@pytest.mark.parametrize("state", ["cancelled", "lapsed", "unconfirmed"])
def test_what_a_stranger_types_waits_beside_the_registration_until_the_address_is_confirmed(state):
    seminar = make_coming_seminar(capacity=1)
    confirmed_at = None if state == "unconfirmed" else timezone.now()
    mine = make_registration(seminar, email="ana@example.org", state=state, confirmed_at=confirmed_at)
    before = in_database(mine)

    register(seminar)

    assert in_database(mine) == before
    assert attempts.as_typed(Registration.objects.get()).name == "Otra persona"
    workflow.confirm(mine)
    now = Registration.objects.get()
    assert (now.name, now.country.code, now.state) == ("Otra persona", "CL", "confirmed")
    assert not RegistrationAttempt.objects.exists()


def test_data_sent_after_the_page_was_opened_are_shown_before_they_are_confirmed(client):
    mine = register(make_coming_seminar(), name="Ana")
    register(mine.seminar, name="Ana María")
    page = client.get(mine.get_absolute_url())
    register(mine.seminar, name="Un extraño")
    confirm = reverse("events:registration-confirm", args=[SIGNER.sign(mine.code)])

    answer = client.post(confirm, {"seen": page.context["seen"]}, follow=True)

    assert "Ana María" in words(page) and "Un extraño" in words(answer)
    assert Registration.objects.get().state == "unconfirmed"
    client.post(confirm, {"seen": answer.context["seen"]})
    assert (Registration.objects.get().name, Registration.objects.get().state) == ("Un extraño", "confirmed")


def test_days_to_confirm_count_from_the_last_try_and_nothing_confirmed_is_deleted():
    now = timezone.now()
    old = {"written_at": now - timedelta(days=8)}
    seminar = make_coming_seminar()
    came_back = make_registration(seminar, email="a@example.org", state="cancelled", **old)
    tried_again = make_registration(seminar, email="b@example.org", state="unconfirmed", confirmed_at=None, **old)
    make_registration(seminar, email="c@example.org", state="unconfirmed", confirmed_at=None, **old)
    for each in (came_back, tried_again):
        register(seminar, each.email)

    retention.apply(now)
    left = set(Registration.objects.values_list("pk", flat=True))
    retention.apply(now + timedelta(days=8))

    assert left == {came_back.pk, tried_again.pk}
    assert [*Registration.objects.values_list("pk", flat=True)] == [came_back.pk]
    assert not RegistrationAttempt.objects.exists()


def test_nothing_of_an_attempt_is_left_of_somebody_made_anonymous():
    mine = make_registration(email="ana@example.org", state="cancelled")
    register(mine.seminar, "ana@example.org", notice=PrivacyNotice.objects.get())

    forget(mine)

    assert not RegistrationAttempt.objects.exists()


@pytest.mark.parametrize(("state", "kind"), [("unconfirmed", "confirm"), ("confirmed", "already"), ("declined", "declined")])
def test_three_presses_write_one_letter(state, kind):
    confirmed_at = None if state == "unconfirmed" else timezone.now()
    mine = make_registration(email="ana@example.org", state=state, confirmed_at=confirmed_at)

    for _press in range(3):
        register(mine.seminar)

    assert kinds(mine) == [kind]
    LetterTold.objects.update(told_at=timezone.now() - timedelta(minutes=16))
    register(mine.seminar)
    assert kinds(mine) == [kind, kind]


def test_a_letter_written_while_the_clock_was_ahead_keeps_no_later_one_back():
    mine = register(make_coming_seminar())
    LetterTold.objects.update(told_at=timezone.now() + timedelta(days=400))

    register(mine.seminar)

    assert kinds(mine) == ["confirm", "confirm"]


def test_whoever_registers_once_more_reads_a_letter_in_whatever_state_their_registration_is(mailoutbox):
    seminar, address = make_coming_seminar(), "{}@example.org"
    given = {"confirmed_at": timezone.now(), "place_in_line": 1, "offer_expires_at": timezone.now() + timedelta(days=1)}
    for state in RegistrationState.values:
        make_registration(seminar, email=address.format(state), state=state, **given)

    for state in RegistrationState.values:
        register(seminar, address.format(state))
    send_due()

    read = " ".join(to for message in mailoutbox for to in message.to)
    assert [state for state in RegistrationState.values if address.format(state) not in read] == []


def test_who_cancels_and_comes_back_at_once_is_asked_to_confirm_again():
    mine = workflow.confirm(register(make_coming_seminar()))
    workflow.cancel(mine)

    register(mine.seminar)

    assert kinds(mine) == ["confirm", "confirmed", "cancelled", "confirm"]


def test_the_desk_sends_a_link_once_in_a_while(client):
    mine, gone = make_registration(), make_registration(make_coming_seminar(cancelled_on=today_in_the_network()))
    client.force_login(make_secretary())
    chosen = {"action": "send_the_link", "_selected_action": [mine.pk, gone.pk]}

    for _press in range(2):
        client.post(reverse("admin:events_registration_changelist"), chosen)

    assert (kinds(mine), kinds(gone)) == (["confirmed"], [])


# The notice that was shown


def in_force(version, text):
    return PrivacyNotice.objects.create(version=version, text_es=text, in_force_since=today_in_the_network())


def test_a_notice_that_changed_while_it_was_read_is_shown_and_asked_again(client):
    seminar = make_coming_seminar()
    shown = client.get(form_of(seminar)).context["form"]["shown_notice"].value()
    second = in_force(2, "Compartimos la lista con las instituciones.")

    refused = send(client, seminar, shown_notice=shown, needs="Subtítulos")
    again = refused.context["form"]

    assert Registration.objects.count() == 0 and [*again.errors] == ["agrees"]
    assert "Compartimos la lista" in words(refused) and "Subtítulos" in words(refused)
    assert (again["shown_notice"].value(), again["agrees"].value()) == ("2", False)
    assert send(client, seminar).status_code == 200  # a page that does not say which of the two it showed
    send(client, seminar, shown_notice="2")
    assert Registration.objects.get().notice == second


def test_a_delegate_agrees_with_one_click_to_what_the_page_showed(client):
    seminar = make_coming_seminar()
    client.force_login(make_delegate_user())
    button = reverse("events:register-delegate", args=[seminar.slug])
    in_force(2, "Otro aviso.")

    client.post(button, {"shown_notice": "1"})
    refused = Registration.objects.count()
    client.post(button, {"shown_notice": "2"})

    assert (refused, Registration.objects.get().notice.version) == (0, 2)


def test_the_first_notice_is_not_agreed_to_by_who_was_shown_none(client):
    seminar = make_coming_seminar()
    PrivacyNotice.objects.all().delete()
    account = make_delegate_user()
    shown = client.get(form_of(seminar)).context["form"]["shown_notice"].value()
    client.force_login(account)
    call, button = client.get(seminar.get_absolute_url()), reverse("events:register-delegate", args=[seminar.slug])
    in_force(1, "Un aviso.")

    by_button = client.post(button, {"shown_notice": shown})
    by_form = send(Client(), seminar, shown_notice=shown)
    in_force(2, "Otro aviso.")
    without_a_word = client.post(button, {})

    assert 'name="shown_notice" value=""' in call.content.decode() and shown == ""
    assert (by_button.url, [*by_form.context["form"].errors]) == (seminar.get_absolute_url(), ["agrees"])
    assert (without_a_word.url, Registration.objects.count()) == (seminar.get_absolute_url(), 0)


def test_an_application_agrees_to_the_words_that_were_shown(client):
    address = reverse("members:join-member")
    shown = client.get(address).context["form"]["shown_notice"].value()
    typed = {
        "institution_name": "Dirección General",
        "country": "UY",
        "legal_basis": "Ley",
        "work": "Mucho",
        "reasons": "Varias",
        "contact_name": "Lucía",
        "contact_position": "Directora",
        "contact_email": "lucia@example.org",
        "agrees": "on",
    }

    refused = client.post(address, typed | {"shown_notice": "another"})

    assert (Application.objects.count(), [*refused.context["form"].errors]) == (0, ["agrees"])
    assert refused.context["form"]["shown_notice"].value() == shown
    client.post(address, typed | {"shown_notice": shown})
    assert Application.objects.count() == 1


# Who acted


def test_who_decided_cancelled_and_revoked_is_kept_and_shown(client):
    by = make_secretary(email="decide@example.org")
    client.force_login(by)
    terms = {"state": "to-approve"}
    one, other, third = make_registration(**terms), make_registration(**terms), make_registration()
    certificate = make_certificate()

    workflow.approve(one, by=by)
    workflow.decline(other, by=by)
    workflow.cancel(third, by=by)
    carry_out(client, certificate, "revoke", because="Un error")

    kept = [Registration.objects.get(pk=each.pk) for each in (one, other, third)]
    certificate.refresh_from_db()
    assert [each.decided_by for each in kept] == [by, by, None] and kept[2].ended_by == by
    assert certificate.revoked_by == by and kept[0].decided_at
    for row in (*kept, certificate):
        page = client.get(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]))
        assert "decide@example.org" in words(page)


# Hours decide


NIGHT = date(2027, 3, 5)


def at(hour, minute=0, day=NIGHT):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def seminar_past_midnight():
    seminar = make_coming_seminar(starts_on=NIGHT, ends_on=NIGHT, time_zone="UTC")
    night = at(0, 30, NIGHT + timedelta(days=1))
    make_panel(seminar=seminar, held_on=NIGHT, starts_at=at(18), ends_at=at(19))
    make_panel(seminar=seminar, held_on=NIGHT, starts_at=at(23), ends_at=night + timedelta(minutes=30))
    return seminar, night


@pytest.mark.parametrize(("minutes", "is_over"), [(-90, False), (0, False), (29, False), (30, True), (31, True)], ids=str)
def test_a_panel_past_midnight_keeps_its_seminar_under_way(minutes, is_over):
    seminar, night = seminar_past_midnight()
    now = night + timedelta(minutes=minutes)

    assert (seminar.has_ended(now), seminar.is_under_way(now)) == (is_over, not is_over)
    assert Seminar.objects.upcoming(now).exists() is not is_over and Seminar.objects.past(now).exists() is is_over
    assert seminar.terms.is_open(now) is not is_over
    assert type(seminar.terms).objects.open(now).exists() is not is_over
    mine = make_registration(seminar, state="unconfirmed", confirmed_at=None)
    try:
        workflow.confirm(mine, now=now)
    except ValidationError as refused:
        assert refused.code == "over" and is_over
    else:
        assert not is_over


def test_while_some_hours_are_not_known_the_last_day_decides():
    seminar, night = seminar_past_midnight()
    make_panel(seminar=seminar)
    evening = at(23, 59)
    Seminar.objects.filter(pk=seminar.pk).update(ends_on=NIGHT + timedelta(days=1))
    two_days = Seminar.objects.get(pk=seminar.pk)

    assert not seminar.has_ended(evening) and seminar.has_ended(night + timedelta(minutes=30))
    assert not two_days.has_ended(night + timedelta(hours=20)) and two_days.has_ended(night + timedelta(hours=24))


def test_a_cancellation_to_come_is_refused_beside_its_field():
    seminar = make_coming_seminar()
    seminar.cancelled_on = today_in_the_network() + timedelta(days=2)

    with pytest.raises(ValidationError) as refused:
        seminar.full_clean()

    assert [*refused.value.error_dict] == ["cancelled_on"]
    seminar.cancelled_on = today_in_the_network() - timedelta(days=2)
    seminar.full_clean()


@pytest.mark.parametrize("count", [1, 3])
def test_what_was_answered_is_told_with_as_many_queries_however_many_questions_there_are(count, django_assert_num_queries):
    registration = make_registration()
    questions = [make_question(registration.seminar, "Sí", "No") for _number in range(count)]
    attempts.keep(registration, [(each, "", [each.options.get(text_es="Sí").pk]) for each in questions])
    attempt = attempts.of(registration)

    with django_assert_num_queries(2):
        told = [*attempts.answers_in_words(attempt)]

    assert told == [("¿Qué espera?", "Sí")] * count
