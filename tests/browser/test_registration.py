"""Registering on a phone: from the seminar's page to “look at your mail”, and from the mail to a seat."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import AttendanceForm, Registration, Seats
from members.outbox import delivery
from rifess.base.models import Language
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_coming_seminar, make_question, make_registration
from tests.members.smtp import MailServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PHONE = {"width": 375, "height": 700}
ANA = {"name": "Ana Łukasz Ñandú", "email": "ana@example.org"}


@pytest.fixture
def seminar():
    """One may attend it from afar or in person; it is interpreted, and asks a question."""
    seminar = make_coming_seminar(capacity=50, title="Seminario de la economía social", place_es="Montevideo")
    Seats.objects.create(seminar=seminar, form=AttendanceForm.IN_PERSON, capacity=20)
    seminar.languages.add(Language.objects.get(code="es"))
    seminar.interpreted_languages.add(Language.objects.get(code="pt-BR"))
    make_question(seminar, "Compras públicas", "Finanzas solidarias", kind="several", text_es="¿Qué le interesa?")
    return seminar


@pytest.fixture
def mail():
    with MailServer() as server, override_settings(MAILERS=server.mailer()):
        yield server


def address(row):
    with translation.override("en"):
        return row.get_absolute_url()


def form_of(seminar, language="en"):
    with translation.override(language):
        return reverse("events:register", args=[seminar.slug])


def fill_in(page, **typed):
    for name, value in (ANA | typed).items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=form][value=virtual]").check()
    page.locator("[name=country]").select_option("UY")
    page.locator("[name=sector]").select_option("academia")
    page.locator("[name=agrees]").check()


def send(page):
    page.get_by_role("button", name="Send the registration").click()


def link_in(message):
    """The address behind the button of a message that arrived."""
    html = message.get_body(preferencelist=("html",)).get_content()
    return re.search(r'class="button" href="http://[^/]+([^"]+)"', html)[1]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_from_the_seminar_to_a_reserved_seat(visit, seminar, mail, javascript):
    visitor = visit(locale="en-US", viewport=PHONE, java_script_enabled=javascript)
    page = visitor.open(address(seminar))

    page.get_by_role("main").get_by_role("link", name="Register", exact=True).first.click()
    required = page.locator(".field").filter(has_not_text="(optional)").filter(has=page.locator("input, select, textarea"))
    assert required.count() <= 6
    fill_in(page)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    assert ANA["email"] not in page.url

    delivery.send_due()
    visitor.open(link_in(mail.got[0]))
    page.get_by_role("button", name="Confirm my registration").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your place is reserved")
    expect(page.get_by_role("main")).to_contain_text(Registration.objects.get().code)
    delivery.send_due()
    assert [message["To"].addresses[0].addr_spec for message in mail.got] == [ANA["email"]] * 2
    assert visitor.problems == []


def test_the_keyboard_alone_registers(visit, seminar):
    visitor = visit(locale="en-US", viewport=PHONE)
    page = visitor.open(form_of(seminar))
    typed = {"name": ANA["name"], "email": ANA["email"], "country": "Uru", "sector": "univ"}

    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.type")
        if name in ("form", "agrees"):
            page.keyboard.press("Space")
        elif name in typed:
            page.keyboard.type(typed[name])
        elif name == "submit" and page.evaluate("document.activeElement.closest('form.form') !== null"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    registration = Registration.objects.get()
    assert (registration.name, registration.country, registration.sector) == (ANA["name"], "UY", "academia")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(visit, seminar, javascript):
    visitor = visit(locale="en-US", viewport=PHONE, java_script_enabled=javascript)
    page = visitor.open(form_of(seminar))
    fill_in(page, email="ana@example", institution_name="Cooperativa Łódź")
    page.locator("[name=agrees]").uncheck()
    page.get_by_label("Finanzas solidarias").check()

    send(page)

    expect(page.locator(".summary li")).to_have_count(2)
    expect(page.locator(".field--error", has=page.locator("[name=email]"))).to_contain_text("Enter the whole address")
    expect(page.locator(".field--error", has=page.locator("[name=agrees]"))).to_contain_text("Please accept the notice")
    for name, value in {"name": ANA["name"], "email": "ana@example", "institution_name": "Cooperativa Łódź"}.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    expect(page.locator("[name=country]")).to_have_value("UY")
    expect(page.get_by_label("Finanzas solidarias")).to_be_checked()
    expect(page.locator("[name=form][value=virtual]")).to_be_checked()
    assert page.title().startswith("Error:")


def places_of(seminar):
    """Every page of registering, by what it shows."""
    mine = [make_registration(seminar, state=state) for state in ("unconfirmed", "confirmed")]
    with translation.override("es"):
        signed = mine[1].get_absolute_url().split("/")[-2]
        return {
            "the seminar": seminar.get_absolute_url(),
            "the form": form_of(seminar, "es"),
            "sent": reverse("events:register-sent", args=[seminar.slug]),
            **{each.state: each.get_absolute_url() for each in mine},
            "to change": reverse("events:registration-change", args=[signed]),
            "to cancel": reverse("events:registration-cancel", args=[signed]),
        }


def test_the_pages_are_sound_at_each_width_in_both_schemes(visit, seminar):
    visitor = visit()

    wrong = {name: look_at_each_width_in_both_schemes(visitor, path, "es") for name, path in places_of(seminar).items()}

    assert {name: found for name, found in wrong.items() if found} == {}
