"""What a page asks about the addresses it shows."""

from rifess.links.models import Address


def states_of(urls):
    """The Address of each of `urls` that is known, by url: one query."""
    return Address.objects.in_bulk({url for url in urls if url}, field_name="url")
