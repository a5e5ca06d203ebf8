"""The addresses outside the portal that this room points to."""

from recordings.models import Document, Recording, Source
from rifess.links.hosts import is_ours
from rifess.links.written import written_in


def addresses():
    """Pairs (address, site): a recording's site may judge it better than its page does. What is on this portal is not outside."""
    sources = Source.objects.values_list("url", "host").order_by().distinct()
    yield from ((url, host) for url, host in sources if not is_ours(url))
    yield from written_in("url", Document)
    yield from written_in("source_url", Recording, Document)
