"""Somebody from inside tries what is not theirs: each of these attempts once succeeded, or looked as if it might."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.invitations import invite
from members.models import Invitation
from tests.desk import address, filled
from tests.make import (
    make_delegate,
    make_document,
    make_editor,
    make_institution,
    make_membership,
    make_person,
    make_secretary,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_spanish():
    with translation.override("es"):
        yield


def enter(user):
    client = Client()
    client.force_login(user)
    return client


# An editor of contents, at the secretariat's desk


def test_an_editor_takes_no_mandate_by_naming_their_account_as_the_persons():
    editor, person = make_editor(), make_delegate().person
    desk = enter(editor)

    desk.post(address(person), filled(desk.get(address(person)), user=editor.pk))

    person.refresh_from_db()
    assert person.user is None


def test_an_editor_reads_no_address_on_a_persons_page_nor_in_its_history():
    person, owner = make_person(), make_user(email="reservada@example.org")
    secretariat, desk = enter(make_secretary()), enter(make_editor())

    secretariat.post(address(person), filled(secretariat.get(address(person)), user=owner.pk))

    history = reverse("admin:members_person_history", args=[person.pk])
    assert "reservada@example.org" in secretariat.get(history).content.decode()
    for page in (address(person), history):
        assert "reservada@example.org" not in desk.get(page).content.decode()


def test_an_editor_does_not_read_whose_account_added_a_file():
    version = make_version(make_document(url=""), by=make_user(email="reservada@example.org"))

    page = enter(make_editor()).get(address(version.document))

    assert "acta.pdf" in page.content.decode()
    assert "reservada@example.org" not in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "person/?user__email__startswith=r",
        "person/?contact__phone__startswith=5",
        "person/?mandates__accreditation__startswith=a",
        "person/?mandates=1",
        "person/?invitations=1",
        "person/?_to_field=user",
        "institution/?memberships=1",
    ],
)
def test_a_list_tells_an_editor_nothing_of_what_it_does_not_show(asked):
    make_institution()
    make_person(user=make_user(email="reservada@example.org"))

    answer = enter(make_editor()).get(reverse("admin:app_list", args=["members"]) + asked)

    assert answer.status_code in {302, 400}


# The secretariat


@pytest.mark.parametrize(
    "asked",
    [
        "members/message/?text__contains=invitaci",
        "members/message/?html__contains=a",
        "members/invitation/?nonce__startswith=a",
        "members/application/?key__startswith=a",
        "members/user/?password__startswith=a",
        "events/consultation/?votes__option=1",
        "events/consultation/?votes=1",
    ],
)
def test_no_secret_is_found_out_letter_by_letter(asked):
    asked_to = Invitation(email="a@example.org", person=make_person(), membership=make_membership(), role="titular")
    invite(asked_to, by=None)

    answer = enter(make_secretary()).get(reverse("admin:index") + asked)

    assert answer.status_code in {302, 400}


def test_a_secretary_makes_nobody_a_superuser_and_touches_none():
    secretary, above = make_secretary(), make_user(is_staff=True, is_superuser=True)
    desk = enter(secretary)

    desk.post(address(secretary), filled(desk.get(address(secretary)), is_superuser="on"))

    secretary.refresh_from_db()
    assert not secretary.is_superuser
    assert desk.post(reverse("admin:auth_user_password_change", args=[above.pk]), {}).status_code == 403
    assert desk.post(address(above), {"email": "mio@example.org"}).status_code == 403
