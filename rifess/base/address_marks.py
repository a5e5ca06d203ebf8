"""Marks of e-mail addresses: what a signed link carries so that it opens nothing once the address it was sent to is another."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def mark_of(email, key=None):
    """What tells an e-mail address from others, and not which it is; sealed with `key` (the SECRET_KEY)."""
    return salted_hmac("events.alerts.mark", email.lower(), secret=key, algorithm="sha256").hexdigest()[:20]


def is_mark_of(mark, email):
    """Whether `mark` is that of `email`, sealed with the SECRET_KEY or a former one: links of letters stay valid."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(mark, mark_of(email, key)) for key in keys)
