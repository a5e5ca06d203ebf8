"""Hours at the seminar and where the reader is, with JavaScript and without."""

from datetime import date, datetime

import pytest
from django.utils import translation
from playwright.sync_api import expect

from tests.make import make_coming_seminar, make_membership, make_panel

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def address():
    """A seminar in Mexico City, at 18:30."""
    make_membership(country="ES")
    day = date(2027, 3, 10)
    seminar = make_coming_seminar(starts_on=day, ends_on=day, time_zone="America/Mexico_City")
    at = [datetime.fromisoformat(f"2027-03-10T{clock}-06:00") for clock in ("18:30", "19:30")]
    make_panel(seminar=seminar, held_on=day, starts_at=at[0], ends_at=at[1])
    with translation.override("en"):
        return seminar.get_absolute_url()


def hours(page):
    """What is said of the only panel: each city on a line."""
    lines = page.locator(".session__time").inner_text().splitlines()
    return " ".join(line.strip() for line in lines if line.strip())


def open_in(visit, address, zone, **given):
    return visit(locale="en-GB", timezone_id=zone, **given).open(address)


def test_the_hour_of_the_browser_stands_beside_that_of_the_seminar(visit, address):
    page = open_in(visit, address, "Europe/Madrid")

    assert hours(page) == "18:30 – 19:30 Mexico City time 01:30 – 02:30 Madrid time (next day)"
    expect(page.get_by_label("Show times of")).to_have_value("Europe/Madrid")
    page.get_by_label("Show times of").select_option("America/Mexico_City")
    assert hours(page) == "18:30 – 19:30 Mexico City time"


def test_a_zone_that_no_member_has_is_called_by_its_name(visit, address):
    page = open_in(visit, address, "Pacific/Honolulu")

    assert hours(page).startswith("18:30 – 19:30 Mexico City time 14:30 – 15:30, ")
    assert "Hawaii" in hours(page)


def test_nothing_is_said_twice_where_clocks_are_the_same(visit, address):
    assert hours(open_in(visit, address, "America/Costa_Rica")) == "18:30 – 19:30 Mexico City time"


def test_a_city_asked_for_is_shown_without_javascript_and_kept_with_it(visit, address):
    for javascript in (True, False):
        page = open_in(visit, f"{address}?zone=Europe/Madrid", "Pacific/Honolulu", java_script_enabled=javascript)
        assert hours(page) == "18:30 – 19:30 Mexico City time 01:30 – 02:30 Madrid time (next day)"
