"""The day itself on a phone: what is on, the way in, and a question from the one who asks to the others who want it asked."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from events.models import Attendance, InterpretationChannel, JoinLink, PanelQuestion, Stream
from events.models.registrations import SIGNER
from rifess.base.models import Language
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_coming_seminar, make_panel, make_registration

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PHONE = {"width": 375, "height": 700}
ROOM = "https://sala.example/j/1"


@pytest.fixture
def seminar():
    """Its only panel began ten minutes ago; another one follows."""
    begun = timezone.now() - timedelta(minutes=10)
    day = timezone.localdate(begun, timezone.get_fixed_timezone(-360))
    seminar = make_coming_seminar(title="Seminario en curso", starts_on=day, ends_on=day, time_zone="America/Mexico_City")
    for title, begins in [("Mesa en curso", begun), ("Mesa siguiente", begun + timedelta(hours=1))]:
        make_panel(seminar=seminar, title=title, held_on=day, starts_at=begins, ends_at=begins + timedelta(hours=1))
    JoinLink.objects.create(seminar=seminar, join_url=ROOM, counts_attendance=True)
    Stream.objects.create(seminar=seminar, url="https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    InterpretationChannel.objects.create(seminar=seminar, language=Language.objects.get(code="pt-BR"), note_es="Canal 2")
    return seminar


def own(registration, name="registration-now", language="en"):
    with translation.override(language):
        return reverse(f"events:{name}", args=[SIGNER.sign(registration.code)])


def public(seminar, language="en"):
    with translation.override(language):
        return reverse("events:now", args=[seminar.slug])


def desk_of(seminar):
    with translation.override("en"):
        return reverse("admin:events_takingpart_questions", args=[seminar.pk])


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_a_question_is_asked_shown_wanted_by_another_and_answered(visit, seminar, secretary, javascript):
    how = {"locale": "en-US", "viewport": PHONE, "java_script_enabled": javascript}
    ana, luis, desk = visit(**how), visit(**how), visit(**how)
    first, second = make_registration(seminar, name="Ana Núñez"), make_registration(seminar, name="Luis Ávila")

    page = ana.open(own(first))
    page.get_by_label("Your question").fill("¿Cómo se financia?")
    page.get_by_label("Show my name beside it").check()
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator("#questions")).to_contain_text("The Secretariat has not reviewed it yet")

    desk.sign_in(secretary)
    moderating = desk.open(desk_of(seminar))
    assert desk.too_wide() <= 0
    moderating.get_by_role("button", name="Show", exact=True).click()
    caches["pages"].clear()  # the seconds go by

    page = luis.open(own(second))
    expect(page.locator("#questions")).to_contain_text("Ana Núñez")
    page.get_by_role("button", name="I want it asked too").click()
    expect(page.locator("#questions")).to_contain_text("You want it asked too")

    moderating.reload()
    expect(moderating.locator("#content-main")).to_contain_text("1 vote")
    moderating.get_by_role("button", name="Answered").click()
    question = PanelQuestion.objects.get()
    assert (question.state, question.votes, question.moderated_by) == ("answered", 1, secretary)
    assert [*ana.problems, *luis.problems, *desk.problems] == []


@pytest.mark.whole_chromium("answers in place of a site to which a form leads")
def test_the_button_leads_into_the_meeting_and_notes_that_they_came(visit, seminar):
    visitor, registration = visit(locale="en-US", viewport=PHONE), make_registration(seminar)
    came_from = []

    def room(route):
        came_from.append(route.request.headers.get("referer"))
        route.fulfill(body="The room")

    visitor.page.route(f"{ROOM}**", room)
    page = visitor.open(own(registration))
    page.get_by_role("button", name="Join").click()

    page.wait_for_url(ROOM)
    assert came_from == [None]
    assert Attendance.objects.get().registration == registration


def test_what_is_on_changes_by_itself_and_leaves_what_is_typed_alone(visit, seminar):
    visitor, registration = visit(locale="en-US"), make_registration(seminar)
    visitor.page.clock.install()
    page = visitor.open(own(registration))
    page.get_by_label("Your question").fill("Escribo mientras")
    seminar.panels.filter(title_es="Mesa en curso").update(title_es="Mesa cambiada")
    caches["pages"].clear()  # the seconds go by

    page.clock.run_for(60_000)

    expect(page.get_by_role("link", name="Mesa cambiada")).to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("Mesa cambiada")
    expect(page.get_by_label("Your question")).to_have_value("Escribo mientras")
    expect(page.get_by_label("Your question")).to_be_focused()
    assert visitor.problems == []


def test_the_pages_of_the_day_are_sound_at_each_width_in_both_schemes(visit, seminar):
    visitor = visit()
    registration, other = make_registration(seminar), make_registration(seminar)
    given = {"seminar": seminar, "language": "es", "text": "¿Cómo se financia?"}
    for state, asked_by in [("approved", other), ("answered", other), ("waiting", registration), ("approved", registration)]:
        PanelQuestion.objects.create(**given, state=state, registration=asked_by)

    pages = (public(seminar, "es"), own(registration, language="es"), own(registration, "registration-join", "es"))
    wrong = {page: look_at_each_width_in_both_schemes(visitor, page, "es") for page in pages}

    assert {page: found for page, found in wrong.items() if found} == {}


def test_the_page_of_whoever_moderates_is_sound_on_a_phone(visit, seminar, secretary):
    visitor = visit(viewport=PHONE)
    visitor.sign_in(secretary)
    for state in ("waiting", "approved", "answered", "declined"):
        PanelQuestion.objects.create(
            seminar=seminar, language="es", text="¿Cómo se financia?", state=state, registration=make_registration(seminar)
        )

    visitor.open(desk_of(seminar))

    assert [*visitor.barriers(), *visitor.problems] == [] and visitor.too_wide() <= 0
