"""The addresses outside the portal that this room points to."""

from events.models import Intervention, Panel, Seminar
from rifess.links.written import written_in


def addresses():
    """Pairs (address, site)."""
    yield from written_in("source_url", Seminar, Panel, Intervention)
