"""Secrets of second factors: encrypted in the database, opened by a key that is not there, and re-encrypted when it changes."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from members.accounts.encryption import FILE, decrypt, encrypt, encrypt_all, unreadable
from rifess import env
from rifess.portal.operations.diagnosis import check_second_factors
from tests.make import make_user
from tests.members.accounts.test_signing_in import code_of

pytestmark = pytest.mark.django_db
OLD, NEW = "A" * 43, "B" * 42 + "A"
KEPT_FOR_OTHERS = {"auth", "account", "mfa", "usersessions", "sessions"}  # packages that keep secrets


def with_factors(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def opens(user, secret, code):
    app, codes = (Authenticator.objects.get(user=user, type=kind).wrap() for kind in ("totp", "recovery_codes"))
    return app.validate_code(code_of(secret)) and codes.validate_code(code)


def test_no_secret_lies_in_the_database_as_it_is():
    user = make_user()
    secret, codes = with_factors(user)

    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept and kept.count('"gAAAA') == 2
    assert opens(user, secret, codes[0])


def test_what_was_kept_plain_opens_and_is_encrypted_once():
    user = make_user()
    secret, codes = with_factors(user)
    for row in Authenticator.objects.all():
        row.data |= {name: decrypt(row.data[name]) for name in ("secret", "seed") if name in row.data}
        row.save()
    codes_before = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    assert [encrypt_all(), encrypt_all()] == [2, 0]

    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert codes_before == codes and opens(user, secret, codes[1])


def test_keys_change_without_anybody_noticing(settings):
    user = make_user()
    secret, codes = with_factors(user)

    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    call_command("encrypt_second_factors")
    settings.SECOND_FACTOR_KEYS = [NEW]

    assert (encrypt_all(), unreadable()) == (0, 0)
    assert opens(user, secret, codes[0])


def test_without_its_key_nothing_opens_and_the_check_says_so(settings):
    with_factors(make_user())
    settings.SECOND_FACTOR_KEYS = [NEW]

    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR_KEYS"):
        Authenticator.objects.get(type="totp").wrap().validate_code("000000")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("encrypt_second_factors")
    assert len(list(check_second_factors())) == 1


def test_without_the_environment_a_key_is_made_for_its_owner_only(settings, tmp_path):
    settings.SECOND_FACTOR_KEYS, settings.DATA_DIR = [], tmp_path

    assert decrypt(encrypt("x")) == "x"
    assert (tmp_path / "keys" / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("wrong", ["short", f"{OLD},x", "ñ" * 43])
def test_a_key_that_is_none_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("SECOND_FACTOR_KEYS", wrong)

    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR_KEYS is not a list of keys"):
        env.private_keys("SECOND_FACTOR_KEYS")


def test_keys_are_taken_as_openssl_prints_them(monkeypatch):
    monkeypatch.setenv("SECOND_FACTOR_KEYS", f"{NEW}=, {OLD}=")

    assert env.private_keys("SECOND_FACTOR_KEYS") == [NEW, OLD]


def test_no_admin_of_a_package_shows_or_changes_what_signs_in():
    shown = {model._meta.label for model in admin.site._registry if model._meta.app_label in KEPT_FOR_OTHERS}

    assert shown == {"auth.Group"}
