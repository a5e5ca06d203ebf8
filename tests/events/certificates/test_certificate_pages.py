"""Where anybody checks a certificate: what its page says, and what it keeps to itself."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from events.certificates import issue
from events.models import Certificate, Registration, SigningKey
from events.views.certificates import MOST_MISSES
from members.models import User
from rifess.base.dates import today_in_the_network
from tests.make import make_attendance, make_certificate, make_registration, make_seminar

pytestmark = pytest.mark.django_db
UNKNOWN = "7KQ2-M4XD-88PA"
REVOKED_AT = datetime(2026, 3, 1, 18, tzinfo=ZoneInfo("UTC"))


def page_of(code):
    with translation.override("en"):
        return reverse("events:certificate", args=[code])


def check_file(client, token="", file=None):
    with translation.override("en"):
        return client.post(reverse("events:verify-file"), {"text": token} if file is None else {"file": file})


def test_the_address_on_the_paper_leads_to_the_page_in_the_readers_language(client):
    code = make_certificate().code

    led = [client.get(f"/verificar/{code}/", headers={"accept-language": tag}) for tag in ("pt-BR", "en", "fr")]

    assert [answer.url.split("/")[1] for answer in led] == ["pt-br", "en", "es"]
    assert client.get("/verificar/", headers={"accept-language": "en"}).url.startswith("/en/")


@pytest.mark.parametrize("sloppily", [str.lower, lambda code: code.replace("-", " "), lambda code: f" o{code}. "])
def test_a_code_is_found_however_it_is_typed(client, sloppily):
    code = make_certificate().code

    with translation.override("en"):
        answer = client.get(reverse("events:verify"), {"code": sloppily(code)})

    assert answer.url == page_of(code)


def test_the_page_says_what_is_on_the_paper_and_nothing_else(client):
    registration = make_attendance(
        make_seminar(title="Compras"),
        name="Ana Łukasz",
        email="ana@example.org",
        institution_name="INAES",
        notes="Ojo",
        needs="Rampa",
    )
    certificate = make_certificate(registration)

    answer = client.get(page_of(certificate.code))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(words in text for words in ("Ana Łukasz", "Compras", certificate.code, certificate.said["issued"]))
    assert [words for words in ("ana@example.org", registration.code, "INAES", "Ojo", "Rampa", "Uruguay") if words in text] == []
    assert (answer["X-Robots-Tag"], "noindex" in text, "no-store" in answer["Cache-Control"]) == ("noindex", True, True)


def test_its_files_are_the_paper_and_the_credential(client):
    certificate = make_certificate()

    paper = client.get(reverse("certificate-paper", args=[certificate.code]))
    credential = client.get(reverse("certificate-credential", args=[certificate.code]))

    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert (credential["Content-Type"], credential.content.decode()) == ("application/jwt", certificate.credential)
    assert certificate.code in paper["Content-Disposition"] and paper["X-Robots-Tag"] == "noindex"


def test_of_a_revoked_one_it_says_only_that_and_when(client):
    certificate = make_certificate(name="Ana")
    issue.revoke(certificate, because="Una razón privada", now=REVOKED_AT)

    text = client.get(page_of(certificate.code)).content.decode()

    assert "1 March 2026" in text and certificate.code in text
    assert [words for words in ("Ana<", "Una razón", certificate.seminar.title) if words in text] == []
    files = [client.get(reverse(name, args=[certificate.code])) for name in ("certificate-paper", "certificate-credential")]
    assert [file.url for file in files] == [certificate.get_absolute_url()] * 2


def test_a_replaced_one_leads_to_the_one_that_holds_and_names_nobody(client):
    old = make_certificate(name="Lukasz")
    Registration.objects.update(name="Łukasz")
    new = issue.reissue(old)

    text = client.get(page_of(old.code)).content.decode()

    assert page_of(new.code) in text
    assert "Lukasz" not in text and "Łukasz" not in text
    assert "Łukasz" in client.get(page_of(new.code)).content.decode()


@pytest.mark.parametrize("name", ["events:certificate", "certificate-paper", "certificate-credential"])
def test_an_unknown_code_has_a_page_that_helps(client, name):
    make_certificate()

    answer = client.get(reverse(name, args=[UNKNOWN]))

    assert (answer.status_code, UNKNOWN in answer.content.decode(), answer["X-Robots-Tag"]) == (404, True, "noindex")


def test_whoever_guesses_must_wait_and_others_need_not(client):
    certificate = make_certificate()

    answers = [client.get(page_of(f"{UNKNOWN[:-2]}{number:02}")).status_code for number in range(MOST_MISSES + 2)]

    assert answers == [404] * (MOST_MISSES + 1) + [429]
    assert client.get(page_of(certificate.code)).status_code == 429  # or else the answer would tell a good guess
    assert Client(REMOTE_ADDR="203.0.113.9").get(page_of(certificate.code)).status_code == 200


def test_many_who_check_what_is_true_need_not_wait(client):
    certificate = make_certificate()

    assert {client.get(page_of(certificate.code)).status_code for _time in range(MOST_MISSES + 5)} == {200}


def test_no_list_has_the_codes(client):
    certificate = make_certificate()
    issue.revoke(make_certificate(), because="x")
    codes = [*Certificate.objects.values_list("code", flat=True)]

    lists = [reverse(name) for name in ("sitemap", "revocations", "signing-keys", "issuer", "robots", "events:verify", "home")]
    lists.append(certificate.seminar.get_absolute_url())
    told = " ".join(client.get(address).content.decode() for address in lists)

    assert [code for code in codes if code in told] == []


def test_what_was_revoked_is_told_to_programs_by_a_name_that_leads_nowhere(client):
    certificate, revoked = make_certificate(), make_certificate()
    issue.revoke(revoked, because="x")

    listed = client.get(reverse("revocations")).json()["revokedCredential"]

    ids = [json.loads(json.dumps(each))["id"] for each in listed]
    assert ids == [issue.claims_of(revoked)["id"]]
    assert issue.claims_of(certificate)["id"] not in ids


def test_keys_and_issuer_stand_at_their_addresses_for_any_program(client):
    certificate = make_certificate()
    key = SigningKey.objects.get()

    one = client.get(reverse("signing-key", args=[key.name]))
    issuer = client.get(reverse("issuer")).json()

    assert (one.json()["x"], one["Access-Control-Allow-Origin"]) == (key.public, "*")
    assert client.get(reverse("signing-keys")).json()["keys"] == [one.json()]
    assert issuer["id"] == issue.claims_of(certificate)["iss"] == "http://testserver/verificar/emisor.json"
    assert client.get(reverse("signing-key", args=["otra"])).status_code == 404


def test_a_signed_file_is_checked_as_file_or_as_text(client):
    certificate = make_certificate(name="Ana")

    by_text = check_file(client, certificate.credential)
    by_file = check_file(client, file=SimpleUploadedFile("a.jwt", certificate.credential.encode()))

    for answer in (by_text, by_file):
        assert (answer.context["certificate"], "Ana" in answer.content.decode()) == (certificate, True)
    assert User.objects.count() == 0


def test_a_signed_file_of_one_that_was_revoked_says_so(client):
    certificate = make_certificate()
    issue.revoke(certificate, because="x")

    assert "But it is no longer valid" in check_file(client, certificate.credential).content.decode()


@pytest.mark.parametrize("file", [b"", b"\xff\xfe", b"a.b.c", b"A" * 100_000])
def test_a_file_that_is_none_is_told_apart(client, file):
    answer = check_file(client, file=SimpleUploadedFile("a.jwt", file))

    assert answer.context["form"].errors and "claims" not in answer.context


def test_a_changed_file_is_told_apart(client):
    token = make_certificate().credential

    answer = check_file(client, token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:])

    assert answer.context["form"].has_error("__all__", "changed")


def test_whoever_took_part_finds_theirs_on_their_own_page_and_nobody_elses(client):
    last_week = today_in_the_network() - timedelta(days=7)  # links of a seminar end half a year after it
    certificate = make_certificate(make_attendance(make_seminar(starts_on=last_week, ends_on=last_week)))
    other = make_registration(certificate.seminar)
    issue.revoke(old := make_certificate(make_attendance(certificate.seminar)), because="x")

    pages = [client.get(each.get_absolute_url()).content.decode() for each in (certificate.registration, other, old.registration)]

    assert [certificate.code in page or old.code in page for page in pages] == [True, False, False]
