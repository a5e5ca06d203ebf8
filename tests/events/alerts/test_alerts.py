"""Asking for news by e-mail: the address is confirmed, nobody learns whose it is, and one click ends it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from events.alerts import subscriptions
from events.models import Alert
from events.models.alerts import SIGNER, mark_of
from members.models import Message
from tests.make import make_alert, make_seminar, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def told():
    return [*Message.objects.order_by("pk").values_list("kind", flat=True)]


def send(client, **typed):
    return client.post(reverse("events:alerts"), {"email": "ana@example.org", "subject": "", "news": ["seminars"]} | typed)


# The acts


def test_whoever_asks_is_asked_whether_the_address_is_theirs_and_is_told_nothing_before():
    alert = subscriptions.ask("ana@example.org", language="pt-br")

    message = Message.objects.get()
    assert (alert.is_confirmed, alert.told_until, told()) == (False, None, ["alert_confirm"])
    assert (message.language, alert.signed in message.text) == ("pt-br", True)


def test_confirming_twice_changes_nothing():
    alert = subscriptions.confirm(make_alert(confirmed_at=None, told_until=None))
    first = alert.confirmed_at

    assert subscriptions.confirm(alert).confirmed_at == first == alert.told_until


def test_the_same_address_in_any_case_gets_the_same_alert_back_unchanged():
    first = make_alert(email="ana@example.org", of_recordings=False)

    again = subscriptions.ask("ANA@example.org", language="en", of_seminars=False)

    assert (again.pk, again.of_seminars, again.language) == (first.pk, True, "es")
    assert (Alert.objects.count(), told()) == (1, ["alert_already"])


def test_one_who_has_not_confirmed_may_ask_otherwise():
    subscriptions.ask("ana@example.org", language="es")

    again = subscriptions.ask("ana@example.org", language="en", of_recordings=False)

    assert (again.language, again.of_recordings, told()) == ("en", False, ["alert_confirm", "alert_confirm"])


def test_one_address_may_have_an_alert_of_each_topic_and_country():
    subscriptions.ask("ana@example.org", language="es")
    subscriptions.ask("ana@example.org", language="es", topic=make_topic())
    subscriptions.ask("ana@example.org", language="es", country="UY")

    assert Alert.objects.count() == 3


@pytest.mark.parametrize("given", [{}, {"country": "UY"}])
def test_the_database_keeps_one_alert_of_each_kind_for_an_address(given):
    make_alert(email="ana@example.org", **given)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_alert(email="Ana@Example.org", **given)


@pytest.mark.parametrize(
    "given", [lambda: {"topic": make_topic(), "country": "UY"}, lambda: {"of_seminars": False, "of_recordings": False}]
)
def test_an_alert_is_of_something_and_of_one_thing(given):
    alert = Alert(email="ana@example.org", **given())

    with pytest.raises(ValidationError):
        alert.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.save()


# The form


def test_the_form_writes_down_what_was_asked_and_says_look_at_your_mail(client):
    topic = make_topic(name="Finanzas")
    make_seminar().topics.add(topic)

    page = send(client, subject=f"topic:{topic.slug}", news=["seminars", "recordings"])

    alert = Alert.objects.get()
    assert page.url == reverse("events:alerts-sent")
    assert (alert.topic, alert.country.code, alert.of_recordings, alert.language) == (topic, "", True, "en")


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client):
    make_alert(email="conocida@example.org")

    answers = [send(client, email=email) for email in ("conocida@example.org", "nueva@example.org")]

    assert len({(page.status_code, page.url, page.content) for page in answers}) == 1


def test_a_page_that_leads_to_the_form_says_of_what_it_is(client):
    topic = make_topic()
    make_seminar().topics.add(topic)

    of_topic = client.get(reverse("events:alerts"), {"topic": topic.slug})
    of_country = client.get(reverse("events:alerts"), {"country": "uy"})

    assert [page.context["form"]["subject"].value() for page in (of_topic, of_country)] == [f"topic:{topic.slug}", "country:UY"]


def test_topics_of_drafts_are_not_offered(client):
    topic = make_topic(name="Secreto")
    make_seminar(published_at=None).topics.add(topic)

    page = client.get(reverse("events:alerts"))

    assert "Secreto" not in page.content.decode()
    assert send(client, subject=f"topic:{topic.slug}").context["form"].errors.keys() == {"subject"}


@pytest.mark.parametrize(
    ("typed", "wrong"), [({"email": "ana@"}, "email"), ({"news": []}, "news"), ({"subject": "x"}, "subject")]
)
def test_what_is_missing_is_said_beside_its_field(client, typed, wrong):
    page = send(client, **typed)

    assert (page.context["form"].errors.keys(), Alert.objects.count()) == ({wrong}, 0)


def test_one_address_is_not_written_to_more_than_five_times_a_day(client):
    pages = [send(client, email="ana@example.org") for _time in range(6)]

    assert [page.status_code for page in pages] == [302] * 5 + [200]
    assert len(told()) == 5


def test_from_one_place_there_is_an_end_of_asking(client):
    pages = [send(client, email=f"a{number}@example.org") for number in range(61)]

    assert (pages[59].status_code, pages[60].status_code) == (302, 200)


def test_whoever_is_signed_in_has_nothing_to_confirm_for_their_own_address(client):
    user = make_user()
    client.force_login(user)

    page = send(client, email=user.email.upper())

    alert = Alert.objects.get()
    assert (page.url, alert.is_confirmed, alert.user, told()) == (alert.get_absolute_url(), True, user, [])


def test_whoever_is_signed_in_confirms_another_address_as_everybody_does(client):
    client.force_login(make_user())

    send(client, email="otra@example.org")

    assert (Alert.objects.get().is_confirmed, told()) == (False, ["alert_confirm"])


# The page of whoever asked


def at(alert, name="alert"):
    return reverse(f"events:{name}", args=[alert.signed])


def test_opening_the_link_confirms_nothing_and_its_button_does(client):
    alert = make_alert(confirmed_at=None, told_until=None)

    for name in ("alert", "alert-confirm"):
        client.get(at(alert, name))
    before = Alert.objects.get().is_confirmed
    client.post(at(alert, "alert-confirm"))

    assert (before, Alert.objects.get().is_confirmed) == (False, True)


def test_the_page_is_kept_nowhere_and_shows_what_else_goes_to_the_address(client):
    alert, other = make_alert(email="ana@example.org"), make_alert(email="Ana@example.org", country="UY")
    foreign = make_alert(email="eva@example.org", country="BR")

    page = client.get(at(alert))

    assert list(page.context["others"]) == [other]
    assert "no-store" in page["Cache-Control"] and page["X-Robots-Tag"] == "noindex"
    assert foreign.signed not in page.content.decode()


def test_an_address_not_confirmed_learns_nothing_of_the_others(client):
    make_alert(email="ana@example.org", country="UY")
    waiting = make_alert(email="ana@example.org", confirmed_at=None)

    assert list(client.get(at(waiting)).context["others"]) == []
    assert client.post(at(waiting), {"news": ["seminars"], "language": "es"}).status_code == 404


def test_what_is_told_can_be_changed(client):
    alert = make_alert()

    client.post(at(alert), {"news": ["recordings"], "language": "pt-br"})

    alert.refresh_from_db()
    assert (alert.of_seminars, alert.of_recordings, alert.language) == (False, True, "pt-br")


def test_one_click_of_a_mail_program_ends_all_that_goes_to_the_address(client):
    """RFC 8058: a POST without cookies and without our token, answered without being sent elsewhere."""
    alert, _other = make_alert(email="ana@example.org"), make_alert(email="ana@example.org", country="UY")
    kept = make_alert(email="eva@example.org")
    program = Client(enforce_csrf_checks=True)

    first, again = (program.post(at(alert, "alert-stop"), {"List-Unsubscribe": "One-Click"}) for _time in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert list(Alert.objects.all()) == [kept]


def test_opening_the_address_that_ends_it_ends_nothing(client):
    alert = make_alert()

    assert client.get(at(alert, "alert-stop")).status_code == 200
    assert Alert.objects.count() == 1


def test_one_alert_of_several_can_be_ended(client):
    alert, other = make_alert(email="ana@example.org"), make_alert(email="ana@example.org", country="UY")

    page = client.post(at(alert, "alert-stop"), {"only": "1"})

    assert (page.url, list(Alert.objects.all())) == (at(other), [other])


@pytest.mark.parametrize("name", ["alert-confirm", "alert"])
def test_only_the_address_that_ends_it_is_open_to_strangers_programs(name):
    alert = make_alert(confirmed_at=None)

    assert Client(enforce_csrf_checks=True).post(at(alert, name)).status_code == 403


@pytest.mark.parametrize("signed", ["1", "1:forged", "x"])
@pytest.mark.parametrize("name", ["alert", "alert-confirm", "alert-stop"])
def test_an_address_that_nobody_signed_leads_nowhere(client, name, signed):
    make_alert(pk=1)

    assert client.get(reverse(f"events:{name}", args=[signed])).status_code == 404
    assert client.post(reverse(f"events:{name}", args=[signed])).status_code == 404
    assert Alert.objects.count() == 1


def test_an_alert_that_is_gone_has_no_page(client):
    signed = SIGNER.sign(404)

    assert client.get(reverse("events:alert", args=[signed])).status_code == 404
    assert client.get(reverse("events:alert-stop", args=[signed])).status_code == 200


def test_the_link_of_an_old_letter_ends_what_still_goes_to_its_address(client):
    old = make_alert(email="ana@example.org", topic=make_topic())
    link, page = at(old, "alert-stop"), at(old)
    old.topic.delete()
    ended = client.get(link).content.decode()
    again, kept = make_alert(email="Ana@example.org", country="UY"), make_alert(email="eva@example.org")

    asked = client.get(link).content.decode()
    only = client.post(link, {"only": "1"}).url
    moved = client.get(page).url
    left = Alert.objects.count()
    client.post(link, {"List-Unsubscribe": "One-Click"})

    assert "You are unsubscribed" in ended and "You are unsubscribed" not in asked
    assert (moved, only, left) == (at(again), at(again), 2)
    assert list(Alert.objects.all()) == [kept]


def test_an_old_link_leads_nowhere_when_its_alert_goes_to_another_address(client):
    alert = make_alert(email="ana@example.org")
    page, stop = at(alert), at(alert, "alert-stop")
    Alert.objects.update(email="eva@example.org")

    assert client.get(page).status_code == 404
    client.post(stop)
    assert Alert.objects.count() == 1


def test_links_of_letters_without_a_mark_still_lead_to_their_alert(client):
    alert = make_alert()

    assert client.get(reverse("events:alert", args=[SIGNER.sign(alert.pk)])).status_code == 200


def test_no_address_of_its_pages_carries_an_e_mail_address():
    alert = make_alert(email="ana@example.org")

    assert re.findall("ana|example|@", "".join(at(alert, name) for name in ("alert", "alert-confirm", "alert-stop"))) == []


def test_old_links_go_on_working_when_the_secret_key_is_rotated(client, settings):
    alert = make_alert(email="ana@example.org")
    page, stop = at(alert), at(alert, "alert-stop")
    gone = make_alert(email="Ana@example.org", country="UY")
    of_another = at(gone, "alert-stop")
    gone.delete()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key of more than fifty characters, for this one test",
    )

    opened = client.get(page).status_code
    lists = client.get(of_another).content.decode()
    client.post(stop, {"List-Unsubscribe": "One-Click"})

    assert (opened, "You are unsubscribed" in lists, Alert.objects.count()) == (200, False, 0)


def test_a_mark_made_with_no_key_of_ours_is_refused(client, settings):
    alert = make_alert(email="ana@example.org")
    forged = SIGNER.sign(f"{alert.pk}.{mark_of(alert.email, 'a key that is not ours')}")

    assert client.get(reverse("events:alert", args=[forged])).status_code == 404
