"""Rate limits of what strangers may do to an account; docs/adr/0032 says why.

A stranger who tries and tries must be stopped, and must not thereby stop the owner: so what strangers do is counted by the
network they do it from, and the browsers in which the owner has signed in before are counted apart.
"""

import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from rifess.base.limits import client_network, forget, too_many, too_many_for, too_many_places

COOKIE, SALT = "known_browser", "members.limits"
A_MINUTE, AN_HOUR, A_DAY = 60, 3600, 24 * 3600  # seconds
COOKIE_LASTS = 180 * A_DAY
PLACES = ((5, 5 * A_MINUTE), (30, AN_HOUR))  # networks from which one account is tried, within so many seconds
MAILS = ((5, AN_HOUR), (10, A_DAY))  # codes and links to one address that one asks for
MAILS_IN_ALL = ((500, AN_HOUR), (3000, A_DAY))  # that all strangers together ask for


def remember_browser(response, email):
    """Set a cookie, for half a year, that says that the owner of `email` has signed in with this browser. It names no account."""
    mark = secrets.token_urlsafe(12)
    response.set_signed_cookie(
        COOKIE,
        f"{mark}.{_seal(mark, email)}",
        salt=SALT,
        max_age=COOKIE_LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def known_browser(request, email):
    """The mark of the browser, if the owner of `email` has signed in with it before; else nothing."""
    mark, _dot, seal = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=COOKIE_LASTS).partition(".")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return mark if mark and any(constant_time_compare(seal, _seal(mark, email, key)) for key in keys) else ""


def _seal(mark, email, key=None):
    return salted_hmac(SALT, f"{mark} {email.lower()}", secret=key, algorithm="sha256").hexdigest()[:32]


def who_tries(request, email):
    """Whose failed sign-ins with `email` are counted together: those of a browser its owner knows, or of a network."""
    return f"{email.lower()}|{known_browser(request, email) or client_network(request)}"


def tried_from_too_many_places(request, email):
    """Whether strangers already try this account from as many networks as may."""
    name, network = email.lower(), client_network(request)
    return any([too_many_places(f"sign-in-{seconds}", name, network, limit=limit, seconds=seconds) for limit, seconds in PLACES])


def forget_places(email):
    """The owner has chosen a new password by a link in the mail: others' tries no longer stand in the way."""
    for _limit, seconds in PLACES:
        forget(f"sign-in-{seconds}", email.lower())


def too_much_mail(request, email):
    """Count one more code or link to `email`, and return whether it is one too many and must not be sent."""
    own = request.user.is_authenticated and request.user.pk
    known = known_browser(request, email)
    if own or known:
        who = f"user {own}" if own else known
        return any([too_many(f"mail-{seconds}", who, limit=2 * limit, seconds=seconds) for limit, seconds in MAILS])
    refused = any([too_many_for(email, f"mail-{seconds}", request, limit=limit, seconds=seconds) for limit, seconds in MAILS])
    return refused or any([too_many(f"mail-{seconds}", "all", limit=limit, seconds=seconds) for limit, seconds in MAILS_IN_ALL])
