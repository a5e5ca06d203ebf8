"""What people come for, walked from the home page, with and without JavaScript."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Seminar
from members.models import Enquiry, Message

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

SEMINAR = "seminario-iberoamericano-2024"
with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


@pytest.fixture
def walker(visit, javascript):
    """A visitor who reads English."""
    return visit(locale="en-US", java_script_enabled=javascript)


def address(name, *args, language="en"):
    with translation.override(language):
        return reverse(name, args=args)


@with_and_without_javascript
def test_the_programme_of_2024_is_two_clicks_from_home(walker):
    seminar = Seminar.objects.get(slug=SEMINAR)
    page = walker.open("/en/")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Seminars", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=seminar.title_en, exact=True).click()

    main = page.get_by_role("main")
    for words in ("2024", "Felipe Correa", "Chantal Line Carpentier", "Héctor Dada Sánchez", "José Ariza"):
        expect(main).to_contain_text(words)
    assert walker.problems == []


@with_and_without_javascript
def test_a_visitor_goes_from_home_to_a_panel_and_its_recording(walker):
    seminar = Seminar.objects.get(slug=SEMINAR)
    page = walker.open("/en/")

    page.get_by_role("main").get_by_role("link", name=seminar.title_en).first.click()
    page.get_by_role("main").get_by_role("link", name=seminar.panels.get(slug="politicas-globales").title_en).first.click()
    page.get_by_role("main").get_by_role("link", name="Con enlace").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Con enlace")
    expect(page.locator(".player__load")).to_have_attribute("href", re.compile("youtube.com/watch"))
    assert walker.problems == []


def test_a_recording_asks_its_site_for_nothing_before_the_click(visit):
    visitor = visit(locale="en-US")
    visitor.context.route(re.compile("youtube"), lambda route: route.fulfill(body="the player"))
    page = visitor.open(address("recordings:recording", "con-enlace"))
    before = list(visitor.problems)

    page.locator(".player__load").click()

    assert before == []
    expect(page.frame_locator(".player iframe").locator("body")).to_have_text("the player")
    assert not [problem for problem in visitor.problems if "youtube-nocookie" not in problem]


@with_and_without_javascript
def test_a_visitor_narrows_the_seminars(walker):
    page = walker.open(address("events:seminars"))
    rows = page.locator("#results .rows > li")
    expect(rows.filter(has_text="Framework Conference")).to_have_count(1)

    page.get_by_role("main").locator("[name=q]").fill("Carpentier")
    page.get_by_role("main").get_by_role("button", name="Filter").click()

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("2024")
    expect(page).to_have_url(re.compile(r"q=Carpentier"))
    page.locator("#results .chip").click()
    expect(rows.filter(has_text="Framework Conference")).to_have_count(1)
    assert walker.problems == []


@with_and_without_javascript
def test_on_a_phone_the_filters_are_folded_until_one_is_in_use(walker):
    walker.resize(375)
    page = walker.open(address("recordings:recordings"))
    language = page.get_by_label("Language", exact=True).and_(page.locator("select"))
    expect(language).to_be_hidden()

    page.get_by_text("More filters").click()
    language.select_option("es")
    page.get_by_role("main").get_by_role("button", name="Filter").click()

    expect(page).to_have_url(re.compile(r"language=es"))
    page.reload()
    expect(language).to_be_visible()
    assert walker.problems == []


@with_and_without_javascript
def test_on_a_wide_screen_nothing_is_folded(walker):
    page = walker.open(address("recordings:recordings"))

    expect(page.get_by_label("Language", exact=True).and_(page.locator("select"))).to_be_visible()
    expect(page.get_by_text("More filters")).to_be_hidden()


@with_and_without_javascript
def test_changing_the_language_keeps_the_page_and_its_filters(walker):
    page = walker.open(address("events:seminars") + "?q=social")

    page.get_by_role("navigation", name="Language").get_by_role("link", name="PT").click()

    expect(page).to_have_url(walker.server + address("events:seminars", language="pt-br") + "?q=social")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("pt-br", re.IGNORECASE))
    expect(page.get_by_role("main").locator("[name=q]")).to_have_value("social")
    assert walker.problems == []


@with_and_without_javascript
def test_a_visitor_writes_to_the_secretariat(walker):
    page = walker.open(address("contact"))

    page.locator("[name=name]").fill("Ana Pérez")
    page.locator("[name=email]").fill("ana@example.org")
    page.locator("[name=text]").fill("¿Dónde están las grabaciones?")
    page.get_by_role("main").get_by_role("button", name="Send").click()

    expect(page).to_have_url(walker.server + address("contact-thanks"))
    assert list(Enquiry.objects.values_list("name", "text")) == [("Ana Pérez", "¿Dónde están las grabaciones?")]
    assert list(Message.objects.values_list("reply_to", flat=True)) == ["ana@example.org"]
    assert walker.problems == []


@with_and_without_javascript
def test_a_message_left_half_written_comes_back_with_what_was_typed(walker):
    page = walker.open(address("contact"))

    page.locator("[name=name]").fill("Ana Pérez")
    page.get_by_role("main").get_by_role("button", name="Send").click()

    expect(page.get_by_role("main")).to_contain_text("Enter your message.")
    expect(page.locator("[name=name]")).to_have_value("Ana Pérez")
    assert list(Enquiry.objects.all()) == []
    assert walker.problems == []


@with_and_without_javascript
def test_the_secretariat_types_a_seminar_and_publishes_it(visit, walker, secretary, javascript):
    visitor = visit(locale="en-US")
    walker.sign_in(secretary)
    page = walker.open(address("admin:index"))

    page.get_by_role("link", name="Add a seminar").first.click()
    page.locator("[name=title_es]").fill("Seminario de prueba")
    page.locator("[name=title_en]").fill("A seminar typed by hand")
    page.locator("[name=starts_on]").fill("2027-03-04")
    if javascript:
        page.locator("#panels-group .add-row a").click()
        page.locator("[name=panels-0-title_es]").fill("Panel de prueba")
    page.locator("[name=_continue]").click()
    if not javascript:
        page.get_by_role("link", name="Add a panel").click()
        page.locator("[name=title_es]").fill("Panel de prueba")
        page.locator("[name=_save]").click()
    seminar = Seminar.objects.get(title_es="Seminario de prueba")

    assert [panel.title_es for panel in seminar.panels.all()] == ["Panel de prueba"]
    visitor.open(address("events:seminar", seminar.slug), status=404)

    page = walker.open(address("admin:events_seminar_change", seminar.pk))
    page.locator(".actions select").select_option("publish")
    page.locator(".actions button").click()

    expect(page.locator(".messagelist")).to_contain_text("published")
    public = visitor.open(address("events:seminar", seminar.slug))
    expect(public.get_by_role("main")).to_contain_text("Panel de prueba")
    assert walker.problems + visitor.problems == []
