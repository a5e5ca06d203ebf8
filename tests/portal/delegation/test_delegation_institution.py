"""What a delegation reads of its own institution."""

from datetime import date, timedelta

import pytest
from auditlog.context import set_actor
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from members.models import Audience, DelegateRole, Invitation, MembershipCategory
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_delegate,
    make_document,
    make_institution,
    make_membership,
    make_person,
    make_secretary,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


def address():
    return reverse("delegation:institution")


@pytest.fixture
def seat():
    return make_membership(country="CO", institution=make_institution(name="Unidad Solidaria"))


@pytest.fixture
def titular(client, seat):
    mandate = make_delegate(user=make_user(), membership=seat)
    client.force_login(mandate.person.user)
    return mandate


def names(mandates):
    return [mandate.person.name for mandate in mandates]


def test_mandates_of_today_before_and_to_come_are_told_apart(client, seat, titular):
    today = today_in_the_network()
    alternate = make_delegate(person=make_person(name="Suplente"), membership=seat, role=DelegateRole.ALTERNATE)
    make_delegate(person=make_person(name="De antes"), membership=seat, role=DelegateRole.ALTERNATE, ended_on=today)
    tomorrow = today + timedelta(days=1)
    make_delegate(person=make_person(name="De mañana"), membership=seat, role=DelegateRole.ALTERNATE, starts_on=tomorrow)

    page = client.get(address())

    assert page.context["present"] == [titular, alternate]
    assert names(page.context["former"]) == ["De antes"]
    assert names(page.context["future"]) == ["De mañana"]


def test_an_open_invitation_of_the_own_institution_is_shown(client, seat, titular):
    Invitation.objects.create(email="x@example.org", person=make_person(name="Invitada"), membership=seat, role="alternate")
    elsewhere = make_membership(country="ES")
    Invitation.objects.create(email="y@example.org", person=make_person(name="De otra"), membership=elsewhere)

    page = client.get(address()).content.decode()

    assert "Invitada" in page
    assert "De otra" not in page
    assert "x@example.org" not in page


def test_nothing_of_another_institution_is_shown(client, seat, titular):
    other = make_membership(country="ES", institution=make_institution(name="Otra institución"))
    make_delegate(person=make_person(name="Delegada ajena"), membership=other)
    make_document(title="Documento ajeno", institution=other.institution)

    page = client.get(address()).content.decode()

    assert "Otra institución" not in page
    assert "Delegada ajena" not in page
    assert "Documento ajeno" not in page


def test_documents_are_those_one_may_read(client, seat, titular):
    of_members = make_document(title="Para miembros", institution=seat.institution, audience=Audience.MEMBERS)
    make_document(title="Reservado", institution=seat.institution, audience=Audience.SECRETARIAT)

    page = client.get(address())

    assert list(page.context["documents"]) == [of_members]


def test_the_history_says_who_changed_what_in_words(client, seat, titular):
    secretary = make_secretary(name="Nombre de la secretaria", email="secretaria@example.org")
    with set_actor(secretary):
        titular.mandate_due_on = date(2027, 5, 3)
        titular.save()

    with translation.override("en"):
        page = client.get(address())
    happening = page.context["history"][0]

    assert [(change.name, change.before, change.after) for change in happening.changes] == [("Mandate due on", "", "3 May 2027")]
    assert "the Secretariat" in page.content.decode()
    assert "Nombre de la secretaria" not in page.content.decode()
    assert "secretaria@example.org" not in page.content.decode()


def test_the_history_of_others_is_theirs(client, seat, titular):
    other = make_membership(country="ES", institution=make_institution(name="Otra institución"))
    other.end_reason_es = "Motivo ajeno"
    other.save()

    assert "Motivo ajeno" not in client.get(address()).content.decode()


@pytest.mark.parametrize(("role", "proposes"), [("titular", True), ("alternate", True), ("technical", False)])
def test_who_may_act_is_led_to_propose_a_change(client, seat, role, proposes):
    user = make_user()
    make_delegate(user=user, membership=seat, role=role)
    client.force_login(user)

    page = client.get(address()).content.decode()

    assert (reverse("delegation:propose", args=["institution"]) in page) is proposes


def test_a_seat_without_institution_says_so(client):
    user = make_user()
    make_delegate(user=user, membership=make_membership(country="CU"))
    client.force_login(user)

    page = client.get(address())

    assert page.status_code == 200
    assert page.context["seat"].institution is None


def test_who_acts_for_another_reads_that_one(client, seat):
    user = make_user()
    person = make_person(user=user)
    make_delegate(person=person, membership=seat)
    observer = make_membership(category=MembershipCategory.OBSERVER, institution=make_institution(name="La observadora"))
    make_delegate(person=person, membership=observer)
    client.force_login(user)

    client.post(reverse("delegation:choose"), {"membership": observer.pk})
    page = client.get(address()).content.decode()

    assert "La observadora" in page
    assert "Unidad Solidaria" not in page


def test_the_page_asks_the_same_however_much_there_is(client, seat, titular):
    def add():
        make_delegate(membership=seat, role=DelegateRole.ALTERNATE)
        make_delegate(membership=seat, role=DelegateRole.TECHNICAL, ended_on=date(2025, 1, 1))
        make_document(institution=seat.institution)
        Invitation.objects.create(email="x@example.org", person=make_person(), membership=seat, role="alternate")

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
