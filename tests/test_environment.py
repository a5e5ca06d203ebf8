"""A wrong value of the environment stops the start with a sentence; what is not said is safe."""

import pytest
from django.core import signing
from django.core.exceptions import ImproperlyConfigured

import rifess.settings
from rifess import env

LONG = "a long enough key, of many characters"


@pytest.mark.parametrize("weak", ["x", "tests", "a" * 80, "abcd" * 20, LONG[:31]])
def test_a_key_that_can_be_guessed_stops_the_start(monkeypatch, weak):
    monkeypatch.setenv("SECRET_KEY", weak)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY can be guessed"):
        env.secret_key("SECRET_KEY", None)
    assert env.secret_key("SECRET_KEY", "only here") == weak  # where it need not be secret


def test_a_long_key_is_taken(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", LONG)

    assert env.secret_key("SECRET_KEY", None) == LONG


def test_what_a_former_key_signed_stays_valid(settings):
    settings.SECRET_KEY = "former"
    signed = signing.Signer(salt="a").sign("x")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = LONG, ["former"]

    assert signing.Signer(salt="a").unsign(signed) == "x"


def test_subdomains_and_preload_lists_are_bound_only_on_purpose():
    assert not rifess.settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
    assert not rifess.settings.SECURE_HSTS_PRELOAD


@pytest.mark.parametrize(
    ("site", "names"),
    [
        ("https://rifess.example", ["rifess.example"]),
        ("https://rifess.example:8443", ["rifess.example"]),
        ("http://localhost:8000", ["localhost", "127.0.0.1", "[::1]"]),
    ],
)
def test_the_portal_is_asked_by_its_own_name(monkeypatch, site, names):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)

    assert env.hosts("ALLOWED_HOSTS", site) == names


def test_postgresql_never_compiles_queries_and_database_url_has_the_last_word(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://rifess:x@db.example/rifess?options=-c%20statement_timeout%3D2s")

    for patient in (True, False):
        asked = env.database("DATABASE_URL", tmp_path / "unused", patient=patient)["OPTIONS"]["options"]

        assert asked.startswith("-c jit=off") and asked.endswith("-c statement_timeout=2s")
