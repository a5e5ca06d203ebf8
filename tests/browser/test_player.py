"""The player in Chromium: nothing leaves before the click, and one click plays the right second."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Panel
from recordings.models import Recording
from tests.browser.looking import NARROW, RULES_OF_COLOUR, WIDE
from tests.make import make_caption, make_chapter, make_recording

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
STUB = "<!doctype html><title>stub</title>"
UNTIL = """
([second, paused]) => new Promise((done, late) => {
    const begun = performance.now(), look = () => {
        const video = document.querySelector("video");
        if (video && !video.seeking && Math.abs(video.currentTime - second) < 3 && video.paused === paused)
            done(video.currentTime);
        else if (performance.now() - begun > 10_000)
            late(`${video?.currentTime} s, ${video?.paused ? "paused" : "playing"}`);
        else
            requestAnimationFrame(look);
    };
    look();
})
"""  # the pages' CSP forbids the evaluation that Playwright's own waiting needs


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def elsewhere(server):
    """A recording on YouTube with chapters and a transcript. Its source begins five minutes before it."""
    panel = Panel.objects.get(slug="politicas-globales")
    recording = make_recording(YOUTUBE, panel=panel, title="Plenaria")
    recording.sources.update(offset=timedelta(minutes=5))
    make_chapter(recording, 0, "Apertura")
    make_chapter(recording, 60, "Compras públicas")
    make_caption(recording, (0, 5, "Buenos días.", "Ana"), (60, 65, "Hablamos de compras.", "Luis"), (65, 70, "Gracias.", "Luis"))
    return recording


@pytest.fixture
def sample(server, settings):
    """The demonstration's own recording, served from here."""
    settings.SITE_URL = server
    recording = Recording.objects.get(slug="muestra")
    source = recording.sources.get()
    source.url = server + urlsplit(source.url).path
    source.save()
    return recording


def reader(visit, **given):
    """A visitor who reads English, and every address that the browser asks of other sites, which answer with a stub."""
    visitor = visit(locale="en-US", **given)
    asked = []
    visitor.context.route(
        lambda url: not url.startswith(visitor.server),
        lambda route: (asked.append(route.request), route.fulfill(body=STUB, content_type="text/html")),
    )
    return visitor, asked


def plays_at(page, second):
    return page.evaluate(UNTIL, [second, False])


def stops_at(page, second):
    return page.evaluate(UNTIL, [second, True])


def test_no_other_site_is_asked_before_the_click(visit, elsewhere):
    visitor, asked = reader(visit)
    page = visitor.open(elsewhere.get_absolute_url() + "?t=90#play")

    page.locator(".player__load").hover()
    page.locator(".player__load").focus()
    page.mouse.wheel(0, 4000)
    page.wait_for_load_state("networkidle")

    assert asked == [] and visitor.problems == []
    expect(page.locator(".player__load")).to_have_attribute("href", f"{YOUTUBE}&t=390")


def test_the_click_loads_the_frame_at_the_second_and_says_only_where_from(visit, elsewhere):
    visitor, asked = reader(visit)
    page = visitor.open(elsewhere.get_absolute_url() + "?t=90,125")

    page.get_by_role("link", name="Play from 1:30").first.click()

    frame = page.locator("iframe")
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")
    expect(frame).to_have_attribute("title", "Plenaria")
    source = frame.get_attribute("src")
    assert source.startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?")
    assert {"start=390", "end=425", "autoplay=1"} <= set(urlsplit(source).query.split("&"))
    expect(frame).to_be_focused()
    assert [urlsplit(request.url).hostname for request in asked] == ["www.youtube-nocookie.com"]
    assert asked[0].headers["referer"] == f"{visitor.server}/"


def test_the_keyboard_plays_from_a_chapter(visit, elsewhere):
    visitor, _asked = reader(visit)
    page = visitor.open(elsewhere.get_absolute_url())

    page.get_by_role("link", name="1:00 Compras públicas").press("Enter")

    assert "start=360" in page.locator("iframe").get_attribute("src")
    expect(page.locator("iframe")).to_be_focused()
    expect(page.locator(".chapters [aria-current]")).to_have_text("1:00 Compras públicas")
    expect(page).to_have_url(re.compile(r"\?t=60$"))


def test_the_transcript_follows_what_the_frame_says_on_the_recordings_clock(visit, elsewhere):
    visitor, _asked = reader(visit)
    page = visitor.open(elsewhere.get_absolute_url())
    page.locator(".player__load").click()

    page.frame_locator("iframe").locator("html").evaluate(
        """() => parent.postMessage(JSON.stringify({event: "infoDelivery", info: {currentTime: 366}}), "*")"""
    )

    expect(page.locator(".transcript [aria-current]:not(a)")).to_have_text("Gracias.")
    expect(page.locator("output")).to_have_text("1:06")


def test_a_link_from_our_own_pages_plays_at_once_at_its_second(visit, sample):
    visitor, _asked = reader(visit)
    clip = sample.clips.select_related("intervention__panel__seminar").order_by("-start")[0]
    page = visitor.open(clip.intervention.panel.get_absolute_url())

    page.locator(f"#i{clip.intervention.pk}").get_by_role("link", name=re.compile("^Listen from")).click()

    plays_at(page, clip.start.total_seconds())
    expect(page).to_have_url(re.compile(r"\?t=\d+$"))
    assert visitor.problems == []


