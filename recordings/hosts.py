"""The sites on which recordings live: how an address of each is recognized, and what a browser must be let load to play it."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


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


MEDIA_ENDINGS = {".mp4", ".m4v", ".webm", ".ogv", ".mp3", ".m4a", ".ogg", ".oga"}
YOUTUBE_SITES = {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com"}
YOUTUBE_ID = re.compile(r"[\w-]{11}")
PEERTUBE_PATH = re.compile(r"/(?:w|videos/(?:watch|embed))/(?!p/)([\w-]{8,40})/?")
VIMEO_PATH = re.compile(r"/(?:.*/)?(\d{6,12})(?:/\w+)?/?")


def recognize(address):
    """The Place of an `address`. Raises ValidationError (code "address") when it is no web address."""
    parts = urlsplit(address.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError({"url": ValidationError(_("This is not a web address: it starts with https://."), code="address")})
    for reader in (_youtube, _vimeo, _media_file, _peertube):
        place = reader(parts)
        if place:
            return place
    return Place(Host.LINK, urlunsplit(parts))


def _youtube(parts):
    path = parts.path.strip("/").split("/")
    if parts.hostname == "youtu.be":
        video = path[0]
    elif parts.hostname not in YOUTUBE_SITES:
        return None
    elif path[0] in {"live", "shorts", "embed", "v"}:
        video = path[1] if len(path) > 1 else ""
    else:
        video = parse_qs(parts.query).get("v", [""])[0]
    if YOUTUBE_ID.fullmatch(video):
        return Place(Host.YOUTUBE, f"https://www.youtube.com/watch?v={video}", video)
    return None


def _vimeo(parts):
    if parts.hostname not in {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}:
        return None
    found = VIMEO_PATH.fullmatch(parts.path)
    return Place(Host.VIMEO, f"https://vimeo.com/{found[1]}", found[1]) if found else None


def _media_file(parts):
    if PurePosixPath(parts.path).suffix.lower() in MEDIA_ENDINGS:
        return Place(Host.FILE, urlunsplit(parts._replace(fragment="")))
    return None


def _peertube(parts):
    found = PEERTUBE_PATH.fullmatch(parts.path)
    if not found:
        return None
    return Place(Host.PEERTUBE, f"https://{parts.netloc}/w/{found[1]}", found[1])


def origins(host, url):
    """The origins a browser must be let load, by CSP directive, to play from `host` at `url`."""
    own = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    return {
        Host.YOUTUBE: {"frame-src": ["https://www.youtube-nocookie.com"]},
        Host.VIMEO: {"frame-src": ["https://player.vimeo.com"]},
        Host.PEERTUBE: {"frame-src": [own]},
        Host.FILE: {"media-src": [own]},
    }.get(host, {})
