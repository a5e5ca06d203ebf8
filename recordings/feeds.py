"""Recordings to follow: Atom for all of them, and a podcast of those whose file can be played anywhere.

Whoever reads a feed is nobody we know: they are made of `public()` recordings only.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch
from django.template.defaultfilters import linebreaks
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.translation import gettext

from events.models import Intervention, Panel, Seminar, Topic
from events.programme.schema_org import address
from members.models import Person
from recordings.models import Caption, Clip, Recording, Source
from recordings.playback.sources import ways_to_each
from recordings.subjects import about
from rifess.base.text.translated import page_language, text_of
from rifess.base.views import current_slug
from rifess.links.hosts import Host

MOST = 50
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)  # a feed must say when it changed, also before it holds anything
TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
}
UNKNOWN_LENGTH = "0"  # RSS 2.0 wants bytes; for a file elsewhere nobody has counted, its readers expect a zero
OF_FEEDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # podcast:guid, in its specification
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 §2.2 has no place for


@dataclass(frozen=True)
class Channel:
    """What a feed is about: its title, the `page` that shows the same, and its own `path`. `recordings` is a queryset."""

    title: str
    page: str
    path: str
    recordings: object


def of_all():
    """The queryset of every channel's recordings."""
    return Recording.objects.public()


def of_seminar(slug):
    """What a channel is about, its page and its recordings. Raises DoesNotExist for what no visitor may see.

    A former address still answers, with the same identity: whoever follows it has nothing to change.
    """
    seminar = Seminar.objects.public().get(slug=current_slug(Seminar, slug))
    return text_of(seminar, "title").words, seminar.get_absolute_url(), of_all().filter(seminar=seminar)


def of_topic(slug):
    seminars, panels = (model.objects.public().filter(topics=OuterRef("pk")) for model in (Seminar, Panel))
    topic = Topic.objects.filter(Exists(seminars) | Exists(panels)).get(slug=current_slug(Topic, slug))
    page = reverse("recordings:of_topic", args=[topic.slug])
    return text_of(topic, "name").words, page, of_all().filter(about([topic]))


def of_person(slug):
    said = Intervention.objects.public().filter(person=OuterRef("pk"))
    person = Person.objects.filter(Exists(said)).get(slug=current_slug(Person, slug))
    return person.name, person.get_absolute_url(), of_all().with_voice_of(person)


SUBJECTS = {"seminar": of_seminar, "topic": of_topic, "person": of_person}


def channel(path, subject="", slug=""):
    """The Channel of all recordings or of those of a `subject`. Raises KeyError or DoesNotExist where there is none."""
    if not subject:
        return Channel(gettext("Recordings"), reverse("recordings:recordings"), path, of_all())
    name, page, recordings = SUBJECTS[subject](slug)
    return Channel(gettext("Recordings: %(of)s") % {"of": name}, page, path, recordings)


def atom(channel):
    """An Atom feed (RFC 4287) of the latest recordings, as bytes."""
    feed = Atom(**_said_of(channel))
    for recording in _with_everything(channel.recordings)[:MOST]:
        feed.add_item(**_said_of_item(recording), unique_id=address(recording.get_permanent_url()))
    return _written(feed)


def podcast(channel):
    """An RSS feed, as bytes, of the latest recordings that are a living media file: podcasts play nothing else."""
    feed = Podcast(**_said_of(channel))
    recordings = list(_with_everything(with_files(channel.recordings))[:MOST])
    ways = ways_to_each(recordings)
    for recording in recordings:
        way = next((way for way in ways[recording.pk] if way.is_episode), None)
        if way:
            feed.add_item(**_said_of_item(recording), **_episode(recording, way.source))
    return _written(feed)


def with_files(recordings):
    """Those of `recordings` that a podcast may have: with the address of a media file."""
    return recordings.filter(Exists(Source.objects.filter(recording=OuterRef("pk"), host=Host.FILE)))


