"""Who comes in and how; and what is said to those who do not."""

import logging
import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_login_failed
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

import rifess.settings
from members.accounts.addresses import follow_the_address
from members.accounts.dormant import forget_sessions
from members.models import Message, User
from tests.make import make_secretary, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "una clave larga y propia"  # that of make_user
TRIES = 30  # more than the limits let through that count failures
LANGUAGES = ("es", "pt-br", "en")
ELSEWHERE = [
    "//evil.example/",
    "https://evil.example/",
    r"\\evil.example",
    r"/\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "https:evil.example",
    "\t//evil.example",
]


def with_verified_address(user):
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def ana():
    return with_verified_address(make_user(email="ana@example.org"))


@pytest.fixture
def sign_ins_that_failed():
    """One entry for each password that was really compared."""
    failed = []

    def hear(sender, **given):
        failed.append(given)

    user_login_failed.connect(hear)
    yield failed
    user_login_failed.disconnect(hear)


def sign_in(client, email="ana@example.org", password=PASSWORD, **headers):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **headers)


def is_signed_in(client):
    """Whether the next request is somebody's."""
    return client.get(reverse("account_email")).status_code == 200


def set_up_app(user):
    """An app that shows codes, and the key it keeps."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


# Passwords


def test_with_address_and_password_one_is_in(client, ana):
    sign_in(client)

    assert is_signed_in(client)


def test_capitals_of_the_address_do_not_matter(client, ana):
    sign_in(client, email="Ana@Example.ORG")

    assert is_signed_in(client)


def test_passwords_are_kept_with_argon2_and_older_ones_are_still_read():
    names = [each.rpartition(".")[2] for each in rifess.settings.PASSWORD_HASHERS]

    assert names == ["Argon2PasswordHasher", "PBKDF2PasswordHasher"]


def test_a_password_of_before_is_kept_with_argon2_from_the_next_sign_in(client, ana, settings):
    settings.PASSWORD_HASHERS = rifess.settings.PASSWORD_HASHERS
    ana.set_password(PASSWORD)
    settings.PASSWORD_HASHERS = list(reversed(rifess.settings.PASSWORD_HASHERS))
    ana.set_password(PASSWORD), ana.save()
    settings.PASSWORD_HASHERS = rifess.settings.PASSWORD_HASHERS

    sign_in(client)

    ana.refresh_from_db()
    assert ana.password.startswith("argon2")


@pytest.mark.parametrize("weak", ["password123", "12345678901", "ana@example.org", "corta"])
def test_a_password_that_many_use_is_refused(client, ana, weak):
    client.force_login(ana)

    page = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak})

    assert page.context["form"].errors
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


# Trying and trying


def test_a_hundred_tries_from_one_address_are_stopped_after_ten(client, ana, sign_ins_that_failed):
    pages = [sign_in(client, email=f"persona{number}@example.org", password=f"{number}") for number in range(100)]

    assert len(sign_ins_that_failed) == 10
    assert {page.status_code for page in pages} == {200, 429}
    sign_in(client)
    assert not is_signed_in(client)


def test_tries_from_many_addresses_against_one_account_are_stopped_after_five(client, ana, sign_ins_that_failed):
    for number in range(TRIES):
        sign_in(client, password=f"{number}", REMOTE_ADDR=f"203.0.113.{number}")

    assert len(sign_ins_that_failed) == 5


def test_one_visitor_has_all_the_addresses_of_its_network(client, ana, sign_ins_that_failed):
    for number in range(TRIES):
        sign_in(client, email=f"p{number}@example.org", password="otra", REMOTE_ADDR=f"2001:db8::{number:x}")

    assert len(sign_ins_that_failed) == 10


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_addresses_that_the_visitor_writes_are_not_believed(client, ana, sign_ins_that_failed, settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    for number in range(TRIES):
        forged = ", ".join([f"203.0.113.{number}", f"198.51.100.{number}", *["192.0.2.7"] * proxies])
        sign_in(client, email=f"p{number}@example.org", password="otra", HTTP_X_FORWARDED_FOR=forged)

    assert len(sign_ins_that_failed) == 10


def test_many_tries_of_the_second_factor_are_stopped_after_five(client, ana, caplog):
    set_up_app(ana)
    sign_in(client)
    with caplog.at_level(logging.WARNING, logger="rifess.portal.second_factor"):
        for number in range(TRIES):
            client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})

    assert caplog.text.count("wrong second factor") == 5
    assert not is_signed_in(client)


def test_too_many_tries_are_said(client, ana):
    pages = [sign_in(client, password="otra") for _ in range(6)]

    said = [page.context["form"].non_field_errors().as_data()[0].code for page in pages]
    assert said == ["email_password_mismatch"] * 5 + ["too_many_login_attempts"]


def test_what_is_refused_is_in_the_log_without_password_or_address(client, ana, caplog):
    with caplog.at_level(logging.WARNING, logger="rifess.portal.second_factor"):
        sign_in(client, password="mi secreto", REMOTE_ADDR="203.0.113.9")

    assert "wrong address or password" in caplog.text and "from 203.0.113.9" in caplog.text
    assert "mi secreto" not in caplog.text and "ana@" not in caplog.text


# Nobody learns who has an account


def without_what_was_typed(page, email):
    token = page.context["csrf_token"] if page.context else ""
    return page.content.decode().replace(str(token), "").replace(email, "")


@pytest.mark.parametrize(
    ("name", "field"),
    [("account_login", "login"), ("account_reset_password", "email"), ("account_request_login_code", "email")],
)
def test_a_known_and_an_unknown_address_get_the_same_answer(ana, name, field):
    answers = []
    for email in ("ana@example.org", "eva@example.org"):
        page = Client().post(reverse(name), {field: email, "password": "otra"}, follow=True)
        answers.append((page.redirect_chain, page.status_code, without_what_was_typed(page, email)))

    assert answers[0] == answers[1]


def test_an_address_without_an_account_gets_no_mail(client):
    client.post(reverse("account_reset_password"), {"email": "eva@example.org"})
    client.post(reverse("account_request_login_code"), {"email": "eva@example.org"})

    assert not Message.objects.exists() and mail.outbox == []


@pytest.mark.parametrize("is_corrected", [False, True])
def test_a_code_that_was_sent_to_a_corrected_address_lets_nobody_in(client, ana, is_corrected):
    client.post(reverse("account_request_login_code"), {"email": ana.email.upper()})
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Message.objects.get().text)[0]
    if is_corrected:
        before, ana.email = ana.email, "otra@example.org"
        ana.save()
        follow_the_address(ana, before=before, by=None)

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert is_signed_in(client) == (not is_corrected)


def test_an_account_that_may_not_sign_in_gets_neither_code_nor_link(client, ana):
    User.objects.update(is_active=False)

    client.post(reverse("account_request_login_code"), {"email": ana.email})
    client.post(reverse("account_reset_password"), {"email": ana.email})
    sign_in(client)

    assert not Message.objects.exists()
    assert not is_signed_in(client)


# Nobody opens an account alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_up_is_closed_in_every_language(client, language):
    with override(language):
        page = client.post(reverse("account_signup"), {"email": "eva@example.org", "password1": PASSWORD, "password2": PASSWORD})

    assert page.templates[0].name == "account/signup_closed.html"
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["account/signup/passkey/", "account/2fa/webauthn/signup/", "account/3rdparty/", "account/social/signup/"],
)
def test_there_is_no_other_door_to_sign_up(client, path):
    assert client.get(f"/en/{path}").status_code == 404
    assert client.post(f"/en/{path}").status_code == 404
    assert client.post("/_allauth/browser/v1/auth/signup", {"email": "eva@example.org"}).status_code == 404


# Sessions


def test_signing_in_gives_the_session_a_new_key(client, ana):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})  # the question for a passkey
    before = client.session.session_key

    sign_in(client)

    assert is_signed_in(client)
    assert before and client.session.session_key != before
    assert not Client(headers={"cookie": f"sessionid={before}"}).session.get("_auth_user_id")


def test_the_session_cookie_is_for_the_server_alone(client, ana):
    sign_in(client)

    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("there", ELSEWHERE)
@pytest.mark.parametrize("name", ["account_login", "account_logout"])
def test_nobody_is_led_elsewhere(client, ana, name, there):
    if name == "account_logout":
        client.force_login(ana)

    answer = client.post(reverse(name), {"login": ana.email, "password": PASSWORD, "next": there})

    assert answer.status_code == 302
    assert answer.url.startswith("/") and "evil" not in answer.url and "javascript" not in answer.url


def test_a_link_does_not_sign_out(client, ana):
    client.force_login(ana)

    client.get(reverse("account_logout"))
    still = is_signed_in(client)
    client.post(reverse("account_logout"))

    assert (still, is_signed_in(client)) == (True, False)


def test_the_other_sessions_are_listed_and_ended_at_once(client, ana):
    telephone = Client(headers={"user-agent": "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"})
    sign_in(telephone), sign_in(client)
    page = client.get(reverse("usersessions_list"))
    shown = "Firefox · Android" in page.content.decode()

    client.post(reverse("usersessions_list"))

    assert shown
    assert (is_signed_in(client), is_signed_in(telephone)) == (True, False)


def session_of(user):
    """The last session that `user` opened."""
    return UserSession.objects.filter(user=user).latest("pk")


def end(client, session):
    return client.post(reverse("members:end-session", args=[session.pk]))


def test_one_session_is_ended_and_the_others_go_on(client, ana):
    telephone, tablet = Client(), Client()
    sign_in(telephone)
    lost = session_of(ana)
    sign_in(tablet), sign_in(client)
    button = reverse("members:end-session", args=[lost.pk])
    offered = button in client.get(reverse("usersessions_list")).content.decode()

    answer = end(client, lost)

    assert (offered, answer.url) == (True, reverse("usersessions_list"))
    assert [is_signed_in(each) for each in (client, telephone, tablet)] == [True, False, True]


def test_the_present_session_ends_by_signing_out(client, ana):
    sign_in(client)

    answer = end(client, session_of(ana))

    assert answer.url == reverse("account_logout")
    assert is_signed_in(client)


@pytest.mark.parametrize("make", [make_user, make_secretary])
def test_nobody_ends_the_session_of_another(client, ana, make):
    telephone = Client()
    sign_in(telephone)
    client.force_login(make())

    answer = end(client, session_of(ana))

    assert (answer.status_code, is_signed_in(telephone)) == (404, True)


def test_a_visitor_and_a_link_end_no_session(client, ana):
    telephone = Client()
    sign_in(telephone)

    visitor = end(client, session_of(ana))
    link = telephone.get(reverse("members:end-session", args=[session_of(ana).pk]))

    assert visitor.url.startswith(reverse("account_login"))
    assert link.url == reverse("usersessions_list")
    assert is_signed_in(telephone)


def test_a_new_password_ends_the_other_sessions(client, ana):
    telephone = Client()
    sign_in(telephone), sign_in(client)
    new = "otra clave larga y propia"

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert (is_signed_in(client), is_signed_in(telephone)) == (True, False)


def test_an_account_that_is_closed_is_out_at_the_next_request(client, ana):
    sign_in(client)

    User.objects.update(is_active=False)

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("make", "hours", "signed_in"),
    [(make_secretary, 11, True), (make_secretary, 12.1, False), (make_user, 24 * 13, True)],
)
def test_a_session_of_the_secretariat_lasts_half_a_day(client, make, hours, signed_in):
    client.force_login(make())
    session = client.session
    session["signed_in_at"] = time.time() - hours * 3600
    session.save()

    assert is_signed_in(client) is signed_in
    assert Session.objects.filter(pk=session.session_key).exists() is signed_in


def test_nothing_is_kept_of_a_session_that_is_over(client, ana):
    telephone, tablet = Client(), Client()
    sign_in(client), sign_in(telephone), sign_in(tablet)
    client.post(reverse("account_logout"))
    after_signing_out = UserSession.objects.count()
    Session.objects.filter(pk=telephone.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))

    forgotten = forget_sessions()

    assert (after_signing_out, forgotten) == (2, 1)
    assert [session.session_key for session in UserSession.objects.all()] == [tablet.session.session_key]
    assert Session.objects.count() == 1


def test_reading_the_portal_starts_no_session(client):
    answer = client.get(reverse("home"))

    assert "sessionid" not in answer.cookies


# The address


def test_a_new_address_counts_once_its_code_is_typed_and_the_old_one_is_told(client, ana):
    client.force_login(ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("account_email"), {"email": "ana@nueva.example", "action_add": ""})
    ana.refresh_from_db()
    before = ana.email
    code = client.session["account_email_verification_code"]["code"]
    client.post(reverse("account_email_verification_sent"), {"code": code})

    ana.refresh_from_db()
    assert (before, ana.email) == ("ana@example.org", "ana@nueva.example")
    told = Message.objects.filter(kind="email_changed").values_list("to", flat=True)
    assert "ana@example.org" in told


def test_a_new_address_is_checked_as_everywhere(client, ana):
    """To PostgreSQL "ı" is "i": the account would be found with the address of another."""
    client.force_login(ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.post(reverse("account_email"), {"email": "ana@k\u0131wi.example", "action_add": ""})

    assert page.context["form"].errors.as_data()["email"][0].code == "not_plain"


# The second factor


def test_the_second_factor_is_asked_for_before_anybody_is_in(client, ana):
    secret = set_up_app(ana)

    sign_in(client)
    half_way = is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert (half_way, is_signed_in(client)) == (False, True)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_behind_or_ahead(client, ana, steps, opens, monkeypatch):
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    secret = set_up_app(ana)
    code = format_hotp_value(hotp_value(secret, int(now) // 30 + steps))
    sign_in(client)

    client.post(reverse("mfa_authenticate"), {"code": code})

    assert is_signed_in(client) is opens


def test_a_code_of_the_app_opens_once(client, ana):
    secret = set_up_app(ana)
    code = code_of(secret)
    for browser in (Client(), client):
        sign_in(browser)
        browser.post(reverse("mfa_authenticate"), {"code": code})

    assert not is_signed_in(client)


def test_a_code_that_was_used_is_called_so_wherever_it_is_typed(client, ana):
    secret = set_up_app(ana)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    other = Client()
    sign_in(other)

    said = [
        [error.code for error in answer.context["form"].errors.as_data()["code"]]
        for answer in (
            other.post(reverse("mfa_authenticate"), {"code": code_of(secret)}),
            client.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)}),
            other.post(reverse("mfa_authenticate"), {"code": "not a code"}),
        )
    ]

    assert said == [["used_code"], ["used_code"], ["incorrect_code"]]


def test_a_recovery_code_opens_once(client, ana):
    set_up_app(ana)
    code = RecoveryCodes.activate(ana).get_unused_codes()[0]
    telephone = Client()
    for browser in (telephone, client):
        sign_in(browser)
        browser.post(reverse("mfa_authenticate"), {"code": code})

    assert (is_signed_in(telephone), is_signed_in(client)) == (True, False)


def seen_by_the_server(client):
    """The user of the last request, as pages and permissions saw it."""
    return client.get(reverse("account_email")).wsgi_request.user


@pytest.mark.parametrize(("second_factor", "may"), [(True, True), (False, False)])
def test_permissions_are_those_of_the_session(client, second_factor, may):
    client.force_login(make_secretary(second_factor=second_factor))

    user = seen_by_the_server(client)

    assert user.second_factor is may
    assert user.has_perm("members.view_membership") is may
    assert user.has_module_perms("members") is may
    assert bool(user.get_all_permissions()) is may


def test_even_a_superuser_has_none_without_a_second_factor(client):
    client.force_login(make_user(is_staff=True, is_superuser=True, second_factor=False))

    assert not seen_by_the_server(client).has_perm("members.view_membership")


def test_to_remove_what_opened_a_session_ends_its_permissions(client):
    secretary = make_secretary()
    client.force_login(secretary)

    Authenticator.objects.filter(user=secretary).delete()

    assert not seen_by_the_server(client).second_factor


def test_a_session_chosen_for_one_membership_says_so(client, ana):
    client.force_login(ana)
    session = client.session
    session["acts_for"] = 7
    session.save()

    assert seen_by_the_server(client).acts_for == 7


@pytest.mark.parametrize("name", ["account_reauthenticate", "account_request_reauthentication_code"])
def test_a_password_or_a_mailbox_alone_adds_no_second_factor_where_there_is_one(client, ana, name):
    set_up_app(ana)
    client.force_login(ana)  # a session of before the app was set up

    answer = client.post(reverse(name), {"password": PASSWORD, "recipient": ana.email}, follow=True)

    assert answer.redirect_chain[0][0].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_add_webauthn")).status_code == 302
    assert not Message.objects.exists()


# Confirming oneself


def without_password(user):
    user.set_unusable_password()
    user.save()
    return user


PROTECTED = ["account_set_password", "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]


def code_sent(client, user):
    """The code that confirms, asked for in this session; it goes to the address of the account only."""
    client.post(reverse("account_request_reauthentication_code"), {"recipient": user.email})
    assert set(Message.objects.values_list("kind", "to")) == {("reauthentication_code", user.email)}
    return client.session["account_email_reauthentication_code"]["code"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_without_password_confirms_itself_by_a_code_sent_to_its_address(client, ana, language):
    client.force_login(without_password(ana))
    with override(language):
        asked = client.get(reverse("mfa_activate_totp"))
        page = client.get(asked.url)
        code = code_sent(client, ana)
        typed = client.get(reverse("account_confirm_reauthentication_code"))
        wrong = client.post(reverse("account_confirm_reauthentication_code"), {"code": "WRONG-CODE"})
        before = client.get(reverse("mfa_activate_totp")).status_code
        client.post(reverse("account_confirm_reauthentication_code"), {"code": code})

        assert asked.url.startswith(reverse("account_request_reauthentication_code"))
        assert f'value="{ana.email}"' in page.content.decode() and ana.email in typed.content.decode()
        assert wrong.context["form"].errors and before == 302
        assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_three_wrong_codes_end_that_code(client, ana):
    client.force_login(without_password(ana))
    code = code_sent(client, ana)

    for wrong in ("WRONG-1", "WRONG-2", "WRONG-3"):
        client.post(reverse("account_confirm_reauthentication_code"), {"code": wrong})
    client.post(reverse("account_confirm_reauthentication_code"), {"code": code})

    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_a_code_that_confirms_goes_to_no_other_address(client, ana):
    client.force_login(without_password(ana))

    client.post(reverse("account_request_reauthentication_code"), {"recipient": "eva@example.org"})

    assert not Message.objects.exists()


def test_no_account_changes_how_it_signs_in_without_confirming(client, ana):
    asked = {"code": "account_request_reauthentication_code", "password": "account_reauthenticate", "app": "mfa_reauthenticate"}
    kinds = {
        "code": without_password(with_verified_address(make_user(email="code@example.org"))),
        "password": ana,
        "app": with_verified_address(make_user(email="app@example.org")),
    }
    set_up_app(kinds["app"])
    for kind, user in kinds.items():
        client.force_login(user)
        for name in PROTECTED:
            answer = client.get(reverse(name), follow=True)
            steps = [url.partition("?")[0] for url, _status in answer.redirect_chain]
            own = {reverse("account_change_password"), reverse("mfa_index")}  # asks for the old password; has no app yet
            assert steps and set(steps) <= {reverse(asked[kind]), *own}, (kind, name, steps)
        client.post(reverse("account_email"), {"email": "ana@nueva.example", "action_add": ""})

    assert not EmailAddress.objects.filter(email="ana@nueva.example").exists()


def test_setting_up_the_app_opens_the_session_that_did_it(client, django_capture_on_commit_callbacks):
    secretary = with_verified_address(make_secretary(second_factor=False))
    client.force_login(secretary)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    answer.wsgi_request.session.save()  # outside of a test the commit comes before the answer, which saves it

    assert client.get(reverse("admin:index")).status_code == 200
    assert len(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert not Authenticator.objects.get(user=secretary, type="totp").wrap().validate_code(code_of(secret))  # it opened once
