"""What is signed, and by which key: a changed letter is found out, and old keys go on checking what they signed."""

import json
import os
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from string import ascii_letters, digits

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from events.certificates import signing_keys
from events.certificates.open_badges import credential_of, id_of
from events.models import SigningKey
from rifess import env
from rifess.base import ed25519_keys
from tests.make import make_certificate

pytestmark = pytest.mark.django_db
ALPHABET = ascii_letters + digits + "-_"  # RFC 4648 §5


def refusal(token):
    with pytest.raises(ValidationError) as refused:
        signing_keys.check(token)
    return refused.value.code


def unpacked(part):
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def packed(said):
    return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


@pytest.fixture
def keys_in_a_folder(settings, tmp_path):
    settings.CERTIFICATE_KEY, settings.DATA_DIR = "", tmp_path
    return tmp_path / "keys" / signing_keys.FILE


def test_the_signature_is_checked_without_us_with_the_key_at_its_address(client):
    """Ed25519 over header and claims, by hand (RFC 8037 §3.1): none of our code, and no library for tokens, has a part in it."""
    token = make_certificate(name="Łukasz Šimić").credential
    header, claims, signature = token.split(".")
    kid = json.loads(unpacked(header))["kid"]

    key = client.get(kid.removeprefix("http://testserver")).json()

    Ed25519PublicKey.from_public_bytes(unpacked(key["x"])).verify(unpacked(signature), f"{header}.{claims}".encode())
    assert json.loads(unpacked(claims))["credentialSubject"]["identifier"][0]["identityHash"] == "Łukasz Šimić"
    with pytest.raises(InvalidSignature):
        changed = claims[:-2] + ("A" if claims[-2] != "A" else "B") + claims[-1]
        Ed25519PublicKey.from_public_bytes(unpacked(key["x"])).verify(unpacked(signature), f"{header}.{changed}".encode())


def test_a_letter_changed_anywhere_is_found_out():
    """By its neighbour in the alphabet: in each part, at its ends (whose last bits mean nothing in base64) and on the way."""
    token = make_certificate().credential
    ends = [len(token) - 1] + [place for place, letter in enumerate(token) if letter == "."]
    places = {*range(0, len(token), 29), *(place - 1 for place in ends), *(place + 1 for place in ends[1:]), *ends}

    changed = [token[:place] + neighbour_of(token[place]) + token[place + 1 :] for place in sorted(places)]

    assert {refusal(each) for each in changed} <= {"changed", "key", "token"}
    assert signing_keys.check(token)


def neighbour_of(letter):
    return ALPHABET[ALPHABET.index(letter) ^ 1] if letter in ALPHABET else "A"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["credentialSubject"]["identifier"][0].update(identityHash="Otra"),
        lambda said: said["credentialSubject"]["achievement"].update(name="Doctorado"),
        lambda said: said.update(nbf=0),
        lambda said: said.update(iss="https://otra.example"),
    ],
)
def test_what_it_says_cannot_be_changed(change):
    header, claims, signature = make_certificate().credential.split(".")
    said = json.loads(unpacked(claims))
    change(said)

    assert refusal(f"{header}.{packed(said)}.{signature}") == "changed"


def test_a_key_that_a_token_brings_along_proves_nothing():
    stranger, claims = Ed25519PrivateKey.generate(), {"jti": "x"}
    x = ed25519_keys.public_part(stranger)
    its_own = {
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x},
        "kid": f"http://testserver/verificar/llaves/{signing_keys.name_of(x)}.json",
    }
    ours = {"kid": signing_keys.address_of(signing_keys.current())}

    assert refusal(jwt.encode(claims, stranger, algorithm="EdDSA", headers=its_own)) == "key"
    assert refusal(jwt.encode(claims, stranger, algorithm="EdDSA", headers=ours)) == "changed"
    assert refusal(jwt.encode(claims, "una frase bastante larga para HMAC", algorithm="HS256", headers=ours)) == "key"
    assert refusal(f"{packed(ours | {'alg': 'none'})}.{packed(claims)}.") == "key"


