"""How often something may be done, and by whom: counted in the cache that all processes share."""

from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

SPAN = 5  # seconds over which a pace is kept
NOBODY = "0.0.0.0"  # a visitor whose address is not known: all of them count as one


def too_many(what, who, *, limit, seconds):
    """Count one more `what` by `who`; whether that makes more than `limit` within `seconds`."""
    key = f"limit:{what}:{who}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > limit
    except ValueError:  # it expired between the two calls
        return False


def were_too_many(what, who, *, limit):
    """Whether `too_many` has lately said so of `who`. Nothing is counted."""
    return cache.get(f"limit:{what}:{who}", 0) > limit


def in_turn(what, *, per_minute, now=None):
    """Count one more `what`; whether there is room for it in the span of `now`. All spans of a minute add up to `per_minute`."""
    span = int((now or timezone.now()).timestamp()) // SPAN
    room = per_minute * SPAN * (span + 1) // 60 - per_minute * SPAN * span // 60
    return room > 0 and not too_many(f"turn:{what}", span, limit=room, seconds=2 * SPAN)


def client_address(request):
    """The visitor's address, as the outermost of the `TRUSTED_PROXIES` web servers in front of us saw it.

    Each of them adds to X-Forwarded-For whom it heard from. What stands to the left of that was written by the visitor, and
    whoever came around the web servers wrote all of it: then only the connection itself is believed.
    """
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    count = settings.TRUSTED_PROXIES
    told = passed[-count] if 0 < count <= len(passed) else ""
    return _address(told) or _address(request.META.get("REMOTE_ADDR", "")) or NOBODY


def _address(text):
    """`text` as an address without its port, or nothing; an IPv4 one is written as such, whatever door it came through."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
