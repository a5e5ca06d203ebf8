"""A country's page: its seat, whoever holds it, and what was said in its name."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Audience
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_delegate,
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_seminar,
    make_term,
)

pytestmark = pytest.mark.django_db


def address(code="co"):
    return reverse("country", args=[code])


def make_voice(seminar=None, country="CO", **given):
    """Somebody spoke for `country`, as the programme printed it."""
    intervention = make_intervention(panel=make_panel(seminar=seminar), **given)
    intervention.positions.create(text_es="Directora", country=country, position=1)
    return intervention


def test_a_seat_whose_institution_is_not_known_has_a_page(client):
    seat = make_membership(country="CO")
    said = make_voice()
    make_voice(country="ES")

    page = client.get(address())

    assert list(page.context["seats"]) == [seat]
    assert list(page.context["interventions"]) == [said]


def test_what_its_institutions_said_and_issued_is_there(client):
    institution = make_institution(country="CO")
    make_membership(country="CO", institution=institution)
    said = make_intervention(positions=[("Directora", institution)])
    document = make_document(institution=institution)
    make_document(institution=institution, audience=Audience.MEMBERS)
    recording = make_recording(panel=said.panel)

    page = client.get(address())

    assert list(page.context["institutions"]) == [institution]
    assert list(page.context["interventions"]) == [said]
    assert list(page.context["documents"]) == [document]
    assert list(page.context["recordings"]) == [recording]


def test_only_public_delegates_of_today_are_named(client):
    seat = make_membership(country="CO")
    make_delegate(person=make_person(name="A la vista"), membership=seat, is_public=True)
    make_delegate(person=make_person(name="Reservada"), membership=seat, role="alternate")
    make_delegate(
        person=make_person(name="De antes"), membership=seat, role="alternate", is_public=True, ended_on=date(2025, 1, 1)
    )

    page = client.get(address()).content.decode()

    assert "A la vista" in page
    assert "Reservada" not in page
    assert "De antes" not in page


def test_a_country_of_which_nothing_is_public_has_no_page(client):
    today = today_in_the_network()
    make_membership(country="CL", joined_on=today + timedelta(days=1))
    make_voice(seminar=make_seminar(published_at=None), country="ES")
    make_voice(seminar=make_seminar(audience=Audience.MEMBERS), country="BR")

    codes = [client.get(address(code)).status_code for code in ("cl", "es", "br", "ar", "zz", "co-co")]

    assert codes == [404] * 6


def test_a_former_member_keeps_its_page_and_says_so(client):
    make_membership(country="CO", left_on=date(2025, 1, 1))

    page = client.get(address())

    assert page.status_code == 200
    assert "1 de enero de 2025" in page.content.decode()


def test_the_coordination_of_a_country_is_told(client):
    make_membership(country="CO")
    term = make_term(country="CO")
    make_term(country="MX")

    page = client.get(address())

    assert list(page.context["terms"]) == [term]


def test_capitals_lead_to_the_page(client):
    make_membership(country="CO")

    page = client.get(address("CO"))

    assert (page.status_code, page["Location"]) == (301, address())


def test_the_page_of_a_country_asks_the_same_however_much_there_is(client):
    seat = make_membership(country="CO", institution=make_institution(country="CO"))

    def add():
        said = make_voice()
        make_recording("https://www.youtube.com/watch?v=dQw4w9WgXcQ", panel=said.panel)
        make_document(institution=seat.institution)
        make_delegate(membership=seat, role="alternate", is_public=True)
        make_term(country="CO", institution=seat.institution)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address()).status_code == 200
        return len(asked)

    add()
    client.get(address())
    with_one = queries()
    add()
    add()

    assert queries() == with_one


# Appointments made ahead of time


def test_a_seat_to_come_is_not_on_the_page_of_its_institution(client):
    institution, today = make_institution(), today_in_the_network()
    make_membership(country="CO", institution=institution, left_on=today)
    make_membership(country="CO", institution=institution, joined_on=today + timedelta(days=9))

    page = client.get(institution.get_absolute_url())

    assert [seat.left_on for seat in page.context["object"].memberships.all()] == [today]


def test_an_institution_that_is_to_come_has_no_page_yet(client):
    institution = make_institution()
    make_membership(country="CO", institution=institution, joined_on=today_in_the_network() + timedelta(days=1))

    assert client.get(institution.get_absolute_url()).status_code == 404


def test_a_person_whose_mandate_is_to_come_has_no_page_yet(client):
    tomorrow = today_in_the_network() + timedelta(days=1)
    mandate = make_delegate(is_public=True, starts_on=tomorrow)

    assert client.get(mandate.person.get_absolute_url()).status_code == 404


def test_a_person_s_page_tells_public_mandates_with_their_days(client):
    person = make_person()
    make_delegate(person=person, membership=make_membership(country="CO"), is_public=True, ended_on=date(2025, 5, 3))
    make_delegate(person=person, membership=make_membership(country="ES"))

    page = client.get(person.get_absolute_url()).content.decode()

    assert "Colombia" in page
    assert "3 de mayo de 2025" in page
    assert "España" not in page.split("<main")[1].split("</main")[0]
