"""Pages of the desk on which every moment is that of one city's clock."""

from django.utils import timezone

from rifess.base.zones import ZONES


def city_of(zone):
    """The city whose clock `zone` is, by its name."""
    return dict(ZONES).get(zone.key, zone.key)


def on_the_clock_of(zone, view, *args, **kwargs):
    """The answer of `view` with every moment read and written on the clock of `zone`."""
    with timezone.override(zone):
        response = view(*args, **kwargs)
        return response.render() if hasattr(response, "render") else response
