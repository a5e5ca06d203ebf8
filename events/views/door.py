"""The address in the code that people show at the door."""

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from events.attendance import qr_codes


@require_safe
def door(request, code):
    """Lead whoever receives people to the page of the one who shows this code. It asks them to sign in."""
    registration = qr_codes.behind(code).first()
    if registration is None:
        raise Http404
    return redirect("admin:events_takingpart_door_code", registration.seminar_id, code)
