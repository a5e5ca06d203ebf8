"""Every act of the secretariat that reaches an account, whatever way leads there, by whose it is; and who confirms first."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import DataRequest, DataRequestKind, Message, Person, User
from tests.desk import address, filled
from tests.make import make_attendance, make_delegate, make_document, make_person, make_secretary, make_seminar, make_user
from tests.members.accounts.test_signing_in import code_of, set_up_app

pytestmark = pytest.mark.django_db
KINDS = ["own", "delegate", "colleague", "superuser"]


def enter(user):
    client = Client()
    client.force_login(user)
    return client


def account_of(kind, actor):
    if kind == "own":
        return actor
    if kind == "delegate":
        return make_delegate(user=make_user()).person.user
    return make_secretary(is_superuser=kind == "superuser")


def post_guided(desk, url, given):
    """Answer a guided act, and press the button on what it then shows."""
    page = desk.post(url, given)
    shown = page.context.get("shown") if page.context else None
    return desk.post(url, given | {"shown": shown}) if shown else page


def change(desk, account, **given):
    page = desk.get(address(account))
    return desk.post(address(account), filled(page, **given)) if page.context and "adminform" in page.context else page


def new_address(desk, account):
    new = f"nueva{account.pk}@example.org"
    change(desk, account, email=new)
    return User.objects.filter(pk=account.pk, email=new).exists()


def groups(desk, account):
    group = Group.objects.get(name="Edición")
    change(desk, account, groups=[group.pk])
    return account.groups.filter(pk=group.pk).exists()


def name(desk, account):
    change(desk, account, name="Otro nombre")
    return User.objects.get(pk=account.pk).name == "Otro nombre"


def second_factor(desk, account):
    factor = Authenticator.objects.get_or_create(user=account, type="totp", defaults={"data": {"secret": "x"}})[0]
    post_guided(desk, reverse("admin:members_user_second-factor", args=[account.pk]), {})
    return not Authenticator.objects.filter(pk=factor.pk).exists()


def give_a_person(desk, account):
    Person.objects.filter(user=account).update(user=None)
    person = make_person()
    desk.post(address(person), filled(desk.get(address(person)), user=account.pk))
    return Person.objects.filter(pk=person.pk, user=account).exists()


def take_from_a_person(desk, account):
    person = Person.objects.filter(user=account).first() or make_person(user=account)
    desk.post(address(person), filled(desk.get(address(person)), user=""))
    return not Person.objects.filter(pk=person.pk, user=account).exists()


def merge(desk, account):
    duplicate, stays = Person.objects.filter(user=account).first() or make_person(user=account), make_person()
    post_guided(desk, reverse("admin:members_person_merge", args=[stays.pk]), {"duplicate": duplicate.pk})
    return not Person.objects.filter(pk=duplicate.pk).exists()


def lock(desk, account):
    desk.post(reverse("admin:members_user_changelist"), {"action": "lock_them", "_selected_action": [account.pk]})
    return not User.objects.get(pk=account.pk).is_active


ACTS = {  # act: the kinds of account a secretary may do it to; a superuser all
    new_address: {"delegate"},
    second_factor: {"delegate"},
    groups: {"delegate", "colleague"},
    name: {"own", "delegate", "colleague"},
    give_a_person: {"delegate", "colleague"},
    take_from_a_person: {"delegate", "colleague"},
    merge: {"delegate", "colleague"},
    lock: {"own", "delegate", "colleague"},
}
TOLD = {
    new_address: "email_changed",
    second_factor: "second_factor_reset",
    groups: "rights_changed",
    give_a_person: "person_linked",
    take_from_a_person: "person_unlinked",
    merge: "person_linked",
    lock: "account_locked",
}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_secretary_reaches_the_accounts_they_may_and_no_others(act):
    make_secretary(), set_up_app(User.objects.latest("pk"))  # not the last who could open the desk
    done = set()
    for kind in KINDS:
        actor = make_secretary()
        account = account_of(kind, actor)
        before = account.email
        Message.objects.all().delete()
        if act(enter(actor), account):
            done.add(kind)
        told = set(Message.objects.filter(to=before).values_list("kind", flat=True))
        assert told == ({TOLD[act]} if kind in done and act in TOLD else set()), kind

    assert done == ACTS[act]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_superuser_reaches_all(act):
    set_up_app(make_secretary())
    actor = make_secretary(is_superuser=True)

    done = {kind for kind in KINDS[1:] if act(enter(actor), account_of(kind, actor))}

    assert done == set(KINDS[1:])


def test_nobody_gives_a_group_that_may_more_than_they():
    above = Group.objects.create(name="Todo")
    above.permissions.set(Permission.objects.filter(codename__in=["change_group", "delete_logentry"]))
    account = make_user()

    change(enter(make_secretary()), account, groups=[above.pk])

    assert not account.groups.exists()


def test_the_data_of_a_superuser_are_erased_by_another_only():
    people = [make_person(name=f"Eva {above}", user=make_user(is_superuser=above)) for above in (True, False)]
    now, desk = timezone.now(), enter(make_secretary())
    for person in people:
        asked = DataRequest.objects.create(kind=DataRequestKind.ERASURE, person=person, confirmed_at=now)
        post_guided(desk, reverse("admin:members_datarequest_erase", args=[asked.pk]), {"answer": "x"})

    assert [User.objects.filter(pk=person.user_id).exists() for person in people] == [True, False]


# Confirming first


def long_ago(client):
    """The same session, an hour later."""
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": time.time() - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
    return client


STAFF = {"email": "ana@example.org", "role": "secretariat", "language": "es"}


def test_what_reaches_far_asks_to_confirm_first():
    make_attendance(make_seminar())
    person, account = make_person(), make_user()
    asked = DataRequest.objects.create(kind=DataRequestKind.ERASURE, person=person)
    secretary = make_secretary()
    secret = set_up_app(secretary)
    desk = long_ago(enter(secretary))
    group = address(Group.objects.get(name="Edición"))
    doors = [
        desk.get(reverse("admin:members_datarequest_erase", args=[asked.pk])),
        desk.get(reverse("admin:members_person_merge", args=[person.pk])),
        desk.get(reverse("admin:members_user_second-factor", args=[account.pk])),
        desk.get(reverse("admin:events_registration_csv")),
        desk.get(reverse("admin:recordings_document_openings_csv", args=[make_document().pk])),
        desk.post(reverse("admin:members_invitation_add"), STAFF | {"person": person.pk}),
        desk.post(group, {}),
        desk.post(reverse("admin:members_user_changelist"), {"action": "lock_them", "_selected_action": [account.pk]}),
        desk.post(address(account), filled(desk.get(address(account)), name="Nuevo")),
    ]

    assert {answer.headers.get("Location", "").partition("?")[0] for answer in doors if answer is not doors[6]} == {
        reverse("mfa_reauthenticate")
    }
    answer = desk.post(reverse("mfa_reauthenticate"), {"code": code_of(secret), "next": address(account)})
    account.refresh_from_db()
    assert (answer.status_code, account.name) == (302, "Nuevo")  # what was sent meanwhile went on


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_account_page_lets_one_do_is_not_decided_by_what_was_typed(kind):
    """A colleague's page that comes back without "is staff" still does not offer the address: the account is staff."""
    actor = make_secretary()
    desk, account = enter(actor), account_of(kind, actor)
    before = User.objects.filter(pk=account.pk).values().get()
    page = address(account)
    read_only = fields_to_read(desk.get(page))

    refused = desk.post(page, {"name": ""})

    assert refused.status_code == (403 if kind == "superuser" else 200)
    assert kind == "superuser" or fields_to_read(refused) == read_only
    assert User.objects.filter(pk=account.pk).values().get() == before


def fields_to_read(page):
    return page.context and page.context.get("adminform") and list(page.context["adminform"].readonly_fields)


def test_no_page_of_the_desk_writes_what_was_typed_into_the_row_that_decides_what_it_offers(rf):
    request = rf.get("/")
    request.user = make_secretary(is_superuser=True)
    pages = {model: page for model, page in admin.site._registry.items() if page.has_change_permission(request)}
    rows = {model: model() for model in pages}

    given = {
        model: pages[model].get_form(request, row, change=True)(data={}, instance=row).instance for model, row in rows.items()
    }

    assert [model.__name__ for model, row in rows.items() if given[model] is row] == []
    assert len(rows) > 20
