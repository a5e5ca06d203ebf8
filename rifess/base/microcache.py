"""Pages that thousands ask for at once: made once in a few seconds for all, and not sent again while they are the same.

docs/adr/0022 says why. Nothing that is kept here may be about one visitor.
"""

from hashlib import md5

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language

SECONDS = 5  # with thousands looking, it is made twelve times a minute
OF_SOMEBODY = {settings.SESSION_COOKIE_NAME, "messages"}  # whoever brings one of these cookies gets a page of their own


def is_of_somebody(request):
    """Whether something in `request` may make its page differ from that of others."""
    return bool(request.COOKIES.keys() & OF_SOMEBODY)


def shared(key, make):
    """What `make` gives, kept for all processes in each language. What it raises is not kept."""
    key = f"shared:{get_language()}:{key}"
    cache = caches["pages"]
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found


def mark_of(html):
    """What tells one `html` from another (an entity tag, RFC 9110 §8.8.3, without its quotes)."""
    return md5(html.encode(), usedforsecurity=False).hexdigest()


def answer(request, html, csp=None):
    """`html`, or (304) that nothing has changed since the browser asked. `csp`: what it may load beside our own files."""
    response = HttpResponse(html)
    response["ETag"] = quote_etag(mark_of(html))
    if csp:
        response._csp_config = settings.SECURE_CSP | csp
    return get_conditional_response(request, etag=response["ETag"], response=response)


def for_all(response):
    """It may be kept on the way, as long as here."""
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response


def for_one(response):
    add_never_cache_headers(response)
    return response
