"""The keys that sign certificates, and what they signed: JSON Web Tokens (RFC 7519) with EdDSA (RFC 8037).

The private key is a file or comes from the environment (`rifess.base.ed25519_keys`). The database keeps the public halves, old
ones too.
"""

import hashlib
import json

import jwt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import SigningKey
from rifess.base import ed25519_keys

ALGORITHM = "EdDSA"
FILE = "certificates.key"
LONGEST = 20_000  # characters of a token; ours have some 3,000


def sign(claims) -> tuple[str, SigningKey]:
    """`claims` as a signed token, and the key that signed it."""
    private = _private()
    key = _row_of(private)
    headers = {"kid": address_of(key), "jwk": jwk_of(key), "typ": "JWT"}  # Open Badges 3.0 §8.2.3 allows no others
    return jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers), key


def check(token) -> dict:
    """What a token of ours says. The key is one that we know, whatever the token brings along.

    Raises ValidationError: codes "token" (it is none), "key" (signed by somebody else), "changed" (no longer as it was signed).
    """
    token = "".join(token.split())
    key = _key_named_in(token)
    try:
        claims = jwt.decode(token, ed25519_keys.public_key(key.public), algorithms=[ALGORITHM], options={"verify_aud": False})
    except jwt.InvalidTokenError:
        raise _changed() from None
    if not _is_as_written(token):
        raise _changed()
    return claims


def rotate() -> SigningKey:
    """A new key signs from now on; what the old one signed can be checked as before.

    Raises ValidationError (code "environment") where the key comes from the environment.
    """
    if settings.CERTIFICATE_KEY:
        raise ValidationError(_("The key comes from CERTIFICATE_KEY: write a new one there."), code="environment")
    return _row_of(ed25519_keys.renew(_file()))


def current() -> SigningKey:
    """The key that signs now; made when there is none."""
    return _row_of(_private())


def is_ready():
    """Whether the key that signed so far is at hand, or none has signed yet. Makes no key.

    Raises OSError or ValueError when the key cannot be read.
    """
    if not SigningKey.objects.exists():
        return True
    if not settings.CERTIFICATE_KEY and not _file().exists():
        return False
    return SigningKey.objects.filter(name=name_of(ed25519_keys.public_part(_private()))).exists()


def address_of(key):
    """Where the public half of `key` is found for good."""
    return settings.SITE_URL + reverse("signing-key", args=[key.name])


def jwk_of(key):
    """The public half of `key` as a JWK (RFC 7517, RFC 8037 §2)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": key.public, "kid": address_of(key), "use": "sig", "alg": ALGORITHM}


def name_of(x):
    """The thumbprint of a public key (RFC 7638 §3): its name, wherever it is computed."""
    canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"), sort_keys=True)
    return ed25519_keys.encoded(hashlib.sha256(canonical.encode()).digest())


def _private():
    return ed25519_keys.private_key(_file(), settings.CERTIFICATE_KEY)


def _file():
    return settings.DATA_DIR / "keys" / FILE


def _row_of(private):
    """The row of a private key's public half. When another one signed so far, it does no more."""
    x = ed25519_keys.public_part(private)
    known = SigningKey.objects.filter(name=name_of(x), signs=True).first()
    while known is None:
        try:
            known = _put_in_charge(x)
        except IntegrityError:  # another process did the same in this moment
            known = SigningKey.objects.filter(name=name_of(x), signs=True).first()
    return known


@transaction.atomic
def _put_in_charge(x):
    SigningKey.objects.filter(signs=True).update(signs=False)
    key, _made = SigningKey.objects.update_or_create(name=name_of(x), defaults={"public": x, "signs": True})
    return key


def _key_named_in(token):
    """The key of ours that the token says signed it."""
    not_one = ValidationError(_("This is not a signed certificate: copy all of it, from the first letter to the last."), "token")
    if len(token) > LONGEST:
        raise not_one
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise not_one from None
    name = str(header.get("kid", "")).removesuffix(".json").rpartition("/")[2]
    key = SigningKey.objects.filter(name=name).first()
    if key is None or header.get("alg") != ALGORITHM:
        raise ValidationError(_("This portal did not sign it."), code="key")
    return key


def _is_as_written(token):
    """Base64 can write the same bytes in several ways; a token is written in one only, so that no letter of it can be another."""
    return all(ed25519_keys.encoded(ed25519_keys.decoded(part)) == part for part in token.split("."))


def _changed():
    return ValidationError(_("It is no longer as it was signed: something in it was changed."), code="changed")