@pytest.mark.parametrize("token", ["", "a.b", "no es nada", "é.é.é", "." * 50, "A" * 30_000, "\x00.\x00.\x00"])
def test_what_is_no_token_is_told_to_be_none(token):
    assert refusal(token) == "token"


def test_lines_broken_by_a_mail_program_do_no_harm():
    token = make_certificate().credential

    assert signing_keys.check(f"  {token[:700]}\r\n {token[700:]}\n")


def test_the_credential_has_all_that_open_badges_asks_for_and_nothing_that_leads_to_the_person():
    certificate = make_certificate(name="Ana", email="ana@example.org")

    said = signing_keys.check(certificate.credential)
    header = jwt.get_unverified_header(certificate.credential)

    credential = credential_of(certificate)
    assert {key: said[key] for key in credential} == credential
    assert (said["iss"], said["jti"], said["sub"]) == (said["issuer"]["id"], said["id"], said["credentialSubject"]["id"])
    assert (header["alg"], header["typ"], {*header}) == ("EdDSA", "JWT", {"alg", "kid", "jwk", "typ"})
    assert "d" not in header["jwk"]
    assert {"id", "type", "name", "description", "criteria"} <= {*said["credentialSubject"]["achievement"]}
    assert "ana@example.org" not in json.dumps(said) and certificate.registration.code not in json.dumps(said)


def test_after_a_new_key_the_old_one_still_checks_what_it_signed(keys_in_a_folder, client):
    old = make_certificate()
    call_command("rotate_signing_key")
    new = make_certificate()

    assert (old.key != new.key, signing_keys.check(old.credential)["id"], signing_keys.check(new.credential)["id"]) == (
        True,
        id_of(old),
        id_of(new),
    )
    assert [*SigningKey.objects.filter(signs=True)] == [new.key]
    published = client.get(reverse("signing-keys")).json()["keys"]
    assert {key["x"] for key in published} == {old.key.public, new.key.public}


def test_the_key_is_its_owners_only_and_not_in_the_database(keys_in_a_folder):
    make_certificate()

    secret = keys_in_a_folder.read_text().strip()
    assert stat.S_IMODE(keys_in_a_folder.stat().st_mode) == 0o600
    assert os.listdir(keys_in_a_folder.parent) == [signing_keys.FILE]
    assert secret not in json.dumps([*SigningKey.objects.values("name", "public")])


def test_of_many_that_make_the_key_at_once_all_have_the_same(tmp_path):
    file = tmp_path / "keys" / "a.key"

    with ThreadPoolExecutor(8) as many:
        made = {ed25519_keys.public_part(key) for key in many.map(lambda _number: ed25519_keys.private_key(file), range(16))}

    assert len(made) == 1
    assert os.listdir(file.parent) == ["a.key"]


def test_a_key_of_the_environment_is_used_and_not_renewed_here(settings):
    settings.CERTIFICATE_KEY = "B" * 42 + "A"

    key = signing_keys.current()

    assert key.public == ed25519_keys.public_part(
        Ed25519PrivateKey.from_private_bytes(ed25519_keys.decoded(settings.CERTIFICATE_KEY))
    )
    with pytest.raises(CommandError, match="CERTIFICATE_KEY"):
        call_command("rotate_signing_key")


def test_a_key_that_is_none_stops_the_start(monkeypatch):
    monkeypatch.setenv("CERTIFICATE_KEY", "secreto")

    with pytest.raises(ImproperlyConfigured, match="CERTIFICATE_KEY"):
        env.private_key("CERTIFICATE_KEY")


def test_one_key_signs_at_a_time():
    signing_keys.current()

    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(name="otra", public="x", signs=True)


def test_a_key_that_signed_stays():
    certificate = make_certificate()

    with pytest.raises(ProtectedError):
        certificate.key.delete()
