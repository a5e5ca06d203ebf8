"""The delegates' pages: who comes in, and in whose name."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import translation

from members.models import Membership, MembershipCategory
from tests.make import (
    make_delegate,
    make_delegate_user,
    make_institution,
    make_membership,
    make_person,
    make_secretary,
    make_user,
)

pytestmark = pytest.mark.django_db


def desk():
    return reverse("delegation:desk")


def make_spokesperson():
    """Somebody who speaks for Mexico, a member, and for the observer FAO."""
    user = make_user()
    person = make_person(user=user)
    make_delegate(person=person, membership=make_membership(country="MX"))
    observer = make_membership(category=MembershipCategory.OBSERVER, institution=make_institution(name="FAO"))
    make_delegate(person=person, membership=observer)
    return user, observer


# The door


def test_a_visitor_is_led_to_sign_in_and_back(client):
    page = client.get(desk())

    assert page.status_code == 302
    assert page["Location"] == f"{reverse('account_login')}?next={desk()}"


def test_a_delegate_comes_to_the_desk(client):
    client.force_login(make_delegate_user())

    page = client.get(desk())

    assert page.status_code == 200
    assert "México" in page.content.decode()


def test_no_page_of_the_delegates_is_kept_on_the_way(client):
    client.force_login(make_delegate_user())

    page = client.get(desk())

    assert "private" in page["Cache-Control"]
    assert "no-store" in page["Cache-Control"]


def test_the_secretariat_is_led_to_its_own_desk(client):
    client.force_login(make_secretary())

    page = client.get(desk())

    assert page.status_code == 302
    assert page["Location"] == reverse("admin:index")


# Without a standing


def why(client):
    """What the desk says, in English, to who has no standing."""
    with translation.override("en"):
        return client.get(desk()).context["reasons"]


def test_the_desk_says_when_a_mandate_ended(client):
    user = make_delegate_user()
    client.force_login(user)
    assert client.get(desk()).context["standing"] is not None

    user.person.mandates.update(ended_on=date(2026, 5, 3))

    assert why(client) == ["Your mandate for Mexico ended on 3 May 2026."]


def test_the_desk_says_when_a_membership_ended(client):
    user = make_delegate_user()
    client.force_login(user)

    Membership.objects.update(left_on=date(2026, 5, 3))

    assert why(client) == ["Mexico belonged to the Network until 3 May 2026."]


def test_the_desk_says_when_a_mandate_begins(client):
    client.force_login(make_delegate_user(starts_on=date(2099, 5, 3)))

    assert why(client) == ["Your mandate for Mexico begins on 3 May 2099."]


def test_the_desk_says_that_there_was_never_a_mandate(client):
    client.force_login(make_user())

    page = client.get(desk())

    assert page.status_code == 200
    assert page.context["reasons"] == []


# In whose name


def test_who_speaks_for_several_is_asked_for_whom_first(client):
    user, _observer = make_spokesperson()
    client.force_login(user)

    page = client.get(desk())

    assert page.status_code == 302
    assert page["Location"] == f"{reverse('delegation:choose')}?{urlencode({'next': desk()})}"


def test_one_chooses_in_whose_name_to_act_and_goes_on(client):
    user, observer = make_spokesperson()
    client.force_login(user)

    page = client.post(reverse("delegation:choose"), {"membership": observer.pk, "next": desk()}, follow=True)

    assert page.redirect_chain == [(desk(), 302)]
    assert page.context["standing"].membership == observer


def test_a_choice_can_be_changed_and_ends_with_the_session(client):
    user, observer = make_spokesperson()
    client.force_login(user)
    client.post(reverse("delegation:choose"), {"membership": observer.pk})

    client.post(reverse("delegation:choose"), {"membership": Membership.objects.members().get().pk})
    assert client.get(desk()).context["standing"].category == MembershipCategory.MEMBER

    client.logout()
    client.force_login(user)
    assert client.get(desk()).status_code == 302


@pytest.mark.parametrize("chosen", ["", "0", "x", "-1", "99999999999999999999", "1\0"])
def test_what_is_not_ones_own_cannot_be_chosen(client, chosen):
    user, _observer = make_spokesperson()
    client.force_login(user)

    page = client.post(reverse("delegation:choose"), {"membership": chosen})

    assert page["Location"] == reverse("delegation:choose")
    assert "acts_for" not in client.session


def test_the_membership_of_another_cannot_be_chosen(client):
    user, _observer = make_spokesperson()
    another = make_delegate(membership=make_membership(country="CO")).membership
    client.force_login(user)

    client.post(reverse("delegation:choose"), {"membership": another.pk})

    assert "acts_for" not in client.session


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example", ""])
def test_choosing_leads_nowhere_else(client, address):
    user, observer = make_spokesperson()
    client.force_login(user)

    page = client.post(reverse("delegation:choose"), {"membership": observer.pk, "next": address})

    assert page["Location"] == desk()


def test_who_speaks_for_one_has_nothing_to_choose(client):
    client.force_login(make_delegate_user())

    page = client.get(reverse("delegation:choose"))

    assert page["Location"] == desk()


def test_who_speaks_for_none_has_no_such_page(client):
    client.force_login(make_user())

    page = client.get(reverse("delegation:choose"))

    assert page.status_code == 404
