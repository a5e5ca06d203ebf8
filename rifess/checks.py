"""Hints at the start: what settings alone cannot refuse."""

from django.conf import settings
from django.core.checks import Error, register
from django.core.checks import Warning as Hint

from members.encryption import unreadable


@register(deploy=True)
def the_secretariat_has_an_address(app_configs, **kwargs):
    """Messages from visitors need somewhere to go."""
    if settings.SECRETARIAT_EMAIL.endswith("@localhost"):
        yield Hint("Set SECRETARIAT_EMAIL: visitors' messages have nowhere to go.", id="rifess.W001")


@register("database", deploy=True)
def second_factors_can_be_read(app_configs, databases=None, **kwargs):
    """With another key than the one that encrypted them, nobody with an authenticator app could sign in."""
    count = unreadable() if databases else 0
    if count:
        yield Error(
            f"No key opens {count} second factors: bring back SECOND_FACTOR_KEYS, or DATA_DIR/keys of the backup.",
            id="rifess.E001",
        )
