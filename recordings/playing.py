"""Which source of a recording our page plays, and what a visitor is told of the others."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from recordings.hosts import Host
from recordings.models import Source, TrustedHost
from rifess.links.models import Address
from rifess.links.states import states_of

KNOWN = {Host.YOUTUBE, Host.VIMEO}  # their players come from their own sites, whatever the address said


@dataclass(frozen=True)
class Way:
    """A source as a visitor meets it: whether our page plays it, and how its address has answered (None: never asked)."""

    source: Source
    plays: bool
    address: Address | None = None

    @property
    def site(self):
        return urlsplit(self.source.url).netloc

    @property
    def is_dead(self):
        return self.address is not None and self.address.is_dead


def ways_to(recording):
    """All ways to `recording` in the order of its sources. Asks twice: for their states, and for the trusted sites."""
    sources = list(recording.sources.all())
    addresses = states_of(source.url for source in sources)
    trusted = trusted_sites() if sources else set()
    return [Way(source, may_play(source, trusted), addresses.get(source.url)) for source in sources]


def first_living(ways):
    """The way that our page plays: the first that it may and that has not died, or None."""
    return next((way for way in ways if way.plays and not way.is_dead), None)


def trusted_sites():
    """The names of the sites whose players and files our pages may load: the secretariat's list, and our own."""
    return {*TrustedHost.objects.values_list("name", flat=True), urlsplit(settings.SITE_URL).hostname}


def may_play(source, trusted):
    """Whether a page of ours may load the player or the file of `source`."""
    return source.host in KNOWN or (source.host != Host.LINK and urlsplit(source.url).hostname in trusted)
