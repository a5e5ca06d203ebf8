"""The sites on which recordings and streams live, as data: how an address of each is recognized, how one goes to a second
of it, and what a browser must be let load to play it.

The words of `Host` are those of `rifess.links.oembed`, which says whose oEmbed judges an address.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from rifess.links.policy import refuse_address


class Host(models.TextChoices):
    YOUTUBE = "youtube", "YouTube"
    VIMEO = "vimeo", "Vimeo"
    PEERTUBE = "peertube", "PeerTube"
    FILE = "file", _("media file")
    LINK = "link", _("link")


@dataclass(frozen=True)
class Place:
    """Where a recording is: the site, the video's name there, and the address of its page, without tracking or time."""

    host: str
    url: str
    video_id: str = ""


SOUND_ENDINGS = {".mp3", ".m4a", ".ogg", ".oga"}
MEDIA_ENDINGS = {".mp4", ".m4v", ".webm", ".ogv"} | SOUND_ENDINGS
YOUTUBE_SITE = re.compile(r"(?:(?:www|m|music|gaming|studio)\.)?youtube\.com|(?:www\.)?youtube-nocookie\.com")
YOUTUBE_PATH = re.compile(r"/(?:live|shorts|embed|video|watch|v|e)/(?!videoseries|live_stream)([\w-]{11})(?:/.*)?")
YOUTUBE_ID = re.compile(r"[\w-]{11}")
VIMEO_SITES = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
VIMEO_PATH = re.compile(
    r"/(?:video/|manage/videos/|channels/[^/]+/|groups/[^/]+/videos/|(?:album|showcase)/\d+/video/)?"
    r"(?P<video>\d{6,12})(?:/(?P<private>[0-9a-z]{6,20}))?/?"
)
VIMEO_PRIVATE = re.compile(r"[0-9a-z]{6,20}")
PEERTUBE_PATH = re.compile(r"/(?:w|videos/(?:watch|embed))/(?!p/|playlist)([\w-]{8,40})/?")
TRACKING = re.compile(r"(?:utm_[^=]*|fbclid|gclid|dclid|msclkid|igshid?|mibextid|mc_[ce]id|si)(?:=.*)?", re.IGNORECASE)


def recognize(address):
    """The Place of an `address`. Raises ValidationError on `url` (codes of `rifess.links.policy`) when nobody may go there.

    A list of videos is no recording: its address, like any other we cannot read, stays a plain link.
    """
    address = address.strip()
    _refuse(f"https://example.org/{address.removeprefix(settings.SITE_URL)}" if is_ours(address) else address)
    parts = urlsplit(address)
    for reader in (_youtube, _vimeo, _media_file, _peertube):
        place = reader(parts)
        if place:
            return place
    return Place(Host.LINK, urlunsplit(parts._replace(query=_without_tracking(parts.query))))


def is_ours(address):
    """Whether `address` is on this portal. Only there may it be one inside a private network, as in a demonstration."""
    return address.startswith(f"{settings.SITE_URL}/")


def _refuse(address):
    try:
        refuse_address(address)
    except ValidationError as refusal:
        raise ValidationError({"url": refusal}) from refusal


def _without_tracking(query):
    """What is left of `query`, letter by letter as it was written."""
    return "&".join(part for part in query.split("&") if not TRACKING.fullmatch(part))


def _name_of(parts):
    return parts.hostname.rstrip(".")


def _youtube(parts):
    if _name_of(parts) in {"youtu.be", "www.youtu.be"}:
        video = parts.path.strip("/").partition("/")[0]
    elif not YOUTUBE_SITE.fullmatch(_name_of(parts)):
        return None
    elif found := YOUTUBE_PATH.fullmatch(parts.path):
        video = found[1]
    else:
        video = parse_qs(parts.query).get("v", [""])[0]
    if YOUTUBE_ID.fullmatch(video):
        return Place(Host.YOUTUBE, f"https://www.youtube.com/watch?v={video}", video)
    return None


def _vimeo(parts):
    """An unlisted video keeps the key that its address carries after its number, or as `h`: without it nobody gets in."""
    found = VIMEO_PATH.fullmatch(parts.path) if _name_of(parts) in VIMEO_SITES else None
    if not found:
        return None
    private = found["private"] or parse_qs(parts.query).get("h", [""])[0]
    video = f"{found['video']}/{private}" if VIMEO_PRIVATE.fullmatch(private) else found["video"]
    return Place(Host.VIMEO, f"https://vimeo.com/{video}", video)


def _media_file(parts):
    """A file by its ending; what a wiki calls `File:….webm` is a page about it."""
    path = PurePosixPath(parts.path)
    if path.suffix.lower() in MEDIA_ENDINGS and ":" not in path.name:
        return Place(Host.FILE, urlunsplit(parts._replace(query=_without_tracking(parts.query), fragment="")))
    return None


def _peertube(parts):
    found = PEERTUBE_PATH.fullmatch(parts.path)
    if not found:
        return None
    return Place(Host.PEERTUBE, f"https://{parts.netloc}/w/{found[1]}", found[1])


def is_audio(place):
    """Whether there is only sound at `place`, a Place or a Source."""
    return place.host == Host.FILE and PurePosixPath(urlsplit(place.url).path).suffix.lower() in SOUND_ENDINGS


def page_at(place, second=0):
    """The provider's page of `place`, a Place or a Source, at a `second` of its own clock; links cannot say one."""
    how = {Host.YOUTUBE: "&t={}", Host.VIMEO: "#t={}s", Host.PEERTUBE: "?start={}s", Host.FILE: "#t={}"}
    return place.url + how.get(place.host, "").format(second) if second > 0 else place.url


def embed_at(place, second=0, end=None):
    """The address that plays `place` from `second` on, and to `end` where its player knows how to stop."""
    video, _key, private = place.video_id.partition("/")
    players = {
        Host.YOUTUBE: f"https://www.youtube-nocookie.com/embed/{video}",
        Host.VIMEO: f"https://player.vimeo.com/video/{video}",
        Host.PEERTUBE: place.url.replace("/w/", "/videos/embed/", 1),
    }
    if place.host not in players:
        return page_at(place, second)
    asked = {
        Host.YOUTUBE: ["rel=0", "playsinline=1", "enablejsapi=1", second and f"start={second}", end and f"end={end}"],
        Host.VIMEO: [private and f"h={private}", "dnt=1"],
        Host.PEERTUBE: ["warningTitle=0", "p2p=0", second and f"start={second}s", end and f"stop={end}s"],
    }[place.host]
    moment = f"#t={second}s" if place.host == Host.VIMEO and second else ""
    return f"{players[place.host]}?{'&'.join(part for part in asked if part)}{moment}"


def origins(host, url):
    """The origins a browser must be let load, by CSP directive, to play from `host` at `url`; a file's captions are our own."""
    own = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    return {
        Host.YOUTUBE: {"frame-src": ["https://www.youtube-nocookie.com"]},
        Host.VIMEO: {"frame-src": ["https://player.vimeo.com"]},
        Host.PEERTUBE: {"frame-src": [own]},
        Host.FILE: {"media-src": [CSP.SELF, own]},
    }.get(host, {})
