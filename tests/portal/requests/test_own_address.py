"""The portal answers at its own address only, and every absolute address it writes is there."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from members.models import Message
from tests.make import make_user

pytestmark = pytest.mark.django_db
OTHERS = [
    "localhost",
    "127.0.0.1",
    "evil.example",
    "rifess.example:1234",
    "rifess.example.:443",
    "other.rifess.example",
    "[::1]:80",
    "rifess.example:99999",
    "rifess.example:0",
    "rifess.example:" + "4" * 5000,
]


@pytest.fixture(autouse=True)
def public(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://rifess.example", ["rifess.example", "www.rifess.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def client_at(host, **given):
    return Client(headers={"host": host, "x-forwarded-proto": "https"}, **given)


def test_only_the_own_name_and_port_are_answered():
    home = reverse("home")
    own = {host: client_at(host).get(home).status_code for host in ("rifess.example", "RIFESS.example", "rifess.example:443")}
    others = {host: client_at(host).get(home) for host in OTHERS}

    assert set(own.values()) == {200}
    for host, answer in others.items():
        assert answer.status_code in {301, 400}, host
        assert answer.get("Location", "https://rifess.example/").startswith("https://rifess.example/"), host


def test_another_name_leads_here_and_takes_no_form():
    page = client_at("www.rifess.example").get("/es/contacto/?a=1")
    form = client_at("www.rifess.example").post("/es/contacto/", {"name": "Ana"})

    assert (page.status_code, page["Location"]) == (301, "https://rifess.example/es/contacto/?a=1")
    assert form.status_code == 400


def test_another_port_of_the_site_is_its_own(settings):
    settings.SITE_URL = "http://rifess.example:8080"

    answers = {host: client_at(host).get(reverse("home")).status_code for host in ("rifess.example:8080", "rifess.example")}

    assert answers == {"rifess.example:8080": 200, "rifess.example": 301}


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "localhost", "evil.example"])
def test_health_is_told_under_any_name(host):
    assert client_at(host).get("/health/").status_code == 200


@pytest.mark.parametrize("host", ["rifess.example", "rifess.example:443"])
def test_no_address_repeats_what_the_request_says(host, settings):
    user = make_user(email="ana@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client = client_at(host)
    client.post(reverse("account_reset_password"), {"email": user.email})
    settings.SECURE_PROXY_SSL_HEADER = None  # a web server that was not told to say https: the sitemap says it all the same
    settings.SECURE_SSL_REDIRECT = False

    told = Message.objects.get().text + client.get("/sitemap.xml").content.decode() + client.get("/robots.txt").content.decode()

    found = set(re.findall(r"https?://[^/\s<\"]+", told)) - {"http://www.sitemaps.org", "http://www.w3.org"}
    assert found == {"https://rifess.example"}
