"""Recordings described for machines, in the words of schema.org."""

from django.conf import settings
from django.urls import reverse
from django.utils.duration import duration_iso_string

from events.programme.schema_org import address, known
from recordings.models import CaptionKind
from recordings.playback import moments
from rifess.base.text.translated import text_of
from rifess.links import hosts
from rifess.links.hosts import Host

LONGEST = 100_000  # characters of a transcript, about two hours of speech: the page itself holds the whole


def video(recording, source, marks=(), transcript=None):
    """A VideoObject, or an AudioObject of a file of sound; only for a recording that has a `source`: else nothing is there.

    `marks` become its Clips; of a `transcript` the words are given when they are what was said, and its captions as files.
    """
    title, page = text_of(recording, "title").words, address(recording.get_absolute_url())
    return known(
        {
            "@context": "https://schema.org",
            "@type": "AudioObject" if hosts.is_audio(source) else "VideoObject",
            "name": title,
            "description": text_of(recording, "summary").words or title,
            "url": page,
            "identifier": address(recording.get_permanent_url()),
            "thumbnailUrl": address(reverse("poster", args=[recording.key])) if recording.poster else None,
            "uploadDate": recording.published_at,
            "dateCreated": recording.panel and recording.panel.held_on,
            "duration": duration_iso_string(recording.duration) if recording.duration else None,
            "inLanguage": [language.code for language in recording.languages.all()],
            "contentUrl": source.url if source.host == Host.FILE else None,
            "embedUrl": address(reverse("embed", args=[recording.key])),
            "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
            "recordedAt": _event(recording.seminar),
            "hasPart": [_clip(mark, page) for mark in marks],
            "potentialAction": _seek(page),
            "caption": [_caption(recording, caption) for caption, _word in transcript.choices] if transcript else [],
            "transcript": _words(transcript) if transcript else "",
        }
    )


def _event(seminar):
    event = {"@type": "Event", "name": text_of(seminar, "title").words, "url": address(seminar.get_absolute_url())}
    return event | {"startDate": seminar.starts_on}


def _clip(mark, page):
    """A part, in seconds; its end is left out while nothing tells it."""
    span = moments.of(mark.start, mark.end)
    person = mark.intervention and mark.intervention.person
    return known(
        {
            "@type": "Clip",
            "name": str(mark.title),
            "startOffset": span.start,
            "endOffset": span.end,
            "url": f"{page}?t={span.start}",
            "contributor": person and {"@type": "Person", "name": mark.intervention.printed_name},
        }
    )


def _seek(page):
    """Any second has an address (https://developers.google.com/search/docs/appearance/structured-data/video#seek)."""
    return {
        "@type": "SeekToAction",
        "target": f"{page}?t={{seek_to_second_number}}",
        "startOffset-input": "required name=seek_to_second_number",
    }


def _caption(recording, caption):
    path = reverse("recordings:captions", args=[recording.slug, caption.language, caption.kind, "vtt"])
    media = {"@type": "MediaObject", "contentUrl": address(path), "encodingFormat": "text/vtt"}
    return media | {"inLanguage": caption.language}


def _words(transcript):
    """What was said; not what interpreters or translators made of it."""
    if transcript.caption.kind != CaptionKind.FLOOR:
        return ""
    text = " ".join(line.words for paragraph in transcript.paragraphs for line in paragraph.lines)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]}…"
