"""What happens around every request."""

import time
from urllib.parse import urlsplit

from auditlog.context import set_actor
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseBadRequest, HttpResponsePermanentRedirect
from django.urls import Resolver404, is_valid_path, resolve
from django.urls.base import translate_url
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

from rifess.signing_in import SIGNED_IN_AT, has_second_factor

HEALTH = "/health/"
DEFAULT_PORTS = {"http": 80, "https": 443}
READING = {"GET", "HEAD", "OPTIONS"}


def own_address(get_response):
    """Answer only at SITE_URL: what builds an absolute address from the request can then build no other.

    Another name or port that ALLOWED_HOSTS lets in leads here; to send a form there is refused. Health is told under any name,
    as a load balancer asks each server by its own. While developing (DEBUG), any host that Django allows will do.
    """

    def middleware(request):
        own = urlsplit(settings.SITE_URL)
        if request.path_info.startswith(HEALTH):
            request.META["HTTP_HOST"] = own.netloc
        elif not settings.DEBUG and not _is_at(own, request.get_host()):
            return _lead_to(own, request)
        return get_response(request)

    return middleware


def _is_at(own, host):
    """Whether `host` (with its port, where one was said) is that of the address `own`."""
    asked, standard = urlsplit(f"//{host}"), DEFAULT_PORTS[own.scheme]
    return (asked.hostname, asked.port or standard) == (own.hostname, own.port or standard)


def _lead_to(own, request):
    if request.method not in READING:
        return HttpResponseBadRequest(content_type="text/plain")
    return HttpResponsePermanentRedirect(f"{own.scheme}://{own.netloc}{request.get_full_path()}")


def rights_of_this_session(get_response):
    """Tell the user what only the session knows: whether it has a second factor, and which membership it acts for.

    Asked when somebody asks for the user, not before: a public page leaves the session alone.
    """

    def middleware(request):
        request.user = SimpleLazyObject(lambda: _as_in_this_session(request))
        return get_response(request)

    return middleware


def _as_in_this_session(request):
    user = get_user(request)
    if user.is_authenticated and user.is_staff and _is_over(request.session):
        request.session.flush()
        user = AnonymousUser()
    if user.is_authenticated:
        user.second_factor = has_second_factor(request, user)
        user.acts_for = request.session.get("acts_for")
        user.standings = {}
    return user


def _is_over(session):
    """Whether it is longer ago than a session of the secretariat's lasts that somebody signed in."""
    return time.time() - session.get(SIGNED_IN_AT, 0) > settings.STAFF_SESSION.total_seconds()


def pages_of_a_session_are_kept_nowhere(get_response):
    """What is shown to somebody signed in stays in no browser and on no way to it, unless the page says otherwise."""

    def middleware(request):
        response = get_response(request)
        if request.session.accessed and request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return middleware


def actor_of_changes(get_response):
    """Let the history know who is writing. Reading leaves the session alone, so that public pages stay the same for all."""

    def middleware(request):
        if request.method in READING or not request.user.is_authenticated:
            return get_response(request)
        with set_actor(request.user):
            return get_response(request)

    return middleware


def addresses_in_other_languages(get_response):
    """`/pt-br/grabaciones/` leads to `/pt-br/gravacoes/`: an address written with another language's words still arrives."""

    def middleware(request):
        response = get_response(request)
        if response.status_code != 404 or request.method not in READING:
            return response
        right = _in_the_language_of_its_prefix(request.path_info)
        if right and right != request.path_info:
            return HttpResponsePermanentRedirect(right)
        return response

    return middleware


def _in_the_language_of_its_prefix(path):
    wanted = translation.get_language_from_path(path)
    if not wanted or is_valid_path(path):
        return None
    rest = path.removeprefix(f"/{wanted}/")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            try:
                resolve(f"/{language}/{rest}")
            except Resolver404:
                continue
            return translate_url(f"/{language}/{rest}", wanted)
    return None
