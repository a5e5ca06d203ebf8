"""Sign-ins that were refused, in the log: when, why, from where, for which account. Never what was typed as a password."""

import logging

from allauth.mfa.signals import authentication_failed
from django.dispatch import receiver
from django.utils.crypto import salted_hmac

from rifess.base.limits import client_address

log = logging.getLogger("rifess.portal.second_factor")


def note_refusal(request, why, email):
    """The account is named by a mark of its address, the same each time: attempts can be counted, and nobody is named."""
    mark = salted_hmac("rifess.refusals", (email or "").lower(), algorithm="sha256").hexdigest()[:12]
    log.warning("Sign-in refused: %s; account %s, from %s", why, mark, client_address(request))


@receiver(authentication_failed)
def note_wrong_code(request, user, **_):
    note_refusal(request, "wrong second factor", user.email)
