"""Email updates on a phone: asked for, confirmed, and ended with one click."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Alert
from members.outbox import delivery
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_alert
from tests.members.smtp import MailServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PHONE = {"width": 375, "height": 700}


@pytest.fixture
def mail():
    with MailServer() as server, override_settings(MAILERS=server.mailer()):
        yield server


def link_in(message):
    """The address behind the button of a message that arrived."""
    html = message.get_body(preferencelist=("html",)).get_content()
    return re.search(r'class="button" href="http://[^/]+([^"]+)"', html)[1]


def at(name, *given, language="en"):
    with translation.override(language):
        return reverse(f"events:{name}", args=given)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_from_the_foot_of_a_page_to_news_and_out_again(visit, mail, javascript):
    visitor = visit(locale="en-US", viewport=PHONE, java_script_enabled=javascript)
    page = visitor.open(at("seminars"))

    page.get_by_role("contentinfo").get_by_role("link", name="Email updates").click()
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("About").select_option("country:MX")
    page.get_by_role("button", name="Receive email updates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    assert "ana" not in page.url

    delivery.send_due()
    visitor.open(link_in(mail.got[0]))
    page.get_by_role("button", name="Yes, send me updates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My email updates")
    assert Alert.objects.confirmed().get().country == "MX"

    visitor.open(at("alert-stop", Alert.objects.get().signed))
    page.get_by_role("main").get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
    assert (Alert.objects.count(), visitor.problems) == (0, [])


def test_the_keyboard_alone_asks_and_what_was_wrong_is_said_beside_it(visit):
    visitor = visit(locale="en-US", viewport=PHONE)
    page = visitor.open(at("alerts"))
    for typed in ("ana@", "ana@example.org"):
        page.get_by_label("Email address").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        if typed == "ana@":
            expect(page.locator(".field--error")).to_contain_text("Enter the whole address")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")


def test_the_pages_are_sound_at_each_width_in_both_schemes(looker):
    alert, waiting = make_alert(email="ana@example.org"), make_alert(email="eva@example.org", confirmed_at=None)
    make_alert(email="ana@example.org", country="UY")
    pages = [("alerts",), ("alert", alert.signed), ("alert", waiting.signed), ("alert-stop", alert.signed)]
    found = {}

    for page in pages:
        looker.darken("light")
        found[page[0]] = look_at_each_width_in_both_schemes(looker, at(*page, language="es"), "es")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
