"""Which accounts the secretariat may touch, whatever way leads there: the account, its person, a merge, a data request.

| | own | a delegate's | a colleague's | a superuser's |
|---|---|---|---|---|
| name, language, lock and open again | yes | yes | yes | no |
| address, second factor (with these one signs in) | no: on the pages of the account | yes | no | no |
| works in the secretariat, groups | no | yes | yes | no |
| whose account a person's is, merge, erasure | no | yes | yes | no |

Superusers may do all of it. Groups are only given by who has all their permissions. The owner is told (members.accounts.mail).
"""

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BEYOND = _("This account is a superuser’s: only a superuser changes it, or what hangs on it.")
OWN = _("This is your own account. A colleague can do this for you.")
COLLEAGUE = _("Only a superuser changes how someone of the Secretariat signs in.")


def is_within_reach(actor, account):
    """Whether `actor` may change `account` at all."""
    return account is None or actor.is_superuser or not account.is_superuser


def refuse_beyond_reach(actor, *accounts):
    """Raise ValidationError ("beyond_reach", "own") when one of `accounts` must not be given, moved or erased by `actor`."""
    for account in accounts:
        if not is_within_reach(actor, account):
            raise ValidationError(BEYOND, code="beyond_reach")
        if account is not None and account.pk == actor.pk and not actor.is_superuser:
            raise ValidationError(OWN, code="own")


def refuse_sign_in_of(actor, account):
    """The same for how one signs in: who changes that could act as the owner, so a colleague's is out of reach too."""
    refuse_beyond_reach(actor, account)
    if account.is_staff and not actor.is_superuser:
        raise ValidationError(COLLEAGUE, code="colleague")


def may_change_sign_in(actor, account):
    try:
        refuse_sign_in_of(actor, account)
    except ValidationError:
        return False
    return True


def groups_within_reach(actor, groups):
    """Those of `groups` that hold no permission which `actor` does not have."""
    if actor.is_superuser:
        return groups
    own = Permission.objects.filter(group__user=actor) | Permission.objects.filter(user=actor)
    return groups.exclude(permissions__in=Permission.objects.exclude(pk__in=own.values("pk")))
