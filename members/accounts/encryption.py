"""Secrets of second factors (an app’s key, the seed of recovery codes), encrypted before they reach the database.

The key is not in the database, so that a copy of the database reveals no secret. `SECOND_FACTOR_KEYS` names the keys, the present
one first; without it a key is made in DATA_DIR/keys, as for certificates. docs/adr/0033 says how keys are changed.
"""

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from rifess.base import ed25519_keys

FILE = "second-factors"
TOKEN = "gAAAA"  # how every token of Fernet's begins; neither base32 in capitals nor hexadecimal digits do
SECRETS = ("secret", "seed")  # in Authenticator.data


def encrypt(text: str) -> str:
    return _keys()[0].encrypt(text.encode()).decode()


def decrypt(kept: str) -> str:
    """The secret as it was. One kept before secrets were encrypted is itself, until `encrypt_all` has come by.

    Raises ImproperlyConfigured when no key of ours opens it: it was encrypted with one that is not there.
    """
    if not kept.startswith(TOKEN):
        return kept
    try:
        return MultiFernet(_keys()).decrypt(kept.encode()).decode()
    except InvalidToken:
        sentence = (
            "A second factor cannot be read: the key that encrypted it is neither in SECOND_FACTOR_KEYS nor in DATA_DIR/keys."
        )
        raise ImproperlyConfigured(sentence) from None


def encrypt_all() -> int:
    """Encrypt with the present key what was kept plain or with a former one; of how many second factors. Safe to repeat."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return sum(_encrypt_row(pk) for pk in list(rows.values_list("pk", flat=True)))


def unreadable() -> int:
    """How many second factors no key opens."""
    return sum(not _is_readable(row) for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN))


@transaction.atomic
def _encrypt_row(pk):
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    changed = row and {name: _kept_anew(value) for name, value in _secrets_of(row).items() if not _is_present(value)}
    if not changed:
        return False
    row.data |= changed
    row.save(update_fields=["data"])
    return True


def _secrets_of(row):
    return {name: row.data[name] for name in SECRETS if name in row.data}


def _kept_anew(value):
    return encrypt(decrypt(value))


def _is_present(value):
    """Whether the present key encrypted `value`."""
    try:
        _keys()[0].decrypt(value.encode())
    except InvalidToken:
        return False
    return True


def _is_readable(row):
    try:
        for value in _secrets_of(row).values():
            decrypt(value)
    except ImproperlyConfigured:
        return False
    return True


def _keys():
    given = settings.SECOND_FACTOR_KEYS
    return [Fernet(f"{key}=") for key in given or [ed25519_keys.encoded(ed25519_keys.private_key(_file()).private_bytes_raw())]]


def _file():
    return settings.DATA_DIR / "keys" / FILE
