"""Feeds, for whoever follows them: always what a visitor may see, also when the secretariat asks."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.views.decorators.http import require_safe

from recordings import feeds
from recordings.views.exports import as_file

FORMATS = {"atom": ("application/atom+xml", feeds.atom), "xml": ("application/rss+xml", feeds.podcast)}


@require_safe
def feed(request, format, subject="", slug=""):
    """The latest recordings of all, of a seminar, of a topic or of a person: `atom`, or `xml` for podcasts."""
    if format not in FORMATS:
        raise Http404
    try:
        channel = feeds.channel(request.path, subject, slug)
    except (KeyError, ObjectDoesNotExist):
        raise Http404 from None
    return as_feed(request, format, channel)


def as_feed(request, format, channel):
    """A channel as a response that is not sent again while nothing has changed."""
    media_type, write = FORMATS[format]
    response = as_file(request, f"rifess.{format}", media_type, write(channel).decode())
    response["Cache-Control"] = "no-cache"
    return response
