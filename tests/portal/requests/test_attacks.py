"""Somebody from inside tries what is not theirs: each of these attempts once succeeded, or looked as if it might."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from events.consultations.voting import add_usual_options
from events.models import Consultation
from members.forms import only_a_name
from members.invitations import invite
from members.models import Application, Invitation, Message, Proposal, User
from recordings.models import RecordingProposal
from tests.desk import address, filled
from tests.make import (
    make_delegate,
    make_delegate_user,
    make_document,
    make_editor,
    make_institution,
    make_membership,
    make_panel,
    make_person,
    make_secretary,
    make_seminar,
    make_user,
    make_version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


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
    assert desk.post(reverse("admin:auth_user_password_change", args=[above.pk]), {}).status_code == 404
    assert desk.post(address(above), {"email": "mio@example.org"}).status_code == 403


def test_what_a_secretary_did_to_others_is_copied_only_in_a_session_with_a_second_factor():
    secretary = make_secretary(second_factor=False)

    answer = enter(secretary).post(reverse("delegation:data-copy"))

    assert answer.headers["Content-Type"].startswith("text/html")


def test_whoever_works_in_the_secretariat_no_more_reads_nothing_of_it():
    former, draft = make_secretary(), make_seminar(published_at=None)
    session = enter(former)
    before = session.get(draft.get_absolute_url()).status_code

    User.objects.filter(pk=former.pk).update(is_staff=False)

    assert (before, session.get(draft.get_absolute_url()).status_code) == (200, 404)


def test_no_account_is_opened_but_by_an_invitation():
    desk = enter(make_secretary())
    add = reverse("admin:members_user_add")

    assert desk.get(add).status_code == 403
    assert desk.post(add, {"email": "nueva@example.org", "name": "Nueva", "language": "es"}).status_code == 403
    assert add not in desk.get(reverse("admin:index")).content.decode()


def test_an_applicant_does_not_become_a_delegate_by_writing_their_name():
    delegate = make_delegate().person
    asked = {"institution_name": "Universidad", "kind": "academic", "work": "Estudios", "reasons": "Colaborar", "language": "es"}
    contact = {"contact_name": delegate.name, "contact_position": "Rectora", "contact_email": "otra@example.org"}
    state = {"category": "partner", "state": "received", "confirmed_at": timezone.now()}
    application = Application.objects.create(**asked, **contact, **state)

    page = enter(make_secretary()).get(reverse("admin:members_application_accept", args=[application.pk]))

    assert page.context["adminform"].form.initial["person"] is None


# Whoever speaks for two


@pytest.fixture
def spokesperson():
    """Somebody who speaks for two members, with a session in which the first one was chosen; and the second one."""
    person = make_person(user=make_user())
    first, second = (
        make_delegate(person=person, membership=make_membership(country=country, institution=make_institution())).membership
        for country in ("MX", "CO")
    )
    client = enter(person.user)
    choose(client, first)
    return client, second


def choose(client, membership):
    client.post(reverse("delegation:choose"), {"membership": membership.pk})


def hidden(page):
    """What the hidden fields of `page` send."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))


def make_consultation():
    now = timezone.now()
    given = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=1), "published_at": now}
    consultation = Consultation.objects.create(question_es="¿Se aprueba?", **given)
    add_usual_options(consultation)
    return consultation


def test_a_vote_confirmed_for_one_member_is_not_cast_for_the_other(spokesperson):
    client, second = spokesperson
    consultation = make_consultation()
    address_of_vote = reverse("delegation:vote", args=[consultation.pk])
    confirmation = client.get(address_of_vote, {"option": consultation.options.first().pk})

    choose(client, second)
    answer = client.post(address_of_vote, hidden(confirmation), follow=True)

    assert not consultation.votes.exists()
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_proposal_begun_for_one_member_is_not_kept_for_the_other(spokesperson):
    client, second = spokesperson
    page = reverse("delegation:propose", args=["document"])
    typed = hidden(client.get(page)) | {"title_es": "Informe del primero", "kind": "report", "save": "1"}

    choose(client, second)
    answer = client.post(page, typed)

    assert not Proposal.objects.exists()
    assert "Informe del primero" in answer.content.decode()


# Delegates


def test_a_proposal_tells_nothing_of_a_seminar_that_was_taken_back():
    user = make_delegate_user()
    mandate, seminar = user.person.mandates.get(), make_seminar()
    about = {"membership": mandate.membership, "mandate": mandate, "made_by": user, "seminar": seminar}
    proposal = RecordingProposal.objects.create(kind="recording", title="Grabación propuesta", **about)
    seminar.published_at = None
    seminar.save()
    make_panel(seminar=seminar, title="Panel reservado")

    pages = [enter(user).get(reverse(f"delegation:{page}", args=[proposal.pk])) for page in ("proposal", "edit-proposal")]

    assert [page.status_code for page in pages] == [200, 302]
    assert not any("Panel reservado" in page.content.decode() for page in pages)


@pytest.mark.parametrize(
    "page", ["home", "members:welcome", "delegation:data", "account_email", "mfa_index", "usersessions_list"]
)
def test_no_browser_keeps_a_page_of_somebody_signed_in(page):
    answer = enter(make_delegate_user()).get(reverse(page))

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_for_visitors_may_be_kept():
    assert "Cache-Control" not in Client().get(reverse("people")).headers


def test_a_colleague_without_a_name_is_not_named_by_their_address():
    seat = make_membership(institution=make_institution())
    nameless, reader = make_user(email="reservada@example.org"), make_user()
    mandate = make_delegate(user=nameless, membership=seat)
    make_delegate(user=reader, membership=seat, role="alternate")
    about = {"membership": seat, "mandate": mandate, "made_by": nameless, "seminar": make_seminar(), "title": "Grabación"}
    proposal = RecordingProposal.objects.create(kind="recording", state="submitted", submitted_at=timezone.now(), **about)
    proposal.turns.create(by=nameless, state="submitted")

    for page in (reverse("delegation:proposals"), proposal.get_absolute_url()):
        assert "reservada@example.org" not in enter(reader).get(page).content.decode()


def test_who_worked_in_the_secretariat_copies_no_address_of_others():
    former, other = make_secretary(), make_user(email="reservada@example.org")
    desk = enter(former)
    desk.post(address(other), filled(desk.get(address(other)), name="Otra"))
    former.is_staff = False
    former.save()

    copied = desk.post(reverse("delegation:data-copy")).content.decode()

    assert '"user"' in copied
    assert "reservada@example.org" not in copied


# Visitors


@pytest.mark.parametrize("field", ["institution_name", "contact_name"])
@pytest.mark.parametrize("name", ["Cobre en https://malo.example", "Entre en WWW.malo.example", "Vea malo.example/premio"])
def test_the_message_to_an_address_nobody_has_confirmed_carries_no_strange_link(field, name):
    typed = {
        "institution_name": "Universidad",
        "kind": "academic",
        "website": "https://universidad.example",
        "work": "Estudios",
        "reasons": "Colaborar",
        "contact_name": "Ana",
        "contact_position": "Rectora",
        "contact_email": "alguien@example.org",
        "agrees": "on",
    }

    answer = Client().post(reverse("members:join-partner"), typed | {field: name})

    assert [*answer.context["form"].errors] == [field]
    assert not Message.objects.exists()


def test_a_name_in_a_message_is_one_line():
    assert only_a_name("Ana \r\n\r\nSu cuenta\tvence") == "Ana Su cuenta vence"
