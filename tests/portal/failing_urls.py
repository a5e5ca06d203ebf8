"""The portal's addresses, and some that fail in every way."""

import errno

from allauth.core.internal.ratelimit import respond_429
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, ValidationError
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.tasks import task
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from rifess.urls import handler400, handler500, urlpatterns  # noqa: F401


def wrong(request):
    raise RuntimeError("the figures of ana.perez@example.org do not add up")


def broken_off(request):
    def blocks():
        yield b"a"
        raise RuntimeError("of ana.perez@example.org the second block is missing")

    return StreamingHttpResponse(blocks())


def busy(request):
    raise OperationalError("lock timeout")


def full(request):
    raise OSError(errno.ENOSPC, "No space left on device")


def missing_table(request):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


def forbidden(request):
    raise PermissionDenied


def refused(request):
    raise BadRequest


def too_large(request):
    raise RequestDataTooBig


@csrf_exempt
def refused_act(request):
    raise ValidationError("Entre tanto alguien cerró esto.")


@require_safe
def reading_only(request):
    return HttpResponse("read")


@task
def failing_task():
    raise RuntimeError("the task of ana.perez@example.org did not work")


urlpatterns = [
    path("wrong/", wrong),
    path("broken-off/", broken_off),
    path("wrong/<str:signed>/", lambda request, signed: wrong(request)),
    path("busy/", busy),
    path("full/", full),
    path("missing-table/", missing_table),
    path("forbidden/", forbidden),
    path("refused/", refused),
    path("too-large/", too_large),
    path("too-often/", respond_429),
    path("refused-act/", refused_act),
    path("reading-only/", reading_only),
    *urlpatterns,
]
