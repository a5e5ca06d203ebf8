"""Every page behind a signed address or a code, or of an account, is indexed and stored nowhere (docs/adr/0051)."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from rifess.private_pages import FOLLOWING_A_FORM, OF_AN_ACCOUNT, SECRET
from tests.fuzz.addresses import filled, templates
from tests.make import make_delegate, make_registration, make_user

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
