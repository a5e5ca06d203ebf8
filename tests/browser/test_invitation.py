"""From the message to the desk: an invited person opens an account, with a password and a passkey."""

import re

import pytest
from django.utils import translation
from playwright.sync_api import expect

from members.invitations import invite, revoke
from members.models import Invitation, InvitedAs, Message, User
from members.outbox import delivery
from tests.make import make_institution, make_membership, make_person
from tests.members.smtp import MailServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PASSWORD = "tres gatos cruzan el puente"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def make_invitation(**given):
    seat = make_membership(
        category="observer", institution=make_institution(name="Confederación de Empresas de la Economía Social")
    )
    given = {"membership": seat, "role": InvitedAs.TITULAR} | given
    return invite(Invitation(email="ana@example.org", person=make_person(name="Ana Ñandú"), **given), by=None)


def mailed(settings):
    """The last message of the outbox as it arrives, from a mail server."""
    with MailServer() as mail_server:
        settings.MAILERS = mail_server.mailer()
        delivery.attempt(Message.objects.latest("pk").pk)
        return mail_server.got[0]


def link_in(mail):
    return re.search(r'class="button" href="http://[^/]+([^"]+)"', mail.get_body(["html"]).get_content())[1]


def with_authenticator(visitor):
    """A window whose device can keep passkeys and knows its owner."""
    cdp = visitor.context.new_cdp_session(visitor.page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return visitor


def test_from_the_message_to_the_desk_with_a_password_and_a_passkey(visit, settings):
    make_invitation(language="en")
    visitor = with_authenticator(visit(locale="en-US"))

    page = visitor.open(link_in(mailed(settings)))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Confederación de Empresas de la Economía Social")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    main.get_by_role("button", name="Accept and open my account").click()

    main.get_by_role("link", name="Add a passkey").click()
    main.get_by_role("button", name="Add a passkey").click()
    main.get_by_role("link", name="I have saved them: continue to my delegation").click()

    with translation.override("en"):
        expect(page).to_have_url(re.compile(r"/en/delegation/$"))
    expect(main).to_contain_text("Confederación de Empresas de la Economía Social")
    assert User.objects.get(email="ana@example.org").authenticator_set.filter(type="webauthn").count() == 1
    assert visitor.problems == []


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_without_a_password_one_may_add_a_passkey_later(visit, settings, javascript):
    make_invitation(language="en")
    visitor = visit(locale="en-US", java_script_enabled=javascript)

    page = visitor.open(link_in(mailed(settings)))
    main = page.get_by_role("main")
    page.get_by_label("Without a password").check()
    main.get_by_role("button", name="Accept and open my account").click()
    main.get_by_role("link", name="Later: go to my delegation").click()

    expect(page).to_have_url(re.compile(r"/en/delegation/$"))
    assert not User.objects.get(email="ana@example.org").has_usable_password()
    assert visitor.problems == []


def test_who_is_invited_to_the_secretariat_is_led_to_a_second_factor(visit, settings):
    make_invitation(language="en", role=InvitedAs.SECRETARIAT, membership=None)
    visitor = with_authenticator(visit(locale="en-US"))

    page = visitor.open(link_in(mailed(settings)))
    main = page.get_by_role("main")
    page.get_by_label("Without a password").check()
    main.get_by_role("button", name="Accept and open my account").click()
    main.get_by_role("link", name="Add a passkey").click()
    main.get_by_role("button", name="Add a passkey").click()
    main.get_by_role("link", name="continue to the administration").click()

    expect(page).to_have_url(re.compile(r"/en/admin/$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_an_invitation_have_no_barriers(visit, settings, scheme):
    """A new one, one typed wrongly, and one taken back, on a telephone too."""
    invitation = make_invitation()
    path = link_in(mailed(settings))
    visitor = visit(color_scheme=scheme)

    page = visitor.open(path)
    assert visitor.barriers() == []
    page.get_by_role("main").locator("button[type=submit]").click()
    assert visitor.barriers() == []
    visitor.resize(320)
    assert visitor.too_wide() == 0

    revoke(invitation, by=None)
    visitor.open(path, status=410)
    assert visitor.barriers() == []
    assert visitor.too_wide() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_message_is_read_in_both_schemes_on_any_screen(visit, settings, scheme, width):
    make_invitation()
    html = mailed(settings).get_body(["html"]).get_content()
    visitor = visit(color_scheme=scheme)
    visitor.resize(width)

    visitor.page.set_content(html)

    assert visitor.too_wide() == 0
    assert [barrier for barrier in visitor.barriers() if "color-contrast" in barrier] == []
    assert visitor.problems == []
