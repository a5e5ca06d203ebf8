"""The survey after a seminar, on a phone and with the keyboard alone; what it came to, at the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Survey, SurveyResponse
from events.surveys.responses import address_of, answer
from rifess.base.dates import today_in_the_network
from rifess.base.models import Language
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_registration, make_seminar

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PHONE = {"width": 375, "height": 700}


@pytest.fixture
def seminar():
    day = today_in_the_network() - timedelta(days=3)
    seminar = make_seminar(title="Seminario de la economía social", starts_on=day, ends_on=day)
    seminar.interpreted_languages.add(Language.objects.get(code="pt-BR"))
    Survey.objects.create(seminar=seminar, closes_on=today_in_the_network() + timedelta(days=9))
    return seminar


def page_of(registration, language="en"):
    with translation.override(language):
        return address_of(registration)


def test_the_keyboard_alone_answers_and_leaves_questions_out(visit, seminar):
    registration = make_registration(seminar)
    visitor = visit(locale="en-US", viewport=PHONE)
    with translation.override("en"):
        page = visitor.open(registration.get_absolute_url())
    page.get_by_role("link", name="Answer the survey").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/survey/")

    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.type")
        if name == "contents":
            page.keyboard.press("ArrowLeft")  # from "no answer" to the best mark
        elif name == "liked":
            page.keyboard.type("Los ejemplos")
        elif name == "submit" and page.evaluate("document.activeElement.closest('form.form') !== null"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your answer")
    kept = SurveyResponse.objects.get()
    assert (kept.contents, kept.usefulness, kept.liked, visitor.problems) == (5, None, "Los ejemplos", [])


def test_without_javascript_an_empty_answer_is_sent_back_and_a_mark_is_enough(visit, seminar):
    visitor = visit(locale="en-US", viewport=PHONE, java_script_enabled=False)
    page = visitor.open(page_of(make_registration(seminar)))

    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator(".summary")).to_contain_text("Answer at least one question")
    page.get_by_role("group", name="The organization").get_by_label("4").check()
    page.get_by_role("button", name="Send my answer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your answer")
    assert SurveyResponse.objects.get().organization == 4


def test_the_pages_are_sound_at_each_width_in_both_schemes(looker, seminar, secretary):
    registrations = [make_registration(seminar) for _ in range(4)]
    for registration in registrations[1:]:
        answer(registration, contents=4, liked="Los ejemplos")
    looker.sign_in(secretary)
    pages = {"to answer": page_of(registrations[0], "es"), "answered": page_of(registrations[1], "es")}
    with translation.override("es"):
        pages["results"] = reverse("admin:events_takingpart_survey", args=[seminar.pk])
    found = {}

    for name, path in pages.items():
        looker.darken("light")
        found[name] = look_at_each_width_in_both_schemes(looker, path, "es")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
