"""What a recording's page offers to take along: citations, files, a frame for other sites, feeds."""

from urllib.parse import urlencode

from django.urls import reverse

from events.programme.schema_org import address
from recordings import citations
from recordings.models import Recording
from recordings.views.embeds import frame
from rifess.base.dates import today_in_the_network

CITATION_FILES = [("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "csl.json")]


def take_with_you(recording, span, *, plays):
    """What `recordings/_take.html` shows, of the passage asked for. Only what is public can be shown elsewhere or followed."""
    work = citations.work_of(recording, span)
    is_public = Recording.objects.public().filter(pk=recording.pk).exists()
    page = address(recording.get_absolute_url()) + (f"?t={span}" if span else "")
    return {
        "references": citations.references(work, today_in_the_network()),
        "in_text": citations.in_text(work),
        "passage": work.passage,
        "citation_files": CITATION_FILES,
        "is_public": is_public,
        "frame": frame(recording, span) if is_public and plays else "",
        "oembed": f"{address(reverse('oembed'))}?{urlencode({'url': page, 'format': 'json'})}" if is_public else "",
    }
