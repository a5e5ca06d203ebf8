"""The private key with which this portal signs (Ed25519, RFC 8032). It is kept in a file of its own, never in the database."""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

OWNER_ONLY = 0o600


def private_key(file, given=""):
    """The key that is `given` by the environment, or else the one in `file`, which is made when there is none."""
    if given:
        return Ed25519PrivateKey.from_private_bytes(decoded(given))
    try:
        return _read(file)
    except FileNotFoundError:
        return _make(file)


def renew(file):
    """A new key in `file`, in place of the one there. Whoever reads at that moment gets the one or the other, whole."""
    written = _written_beside(file)
    os.replace(written, file)
    return _read(file)


def public_part(key) -> str:
    """The public half of a private key: `x` of RFC 8037 §2."""
    return encoded(key.public_key().public_bytes_raw())


def public_key(x) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(decoded(x))


def encoded(data: bytes) -> str:
    """Base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _make(file):
    """Of several processes that make one at once, the first puts its key there, and all read that."""
    written = _written_beside(file)
    try:
        os.link(written, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(written)
    return _read(file)


def _read(file):
    return Ed25519PrivateKey.from_private_bytes(decoded(Path(file).read_text(encoding="ascii").strip()))


def _written_beside(file):
    """A file in the same folder with a new key, all of it on the disk."""
    folder = Path(file).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f".{Path(file).name}.{secrets.token_hex(8)}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(encoded(Ed25519PrivateKey.generate().private_bytes_raw()) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    return path
