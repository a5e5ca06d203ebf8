"""What browsers and people who look for weaknesses expect at fixed addresses and in each answer."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db


def test_who_finds_a_weakness_is_told_whom_to_write_to(client):
    answer = client.get("/.well-known/security.txt")

    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert said["Contact"] == f"mailto:{settings.SECRETARIAT_EMAIL}"
    assert said["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert timedelta(days=100) < datetime.fromisoformat(said["Expires"]) - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize(("language", "prefix"), [("es", "/es/"), ("pt-BR", "/pt-br/"), ("en", "/en/")])
def test_a_password_manager_finds_where_to_change_a_password(language, prefix):
    answer = Client(headers={"accept-language": language}).get("/.well-known/change-password")

    assert answer.status_code == 302 and answer["Location"].startswith(prefix)


def test_each_answer_says_what_its_page_may_use(client):
    answers = [client.get(path) for path in (reverse("home"), "/es/nada/", "/health/", "/sitemap.xml")]

    for answer in answers:
        policy = answer["Permissions-Policy"]
        assert re.fullmatch(r"[a-z-]+=\((self)?\)(, [a-z-]+=\((self)?\))*", policy)
        assert "geolocation=()" in policy and "publickey-credentials-get=(self)" in policy
