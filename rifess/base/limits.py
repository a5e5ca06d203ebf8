"""How often something may be done, counted in the cache that all processes share."""

from django.core.cache import cache


def too_many(what, who, *, limit, seconds):
    """Count one more `what` by `who`; whether that makes more than `limit` within `seconds`."""
    key = f"limit:{what}:{who}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > limit
    except ValueError:  # it expired between the two calls
        return False
