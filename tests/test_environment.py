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


@pytest.mark.parametrize("weak", ["x", LONG[:31], f"{LONG.replace(',', '')},{'a' * 80}", "a key that has, a comma"])
def test_a_former_key_that_can_be_guessed_stops_the_start(monkeypatch, weak):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", weak)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS has a value that can be guessed"):
        env.former_secret_keys("SECRET_KEY_FALLBACKS", may_be_guessed=False)
    assert env.former_secret_keys("SECRET_KEY_FALLBACKS", may_be_guessed=True)


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


WRONG = {  # what an operator may well write, and what the portal would make of it
    "site_url": [
        "https://rifess.example:abc",
        "https://rifess.example:99999",
        "https://[::1",
        "https://ana@rifess.example",
        "https://rifess.example?x=1",
        "https://rifess.example#top",
        "https://red social.example",
        "https://ñandú.example",
        "https://https://rifess.example",
    ],
    "database": [
        "postgres://rifess:x@localhost:54x/rifess",
        "postgres://rifess:pa#ss@localhost/rifess",
        "postgres://rifess:12/34@localhost/rifess",
        "postgres://rifess:12#34@localhost/rifess",
        "postgres://[::1/rifess",
        "postgres://localhost/rifess?conect_timeout=3",
        "sqlite:///rifess.sqlite3",
    ],
    "mailer": [
        "smtp://ana:word@mail.example:abc",
        "smtp+tls://ana:word@mail.example:70000",
        "smtp://ana:w#rd@mail.example:25",
        "smtp://ana:12#34@mail.example:25",
        "smtp://ana:12/34@mail.example:25",
        "smtp://ana@mail.example",
        "smtp://mail.example/?tls=True",
    ],
    "cache": ["redis://127.0.0.1:abc/0", "redis://127.0.0.1/zero", "redis://:12#34@127.0.0.1/0", "memcached://x"],
    "zone": ["America", "Mexico City", "UTC-6", "../etc/passwd"],
    "days": ["0", "-3", "1 year", "99999999999", "9" * 5000],
    "pace": ["0", "1.5", "100000"],
    "address": ["secretaria", "a@x.example, b@x.example", "Red <a@x.example>", "mailto:a@x.example", "a@x.example; b@x.example"],
    "sender": ["nobody", "RIFESS <", "RIFESS a@x.example", "RIFESS, red <a@x.example>", "a@x.example\nBcc: b@x.example"],
    "contact": ["security@x.example", "see the site", "http://x.example"],
    "folder": ["var", "./var", __file__],
}


def test_each_plausible_but_wrong_value_stops_the_start_with_a_sentence(monkeypatch, tmp_path):
    # given
    monkeypatch.setattr(env, "find_spec", lambda name: name)
    default = {"days": 7, "pace": 60, "database": tmp_path / "unused", "cache": tmp_path, "mailer": None}
    accepted = []

    # when
    for kind, values in WRONG.items():
        for value in values:
            monkeypatch.setenv("SETTING", value)
            arguments = () if kind == "mailer" else (default.get(kind, "unused"),)
            try:
                getattr(env, kind)("SETTING", *arguments)
            except ImproperlyConfigured as stopped:
                assert str(stopped).startswith("SETTING"), value
                assert not {"12", "34"} & set(str(stopped).replace("@", "/").split("/")), "a password is not repeated"
            else:
                accepted.append((kind, value))

    # then
    assert accepted == []


def test_what_is_right_is_taken(monkeypatch, tmp_path):
    right = {
        "site_url": {"https://RIFESS.Example/": "https://rifess.example", "http://[::1]:8000": "http://[::1]:8000"},
        "sender": {'"Red, la" <a@x.example>': '"Red, la" <a@x.example>', "a@x.example": "a@x.example"},
        "contact": {"mailto:a@x.example": "mailto:a@x.example", "https://x.example/a": "https://x.example/a"},
        "folder": {str(tmp_path): tmp_path, str(tmp_path / "new"): tmp_path / "new"},
    }
    for kind, values in right.items():
        for value, expected in values.items():
            monkeypatch.setenv("SETTING", value)
            assert getattr(env, kind)("SETTING", "unused") == expected
    monkeypatch.setenv("SETTING", "smtps://ana%40x.example:w%23rd@mail.example")
    mailer = env.mailer("SETTING")["OPTIONS"]
    assert (mailer["username"], mailer["password"], mailer["port"]) == ("ana@x.example", "w#rd", 465)


def test_private_files_are_never_kept_where_everybody_reads(tmp_path):
    public = tmp_path / "static"
    for inside in (public, public / "media"):
        with pytest.raises(ImproperlyConfigured, match="MEDIA_ROOT"):
            env.require_private(public, DATA_DIR=tmp_path, MEDIA_ROOT=inside)

    env.require_private(public, DATA_DIR=tmp_path, MEDIA_ROOT=tmp_path / "static-media")
