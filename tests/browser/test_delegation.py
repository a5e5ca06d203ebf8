"""The delegates' pages as delegates see them: who speaks for two, a profile, the directory."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from members.models import (
    Audience,
    ContactDetails,
    DelegateRole,
    Institution,
    Membership,
    MembershipCategory,
    Proposal,
    ProposalKind,
)
from tests.browser.looking import look_at_each_width_in_both_schemes
from tests.make import make_delegate, make_document, make_membership, make_person, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PAGES = ["desk", "institution", "profile", "directory", "choose"]


@pytest.fixture
def spokesperson(
    history_follows,
):
    """Somebody who speaks for Mexico and for an observer, with much to read."""
    user = make_user(
        email="una.direccion.bastante.larga.que.no.se.parte@fomento-de-la-economia-solidaria.example.org", name="Ana Núñez"
    )
    person = make_person(name="Ana Núñez", user=user)
    seat = Membership.objects.members().get(country="MX")
    mandate = make_delegate(person=person, membership=seat, role=DelegateRole.ALTERNATE, mandate_due_on=date(2026, 12, 20))
    institution = Institution.objects.create(name_es="Organización observadora de nombre largo y completo")
    observer = make_membership(category=MembershipCategory.OBSERVER, institution=institution)
    make_delegate(person=person, membership=observer)
    ContactDetails.objects.create(person=person, position="Directora de Fomento", shares_email=True)
    make_document(title="Acta de la reunión", audience=Audience.MEMBERS, institution=seat.institution)
    Proposal.objects.create(kind=ProposalKind.DOCUMENT, membership=seat, mandate=mandate, made_by=user, title="Un informe")
    return user


def choose(page, name):
    page.goto(reverse("delegation:choose"))
    page.locator("li", has=page.get_by_role("heading", name=name)).get_by_role("button").click()


@pytest.mark.parametrize("language", ["es", "pt-br"])
def test_the_pages_are_sound_at_each_width_in_both_schemes(visit, spokesperson, language):
    visitor = visit()
    visitor.sign_in(spokesperson)
    choose(visitor.page, "México")
    with translation.override(language):
        pages = {name: reverse(f"delegation:{name}") for name in PAGES}

    wrong = {name: look_at_each_width_in_both_schemes(visitor, page, language) for name, page in pages.items()}

    assert {name: found for name, found in wrong.items() if found} == {}


def test_who_speaks_for_two_chooses_and_changes(visit, spokesperson):
    visitor = visit(java_script_enabled=False)
    visitor.sign_in(spokesperson)

    page = visitor.open(reverse("delegation:desk"))
    assert page.url.startswith(f"{visitor.server}{reverse('delegation:choose')}")
    page.locator("li", has=page.get_by_role("heading", name="México")).get_by_role("button").click()

    assert page.url == visitor.server + reverse("delegation:desk")
    assert "México" in page.locator("h1").inner_text()
    assert page.get_by_text("Acta de la reunión").count() == 1

    choose(page, "Organización observadora")

    assert "Organización observadora" in page.locator("h1").inner_text()
    assert page.get_by_text("Acta de la reunión").count() == 0


def test_what_is_written_in_the_profile_stands_in_the_directory(visit, spokesperson):
    visitor = visit()
    visitor.sign_in(spokesperson)
    choose(visitor.page, "México")

    page = visitor.open(reverse("delegation:profile"))
    page.locator("[name=phone]").fill("+52 55 5555 0199")
    page.locator("[name=shares_phone]").check()
    page.locator("[name=shares_email]").uncheck()
    page.locator("form.form button[type=submit]").click()

    directory = visitor.open(reverse("delegation:directory"))
    assert directory.get_by_text("+52 55 5555 0199").count() == 2
    assert spokesperson.email not in directory.content()
