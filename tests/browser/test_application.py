"""From the form to the invitation: an institution applies, confirms by mail, is accepted, and its contact is invited."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from members.models import Application, Invitation, Membership, Message
from tests.base.samples import PDF
from tests.desk import address

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

TYPED = {
    "institution_name": "Dirección Nacional de Economía Solidaria",
    "legal_basis": "Ley 19.848",
    "work": "Acompaña a las cooperativas y a las empresas recuperadas.",
    "reasons": "Aprender de las demás y contar lo que hacemos.",
    "contact_name": "Lucía Ñandú",
    "contact_position": "Directora",
    "contact_email": "lucia@example.org",
}


def fill_in(page, **typed):
    for name, value in (TYPED | typed).items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=country]").select_option("PA")
    page.locator("[name=letter]").set_input_files({"name": "Petición.pdf", "mimeType": "text/html", "buffer": PDF})
    page.locator("[name=agrees]").check()


def send(page):
    page.locator("form[enctype] [type=submit]").click()


def link_in(message):
    return re.search(r'class="button" href="http://[^/]+([^"]+)"', message.html)[1]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_from_the_form_to_the_invitation(visit, secretary, javascript):
    visitor, desk = visit(java_script_enabled=javascript), visit(java_script_enabled=javascript)
    with translation.override("en"):
        page = visitor.open(reverse("members:join"))
    page.get_by_role("link", name="Apply as a member").click()
    fill_in(page)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")

    link = link_in(Message.objects.get())
    visitor.open(link)
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("main")).to_contain_text("The Secretariat has received your application")

    desk.sign_in(secretary)
    application = Application.objects.get()
    with translation.override("en"):
        work = desk.open(address(application))
        work.get_by_role("link", name="Accept", exact=True).click()
        work.locator("[name=role]").select_option("titular")
        work.get_by_role("button", name="See what will happen").click()
        expect(work.locator(".guided li")).to_have_count(4)
        work.get_by_role("button", name="Accept the application").click()

    expect(work.locator(".messagelist")).to_contain_text("belongs to the Network")
    visitor.open(link)
    expect(page.get_by_role("main")).to_contain_text("Welcome: your application was accepted.")
    assert Membership.objects.get(country="PA").institution.name_es == TYPED["institution_name"]
    assert Invitation.objects.get().email == TYPED["contact_email"]
    assert visitor.problems == desk.problems == []


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(visit):
    visitor = visit(locale="en-US")

    with translation.override("en"):
        page = visitor.open(reverse("members:join-member"))
    fill_in(page, contact_email="lucia")
    send(page)

    expect(page.locator(".summary li")).to_have_count(2)
    expect(page.locator("[name=work]")).to_have_value(TYPED["work"])
    expect(page.locator(".field--error", has=page.locator("[name=letter]"))).to_contain_text("Choose the letter again")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["join", "join-member", "join-partner", "join-sent"])
def test_the_pages_are_sound_at_each_width(visit, name, scheme):
    visitor = visit(color_scheme=scheme)
    with translation.override("es"):
        visitor.open(reverse(f"members:{name}"))

    found = []
    for width in (320, 1280):
        visitor.resize(width)
        found += [f"{width}: {visitor.too_wide()} px too wide"] * bool(visitor.too_wide()) + visitor.barriers()

    assert visitor.problems + found == []