def test_a_link_from_elsewhere_waits_for_the_click(visit, sample):
    visitor, _asked = reader(visit)
    page = visitor.open(f"{sample.get_absolute_url()}?t=30#play")

    expect(page.locator("video")).to_have_count(0)
    page.get_by_role("link", name="Play from 0:30").first.click()

    plays_at(page, 30)


def test_a_file_seeks_and_the_transcript_follows_and_leads(visit, sample):
    visitor, _asked = reader(visit, reduced_motion="no-preference", viewport={"width": 1280, "height": 420})
    page = visitor.open(f"{sample.get_absolute_url()}?lang=es")
    lines = page.locator(".transcript__text span[id]")
    last = lines.last
    second = int(last.get_attribute("id")[1:])

    page.locator(".chapters a").nth(2).click()
    plays_at(page, 30)
    page.mouse.move(0, 0)
    page.evaluate("second => { document.querySelector('video').currentTime = second + .5 }", second)

    expect(last).to_have_attribute("aria-current", "true")
    expect(last).to_be_in_viewport()
    lines.first.click()
    plays_at(page, 0)
    assert page.locator("video track").evaluate_all("all => all.map(each => each.srclang)") == ["es", "en", "pt-BR"]
    assert visitor.problems == []


def test_a_range_stops_at_its_end(visit, sample):
    visitor, _asked = reader(visit)
    page = visitor.open(f"{sample.get_absolute_url()}?t=20,22")

    assert page.locator(".transcript .cited").count() > 0
    page.locator(".player__load").click()
    plays_at(page, 20)

    assert 22 <= stops_at(page, 22) < 23.5


def test_a_chosen_passage_is_copied_as_a_link_that_marks_it(visit, sample):
    visitor, _asked = reader(visit, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open(sample.get_absolute_url())
    copy = page.get_by_role("button", name="Copy the link to this passage")
    expect(copy).to_be_hidden()

    page.locator(".transcript__text li").nth(1).locator("span").first.select_text()
    copy.click()

    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{visitor.server}/g/{sample.key}\?t=\d+,\d+", link)
    arrived = visitor.open(urlsplit(link).path + "?" + urlsplit(link).query)
    expect(arrived.locator(".transcript .cited").first).to_be_visible()


def test_the_keyboard_copies_the_link_of_a_paragraph(visit, sample):
    visitor, _asked = reader(visit, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open(sample.get_absolute_url())
    mark = page.get_by_role("link", name="Link to the passage at 0:00")
    address = mark.get_attribute("href")

    mark.press("Enter")

    expect(page.get_by_role("button", name="Copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == visitor.server + address
    assert page.get_by_label("Link that does not change").input_value() == visitor.server + address


def test_another_language_is_read_at_the_present_second(visit, sample):
    visitor, _asked = reader(visit)
    page = visitor.open(sample.get_absolute_url())
    page.locator(".chapters a").nth(2).click()
    plays_at(page, 30)

    page.get_by_role("link", name=re.compile("^Portuguese")).first.click()

    plays_at(page, 30)
    expect(page.locator(".transcript p[lang]").first).to_have_attribute("lang", "pt-BR")


def test_the_link_that_does_not_change_may_begin_at_the_present_moment(visit, sample):
    visitor, _asked = reader(visit)
    page = visitor.open(f"{sample.get_absolute_url()}?t=30")

    page.get_by_label("Start at the present moment").check()
    expect(page.get_by_label("Link that does not change")).to_have_value(re.compile(r"\?t=30$"))
    page.get_by_label("Start at the present moment").uncheck()

    expect(page.get_by_label("Link that does not change")).to_have_value(f"{visitor.server}/g/{sample.key}")


def test_the_playing_page_has_no_barriers_and_fits_a_small_phone(visit, sample):
    visitor, _asked = reader(visit, color_scheme="light")
    page = visitor.open(f"{sample.get_absolute_url()}?t=20,30")

    found = visitor.barriers()
    page.locator(".player__load").click()
    plays_at(page, 20)
    for width in (WIDE, NARROW):
        visitor.resize(width)
        found += visitor.barriers()
    visitor.darken()
    for width in (NARROW, WIDE):
        visitor.resize(width)
        found += visitor.barriers(RULES_OF_COLOUR)
    visitor.resize(NARROW)

    assert (found, visitor.too_wide(), visitor.problems) == ([], 0, [])


def test_a_withdrawn_recording_has_a_sound_page(visit, sample):
    sample.withdrawn_on = sample.seminar.starts_on
    sample.save()
    visitor, _asked = reader(visit)

    visitor.open(sample.get_absolute_url(), status=410)

    assert visitor.barriers() == [] and visitor.problems == []


def test_without_javascript_the_page_is_complete(visit, elsewhere):
    visitor, asked = reader(visit, java_script_enabled=False)
    page = visitor.open(elsewhere.get_absolute_url() + "?t=60,65")

    expect(page.locator(".player__load")).to_have_attribute("href", f"{YOUTUBE}&t=360")
    expect(page.locator(".transcript__text")).to_contain_text("Hablamos de compras.")
    expect(page.locator(".cited")).to_have_text("Hablamos de compras.")
    page.get_by_role("link", name="0:00 Apertura").click()

    expect(page.locator(".player__load")).to_have_attribute("href", f"{YOUTUBE}&t=300")
    expect(page.get_by_role("button", name=re.compile("Copy"))).to_have_count(0)
    assert asked == []
    assert reverse("recording_by_key", args=[elsewhere.key]) in page.get_by_label("Link that does not change").input_value()
