"""Searching, in Chromium: typing and choosing, following a moment, with and without JavaScript."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from recordings.models import Recording
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_caption, make_recording

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


def address(name, *args, language="es", query=""):
    with translation.override(language):
        return reverse(name, args=args) + query


@pytest.fixture
def said(server):
    """A recording in which something is said, at a known second."""
    recording = make_recording(title="Plenaria de telares", slug="plenaria-de-telares")
    make_caption(recording, (65, 70, "la cooperativa de telares", "Ana"), (3723, 3730, "adiós"))
    return recording


def test_suggestions_are_walked_with_the_arrows_and_opened_with_enter(visit, said):
    visitor = visit()
    page = visitor.open("/es/")
    box = page.get_by_role("banner").get_by_role("combobox")

    box.press_sequentially("plenaria tel", delay=20)
    options = page.get_by_role("banner").get_by_role("option")
    expect(options.first).to_contain_text("Plenaria de telares")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")

    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert visitor.barriers() == []
    box.press("Enter")
    page.wait_for_url("**/plenaria-de-telares/")
    assert visitor.problems == []


def test_escape_shuts_the_suggestions_and_keeps_what_was_typed(visit, said):
    page = visit().open("/es/")
    box = page.get_by_role("banner").get_by_role("combobox")
    box.press_sequentially("plenaria", delay=20)
    expect(page.get_by_role("banner").get_by_role("listbox")).to_be_visible()

    box.press("Escape")

    expect(page.locator(".suggest").first).to_be_hidden()
    expect(box).to_have_value("plenaria")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_typing_asks_at_most_once_for_each_pause(visit, said):
    visitor = visit()
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "q=" in request.url else None)
    page = visitor.open("/es/")

    page.get_by_role("banner").get_by_role("combobox").press_sequentially("plenaria", delay=10)
    expect(page.get_by_role("banner").get_by_role("listbox")).to_be_visible()

    assert len(asked) == 1


@with_and_without_javascript
def test_from_the_box_to_the_second_at_which_it_was_said(visit, said, javascript):
    visitor = visit(java_script_enabled=javascript)
    page = visitor.open("/es/")

    page.get_by_role("banner").get_by_role("searchbox" if not javascript else "combobox").fill("telares")
    page.get_by_role("banner").get_by_role("search").get_by_role("button").click()
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="Plenaria de telares")).to_be_visible()
    expect(main.locator(".hits mark").first).to_have_text("telares")
    main.get_by_role("link", name=re.compile("1:05")).click()

    page.wait_for_url("**/plenaria-de-telares/?t=65#play")
    assert Recording.objects.get(slug="plenaria-de-telares") == said
    assert visitor.problems == []


@with_and_without_javascript
def test_facets_narrow_down_and_chips_take_it_back(visit, said, javascript):
    page = visit(java_script_enabled=javascript).open(address("search", query="?q=telares"))
    form = page.get_by_role("main").get_by_role("search")

    form.locator("select[name=kind]").select_option("recording")
    form.get_by_role("button").last.click()
    expect(page.locator("a.chip")).to_have_count(1)
    page.locator("a.chip").click()

    expect(page.locator("a.chip")).to_have_count(0)
    assert page.url.endswith("?q=telares" if javascript else "?q=telares&year=&language=")


PAGES = {
    "how to search": lambda: address("search"),
    "results": lambda: address("search", query="?q=telares"),
    "results, narrowed": lambda: address("search", query="?q=econom%C3%ADa&kind=panel&transcript=yes"),
    "nothing": lambda: address("search", query="?q=telers+zzzz"),
    "meant otherwise": lambda: address("search", query="?q=teleres"),
    "too long": lambda: address("search", query=f"?q={'x' * 400}"),
    "moments": lambda: address("search-moments", "plenaria-de-telares", query="?q=telares"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_search_is_sound(looker, said, name):
    assert look_at_each_width_in_both_schemes(looker, PAGES[name](), "es") == []
