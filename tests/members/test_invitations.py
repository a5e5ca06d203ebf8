"""Invitations: who may be invited to what, what the link opens, and what accepting makes."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from members.invitations import (
    SALT,
    accept,
    address_of,
    invite,
    named_by,
    open_account,
    resend,
    revoke,
    roles_within_reach,
    token_of,
)
from members.models import Delegate, DelegateRole, Invitation, InvitationState, InvitedAs, Membership, Message, MessageState, User
from rifess.base.dates import today_in_the_network
from tests.desk import filled
from tests.make import make_delegate, make_editor, make_membership, make_person, make_secretary, make_user
from tests.members.smtp import MailServer

PASSWORD = "tres gatos cruzan el puente"
LANGUAGES = ["es", "pt-br", "en"]
STAFF = [InvitedAs.SECRETARIAT, InvitedAs.EDITOR]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("rows are locked")]


def invitation_of(**given):
    """An invitation not sent yet, as titular of a seat."""
    if "membership" not in given:
        given["membership"] = None if given.get("role") in STAFF else make_membership(country=free_country())
    return Invitation(
        **{"email": "ana@example.org", "role": "titular", "person": given.pop("person", None) or make_person(name="Ana Ñandú")}
        | given
    )


def free_country():
    taken = Membership.objects.values_list("country", flat=True)
    return next(country for country in ["AR", "UY", "PE", "CR"] if country not in taken)


def make_invitation(**given):
    """An invitation that was sent."""
    return invite(invitation_of(**given), by=None)


def page_of(invitation):
    return address_of(invitation).removeprefix("http://testserver")


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode().partition("<main")[2].partition("</main>")[0]).split())


def refusal(act, *args, **given):
    with pytest.raises(ValidationError) as refused:
        act(*args, **given)
    errors = getattr(refused.value, "error_dict", {"": refused.value.error_list if hasattr(refused.value, "error_list") else []})
    return {(field, error.code) for field, found in errors.items() for error in found}


# The secretariat invites


def test_who_is_invited_gets_a_message_with_the_link_in_the_language_chosen():
    by = make_secretary()

    invitation = invite(invitation_of(language="pt-br"), by=by)

    message = Message.objects.get()
    assert (message.to, message.language, message.is_secret) == ("ana@example.org", "pt-br", True)
    assert message.expires_at == invitation.expires_at
    assert address_of(invitation) in message.text and address_of(invitation) in message.html
    assert "Ana Ñandú" in message.text
    assert "/pt-br/" in address_of(invitation)
    assert (invitation.invited_by, invitation.sendings, invitation.state()) == (by, 1, InvitationState.WAITING)


def test_a_second_titular_is_not_invited():
    seat = make_membership()
    make_delegate(membership=seat, person=make_person(name="Luis"))

    assert refusal(make_invitation, membership=seat) == {("role", "titular")}
    assert make_invitation(membership=seat, role=InvitedAs.ALTERNATE).pk


def test_a_titular_whose_mandate_is_over_is_in_nobodys_way():
    seat = make_membership()
    make_delegate(membership=seat, ended_on=today_in_the_network())

    assert make_invitation(membership=seat).pk


def test_the_titular_may_be_invited_to_open_an_account():
    mandate = make_delegate()

    assert make_invitation(membership=mandate.membership, person=mandate.person).pk


def test_two_are_not_invited_as_titular_of_one_seat():
    first = make_invitation()

    assert refusal(make_invitation, membership=first.membership, email="otra@example.org") == {("role", "waiting")}


def test_nobody_is_invited_twice_to_the_same():
    first = make_invitation(role=InvitedAs.ALTERNATE)

    again = {"membership": first.membership, "person": first.person, "role": InvitedAs.ALTERNATE}

    assert refusal(make_invitation, **again) == {("person", "waiting")}
    revoke(first, by=None)
    assert make_invitation(**again).pk


def test_nobody_is_invited_to_a_membership_that_is_over():
    assert refusal(make_invitation, membership=make_membership(left_on=today_in_the_network())) == {
        ("membership", "not_in_force")
    }


def test_an_address_of_somebody_elses_account_is_not_invited():
    user = make_user()
    make_person(user=user)

    assert refusal(make_invitation, email=user.email.upper()) == {("email", "taken")}


@pytest.mark.parametrize("role", STAFF)
def test_staff_is_invited_once_to_the_same(role):
    first = make_invitation(role=role)

    assert refusal(invite, invitation_of(role=role, person=first.person), by=None) == {("person", "waiting")}
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "given", [{"membership": None}, {"role": InvitedAs.EDITOR, "membership": "a seat"}], ids=["no seat", "staff with a seat"]
)
def test_a_delegate_needs_a_membership_and_staff_has_none(given):
    if given["membership"]:
        given["membership"] = make_membership()

    assert refusal(make_invitation, **given) == {("__all__", None)}


def test_to_send_again_makes_the_former_link_worthless():
    invitation = make_invitation()
    former = token_of(invitation)
    Invitation.objects.update(expires_at=timezone.now())

    again = resend(invitation)

    assert named_by(former) == (again, False)
    assert named_by(token_of(again)) == (again, True)
    assert (again.state(), again.sendings) == (InvitationState.WAITING, 2)
    assert [message.state for message in Message.objects.order_by("pk")] == [MessageState.EXPIRED, MessageState.WAITING]


def test_to_take_back_stops_a_message_that_has_not_left():
    invitation = make_invitation()

    revoke(invitation, by=make_secretary())

    message = Message.objects.get()
    assert (message.state, message.text, message.html) == (MessageState.EXPIRED, "", "")


@pytest.mark.parametrize("act", [resend, lambda invitation: revoke(invitation, by=None)], ids=["resend", "revoke"])
def test_what_was_accepted_or_taken_back_is_closed(act):
    accepted = make_invitation()
    open_account(accepted, name="Ana", password=PASSWORD)
    revoked = make_invitation(membership=make_membership(country="BR"), email="otra@example.org")
    revoke(revoked, by=None)

    assert refusal(act, accepted) == {("", "closed")}
    assert refusal(act, revoked) == {("", "closed")}


# Accepting


def test_accepting_opens_the_account_and_begins_the_mandate_today():
    invitation = make_invitation(language="pt-br", accreditation="Oficio 12")

    user = open_account(invitation, name="Ana Ñandú Peña", password=PASSWORD)

    invitation.refresh_from_db()
    mandate = Delegate.objects.get()
    assert (user.name, user.language, user.is_staff, user.person) == ("Ana Ñandú Peña", "pt-br", False, invitation.person)
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.filter(user=user, email="ana@example.org", verified=True, primary=True).exists()
    assert (mandate.person, mandate.membership, mandate.role) == (invitation.person, invitation.membership, DelegateRole.TITULAR)
    assert (mandate.starts_on, mandate.accreditation) == (today_in_the_network(), "Oficio 12")
    assert (invitation.state(), invitation.accepted_by, invitation.mandate) == (InvitationState.ACCEPTED, user, mandate)


def test_without_a_password_the_account_has_none():
    user = open_account(make_invitation(), name="Ana")

    assert not user.has_usable_password()


def test_a_mandate_that_holds_already_stays():
    mandate = make_delegate()

    open_account(make_invitation(person=mandate.person, membership=mandate.membership), name="Ana")

    assert list(Delegate.objects.all()) == [mandate]


@pytest.mark.parametrize(("role", "group"), [(InvitedAs.SECRETARIAT, "Secretaría"), (InvitedAs.EDITOR, "Edición")])
def test_staff_joins_its_group_and_has_no_mandate(role, group):
    user = open_account(make_invitation(role=role), name="Ana")

    assert user.is_staff
    assert [each.name for each in user.groups.all()] == [group]
    assert not Delegate.objects.exists()


def test_a_titular_appointed_meanwhile_keeps_the_seat():
    invitation = make_invitation()
    make_delegate(membership=invitation.membership)

    assert {code for _field, code in refusal(open_account, invitation, name="Ana")} == {"overlap"}
    assert not User.objects.exists()


def test_nobody_accepts_for_somebody_else():
    invitation = make_invitation()
    other = make_user()
    make_person(user=other)

    assert refusal(accept, invitation, user=other) == {("", "another")}


def test_an_invitation_is_accepted_once():
    invitation = make_invitation()
    user = open_account(invitation, name="Ana")

    assert refusal(accept, invitation, user=user) == {("", "closed")}
    assert refusal(open_account, invitation, name="Ana") == {("", "closed")}
    assert Delegate.objects.count() == 1


def test_an_account_is_opened_once_for_an_address():
    invitation = make_invitation(email=make_user().email)

    assert refusal(open_account, invitation, name="Ana") == {("", "has_account")}


# The page


def test_reading_the_page_accepts_nothing(client):
    invitation = make_invitation()

    page = client.get(page_of(invitation))
    client.head(page_of(invitation))

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    invitation.refresh_from_db()
    assert invitation.state() == InvitationState.WAITING
    assert not User.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_who_is_invited_to_what(client, language):
    invitation = make_invitation(language=language, membership=make_membership(country="BR"))

    page = client.get(page_of(invitation))

    assert f'<html lang="{language if language != "pt-br" else "pt-br"}">' in page.content.decode()
    assert "Ana Ñandú" in said(page)
    with translation.override(language):
        assert str(invitation.membership.country.name) in said(page)


def test_the_button_opens_the_account_and_the_session(client):
    invitation = make_invitation()

    answer = client.post(
        page_of(invitation), {"name": "Ana", "way": "password", "password1": PASSWORD, "password2": PASSWORD}, follow=True
    )

    assert answer.redirect_chain == [(reverse("members:welcome"), 302)]
    assert answer.wsgi_request.user == User.objects.get()
    assert Delegate.objects.get().person.user == User.objects.get()


def test_the_button_opens_an_account_without_password(client):
    answer = client.post(page_of(make_invitation()), {"name": "Ana", "way": "code", "password1": "x"}, follow=True)

    assert answer.wsgi_request.user.is_authenticated
    assert not User.objects.get().has_usable_password()


def test_opening_an_account_begins_a_new_session(client):
    client.cookies["sessionid"] = "chosen-by-somebody-else-0000000000"
    client.post(page_of(make_invitation()), {"name": "Ana", "way": "code"})

    assert client.cookies["sessionid"].value != "chosen-by-somebody-else-0000000000"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": "", "way": "code"}, "name"),
        ({"name": "Ana", "way": "password"}, "password1 password2"),
        ({"name": "Ana", "way": "password", "password1": PASSWORD, "password2": "otra"}, "password2"),
        ({"name": "Ana", "way": "password", "password1": "12345678", "password2": "12345678"}, "password1"),
        ({"name": "Ana", "way": "password", "password1": "password1", "password2": "password1"}, "password1"),
        ({"name": "Ana", "way": "password", "password1": "ana@example.org", "password2": "ana@example.org"}, "password1"),
        ({"name": "Ana", "password1": PASSWORD, "password2": PASSWORD}, "way"),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_it(client, typed, fields):
    page = client.post(page_of(make_invitation()), typed)

    assert page.status_code == 200
    assert " ".join(page.context["form"].errors) == fields
    assert not User.objects.exists()


def test_who_has_an_account_signs_in_first(client):
    user = make_user()
    invitation = make_invitation(email=user.email)

    page = client.get(page_of(invitation))
    client.post(page_of(invitation), {"name": "Ana", "way": "code"})

    assert f"{reverse('account_login')}?next={page_of(invitation)}" in page.content.decode()
    assert not Delegate.objects.exists()


def test_who_has_an_account_and_signed_in_accepts(client):
    user = make_user()
    invitation = make_invitation(email=user.email)
    client.force_login(user)

    answer = client.post(page_of(invitation), follow=True)

    assert answer.redirect_chain == [(reverse("members:welcome"), 302)]
    assert Delegate.objects.get().person.user == user


def test_a_person_with_an_account_under_another_address_accepts_with_it(client):
    user = make_user()
    invitation = make_invitation(person=make_person(user=user))
    client.force_login(user)

    client.post(page_of(invitation))

    assert Delegate.objects.get().person.user == user
    assert User.objects.count() == 1


def test_somebody_elses_session_accepts_nothing(client):
    invitation = make_invitation(email=make_user().email)
    client.force_login(make_user())

    assert "/logout/" in client.get(page_of(invitation)).content.decode()
    client.post(page_of(invitation))

    assert not Delegate.objects.exists()


def test_a_new_account_is_not_opened_by_somebody_signed_in(client):
    invitation = make_invitation()
    other = make_user()
    client.force_login(other)

    page = client.post(page_of(invitation), {"name": "Ana", "way": "code"})

    assert page.status_code == 200
    assert list(User.objects.all()) == [other]


# Links that open nothing


def spoiled(invitation):
    good = token_of(invitation)
    return {
        "cut": good[:-3],
        "changed": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "another's": signing.Signer(salt="somebody else").sign_object([invitation.pk, invitation.nonce]),
        "not ours": signing.Signer(key="guessed", salt=SALT).sign_object([invitation.pk, invitation.nonce]),
        "of none": signing.Signer(salt=SALT).sign_object([invitation.pk + 1000, "x"]),
        "odd": signing.Signer(salt=SALT).sign_object({"a": 1}),
        "nonsense": "%00\u202e",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_spoiled_links_all_get_the_same_answer(client, language):
    invitation = make_invitation()
    pages = []
    for token in spoiled(invitation).values():
        with translation.override(language):
            path = reverse("members:invitation", args=[token])
        for page in (client.get(path), client.post(path, {"name": "Ana", "way": "code"})):
            assert page.status_code == 404
            pages.append(said(page))

    assert len(set(pages)) == 1
    assert "Ana" not in pages[0]
    assert not User.objects.exists()


def closed_invitations():
    expired = make_invitation(membership=make_membership(country="BR"))
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoked = revoke(make_invitation(membership=make_membership(country="CO")), by=None)
    accepted = make_invitation(membership=make_membership(country="GT"), email="otra@example.org")
    open_account(accepted, name="Otra")
    replaced = make_invitation(membership=make_membership(country="CL"))
    resend(replaced)
    return {"expired": expired, "revoked": revoked, "accepted": accepted, "replaced": replaced}


@pytest.mark.parametrize("why", ["expired", "revoked", "accepted", "replaced"])
def test_a_closed_invitation_says_what_to_do_and_opens_no_account(client, why):
    invitation = closed_invitations()[why]
    accounts = User.objects.count()

    for page in (client.get(page_of(invitation)), client.post(page_of(invitation), {"name": "Ana", "way": "code"})):
        assert page.status_code == 410
        assert page.context["why"] == why
        assert "Ana" not in said(page)

    assert User.objects.count() == accounts


def test_the_last_moment_is_outside(client):
    invitation = make_invitation()

    assert invitation.state(invitation.expires_at - timedelta(seconds=1)) == InvitationState.WAITING
    assert invitation.state(invitation.expires_at) == InvitationState.EXPIRED


# The desk


def typed(**given):
    return {"person": make_person(name="Ana").pk, "email": "ana@example.org", "role": "titular", "language": "es"} | given


def test_the_secretariat_invites_at_the_desk(desk):
    seat = make_membership()

    answer = desk.post(reverse("admin:members_invitation_add"), typed(membership=seat.pk))

    invitation = Invitation.objects.get()
    assert answer.status_code == 302
    assert invitation.invited_by == User.objects.get()
    assert Message.objects.get().to == "ana@example.org"


def test_the_desk_says_why_somebody_cannot_be_invited(desk):
    mandate = make_delegate(person=make_person(name="Luis"))

    page = desk.post(reverse("admin:members_invitation_add"), typed(membership=mandate.membership.pk))

    assert "Luis" in str(page.context["adminform"].form.errors["role"])
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("action", ["send_once_more", "take_back"])
def test_the_desk_sends_again_and_takes_back(desk, action):
    open_one = make_invitation()
    closed = make_invitation(membership=make_membership(country="BR"), email="otra@example.org")
    open_account(closed, name="Otra")

    chosen = {"action": action, "_selected_action": [open_one.pk, closed.pk]}
    page = desk.post(reverse("admin:members_invitation_changelist"), chosen, follow=True)

    open_one.refresh_from_db()
    assert (open_one.sendings, open_one.state()) == ((2, "waiting") if action == "send_once_more" else (1, "revoked"))
    assert [message.level_tag for message in page.context["messages"]] == ["error", "success"]


@pytest.mark.parametrize("state", ["waiting", "accepted", "expired", "revoked"])
def test_the_desk_lists_invitations_by_state(desk, state):
    found = closed_invitations() | {"waiting": None}
    found["waiting"] = found.pop("replaced")

    page = desk.get(reverse("admin:members_invitation_changelist"), {"state": state})

    assert list(page.context["cl"].queryset) == [found[state]]


def test_the_desk_shows_when_an_invitation_was_sent_but_not_its_link(desk, settings):
    with MailServer() as server:
        settings.MAILERS = server.mailer()
        invitation = make_invitation()
        call_command("send_messages", verbosity=0)
    invitation = resend(invitation)

    invitation_page = desk.get(reverse("admin:members_invitation_change", args=[invitation.pk])).content.decode()
    pages = [desk.get(reverse("admin:members_message_change", args=[each.pk])).content.decode() for each in Message.objects.all()]

    assert invitation_page.count("(UTC):") == 2
    assert all(token_of(invitation) not in page and invitation.nonce not in page for page in [invitation_page, *pages])


def test_an_editor_neither_invites_nor_reads_messages(client):
    client.force_login(make_editor())
    make_invitation()

    for name in ("invitation_add", "invitation_changelist", "message_changelist"):
        assert client.get(reverse(f"admin:members_{name}")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_as_much_for_one_row_as_for_three(desk, rows, django_assert_max_num_queries):
    for country in ["MX", "BR", "CO"][:rows]:
        make_invitation(membership=make_membership(country=country))

    for name in ("invitation", "message"):
        with django_assert_max_num_queries(14):
            assert desk.get(reverse(f"admin:members_{name}_changelist")).status_code == 200


@pytest.mark.parametrize("page", ["members_invitation_add", "members_delegate_add"])
def test_a_role_is_chosen_not_suggested(desk, page):
    seat, person = make_membership(), make_person()
    typed = {"person": person.pk, "membership": seat.pk, "email": "ana@example.org", "language": "es", "starts_on": "2026-01-01"}
    url = reverse(f"admin:{page}")

    shown = desk.get(url).context["adminform"].form
    answer = desk.post(url, filled(desk.get(url), **typed))

    assert shown["role"].value() in (None, "")
    assert [*answer.context["adminform"].form.errors] == ["role"]


def test_nobody_invites_to_rights_that_they_do_not_have():
    clerk = make_user(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_invitation", "view_invitation"]))

    with pytest.raises(ValidationError) as refused:
        invite(invitation_of(role=InvitedAs.SECRETARIAT), by=clerk)

    assert refused.value.error_dict["role"][0].code == "beyond_reach"
    assert roles_within_reach(clerk) == ["titular", "alternate", "technical"]
    assert roles_within_reach(make_secretary()) == [*InvitedAs]
    assert Message.objects.count() == 0


def test_the_desk_offers_only_roles_within_reach(desk):
    clerk = User.objects.get(pk=desk.session["_auth_user_id"])
    clerk.groups.clear()
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_invitation", "view_invitation"]))

    page = desk.get(reverse("admin:members_invitation_add"))

    assert [value for value, _label in page.context["adminform"].form.fields["role"].choices if value] == [
        "titular",
        "alternate",
        "technical",
    ]
