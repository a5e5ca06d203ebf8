"""Hints at the start: what settings alone cannot refuse."""

from django.conf import settings
from django.core.checks import Warning as Hint
from django.core.checks import register


@register(deploy=True)
def the_secretariat_has_an_address(app_configs, **kwargs):
    """Messages from visitors need somewhere to go."""
    if settings.SECRETARIAT_EMAIL.endswith("@localhost"):
        yield Hint("Set SECRETARIAT_EMAIL: visitors' messages have nowhere to go.", id="rifess.W001")
