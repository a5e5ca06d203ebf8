"""Limits on request bodies: checked before a byte is read, and before any other work.

A page takes what is typed into its forms. One that takes files says how many megabytes beside its view: `body_megabytes` for
everybody, `body_megabytes_signed_in` for those who have an account. The desk takes files from the secretariat only.
"""

from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.handlers.wsgi import LimitedStream
from django.http import UnreadablePostError

from rifess.base.integers import whole_number
from rifess.portal.views.errors import page_of_error

MEGABYTE = 1024**2
TYPED = MEGABYTE  # more than people type into a form
BESIDE_THE_FILE = 10  # megabytes: the other fields of a form at the desk, and captions sent together
MOST_FIELDS = 1000  # outside the desk, where a programme of 60 panels is one form
BLOCK = 64 * 1024


class BoundedBodies:
    """Middleware that answers 413 to what is larger than its page takes, whether its size is declared or comes in pieces."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        declared = whole_number(request.META.get("CONTENT_LENGTH") or "0")
        size = MEGABYTE**2 if declared is None else declared  # what is no number is more than any page takes
        most = TYPED if size <= TYPED and not _comes_in_pieces(request) else _most(request, view)
        if size > most or (_comes_in_pieces(request) and not _gather(request, most)):
            return _too_large(request)
        if request.method == "POST" and not _is_at_the_desk(request):
            return _bounded_fields(request)
        return None


def _most(request, view):
    """The number of bytes that `view` accepts from the user of `request`."""
    page = getattr(view, "view_class", view)
    if _is_at_the_desk(request) and request.user.is_staff:
        return (settings.DOCUMENT_MEGABYTES + BESIDE_THE_FILE) * MEGABYTE
    if own := getattr(page, "body_megabytes_signed_in", 0):
        return own * MEGABYTE if request.user.is_authenticated else TYPED
    return getattr(page, "body_megabytes", 0) * MEGABYTE or TYPED


def _is_at_the_desk(request):
    return request.resolver_match.app_names[:1] == ["admin"]


def _comes_in_pieces(request):
    return "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def _gather(request, most):
    """Put the pieces of a body together, which Django does not (ticket 35838). Whether they are at most `most` bytes."""
    body = SpooledTemporaryFile(max_size=MEGABYTE)  # noqa: SIM115 (the request reads it)
    while (block := request.META["wsgi.input"].read(BLOCK)) and body.tell() <= most:
        body.write(block)
    size = body.tell()
    if size > most:
        return False
    body.seek(0)
    request._stream = LimitedStream(body, size)
    request.META["CONTENT_LENGTH"] = str(size)
    return True


def _bounded_fields(request):
    try:
        count = sum(len(values) for _name, values in request.POST.lists())
    except RequestDataTooBig:
        return _too_large(request)
    except UnreadablePostError:  # the client disconnected: the next reader of the body handles that
        return None
    if count > MOST_FIELDS:
        raise TooManyFieldsSent(f"More than {MOST_FIELDS} fields outside the desk")
    return None


def _too_large(request):
    return page_of_error(request, 413)
