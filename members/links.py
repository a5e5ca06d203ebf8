"""The addresses outside the portal that this room points to."""

from members.models import CoordinationTerm, Delegate, Institution, Membership, Person
from rifess.links.written import written_in


def addresses():
    """Pairs (address, site)."""
    yield from written_in("website", Institution, Person)
    yield from written_in("source_url", Institution, Membership, Delegate, CoordinationTerm)
