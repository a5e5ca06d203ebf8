"""A delegate proposes, the secretariat answers, and the public page says so. With and without JavaScript."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from members.models import Institution, Proposal
from tests.make import make_delegate, make_institution, make_membership, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


@pytest.fixture
def institution(server):
    return make_institution(
        name="Instituto de Prueba", description="Fundado en 2019 para acompañar cooperativas.", acronym="IDP", country="UY"
    )


@pytest.fixture
def delegate(institution):
    """The titular of an institution's delegation."""
    user = make_user(name="Ana Delegada", language="en")
    make_delegate(user=user, membership=make_membership(country="UY", institution=institution))
    return user


def address(name, *args):
    with translation.override("en"):
        return reverse(name, args=args)


def sound(window):
    """Whether the page has no barrier, says nothing in the console and fits a telephone."""
    window.resize(375)
    found = [*window.barriers(), *window.problems, *(["too wide"] if window.too_wide() else [])]
    window.resize(1280)
    return found == [] or found


@with_and_without_javascript
def test_a_delegate_proposes_the_secretariat_accepts_and_the_page_says_so(visit, javascript, delegate, secretary, institution):
    theirs, ours = visit(locale="en-US", java_script_enabled=javascript), visit(locale="en-US", java_script_enabled=javascript)
    theirs.sign_in(delegate)
    ours.sign_in(secretary)

    page = theirs.open(address("delegation:proposals"))
    page.get_by_role("link", name="Correct what the portal says of my institution").click()
    page.get_by_label("Description, in Spanish").fill("Fundado en 2019 para acompañar mutuales y cooperativas.")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("main")).to_contain_text("The draft is saved.")
    page.get_by_role("button", name="Send to the Secretariat").click()
    expect(page.get_by_role("main")).to_contain_text("With the Secretariat")

    desk = ours.open(address("admin:members_proposal_changelist"))
    desk.get_by_role("link", name="Instituto de Prueba (IDP)").click()
    expect(desk.locator("ins")).to_contain_text("mutuales y")
    desk.get_by_label("Words for the delegation").fill("Thank you, and welcome")
    desk.get_by_role("button", name="Accept what is marked").click()
    expect(desk.get_by_role("main")).to_contain_text("the delegation has been told")

    page.goto(address("institution", institution.slug))
    expect(page.get_by_role("main")).to_contain_text("mutuales y cooperativas")
    page.goto(Proposal.objects.get().get_absolute_url())
    expect(page.get_by_role("main")).to_contain_text("Thank you, and welcome")
    assert theirs.problems == ours.problems == []


def test_the_pages_of_a_proposal_have_no_barriers(visit, delegate, secretary, institution):
    theirs, ours = visit(locale="en-US"), visit(locale="en-US")
    theirs.sign_in(delegate)
    ours.sign_in(secretary)

    for page in (address("delegation:proposals"), address("delegation:propose", "seminar")):
        theirs.open(page)
        assert sound(theirs) is True
    page = theirs.open(address("delegation:propose", "institution"))
    page.get_by_label("Description, in Spanish").fill("Fundado en 2020 para acompañar mutuales.")
    page.get_by_role("button", name="Send to the Secretariat").click()
    assert sound(theirs) is True
    Institution.objects.update(description_es="Fundado en 2018.")
    ours.open(address("admin:members_proposal_change", Proposal.objects.get().pk))

    assert sound(ours) is True
