"""Memberships, mandates and coordination as bars."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from members.timeline import WIDTH, timeline
from tests.make import make_delegate, make_editor, make_membership, make_person, make_secretary, make_term

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_the_line_runs_from_the_first_known_year_to_this_one():
    make_membership(joined_on=date(2024, 6, 1))

    line = timeline(TODAY)

    assert [each["year"] for each in line["years"]] == [2024, 2025]
    assert line["today"] == round((365 + 1 + 181) / 731 * WIDTH)


def test_a_period_is_as_long_as_its_days_and_said_in_words():
    make_membership(joined_on=date(2024, 1, 1), left_on=date(2025, 1, 1))

    bar = timeline(TODAY)["seats"][0].bar

    assert (bar.x, bar.width, bar.is_open) == (0, round(366 / 731 * WIDTH), False)
    assert bar.words == "1 January 2024 – 1 January 2025"


def test_an_unknown_end_is_open_to_the_edge():
    make_membership(joined_on=date(2025, 1, 1))

    bar = timeline(TODAY)["seats"][0].bar

    assert (bar.x + bar.width, bar.is_open) == (WIDTH, True)


def test_mandates_stand_under_their_membership_in_the_order_in_which_they_began():
    seat = make_membership()
    make_delegate(membership=seat, person=make_person(name="Segunda"), starts_on=date(2025, 1, 1))
    make_delegate(membership=seat, person=make_person(name="Primera"), starts_on=date(2024, 2, 1), ended_on=date(2025, 1, 1))

    [line] = timeline(TODAY)["seats"]

    assert [part.name for part in line.parts] == ["Primera", "Segunda"]


def test_a_term_without_an_end_lasts_until_the_next_begins():
    make_term(country="MX", starts_on=date(2024, 1, 1))
    make_term(country="CO", starts_on=date(2025, 1, 1))

    mexico, colombia = timeline(TODAY)["terms"]

    assert (mexico.bar.x + mexico.bar.width, mexico.bar.is_open) == (colombia.bar.x, True)


def test_the_page_asks_as_many_questions_however_long_the_line(client, django_assert_max_num_queries):
    client.force_login(make_secretary())
    for country in ("MX", "CO", "CL"):
        make_delegate(membership=make_membership(country=country))

    with django_assert_max_num_queries(12):
        page = client.get(reverse("admin:members_membership_timeline"))

    assert page.content.decode().count("<rect") == 6


def test_editors_have_no_such_page(client):
    client.force_login(make_editor())

    assert client.get(reverse("admin:members_membership_timeline")).status_code == 403
