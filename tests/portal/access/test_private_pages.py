"""Every page behind a signed address or a code, or of an account, is indexed and stored nowhere (docs/adr/0051)."""

import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from members import applications, invitations
from members.models import Application, DataRequest, Invitation
from rifess.private_pages import FOLLOWING_A_FORM, OF_AN_ACCOUNT, SECRET
from tests.fuzz.addresses import filled, templates
from tests.make import make_delegate, make_registration, make_seminar, make_user

PUBLIC = {"format"}  # parts of an address that are free words and no secret
AFTER_A_FORM = re.compile(r"-(sent|thanks|delegate|session)$|:welcome$")


def routes(language="es"):
    with translation.override(language):
        return sorted({route.removeprefix("^") for route in templates()})


def test_free_words_in_addresses_are_secrets_that_are_recognized():
    unknown = [
        route
        for route in routes()
        if "/admin/" not in route and {name for name in re.findall(r"<str:(\w+)>", SECRET.sub("", route))} - PUBLIC
    ]

    assert unknown == []


def test_secrets_are_given_as_free_words_only():
    names = "signed|token|code|secret|nonce|key"
    public = re.compile(r"country/<slug:code>|pais/<slug:code>|^g/<slug:key>|^embed/<slug:key>|^media/posters/<slug:key>")
    hidden = [
        route
        for route in routes()
        if re.search(rf"<(?!str:)\w*:?({names})>", route) and "/admin/" not in route and not public.search(route)
    ]

    assert [route for route in hidden if "cuenta/" not in route] == []  # those of the sign-in library are private by their names


@pytest.mark.django_db
def test_private_pages_are_stored_and_indexed_nowhere_whatever_they_answer():
    visitor, delegate, wrong, asked = Client(), Client(), [], 0
    delegate.force_login(make_delegate(user=make_user()).person.user)
    for route in routes():
        is_behind_a_link = bool(SECRET.search(route))
        if "/admin/" in route or not (is_behind_a_link or re.search(r"/(cuenta|delegacion)/", route)):
            continue
        address = filled(re.sub(r"\(\?P<\w+>[^)]*\)", "x", route), value_of)
        answer, asked = (visitor if is_behind_a_link else delegate).get(address), asked + 1
        if not _is_kept_nowhere(answer):
            wrong.append((address, answer.status_code))

    assert wrong == [] and asked > 60


def value_of(name):
    return "7" if name in {"pk", "number"} else "panel" if name == "kind" else "x"


@pytest.mark.django_db
def test_a_page_that_shows_a_person_is_stored_and_indexed_nowhere(client):
    pages = [make_registration().get_absolute_url(), reverse("events:registration", args=["x"])]
    pages += [reverse(name) for name in ("my-data-sent", "contact-thanks", "members:join-sent", "events:alerts-sent")]

    assert [page for page in pages if not _is_kept_nowhere(client.get(page))] == []
    for name in ("home", "events:verify", "people", "events:alerts"):
        assert "X-Robots-Tag" not in client.get(reverse(name)).headers


@pytest.mark.django_db
def test_log_of_the_web_server_in_the_manual_opens_no_private_page():
    conf = (settings.BASE_DIR / "docs" / "nginx" / "rifess.conf").read_text()
    secret = re.compile(re.search(r'"~(\^.+\$)"', conf)[1].replace("(?<", "(?P<"))
    person, seminar = (
        DataRequest.objects.create(kind="export", email="ana@example.org"),
        make_seminar(title="Economía social" * 5),
    )
    private = [
        make_registration().get_absolute_url(),
        reverse("my-data-link", args=[person.signed]),
        reverse("members:application", args=[applications.token_of(Application(key="a1b2c3"))]),
        reverse("members:invitation", args=[invitations.token_of(Invitation(pk=1, nonce="a1b2c3"))]),
        reverse("account_reset_password_from_key", args=["1", default_token_generator.make_token(make_user())]),
    ]

    shown = [secret.sub(r"\g<before_secret>*\g<after_secret>", unquote(address)) for address in private]

    assert [address for address in shown if "/*/" not in address] == []
    assert secret.match(seminar.get_absolute_url()) is None


def test_pages_that_follow_a_form_are_named():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        names |= {f"{namespace}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}

    following = {name for name in names if AFTER_A_FORM.search(name) and not name.startswith(OF_AN_ACCOUNT)}

    assert following == FOLLOWING_A_FORM


def _is_kept_nowhere(answer):
    kept = set(answer.headers.get("Cache-Control", "").split(", "))
    hides = answer.headers.get("Referrer-Policy") in {"same-origin", "no-referrer"}
    return hides and answer.headers.get("X-Robots-Tag") == "noindex" and {"private", "no-store"} <= kept
