"""Attendance at the desk: receiving people with a telephone, with and without a connection; looking at a platform's list."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.attendance import qr_codes
from events.models import Attendance, AttendanceForm, AttendanceSource
from tests.browser.looking import RULES_OF_COLOUR
from tests.make import make_coming_seminar, make_registration

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

LIST = """Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ana Núñez,ana@example.org,{day} 09:00:00 AM,{day} 10:00:00 AM,60,Yes
"Quiroga, Benita de los Ángeles",,{day} 09:00:00 AM,{day} 10:00:00 AM,60,Yes
iPhone de Zoe,,{day} 09:00:00 AM,{day} 09:05:00 AM,5,Yes
"""
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError') }})"


@pytest.fixture
def seminar(server):
    seminar = make_coming_seminar(days=0, form=AttendanceForm.IN_PERSON, title="Políticas públicas para la economía social")
    given = {"institution_name": "Ministerio de Desarrollo Productivo y Economía Plural", "form": AttendanceForm.IN_PERSON}
    make_registration(seminar, name="Ana Núñez", email="ana@example.org", needs="Silla de ruedas", **given)
    make_registration(seminar, name="Benita de los Ángeles Quiroga", email="benita@example.org", **given)
    return seminar


def address(name, *args):
    with translation.override("en"):
        return reverse(f"admin:events_takingpart_{name}", args=args)


def sound(window, name):
    """Whether the page has no barrier in either scheme, says nothing in the console and fits a telephone."""
    window.resize(375)
    found = [*window.barriers(), *window.problems, *(["too wide"] if window.too_wide() else [])]
    look_at(window, name, 375, "light")
    window.darken()
    found += window.barriers(RULES_OF_COLOUR)
    look_at(window, name, 1280, "dark")
    window.darken("light")
    return found == [] or found


def look_at(window, name, width, scheme):
    if folder := os.environ.get("LOOK"):
        window.resize(width)
        window.page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)


def test_a_tap_lets_in_with_and_without_a_connection(visit, secretary, seminar):
    window = visit(locale="en-US")
    window.sign_in(secretary)
    page = window.open(address("door", seminar.pk))
    assert sound(window, "door")

    page.get_by_role("button", name="Let in Ana Núñez").click()
    expect(page.get_by_role("status")).to_have_text("Ana Núñez is in.")
    window.context.set_offline(True)
    page.get_by_role("button", name="Let in Benita").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    kept = page.evaluate("JSON.stringify({...localStorage})")
    window.context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("Benita de los Ángeles Quiroga is in.")

    assert "Benita" not in kept
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('taps')).length") == 0
    assert Attendance.objects.filter(source=AttendanceSource.DOOR).count() == 2


def test_tap_without_a_connection_waits_where_the_browser_refuses_storage(visit, secretary, seminar):
    window = visit(locale="en-US")
    window.sign_in(secretary)
    window.page.add_init_script(NO_STORAGE)
    page = window.open(address("door", seminar.pk))

    window.context.set_offline(True)
    for name in ("Ana", "Benita"):
        page.get_by_role("button", name=f"Let in {name}").click()
        expect(page.get_by_role("status")).to_contain_text("No connection")
    window.context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("Benita de los Ángeles Quiroga is in.")

    assert Attendance.objects.filter(source=AttendanceSource.DOOR).count() == 2


def test_a_code_shown_leads_to_the_person_and_one_tap_lets_in_without_javascript(visit, secretary, seminar):
    window = visit(locale="en-US", java_script_enabled=False)
    window.sign_in(secretary)
    person = seminar.registrations.get(name="Ana Núñez")

    page = window.open(f"/puerta/{qr_codes.signed(person)}/")
    page.get_by_role("button", name="Let in Ana Núñez").click()

    expect(page.get_by_text("Ana Núñez is in.")).to_be_visible()
    assert Attendance.objects.get().registration == person


def test_a_list_is_brought_looked_at_and_written(visit, secretary, seminar):
    window = visit(locale="en-US")
    window.sign_in(secretary)
    page = window.open(address("platform_lists", seminar.pk))
    assert sound(window, "lists")
    data = LIST.format(day=seminar.starts_on.strftime("%m/%d/%Y")).encode()

    page.get_by_label("File").set_input_files({"name": "participants.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("main")).to_contain_text("1 is not sure")
    assert sound(window, "list")
    page.get_by_role("group", name="Quiroga, Benita").get_by_label("the same names in another order").check()
    page.get_by_role("button", name="Keep the decisions").click()
    page.get_by_role("button", name="Record the attendance").click()

    expect(page.get_by_role("main")).to_contain_text("People who did not register have been removed")
    assert sound(window, "written")
    assert Attendance.objects.filter(source=AttendanceSource.PLATFORM).count() == 2
