"""Confirming oneself again: before an act that cannot be undone, or reaches far, a session alone is not enough.

allauth asks (for the second factor, where there is one), keeps what was sent meanwhile, and goes on with it.
"""

from functools import wraps

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required


def confirm_oneself(request):
    """Go no further unless the user of `request` has lately confirmed who they are (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    raise_if_reauthentication_required(request, app="allauth.account")


def confirmed(view):
    """`view`, a method of an admin page, for who confirmed it is them; reading a page is free, what it sends is not."""

    @wraps(view)
    def asking(model_admin, request, *args, **kwargs):
        if request.method == "POST":
            confirm_oneself(request)
        return view(model_admin, request, *args, **kwargs)

    return asking
