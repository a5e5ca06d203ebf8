"""The pages of what went wrong. Those for when the database may be away ask nothing of it, nor of the session."""

import logging
import sys
import time

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseNotAllowed
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_request, override

from rifess.logs import request_id
from rifess.resubmission import AGAIN, kept
from rifess.unavailability import RETRY_AFTER, kind_of_unavailability

log, log_of_requests = logging.getLogger("rifess.unavailable"), logging.getLogger("rifess.request")
TRACED_FOR = 10  # seconds in which an outage, which fails every request alike, leaves one traceback of each kind
_traced = {}


def page_of_error(request, status, form=None):
    """The page `status`.html in the reader's language, from nothing but the request; `form` is what was kept of a form."""
    with override(get_language_from_request(request, check_path=True)):
        context = {"request_id": request_id.get(), "kept": form, "again": AGAIN, "status": status}
        if form:
            context["csrf_token"] = get_token(request)
        try:
            text, kind = render_to_string(f"{status}.html", context), None
        except Exception:  # else the visitor would get nothing, and the log would not have what failed first
            log.exception("The page %s.html cannot be shown", status)
            text, kind = f"{status} · {request_id.get()}\n", "text/plain; charset=utf-8"
    response = HttpResponse(text, status=status, content_type=kind)
    add_never_cache_headers(response)
    return response


def bad_request(request, exception=None):
    return page_of_error(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def not_found(request, exception):
    """The page 404. Who is signed in and sent a form to a page that is not theirs any more finds there what they wrote."""
    return render(request, "404.html", {"kept": _kept_of_whom_we_know(request)}, status=404)


def forbidden(request, exception):
    """The page 403, with what was written: a record may have become one that is only read while somebody typed."""
    return render(request, "403.html", {"kept": _kept_of_whom_we_know(request)}, status=403)


def _kept_of_whom_we_know(request):
    """What somebody who is signed in sent; of an address that no page has nothing is read."""
    form = kept(request) if request.resolver_match and request.user.is_authenticated else None
    return form if form and form.has_sentences else None


def server_error(request):
    """500 for what is wrong; 503 for what will pass, wherever on the way it was raised."""
    return unavailable(request, sys.exception()) or page_of_error(request, 500, kept(request))


def unavailable(request, error):
    """The page 503 when `error` will pass, with what was typed; None when something is wrong."""
    kind = kind_of_unavailability(error)
    if not kind:
        return None
    _log_unavailable(request, kind, error)
    response = page_of_error(request, 503, kept(request))
    response["Retry-After"] = str(RETRY_AFTER[kind])
    response._has_been_logged = True  # django.request would say it once more
    return response


def _log_unavailable(request, kind, error):
    """One line for each request, and a traceback now and then."""
    now = time.monotonic()
    is_new = now - _traced.get(kind, -TRACED_FOR) >= TRACED_FOR
    if is_new:
        _traced[kind] = now
    reason = f"{type(error).__name__}: {str(error).partition('\n')[0]}"
    context = {"request": request, "status_code": 503}
    log.error("Unavailable (%s): %s: %s", kind, request.path, reason, exc_info=error if is_new else None, extra=context)


def refused(request, refusal):
    """The page 409: the sentences of `refusal`, a ValidationError that no view expected, and what was typed."""
    log_of_requests.warning("Refused after its checks: %s", request.path, exc_info=refusal, extra={"request": request})
    context = {"sentences": refusal.messages, "kept": kept(request), "again": AGAIN}
    response = render(request, "409.html", context, status=409)
    add_never_cache_headers(response)
    return response


def csrf_failure(request, reason=""):
    """A form without its token: the page was open for long, its reader signed in elsewhere, or cookies are blocked.

    A page that takes no form at all says that instead: 405.
    """
    view = getattr(request.resolver_match.func, "view_class", None)
    if view and not hasattr(view, request.method.lower()):
        return HttpResponseNotAllowed([name.upper() for name in view.http_method_names if hasattr(view, name)])
    context = {"kept": kept(request), "again": AGAIN}
    response = render(request, "403_csrf.html", context, status=403)
    add_never_cache_headers(response)
    return response


def signed_out(request, sign_in, form):
    """A form that arrived after its session had ended: what was typed stays in the page until one has signed in at `sign_in`."""
    response = render(request, "signed_out.html", {"kept": form, "again": AGAIN, "sign_in": sign_in}, status=403)
    add_never_cache_headers(response)
    return response
