"""Sign-in as allauth does it, heard from outside: the second factor of a session, and what follows when one is set up."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator


def has_second_factor(request, user):
    """Whether this session gave a second factor (an app's code, a passkey, a recovery code) that `user` still has.

    Asked anew at each request: to remove a lost passkey ends at once what the session it opened could do.
    """
    records = get_authentication_records(request, user)
    given = [record["id"] for record in records if record.get("method") == "mfa" and "id" in record]
    return bool(given) and Authenticator.objects.filter(user=user, pk__in=given).exists()
