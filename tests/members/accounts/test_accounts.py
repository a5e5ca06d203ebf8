"""Accounts that nobody uses are told, locked, and opened again."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from members.accounts.dormant import Use, accounts, by_use, lock, lock_idle, unlock, warn, warn_idle
from members.models import Message, User
from rifess.base.dates import today_in_the_network
from tests.desk import address, filled
from tests.make import make_delegate_user, make_editor, make_secretary, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "una clave larga y propia"
TODAY = today_in_the_network()


def days_ago(number):
    """Noon of that day in the Network."""
    day = TODAY - timedelta(days=number)
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def make_idle(days, warned=None, **given):
    """An account that was last used so many days ago, and told so many days ago."""
    user = make_user(last_login=days_ago(days), date_joined=days_ago(days), **given)
    User.objects.filter(pk=user.pk).update(warned_on=warned and TODAY - timedelta(days=warned))
    user.refresh_from_db()
    return user


def add_second_factor(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def kinds():
    return sorted(Message.objects.values_list("kind", "to"))


def test_who_has_not_signed_in_for_300_days_is_told_once():
    idle, _used = make_idle(300, language="pt-br"), make_idle(299)

    first, again = warn_idle(TODAY), warn_idle(TODAY)

    idle.refresh_from_db()
    assert (first, again, idle.warned_on) == (1, 0, TODAY)
    assert kinds() == [("account_idle", idle.email)]
    assert Message.objects.get().language == "pt-br"


def test_an_account_never_used_counts_from_the_day_it_was_opened():
    User.objects.filter(pk=make_user().pk).update(date_joined=days_ago(300))

    assert warn_idle(TODAY) == 1


def test_who_was_told_is_locked_65_days_later():
    early, due = make_idle(400, warned=64), make_idle(400, warned=65)

    assert lock_idle(TODAY) == 1
    early.refresh_from_db(), due.refresh_from_db()
    assert (early.is_active, due.is_active, due.locked_on) == (True, False, TODAY)
    assert kinds() == [("account_locked", due.email)]
    assert lock_idle(TODAY) == 0


def test_after_nights_the_server_slept_nobody_is_locked_without_having_been_told():
    make_idle(900)

    assert (lock_idle(TODAY), warn_idle(TODAY), lock_idle(TODAY)) == (0, 1, 0)
    assert lock_idle(TODAY + timedelta(days=64)) == 0
    assert lock_idle(TODAY + timedelta(days=65)) == 1


def test_whoever_signs_in_after_being_told_is_told_anew_next_time():
    user = make_idle(10, warned=20)

    assert lock_idle(TODAY + timedelta(days=289)) == 0
    assert warn_idle(TODAY + timedelta(days=290)) == 1
    user.refresh_from_db()
    assert user.warned_on == TODAY + timedelta(days=290)


def test_an_account_opened_again_has_as_long_as_one_that_was_told():
    user = make_idle(500, warned=100)
    lock(user, day=TODAY)

    assert (unlock(user, day=TODAY), unlock(user, day=TODAY)) == (True, False)
    assert (warn_idle(TODAY), lock_idle(TODAY + timedelta(days=64)), lock_idle(TODAY + timedelta(days=65))) == (0, 0, 1)
    assert Message.objects.filter(kind="account_unlocked").count() == 1


def test_the_last_secretary_with_a_second_factor_is_never_locked():
    last = add_second_factor(make_idle(800, warned=300, groups=["Secretaría"], is_staff=True))
    without_factor = make_idle(800, warned=300, groups=["Secretaría"], is_staff=True)
    make_editor()

    count = lock_idle(TODAY)

    last.refresh_from_db(), without_factor.refresh_from_db()
    assert (count, last.is_active, without_factor.is_active) == (1, True, False)
    with pytest.raises(ValidationError) as refused:
        lock(last)
    assert refused.value.code == "last_secretary"


def test_of_two_idle_secretaries_one_stays():
    for _each in range(2):
        add_second_factor(make_idle(800, warned=300, groups=["Secretaría"], is_staff=True))

    assert lock_idle(TODAY) == 1
    assert User.objects.filter(is_active=True).count() == 1


def test_each_account_is_in_one_state():
    rows = {
        Use.USED: make_idle(5),
        Use.IDLE: make_idle(350),
        Use.WARNED: make_idle(350, warned=3),
        Use.LOCKED: make_idle(500, warned=100),
    }
    lock(rows[Use.LOCKED])

    assert {use: list(by_use(accounts(), use)) for use in Use} == {use: [user] for use, user in rows.items()}


# Signing in


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password}, follow=True)


def test_a_locked_account_says_whom_to_ask_to_its_owner_alone(client):
    user = make_idle(500)
    lock(user)

    owner = sign_in(client, user.email)
    stranger = sign_in(client, user.email, "otra clave cualquiera")
    nobody = sign_in(client, "nadie@example.org", "otra clave cualquiera")

    assert owner.resolver_match.url_name == "account_inactive"
    assert reverse("contact") in owner.content.decode()
    assert [page.context["form"].non_field_errors() for page in (stranger, nobody)] == [
        stranger.context["form"].non_field_errors()
    ] * 2
    assert not owner.wsgi_request.user.is_authenticated


def test_locking_ends_the_sessions_and_opening_does_not_bring_them_back(client):
    user, desk = make_delegate_user(), reverse("delegation:desk")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(client, user.email)
    before = client.get(desk).status_code

    lock(user)
    locked = client.get(desk).status_code
    unlock(user)
    after = client.get(desk).status_code

    assert (before, locked, after) == (200, 302, 302)


# The desk


def test_the_secretariat_tells_locks_and_opens_from_the_list(client):
    idle, used = make_idle(350), make_idle(0)
    client.force_login(make_secretary())
    page = address(User, "changelist")

    for act in ("warn_them", "lock_them", "unlock_them"):
        client.post(page, {"action": act, "_selected_action": [idle.pk, used.pk]})

    assert kinds() == sorted(
        [("account_idle", idle.email)]
        + [(kind, user.email) for user in (idle, used) for kind in ("account_locked", "account_unlocked")]
    )


@pytest.mark.parametrize("is_superuser", [False, True])
def test_only_a_superuser_tells_locks_and_opens_a_superuser(client, is_superuser):
    chief, other = make_idle(350, is_staff=True, is_superuser=True), make_idle(350)
    client.force_login(add_second_factor(make_secretary(is_superuser=is_superuser)))
    page = address(User, "changelist")
    given = {"_selected_action": [chief.pk, other.pk]}

    answers = [client.post(page, {"action": f"{act}_them", **given}, follow=True) for act in ("warn", "lock", "unlock")]

    said = [" ".join(str(message) for message in answer.context["messages"]) for answer in answers]
    assert [to for _kind, to in kinds()].count(other.email) == 3
    assert [to for _kind, to in kinds()].count(chief.email) == (3 if is_superuser else 0)
    assert ["superusuari" in each or "superuser" in each for each in said] == [not is_superuser] * 3


def test_the_list_refuses_to_lock_the_last_secretary_with_a_sentence(client):
    secretary = make_secretary(name="Ana Única")
    client.force_login(secretary)

    page = client.post(address(User, "changelist"), {"action": "lock_them", "_selected_action": [secretary.pk]}, follow=True)

    secretary.refresh_from_db()
    assert secretary.is_active
    assert "Ana Única" in " ".join(str(message) for message in page.context["messages"])


@pytest.mark.parametrize("use", [use.value for use in Use])
def test_the_list_is_filtered_by_use(client, use):
    make_idle(350)
    client.force_login(make_secretary())

    page = client.get(address(User, "changelist"), {"use": use})

    assert page.context["cl"].result_count == {"used": 1, "idle": 1}.get(use, 0)


def test_marking_by_hand_that_one_may_sign_in_opens_what_was_locked(client):
    user = make_idle(500)
    lock(user)
    client.force_login(make_secretary())
    page = client.get(address(user))

    client.post(address(user), filled(page, is_active="on"))

    user.refresh_from_db()
    assert (user.is_active, user.locked_on) == (True, None)


def test_an_editor_cannot_lock_anybody(client):
    user = make_idle(500)
    client.force_login(make_editor())

    client.post(address(User, "changelist"), {"action": "lock_them", "_selected_action": [user.pk]})

    user.refresh_from_db()
    assert user.is_active


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(client, number, django_assert_max_num_queries):
    for _each in range(number):
        make_idle(350)
    client.force_login(make_secretary())
    client.get(address(User, "changelist"))

    with django_assert_max_num_queries(9):
        client.get(address(User, "changelist"))


# Once a day


def test_what_is_due_is_done_and_said(capsys):
    make_idle(300)

    call_command("daily")

    said = capsys.readouterr().out
    assert "     1  people told that their account is not used" in said
    assert "     0  accounts locked that nobody uses" in said


def test_one_act_that_fails_is_undone_and_does_not_stop_the_others():
    user = make_user()

    @transaction.atomic
    def half_done():
        User.objects.filter(pk=user.pk).update(name="a medias")
        raise RuntimeError("broken")

    def whole():
        return User.objects.filter(pk=user.pk).update(language="en")

    with pytest.raises(CommandError, match="first"):
        call_command("daily", acts=[("first", half_done), ("second", whole)], verbosity=0)

    user.refresh_from_db()
    assert (user.name, user.language) == ("", "en")


def test_used_today_is_not_told():
    user = make_user(last_login=timezone.now())

    assert (warn(user), kinds()) == (False, [])


def test_the_secretariat_changes_an_address_and_the_former_one_hears_of_it(client):
    user = make_user(email="antes@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(make_secretary())
    page = client.get(address(user))

    client.post(address(user), filled(page, email="despues@example.org"))

    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [("despues@example.org", True)]
    assert list(Message.objects.values_list("kind", "to")) == [("email_changed", "antes@example.org")]


def test_nobody_but_a_superuser_chooses_the_password_of_another(client):
    user = make_user()
    client.force_login(make_secretary())
    page = reverse("admin:auth_user_password_change", args=[user.pk])

    assert page.rpartition("/admin/")[2] not in client.get(address(user)).content.decode()
    assert client.get(page).status_code == 404
    assert client.post(page, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 404
