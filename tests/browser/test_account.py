"""Coming in and going out. Nobody opens an account alone."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from members.models import User
from tests.make import make_user

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
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(head.get_by_role("link", name="Sign out")).to_be_visible()

    head.get_by_role("link", name="Sign out").click()
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    expect(head.get_by_role("link", name="Sign in")).to_be_visible()
    assert walker.problems == []


@with_and_without_javascript
def test_a_wrong_password_is_said_and_lets_nobody_in(walker, someone):
    page = walker.open(address("account_login"))

    page.locator("[name=login]").fill(someone.email)
    page.locator("[name=password]").fill("otra")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("main")).to_contain_text("not correct")
    expect(page).to_have_title(re.compile("^Error"))
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    assert walker.problems == []


@with_and_without_javascript
def test_a_code_sent_by_mail_lets_its_reader_in(walker, someone):
    page = walker.open(address("account_login"))

    page.get_by_role("link", name="Send me a code by e-mail").click()
    page.locator("main [name=email]").fill(someone.email)
    page.get_by_role("main").get_by_role("button").first.click()
    page.locator("[name=code]").fill(code_in(mail.outbox[0].body))
    page.get_by_role("main").get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("banner").get_by_role("link", name="Sign out")).to_be_visible()
    assert walker.problems == []


def test_an_unknown_address_gets_the_same_answer_and_no_mail(visit):
    page = visit(locale="en-US").open(address("account_request_login_code"))

    page.locator("main [name=email]").fill("nadie@example.org")
    page.get_by_role("main").get_by_role("button").first.click()

    expect(page.locator("[name=code]")).to_be_visible()
    assert mail.outbox == []


def test_nobody_is_invited_to_sign_up(visit):
    visitor = visit(locale="en-US")

    page = visitor.open(address("account_login"))
    assert page.locator(f"a[href^='{address('account_signup')}']").count() == 0

    page = visitor.open(address("account_signup"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Accounts are by invitation")
    assert page.locator("main form").count() == 0
    assert list(User.objects.filter(is_staff=False, email__startswith="nadie")) == []


def code_in(text):
    """The code stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", text, re.MULTILINE)[1]
