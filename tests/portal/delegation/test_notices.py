"""Delegates choose which notices they get; some always come, and news ends with one click."""

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.models import DeclinedNotice, Message, OptionalNotice
from members.models.notices import TO_ALL_DELEGATES, address_that_stops
from members.notices import choose, decline, wanted_by
from members.outbox import mail
from members.outbox.delivery import as_mail
from recordings.documents import circulate
from recordings.models import DocumentKind, MinutesState
from tests.make import make_alert, make_delegate_user, make_document, make_user

pytestmark = pytest.mark.django_db

PAGE = "delegation:notices"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def user(client):
    user = make_delegate_user()
    client.force_login(user)
    return user


def minutes():
    return make_document(kind=DocumentKind.MINUTES, state=MinutesState.DRAFT, audience="members")


def test_what_is_unticked_is_not_sent_and_what_is_ticked_again_is(client, user):
    client.post(reverse(PAGE), {"wanted": ["consultation_result"]})
    circulate(minutes())
    before = Message.objects.count()
    client.post(reverse(PAGE), {"wanted": OptionalNotice.values})

    circulate(minutes())

    assert (before, Message.objects.count(), wanted_by(user)) == (0, 1, OptionalNotice.values)


def test_the_page_shows_what_one_gets_and_the_news_one_asked_for(client, user):
    decline(user.pk, "minutes_circulated")
    alert, _foreign = make_alert(email=user.email), make_alert()

    page = client.get(reverse(PAGE))

    assert page.context["form"]["wanted"].value() == [kind for kind in OptionalNotice.values if kind != "minutes_circulated"]
    assert list(page.context["alerts"]) == [alert]
    assert "no-store" in page["Cache-Control"]


def test_one_chooses_for_oneself_only(client, user):
    other = make_delegate_user(category="observer")

    client.post(reverse(PAGE), {"wanted": []})

    assert (len(wanted_by(user)), wanted_by(other)) == (0, OptionalNotice.values)


@pytest.mark.parametrize("kind", ["password_changed", "mandate_due", "consultation_opened", "invitation"])
def test_what_lets_in_warns_or_opens_a_vote_cannot_be_declined(client, user, kind):
    page = client.post(reverse(PAGE), {"wanted": [kind]})

    assert page.context["form"].errors.keys() == {"wanted"}
    assert kind not in OptionalNotice


def test_what_cannot_be_declined_comes_whatever_a_row_says():
    user = make_user()
    decline(user.pk, "password_changed")
    about = {"subject": "Su contraseña cambió", "sentence": "Alguien la cambió."}

    message = mail.write("password_changed", template="notice", to=user.email, language="es", user=user, context={"about": about})

    assert message is not None


def test_declining_twice_is_declining_and_an_account_that_is_gone_nothing():
    user = make_user()
    for user_id in (user.pk, user.pk):
        decline(user_id, "minutes_circulated")

    assert DeclinedNotice.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclinedNotice.objects.create(user=user, kind="minutes_circulated")


def test_choosing_keeps_no_row_of_what_is_wanted():
    user = make_user()
    choose(user, [])

    choose(user, OptionalNotice.values)

    assert DeclinedNotice.objects.count() == 0


# One click


def test_news_to_all_delegates_ends_with_one_click_of_a_mail_program(user):
    circulate(minutes())
    message = Message.objects.get()
    stop = as_mail(message).extra_headers["List-Unsubscribe"].strip("<>")
    program = Client(enforce_csrf_checks=True)

    opened = program.get(stop)
    before = len(wanted_by(user))
    pressed = program.post(stop, {"List-Unsubscribe": "One-Click"})

    assert (opened.status_code, pressed.status_code) == (200, 200)
    assert (before, set(OptionalNotice.values) - set(wanted_by(user))) == (4, {"minutes_circulated"})
    assert message.is_bulk and stop in message.text


@pytest.mark.parametrize("signed", ["x", "1:minutes_circulated", "1:minutes_circulated:forged"])
def test_an_address_that_nobody_signed_leads_nowhere(client, user, signed):
    address = reverse("members:notice-stop", args=[signed])

    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_the_address_ends_one_kind_of_one_account_and_names_nobody(client, user):
    address = address_that_stops(user, "minutes_circulated")
    other = address_that_stops(user, "consultation_result")

    assert user.email not in address and address.replace("minutes_circulated", "consultation_result") != other


def test_an_account_that_is_gone_has_nothing_to_end(client):
    user = make_user()
    address = address_that_stops(user, "minutes_circulated")
    user.delete()

    assert client.post(address).status_code == 200 and DeclinedNotice.objects.count() == 0


def test_every_optional_kind_is_a_message_that_leads_to_the_choice():
    for kind in OptionalNotice.values:
        for ending in ("txt", "html"):
            assert f"_choose_notices.{ending}" in get_template(f"members/email/{kind}.{ending}").template.source
    assert set(OptionalNotice) > TO_ALL_DELEGATES


def test_a_visitor_is_led_to_sign_in_and_who_is_no_delegate_finds_nothing(client):
    assert client.get(reverse(PAGE)).status_code == 302
    client.force_login(make_user())
    assert client.get(reverse(PAGE)).status_code == 404
