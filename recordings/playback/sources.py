"""Which source of a recording our page plays, where in it, and what a visitor is told of the others."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from recordings.models import Source, TrustedHost
from recordings.playback.moments import Span
from rifess.links import hosts
from rifess.links.hosts import Host
from rifess.links.models import Address
from rifess.links.states import states_of

BEGINNING = Span()
KNOWN = {Host.YOUTUBE, Host.VIMEO}  # their players come from their own sites, whatever the address said


@dataclass(frozen=True)
class Way:
    """A source as a visitor meets it, opened at a `span` of the recording: whether our page plays it, and how its address
    has answered (None: never asked).
    """

    source: Source
    plays: bool
    address: Address | None = None
    span: Span = BEGINNING

    @property
    def is_episode(self):
        """Whether podcasts can play it: they take living media files, and no site's own player."""
        return self.plays and not self.is_dead and self.source.host == Host.FILE

    @property
    def site(self):
        return urlsplit(self.source.url).netloc

    @property
    def is_dead(self):
        return self.address is not None and self.address.is_dead

    @property
    def is_audio(self):
        return hosts.is_audio(self.source)

    @property
    def is_ours(self):
        """Whether it is on this portal, so that playing it tells nobody else."""
        return hosts.is_ours(self.source.url)

    @property
    def later(self):
        """Seconds by which its clock is ahead of the recording's."""
        return round(self.source.offset.total_seconds())

    @property
    def page(self):
        """The provider's page, at the moment asked for."""
        return hosts.page_at(self.source, self._on_its_clock(self.span.start))

    @property
    def embed(self):
        """The address that plays it, from the moment asked for."""
        end = None if self.span.end is None else self._on_its_clock(self.span.end)
        return hosts.embed_at(self.source, self._on_its_clock(self.span.start), end)

    def _on_its_clock(self, second):
        return max(0, second + self.later)


def ways_to(recording, span=BEGINNING):
    """All ways to `recording`, at `span`, in the order of its sources. Asks twice: how they answer, and which sites we trust."""
    return ways_to_each([recording], span)[recording.pk]


def ways_to_each(recordings, span=BEGINNING):
    """The ways to each of `recordings` by its pk; bring their sources along. However many they are, it asks twice at most."""
    sources = [source for recording in recordings for source in recording.sources.all()]
    addresses = states_of(source.url for source in sources) if sources else {}
    trusted = trusted_sites() if any(_has_to_be_trusted(source) for source in sources) else set()
    return {
        recording.pk: [
            Way(source, may_play(source, trusted), addresses.get(source.url), span) for source in recording.sources.all()
        ]
        for recording in recordings
    }


def first_living(ways):
    """The way that our page plays: the first that it may and that has not died, or None."""
    return next((way for way in ways if way.plays and not way.is_dead), None)


def trusted_sites():
    """The names of the sites whose players and files our pages may load, beside our own."""
    return set(TrustedHost.objects.values_list("name", flat=True))


def may_play(source, trusted):
    """Whether a page of ours may load the player or the file of `source`."""
    if source.host == Host.LINK:
        return False
    return source.host in KNOWN or hosts.is_ours(source.url) or urlsplit(source.url).hostname in trusted


def _has_to_be_trusted(source):
    return source.host not in {*KNOWN, Host.LINK} and not hosts.is_ours(source.url)
