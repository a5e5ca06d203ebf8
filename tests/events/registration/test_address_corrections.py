"""Once an e-mail address is corrected, nothing that was sent to the former one opens anything personal."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import get_resolver, reverse

from events.attendance import qr_codes
from events.models import Alert, Certificate, Registration, Survey
from events.models.alerts import SIGNER as ALERTS
from events.models.registrations import SIGNER
from events.surveys.responses import ask_due
from members.models import DataRequest, DeclinedNotice, Message, User
from members.models.notices import address_that_stops
from rifess.base.dates import today_in_the_network
from tests.desk import address, filled
from tests.make import (
    make_alert,
    make_attendance,
    make_certificate,
    make_coming_seminar,
    make_delegate_user,
    make_registration,
    make_secretary,
    make_seminar,
    make_user,
)

pytestmark = pytest.mark.django_db

FORMER, PRESENT = "ana@exmaple.org", "ana@example.org"


def correct(desk, row):
    return desk.post(address(row), filled(desk.get(address(row)), email=PRESENT), follow=True)


def signed_routes(resolver, space=""):
    """The names of all addresses that carry something signed."""
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from signed_routes(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif "<str:signed>" in str(each.pattern):
            yield f"{space}{each.name}"


def routes_of_a_registration():
    """Those of a registration: a new one is tried without a line here."""
    others = ("events:alert", "my-data-link", "members:")
    return [name for name in signed_routes(get_resolver()) if not name.startswith(others)]


def statuses(signed):
    visitor = Client()
    return {name: visitor.get(reverse(name, args=[signed])).status_code for name in routes_of_a_registration()}


def test_every_link_sent_to_the_former_address_of_a_participant_ends_and_the_new_one_opens(desk):
    registration = make_registration(make_coming_seminar(), email=FORMER, form="in-person")
    before, code = registration.signed, qr_codes.signed(registration)
    opened = statuses(before)

    page = correct(desk, registration)

    registration.refresh_from_db()
    closed, door = statuses(before), [Client().get(reverse("door", args=[each])).status_code for each in (code, before)]
    assert len([name for name, status in opened.items() if status < 400]) > 8  # the survey and the live page come later
    assert {*closed.values(), *door} == {404}
    assert statuses(registration.signed) == opened
    assert Client().get(reverse("door", args=[qr_codes.signed(registration)])).status_code == 302
    assert "Los enlaces que se enviaron al correo anterior dejaron de funcionar" in page.text
    assert registration.get_absolute_url() in Message.objects.get(to=PRESENT).text
    assert registration.code == SIGNER.unsign(before)  # the number by which lists and people know them stays


def test_a_certificate_sent_to_the_former_address_ends_and_another_goes_to_the_new_one(desk):
    last_week = today_in_the_network() - timedelta(days=7)
    registration = make_attendance(make_seminar(starts_on=last_week, ends_on=last_week), email=FORMER, name="Ana Ruiz")
    Survey.objects.create(seminar=registration.seminar)
    old = make_certificate(registration)
    ask_due()

    page = correct(desk, registration)

    registration.refresh_from_db()
    new = Certificate.objects.valid().get()
    shown = Client().get(old.get_absolute_url(), follow=True).text
    told = Message.objects.filter(to=PRESENT).values_list("text", flat=True)
    assert (new.replaces, new.email) == (old, PRESENT)
    assert "Ana Ruiz" not in shown and new.code not in shown and "Pida el código" in shown
    assert sorted((new.code in text, registration.signed in text) for text in told) == [(False, True), (True, False)]
    assert "La constancia que se envió allí ya no es válida" in page.text
    assert not Certificate.objects.filter(email=FORMER).exists()  # whoever reads the former address may ask what is kept of it


def test_of_what_is_over_or_cancelled_the_links_end_too_and_nothing_is_written(desk):
    seminars = [make_coming_seminar(cancelled_on=today_in_the_network()), make_coming_seminar()]
    rows = [make_attendance(seminars[0], email=FORMER), make_registration(seminars[1], email=FORMER, state="cancelled")]
    make_certificate(rows[0])

    pages = [correct(desk, row).text for row in rows]

    assert [{*statuses(row.signed).values()} for row in rows] == [{404}, {404}]
    assert ["No se escribió ninguna carta" in page for page in pages] == [True, True]
    assert not Message.objects.exists() and not Certificate.objects.valid().exists()


def what_an_account_was_sent(user):
    """Links that went to its address: addresses to get, and the one that ends a kind of notice."""
    registration = make_registration(make_coming_seminar(), email=user.email, user=user)
    alert = make_alert(email=user.email, user=user)
    asked = DataRequest.objects.create(kind="export", email=user.email, user=user)
    links = [registration.get_absolute_url(), alert.get_absolute_url(), reverse("my-data-link", args=[asked.signed])]
    unmarked = reverse("events:alert", args=[ALERTS.sign(alert.pk)])  # as letters had them once
    return [*links, unmarked], address_that_stops(user, "minutes_circulated")


@pytest.mark.parametrize("by", ["the Secretariat", "its owner"])
def test_what_an_account_was_sent_at_its_former_address_ends_whoever_changed_it(client, by):
    user = make_delegate_user().person.user
    User.objects.filter(pk=user.pk).update(email=FORMER)
    user.refresh_from_db()
    links, stop = what_an_account_was_sent(user)
    theirs = Client()
    theirs.force_login(user)
    UserSession.objects.create(user=user, session_key=theirs.session.session_key, ip="203.0.113.9")
    opened = [Client().get(link).status_code for link in links]

    if by == "the Secretariat":
        client.force_login(make_secretary())
        correct(client, user)
    else:
        user.email = PRESENT
        user.save()
        email_changed.send(EmailAddress, request=None, user=user, from_email_address=EmailAddress(user=user, email=FORMER))

    stopped = Client().post(stop)
    registration, alert = Registration.objects.get(), Alert.objects.get()
    assert (opened, [Client().get(link).status_code for link in links]) == ([200] * 4, [404] * 4)
    assert (registration.email, registration.user, alert.email, alert.user) == (PRESENT, user, PRESENT, user)
    assert [Client().get(row.get_absolute_url()).status_code for row in (registration, alert)] == [200, 200]
    assert (stopped.status_code, DeclinedNotice.objects.exists()) == (200, False)
    assert registration.get_absolute_url() in Message.objects.get(to=PRESENT, kind="registration-confirmed").text
    assert theirs.get(reverse("delegation:desk")).status_code == (302 if by == "the Secretariat" else 200)


def test_who_is_registered_with_both_addresses_keeps_both_registrations(desk):
    user = make_user(email=FORMER)
    seminar = make_coming_seminar()
    of_account, other = make_registration(seminar, email=FORMER, user=user), make_registration(seminar, email=PRESENT)
    make_alert(email=FORMER, user=user)
    make_alert(email=PRESENT)

    correct(desk, user)

    assert [*Registration.objects.order_by("pk").values_list("email", flat=True)] == [FORMER, PRESENT]
    assert [Client().get(row.get_absolute_url()).status_code for row in (of_account, other)] == [404, 200]
    assert Alert.objects.get().email == PRESENT
