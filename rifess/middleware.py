"""What happens around every request."""

import logging
import re
import time
from urllib.parse import urlsplit
from uuid import uuid4

from auditlog.context import set_actor
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, ValidationError
from django.http import FileResponse, HttpResponseBadRequest, HttpResponsePermanentRedirect
from django.urls import Resolver404, get_resolver, is_valid_path, resolve, reverse
from django.urls.base import translate_url
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

from rifess.logs import request_id
from rifess.portal.second_factor import SIGNED_IN_AT, has_second_factor
from rifess.portal.views import errors
from rifess.resubmission import kept

log = logging.getLogger("rifess.request")
HEALTH = "/health/"
DEFAULT_PORTS = {"http": 80, "https": 443}
READING = {"GET", "HEAD", "OPTIONS"}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
PAGES_OF_REFUSALS = {400, 405, 413}  # what is answered without a word gets one of these pages
ASK_TO_SIGN_IN = ["account_login", "admin:login", "delegation:choose"]


def request_ids(get_response):
    """A name for each request, by which its lines are found in the log: the web server's, if one of ours stands in front."""

    def middleware(request):
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        name = given if REQUEST_ID.fullmatch(given) else uuid4().hex[:16]
        request.request_id, context = name, request_id.set(name)
        try:
            response = get_response(request)
        finally:
            request_id.reset(context)
        response["X-Request-ID"] = name
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _failures_logged(request, response.streaming_content)
        return response

    return middleware


def _failures_logged(request, blocks):
    """The same blocks of an answer. What fails after its first line was sent can have no page; the log has it all the same."""
    try:
        yield from blocks
    except Exception:
        log.exception("Broken off: %s", request.path, extra={"request": request, "status_code": 500})
        raise


def refusals_have_a_page(get_response):
    """A refusal that the framework answers without a word (a method that an address does not know, say) says what it is."""

    def middleware(request):
        response = get_response(request)
        if response.status_code in PAGES_OF_REFUSALS and not response.streaming and not response.content:
            page = errors.page_of_error(request, response.status_code)
            response.content = page.content
            response["Content-Type"], response["Content-Length"] = page["Content-Type"], str(len(page.content))
        return response

    return middleware


class UnavailableIsSaid:
    """A database that is away or busy, or a full disk, is 503 with Retry-After, and what was typed stays in the page.

    What is raised outside a view comes to rifess.portal.views.errors.server_error, which answers the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return errors.unavailable(request, exception)


class RefusedActsAreSaid:
    """An act that refuses what its view had checked, because it changed meanwhile, is 409 with the sentence and what was typed.

    A net below the views: most show the sentence on their own page. A page that is only read and fails so has an error (500).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, ValidationError) and request.method not in READING:
            return errors.refused(request, exception)
        return None


def typed_text_survives_signing_in(get_response):
    """A form that is answered with “sign in first” would lose what was typed: the page says so, and keeps it instead."""

    def middleware(request):
        response = get_response(request)
        if request.method == "POST" and response.status_code == 302 and _asks_to_sign_in(request, response):
            form = kept(request)
            if form and form.has_sentences:
                return errors.signed_out(request, response.url, form)
        return response

    return middleware


def _asks_to_sign_in(request, response):
    if request.resolver_match is None or request.resolver_match.view_name.startswith(("account_", "mfa_", "usersessions_")):
        return False
    wanted = urlsplit(response.url).path
    return wanted != request.path and wanted in {reverse(name) for name in ASK_TO_SIGN_IN}


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
    """Return whether `host`, as a visitor wrote it, is that of the address `own`. The port that is usual may be left out."""
    standard = DEFAULT_PORTS[own.scheme]
    name, port = own.netloc.removesuffix(f":{own.port}").lower(), own.port or standard
    return host.lower() == f"{name}:{port}" or (port == standard and host.lower() == name)


def _lead_to(own, request):
    if request.method not in READING:
        return HttpResponseBadRequest(content_type="text/plain")
    return HttpResponsePermanentRedirect(f"{own.scheme}://{own.netloc}{request.get_full_path()}")


def what_pages_may_use(get_response):
    """Say with each answer what the page, and what it frames, may use of the machine: no position, no microphone…"""
    policy = ", ".join(f"{name}=({' '.join(allowed)})" for name, allowed in settings.PERMISSIONS_POLICY.items())

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", policy)
        return response

    return middleware


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
        if response.status_code >= 500:  # to ask who reads it would wait once more for the database that did not answer
            return response
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


IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")  # NUL, and half of a surrogate pair


def only_characters_that_texts_have(get_response):
    """Refuse (400) an address with a NUL or half a surrogate pair in its path or query: no text has them, and databases choke."""

    def middleware(request):
        if any(IMPOSSIBLE.search(text) for text in _texts_of_the_address(request)):
            return get_resolver().resolve_error_handler(400)(request, BadRequest("A character that no text has"))
        return get_response(request)

    return middleware


def _texts_of_the_address(request):
    yield request.path_info
    for name, values in request.GET.lists():
        yield name
        yield from values
