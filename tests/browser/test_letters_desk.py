"""Letters at the desk: one is written, looked at in three languages and tried; a mailing is looked at and goes."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import LetterTold, Mailing, SeminarLetter
from members.models import Message
from tests.browser.looking import RULES_OF_COLOUR, overflow
from tests.make import make_coming_seminar, make_registration

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


def address(name, *args):
    with translation.override("en"):
        return reverse(f"admin:events_{name}", args=args)


def barriers(window, name):
    """What is wrong with the page shown, on a telephone and in either scheme."""
    found = [*overflow(window, 375), *window.barriers(), *window.problems]
    look_at(window, f"{name}-375")
    window.darken()
    found += window.barriers(RULES_OF_COLOUR)
    window.resize(1280)
    look_at(window, f"{name}-1280-dark")
    window.darken("light")
    return found


def look_at(window, name):
    if folder := os.environ.get("LOOK"):
        window.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_letter_is_written_looked_at_and_tried_without_javascript(visit, secretary, server):
    seminar = make_coming_seminar(title="Políticas públicas para la economía social")
    window = visit(locale="en-US", java_script_enabled=False)
    window.sign_in(secretary)
    page = window.open(address("takingpart_letters", seminar.pk))

    page.get_by_role("link", name="On the waiting list").click()
    page.get_by_label("Subject [es]").fill("Está en la lista de {seminar}")
    page.get_by_role("button", name="See it in three languages").click()
    frame = page.frame_locator("iframe").first
    expect(frame.get_by_role("heading", name="Está en la lista de Políticas públicas")).to_be_visible()
    width = frame.locator("table.card").first.bounding_box()["width"]
    page.get_by_role("button", name="Send a test in Spanish").click()
    expect(page.get_by_text("A test goes to")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The letter is kept")).to_be_visible()

    assert width == 560  # the message has its own styles
    assert SeminarLetter.objects.get().subject_es == "Está en la lista de {seminar}"
    assert Message.objects.get(kind="letter-test").to == secretary.email
    assert not LetterTold.objects.exists()


@pytest.mark.whole_chromium("the shell warns of messages that axe sends to the sandboxed previews")
def test_a_mailing_is_looked_at_and_goes(visit, secretary, server):
    seminar = make_coming_seminar(title="Políticas públicas para la economía social")
    make_registration(seminar, name="Ana Núñez"), make_registration(seminar, language="pt-br")
    mailing = Mailing.objects.create(seminar=seminar, subject_es="Material de {seminar}", text_es="Hola, {name}.")
    window = visit(locale="en-US")
    window.sign_in(secretary)

    page = window.open(address("takingpart_letter", seminar.pk, "confirmed"))
    found = barriers(window, "letter")
    window.open(address("mailing_preview", mailing.pk))
    found += barriers(window, "preview")
    page.get_by_role("button", name="Go on to send it").click()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("link", name="Ana Núñez")).to_be_visible()
    found += barriers(window, "log")

    assert found == []
    assert Mailing.objects.get().recipients == 2
