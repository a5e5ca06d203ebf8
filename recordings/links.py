"""The addresses outside the portal that this room points to."""

from recordings.models import Document, Recording, Source
from rifess.links.written import written_in


def addresses():
    """Pairs (address, site): a recording's site may judge it better than its page does."""
    yield from Source.objects.values_list("url", "host").order_by().distinct()
    yield from written_in("url", Document)
    yield from written_in("source_url", Recording, Document)
