"""Recordings described for machines, in the words of schema.org."""

from django.utils.duration import duration_iso_string

from events.linked_data import address, known
from recordings.hosts import Host
from rifess.base.texts import text_of


def video(recording, source):
    """A VideoObject; only for a recording that has a `source`, since without one there is nothing to watch."""
    title = text_of(recording, "title").words
    return known(
        {
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": title,
            "description": text_of(recording, "summary").words or title,
            "url": address(recording.get_absolute_url()),
            "uploadDate": recording.published_at,
            "duration": duration_iso_string(recording.duration) if recording.duration else None,
            "inLanguage": [language.code for language in recording.languages.all()],
            "contentUrl" if source.host == Host.FILE else "embedUrl": embed_url(source),
        }
    )


def embed_url(source):
    """The address that plays the recording: the player's, or the file itself."""
    players = {
        Host.YOUTUBE: f"https://www.youtube-nocookie.com/embed/{source.video_id}",
        Host.VIMEO: f"https://player.vimeo.com/video/{source.video_id}",
        Host.PEERTUBE: source.url.replace("/w/", "/videos/embed/", 1),
    }
    return players.get(source.host, source.url)
