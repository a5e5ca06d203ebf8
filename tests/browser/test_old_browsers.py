"""What a browser lacks or refuses takes nothing else away."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.models import Seminar
from tests.browser.test_every_page import SAMPLE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

POOR = """
const Real = Intl.DateTimeFormat;
Intl.DateTimeFormat = function (locales, options) {
  if (options?.timeZoneName === "longGeneric") throw new RangeError("Value longGeneric out of range");
  return new Real(locales, options);
};
Object.defineProperty(navigator, "clipboard", { value: undefined });
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });
window.print = () => { window.printed = true; };
"""


@pytest.fixture
def poor(visit):
    visitor = visit(locale="en-GB", timezone_id="Pacific/Honolulu")
    visitor.page.add_init_script(POOR)
    return visitor


def test_without_names_of_zones_the_hours_the_zones_and_the_printing_of_a_programme_work(poor):
    with translation.override("en"):
        page = poor.open(Seminar.objects.upcoming().get(is_demonstration=True).get_absolute_url())

    hours = page.locator(".session__time").first
    assert "Hawaii" in hours.inner_text()
    page.get_by_label("Show times of").select_option("Europe/Madrid")
    assert "Madrid time" in hours.inner_text()
    page.locator("[data-print]").click()
    assert page.evaluate("window.printed") is True
    expect(page.locator("[data-copy]:visible")).to_have_count(0)
    assert poor.problems == []


def test_without_storage_and_clipboard_a_recording_and_the_languages_work(poor):
    with translation.override("en"):
        page = poor.open(reverse("recordings:recording", args=[SAMPLE]))

    expect(page.locator("[data-copy]:visible")).to_have_count(0)
    assert poor.problems == []
    page.locator('.langs a[lang="es"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert poor.problems == []


def test_a_copy_that_the_browser_refuses_is_selected_to_be_copied_by_hand(visit):
    visitor = visit(locale="en-GB")
    visitor.page.add_init_script(
        'navigator.clipboard.writeText = async () => { throw new DOMException("no", "NotAllowedError"); };'
    )
    with translation.override("en"):
        page = visitor.open(reverse("recordings:recording", args=[SAMPLE]))

    page.locator('[data-copy="#permanent"]').last.click()

    assert page.evaluate("getSelection().toString()") == page.locator("#permanent").input_value()
    assert visitor.problems == []