def has_file(recording):
    """The same of one recording, whose sources are at hand."""
    return any(source.host == Host.FILE for source in recording.sources.all())


def _with_everything(recordings):
    """The latest first, with what an entry says of each: a query per table."""
    marked = Exists(Clip.objects.filter(recording=OuterRef("pk"), start__isnull=False))
    captions = Prefetch("captions", Caption.objects.without_text())
    return (
        recordings.with_card().prefetch_related(captions, "chapters").annotate(has_clips=marked).order_by("-published_at", "-pk")
    )


def _said_of(channel):
    return {
        "title": _writable(f"{channel.title} · {settings.SITE_NAME}"),
        "link": address(channel.page),
        "description": gettext("Ibero-American Network for the Promotion of the Social and Solidarity Economy"),
        "feed_url": address(channel.path),
        "feed_guid": address(channel.path),
        "language": page_language(),
        "author_name": settings.SITE_NAME,
        "author_link": settings.SITE_URL,
    }


def _said_of_item(recording):
    return {
        "title": _writable(text_of(recording, "title").words),
        "link": address(recording.get_absolute_url()),
        "description": linebreaks(_writable(text_of(recording, "summary").words or _of(recording)), autoescape=True),
        "pubdate": recording.published_at,
        "updateddate": max([recording.published_at, *(caption.uploaded_at for caption in recording.captions.all())]),
        "categories": [str(language) for language in recording.languages.all()],
    }


def _of(recording):
    return gettext("Recording of %(seminar)s.") % {"seminar": text_of(recording.seminar, "title")}


def _episode(recording, source):
    media_type = TYPES[PurePosixPath(urlsplit(source.url).path).suffix.lower()]
    return {
        "unique_id": recording.key,
        "unique_id_is_permalink": False,
        "enclosures": [Enclosure(source.url, UNKNOWN_LENGTH, media_type)],
        "duration": recording.duration,
        # Their times are the recording's: beside a file that begins earlier or later they would say what is not so.
        "transcripts": [] if source.offset else [_transcript(recording, caption) for caption in recording.captions.all()],
        "chapters": "" if source.offset else _chapters(recording),
    }


def _transcript(recording, caption):
    path = reverse("recordings:captions", args=[recording.slug, caption.language, caption.kind, "vtt"])
    return {"url": address(path), "type": "text/vtt", "language": caption.language, "rel": "captions"}


def _chapters(recording):
    has_marks = recording.has_clips or recording.chapters.all()
    return address(reverse("recordings:chapters", args=[recording.slug, "json"])) if has_marks else ""


def _writable(text):
    return UNWRITABLE.sub("", text)


def _written(feed):
    return feed.writeString("utf-8").encode()


class Quiet:
    """A feed that has not changed says so: without entries Django's would have changed now."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else NOTHING_YET


class Atom(Quiet, Atom1Feed):
    pass


class Podcast(Quiet, Rss201rev2Feed):
    """RSS 2.0 with what podcast players read: Apple's tags and those of podcastindex.org."""

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
        }

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        own = self.feed["feed_url"]
        handler.addQuickElement("itunes:author", self.feed["author_name"])
        handler.addQuickElement("itunes:image", None, {"href": address(static("rifess/podcast.png"))})
        handler.addQuickElement("itunes:category", None, {"text": "Government"})
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("podcast:guid", str(uuid5(OF_FEEDS, own.partition("://")[2].rstrip("/"))))
        handler.addQuickElement("podcast:medium", "podcast")

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:explicit", "false")
        if item["duration"]:
            handler.addQuickElement("itunes:duration", str(round(item["duration"].total_seconds())))
        for transcript in item["transcripts"]:
            handler.addQuickElement("podcast:transcript", None, transcript)
        if item["chapters"]:
            handler.addQuickElement("podcast:chapters", None, {"url": item["chapters"], "type": "application/json+chapters"})
