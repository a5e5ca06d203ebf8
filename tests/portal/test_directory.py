"""The directory of delegates: who reads it, who is in it, and only what each shares."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import ContactDetails, DelegateRole, MembershipCategory
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_delegate,
    make_delegate_user,
    make_institution,
    make_membership,
    make_person,
    make_secretary,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("lists are narrowed and searched")]


def directory():
    return reverse("delegation:directory")


def make_listed(country="CO", name="Ana Núñez", role=DelegateRole.TITULAR, *, user=None, **details):
    """A delegate of `country` with contact details, when any are given."""
    person = make_person(name=name, user=user)
    if details:
        ContactDetails.objects.create(person=person, **details)
    return make_delegate(person=person, membership=make_membership(country=country), role=role)


def names(client, **asked):
    page = client.get(directory(), asked)
    return [mandate.person.name for _seat, mandates in page.context["delegations"] for mandate in mandates]


# Who reads it


@pytest.mark.parametrize("category", [MembershipCategory.MEMBER, MembershipCategory.OBSERVER])
@pytest.mark.parametrize("role", DelegateRole)
def test_delegates_of_members_and_observers_read_it(client, category, role):
    client.force_login(make_delegate_user(category, role=role))

    assert client.get(directory()).status_code == 200


def test_partners_have_no_directory(client):
    client.force_login(make_delegate_user(MembershipCategory.PARTNER))

    assert client.get(directory()).status_code == 404


def test_visitors_are_led_to_sign_in(client):
    page = client.get(directory())

    assert page["Location"] == f"{reverse('account_login')}?next={directory()}"


@pytest.mark.parametrize("make", [make_user, make_secretary], ids=["no mandate", "the secretariat, who has the lists"])
def test_who_has_no_standing_has_no_directory(client, make):
    client.force_login(make())

    assert client.get(directory()).status_code == 404


def test_it_closes_on_the_day_the_mandate_ends(client):
    user = make_delegate_user()
    client.force_login(user)
    assert client.get(directory()).status_code == 200

    user.person.mandates.update(ended_on=today_in_the_network())

    assert client.get(directory()).status_code == 404


# Who is in it


@pytest.fixture
def reader(client):
    """A delegate of Mexico, who does not appear."""
    user = make_delegate_user()
    ContactDetails.objects.create(person=user.person, is_listed=False)
    client.force_login(user)
    return client


def test_delegates_of_today_are_in_it_by_country_and_the_titular_first(reader):
    alternate = make_listed("ES", "Berta", DelegateRole.ALTERNATE)
    make_delegate(person=make_person(name="Zoe"), membership=alternate.membership)
    make_listed("BR", "Caio")

    assert names(reader) == ["Caio", "Zoe", "Berta"]


def test_who_holds_no_mandate_today_is_not_in_it(reader):
    today = today_in_the_network()
    make_delegate(membership=make_membership(country="CO"), ended_on=today)
    make_delegate(membership=make_membership(country="CL"), starts_on=today + timedelta(days=1))
    make_delegate(membership=make_membership(country="ES", left_on=today))

    assert names(reader) == []


def test_partners_are_not_in_it(reader):
    make_delegate(membership=make_membership(category=MembershipCategory.PARTNER))

    assert names(reader) == []


def test_who_does_not_wish_to_appear_is_not_in_it(reader):
    make_listed(name="Discreta", is_listed=False, shares_email=True, user=make_user(email="discreta@example.org"))

    page = reader.get(directory()).content.decode()

    assert "Discreta" not in page
    assert "discreta@example.org" not in page


# What each shares


def test_what_is_not_shared_is_nowhere_in_the_page(reader):
    make_listed(user=make_user(email="ana@example.org"), phone="+57 1 555 0199", position="Directora")

    page = reader.get(directory()).content.decode()

    assert "Ana Núñez" in page
    assert "Directora" in page
    assert "ana@example.org" not in page
    assert "555 0199" not in page


def test_what_is_shared_can_be_used(reader):
    make_listed(user=make_user(email="ana@example.org"), phone="+57 1 555 0199", shares_email=True, shares_phone=True)

    page = reader.get(directory()).content.decode()

    assert 'href="mailto:ana@example.org"' in page
    assert "+57 1 555 0199" in page


def test_who_filled_in_nothing_appears_by_name_only(reader):
    make_listed(user=make_user(email="ana@example.org"))

    page = reader.get(directory()).content.decode()

    assert "Ana Núñez" in page
    assert "ana@example.org" not in page


def test_what_somebody_else_writes_is_only_text(reader):
    make_listed(name="<script>alert(1)</script>", position='"><img src=x>', phone="<b>1</b>", shares_phone=True)

    page = reader.get(directory()).content.decode()

    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page
    assert "<b>1</b>" not in page


# Finding somebody


def test_a_name_is_found_without_accents(reader, index_follows):
    make_listed("CO", "Ana Núñez")
    make_listed("ES", "Berta")

    assert names(reader, q="nunez ana") == ["Ana Núñez"]


def test_the_list_is_narrowed_by_country_and_role(reader):
    seat = make_listed("CO", "Ana").membership
    make_delegate(person=make_person(name="Carlos"), membership=seat, role=DelegateRole.ALTERNATE)
    make_listed("ES", "Berta")

    assert names(reader, country="CO") == ["Ana", "Carlos"]
    assert names(reader, country="CO", role="alternate") == ["Carlos"]


def test_an_observer_is_found_by_the_country_of_its_institution(reader):
    seat = make_membership(category=MembershipCategory.OBSERVER, institution=make_institution(country="UY"))
    make_delegate(person=make_person(name="Uma"), membership=seat)
    make_listed("ES", "Berta")

    assert names(reader, country="UY") == ["Uma"]


def test_countries_where_nobody_appears_are_not_offered(reader):
    make_listed("CO", "Ana")
    make_listed("ES", "Berta", is_listed=False)

    choices = reader.get(directory()).context["filter"].form.fields["country"].choices

    assert [code for code, _name in choices if code] == ["CO"]


def test_the_directory_asks_the_same_however_many_there_are(reader):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            reader.get(directory())
        return len(asked)

    make_listed("CO", "Ana", position="Directora")
    with_one = queries()
    make_listed("ES", "Berta", position="Directora")
    make_listed("BR", "Caio", position="Diretor")

    assert queries() == with_one
