"""Sign-in as allauth does it, heard from outside: the second factor of a session, and what follows when one is set up."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

SIGNED_IN_AT = "signed_in_at"  # in the session: seconds since 1970


def has_second_factor(request, user):
    """Whether this session gave a second factor (an app's code, a passkey, a recovery code) that `user` still has.

    Asked anew at each request: to remove a lost passkey ends at once what the session it opened could do.
    """
    records = get_authentication_records(request, user)
    given = [record["id"] for record in records if record.get("method") == "mfa" and "id" in record]
    return bool(given) and Authenticator.objects.filter(user=user, pk__in=given).exists()


@receiver(user_logged_in)
def note_the_moment(request, **_):
    """Sessions of the secretariat end so many hours after this, used or not (`STAFF_SESSION`)."""
    request.session[SIGNED_IN_AT] = time.time()


@receiver(user_logged_out)
def keep_nothing_of_the_session(request, **_):
    """Where and with which browser somebody was signed in is not known any longer than they are."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()


@receiver(authenticator_added)
def count_what_was_just_set_up(request, user, authenticator, **_):
    """Whoever has just typed the app's first code, or touched the new key, need not do it again to go on.

    The first of an account is added after confirming with the password; further ones after confirming with one there was.
    """
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", type=authenticator.type, id=authenticator.pk)
