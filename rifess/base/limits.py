"""How often something may be done, and by whom: counted in the cache that all processes share, and that holds nothing else.

docs/adr/0015 and 0032 say why. Pages that are kept for a few seconds are in another cache, `pages`.
"""

import logging
from functools import cache as once
from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

log = logging.getLogger(__name__)
SPAN = 5  # seconds over which a pace is kept
IPV6_PREFIX = 64  # one visitor has the whole of such a network
TRANSLATED = [  # IPv4 visitors, as an IPv6-only server sees them; their addresses are the last 32 bits
    ip_network("64:ff9b::/96"),  # RFC 6052
    ip_network("64:ff9b:1::/48"),  # prefixes of 96 bits of one's own (RFC 8215)
    ip_network("::ffff:0:0:0/96"),  # RFC 2765
]
NETWORKS = 3  # all networks together may name an e-mail address this many times as often as one
NOBODY = "0.0.0.0"  # a visitor whose address is not known: all of them count as one


def too_many(what, who, *, limit, seconds):
    """Count one more `what` by `who`; whether that makes more than `limit` within `seconds`."""
    return _count(_key(what, who), seconds) > limit


def _key(what, who):
    """A key of fixed length, by which no e-mail address is stored in the cache."""
    return f"limit:{what}:{sha256(str(who).encode()).hexdigest()[:32]}"


def _count(key, seconds):
    """One more under `key`, which is forgotten `seconds` after the first."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two calls
        return 1


def were_too_many(what, who, *, limit):
    """Whether `too_many` has lately said so of `who`. Nothing is counted."""
    return cache.get(_key(what, who), 0) > limit


def too_many_for(address, what, request, *, limit, seconds):
    """Count one more `what` about the e-mail `address`, which the visitor typed and may not own; whether that is too many.

    From one network `limit`, from all together `NETWORKS` times that, so that a stranger cannot lock out the owner.
    """
    name, network = address.lower(), client_network(request)
    if too_many(what, f"{name}|{network}", limit=limit, seconds=seconds):
        return True
    return too_many(f"{what}-everywhere", name, limit=limit * NETWORKS, seconds=seconds)


def too_many_places(what, who, place, *, limit, seconds):
    """Whether `place` is one of more than `limit` different places from which `what` was done to `who` within `seconds`."""
    key = _key(what, f"{who}|{place}")
    order = cache.get(key)
    if order is None:
        order = _count(_key(what, who), seconds)
        cache.set(key, order, seconds)
    return order > limit


def forget(what, who):
    """Begin to count anew what `who` did or was done to."""
    cache.delete(_key(what, who))


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
    if passed != [""] and not told:
        _tell_of_wrong_count(count)
    return _address(told) or _address(request.META.get("REMOTE_ADDR", "")) or NOBODY


@once
def _tell_of_wrong_count(count):
    """Once for each process: a visitor who comes around the web servers may write such a header too."""
    log.warning(
        "TRUSTED_PROXIES is %d, and a request came through another number of web servers. If all come so, all visitors are"
        " counted as one, and limits shut out everybody: set it to the number of web servers that add to X-Forwarded-For.",
        count,
    )


def client_network(request):
    """Whom a limit counts as one visitor: an IPv4 address, or the network of `IPV6_PREFIX` bits of an IPv6 one."""
    address = ip_address(client_address(request))
    if address.version == 4:
        return str(address)
    return str(ip_network((address, IPV6_PREFIX), strict=False).network_address)


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
    return str(_unwrapped(address)).partition("%")[0]


def _unwrapped(address):
    """The IPv4 address of the visitor where an IPv6 one only carries it: mapped or translated (RFC 4291, TRANSLATED), or
    tunnelled by 6to4 or Teredo (RFC 4380: all clients of one Teredo server share its 64 bits).

    ISATAP (RFC 5214) is not read: its IPv4 address is in the half that each visitor chooses within a network of its own.
    """
    if address.version == 4:
        return address
    if any(address in network for network in TRANSLATED):
        return ip_address(int(address) & 0xFFFFFFFF)
    _server, teredo = address.teredo or (None, None)
    return address.ipv4_mapped or address.sixtofour or teredo or address
