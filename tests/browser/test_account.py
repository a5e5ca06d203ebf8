"""Coming in and going out. Nobody opens an account alone."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from members.models import Message, User
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_secretary, make_user
from tests.members.accounts.test_signing_in import code_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PASSWORD = "una clave larga y propia"  # that of make_user
with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


@pytest.fixture
def someone(server):
    """Somebody with an account, whose address is known to be theirs."""
    user = make_user(email="alguien@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def walker(visit, javascript):
    return visit(locale="en-US", java_script_enabled=javascript)


def address(name):
    with translation.override("en"):
        return reverse(name)


@with_and_without_javascript
def test_someone_signs_in_and_out(walker, someone):
    page = walker.open("/en/")
    head = page.get_by_role("banner")

    head.get_by_role("link", name="Sign in").click()
    page.locator("[name=login]").fill(someone.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(head.get_by_role("link", name="My delegation")).to_be_visible()

    head.get_by_role("link", name="Sign out").click()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(head.get_by_role("link", name="Sign in")).to_be_visible()
    assert walker.problems == []


@with_and_without_javascript
def test_a_wrong_password_is_said_and_lets_nobody_in(walker, someone):
    page = walker.open(address("account_login"))

    page.locator("[name=login]").fill(someone.email)
    page.locator("[name=password]").fill("otra")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("main")).to_contain_text("not correct")
    expect(page).to_have_title(re.compile("^Error"))
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    assert walker.problems == []


@with_and_without_javascript
def test_a_code_sent_by_mail_lets_its_reader_in(walker, someone):
    page = walker.open(address("account_login"))

    page.get_by_role("link", name="Send me a code by email").click()
    page.locator("main [name=email]").fill(someone.email)
    page.get_by_role("main").get_by_role("button").first.click()
    page.locator("[name=code]").fill(code_in(Message.objects.get(kind="login_code").text))
    page.get_by_role("main").get_by_role("button", name="Go on").click()

    expect(page.get_by_role("banner").get_by_role("link", name="My delegation")).to_be_visible()
    assert walker.problems == []


def test_an_unknown_address_gets_the_same_answer_and_no_mail(visit):
    page = visit(locale="en-US").open(address("account_request_login_code"))

    page.locator("main [name=email]").fill("nadie@example.org")
    page.get_by_role("main").get_by_role("button").first.click()

    expect(page.locator("[name=code]")).to_be_visible()
    assert not Message.objects.exists()


def test_nobody_is_invited_to_sign_up(visit):
    visitor = visit(locale="en-US")

    page = visitor.open(address("account_login"))
    assert page.locator(f"a[href^='{address('account_signup')}']").count() == 0

    page = visitor.open(address("account_signup"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Accounts are by invitation")
    assert page.locator("main form").count() == 0
    assert list(User.objects.filter(is_staff=False, email__startswith="nadie")) == []


def virtual_authenticator(page):
    """A device of the browser that keeps passkeys, and answers as if a finger were on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})


@pytest.fixture
def at_once(monkeypatch):
    """What waits for the commit is done when it is said: the tests' transaction is never committed."""
    monkeypatch.setattr(transaction, "on_commit", lambda done, using=None, robust=False: done())


def press(page, words):
    page.get_by_role("main").get_by_role("button", name=words, exact=True).click()


def test_a_passkey_is_added_and_opens_without_a_password(visit, someone, at_once):
    visitor = visit(locale="en-US")
    visitor.sign_in(someone)
    page = visitor.open(address("mfa_index"))
    virtual_authenticator(page)

    page.get_by_role("link", name="Add a passkey").click()
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Go on")
    page.get_by_label("What shall we call it?").fill("Mi teléfono")
    press(page, "Add a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert page.locator("main ol code").count() == 10

    page.goto(address("account_logout"))
    press(page, "Sign out")
    page.goto(address("account_login"))
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_have_count(0)
    page.goto(address("mfa_list_webauthn"))
    expect(page.get_by_role("main")).to_contain_text("Mi teléfono")
    assert visitor.problems == []


def test_who_has_no_passkey_is_told_so_and_can_go_on(visit, someone):
    visitor = visit(locale="en-US")
    page = visitor.open(address("account_login"))
    virtual_authenticator(page)

    press(page, "Sign in with a passkey")

    expect(page.get_by_role("alert")).to_contain_text("choose another way", timeout=70_000)
    expect(page.locator("[name=password]")).to_be_visible()


def test_without_javascript_no_passkey_is_offered(visit):
    page = visit(locale="en-US", java_script_enabled=False).open(address("account_login"))

    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    expect(page.locator("main noscript p")).to_be_visible()


def test_the_secretariat_is_led_from_its_password_to_its_desk(visit, server, at_once):
    secretary = make_secretary(email="secretaria@example.org", second_factor=False)
    EmailAddress.objects.create(user=secretary, email=secretary.email, primary=True, verified=True)
    visitor = visit(locale="en-US", java_script_enabled=False)
    page = visitor.open(address("admin:index"))

    page.locator("[name=login]").fill(secretary.email)
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step to the administration")
    assert page.locator("form[method=post] input[type=password]").count() == 0
    page.get_by_role("link", name="Use an app that shows codes").click()
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Go on")
    page.locator("[name=code]").fill(code_of(page.locator("main code").inner_text()))
    press(page, "Set it up")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("link", name="continue to the administration").click()

    expect(page).to_have_title(re.compile("^Secretariat home"))


def test_pages_of_ones_account_are_sound_at_each_width_in_both_schemes(visit, someone, at_once):
    visitor = visit(locale="en-US")
    visitor.sign_in(someone)
    page = visitor.open(address("mfa_activate_totp"))
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Go on")
    pages = ["account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"]
    pages += ["mfa_list_webauthn", "usersessions_list", "account_logout", "account_request_reauthentication_code"]

    wrong = {name: look_at_each_width_in_both_schemes(visitor, address(name), "en") for name in pages}

    assert {name: found for name, found in wrong.items() if found} == {}


def code_in(text):
    """The code stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", text, re.MULTILINE)[1]
