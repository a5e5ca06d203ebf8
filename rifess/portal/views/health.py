"""Whether the portal runs and what it lacks, for load balancers and monitors (docs/adr/0034)."""

import shutil
from datetime import timedelta
from functools import cache as once
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members.models import MailHold, MailOutage, Message
from rifess.portal.operations import probes
from rifess.portal.timers import silent
from rifess.portal.worker import WORKER

LEAST_ROOM = 100 * 1024 * 1024  # bytes on the disk of the media folder


@never_cache
@require_safe
def live(request):
    """200 as long as this process answers; the database is not asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def health(request):
    """200 when the portal answers and its database does too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request):
    """What is missing, by name. 503 when pages cannot be answered; what only waits (worker, mail) is 200 and “degraded”."""
    missing = {name: sentence for name, check in NEEDED.items() if (sentence := check())}
    late = {} if "database" in missing or "migrations" in missing else _what_waits()
    status = "unavailable" if missing else "degraded" if late else "ok"
    return JsonResponse({"status": status, "missing": {**missing, **late}}, status=503 if missing else 200)


def _what_waits():
    return {name: sentence for name, check in WAITED_FOR.items() if (sentence := check())}


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return "The database does not answer."


def migrations():
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, InterfaceError):
        return "Cannot be read."
    if waiting := len(_migrations_of_this_release() - applied.keys()):
        return f"{waiting} not applied: run manage.py migrate."


@once
def _migrations_of_this_release():
    return frozenset(MigrationLoader(None).disk_migrations)


def shared_cache():
    return "Cannot be written and read." if probes.fault_of_cache() else None


def static_files():
    return "Not collected: run manage.py collectstatic." if probes.lacks_static_files() else None


def media():
    """Whether files can be kept. A store that is no folder of ours answers for itself."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    folder = Path(default_storage.location)
    if error := probes.fault_of_folder(folder):
        return f"Cannot be written to: {error.strerror}."
    if shutil.disk_usage(folder).free < LEAST_ROOM:
        return "The disk is nearly full."


def worker(now=None):
    sign = next((sign for sign in silent(now) if sign.timer.name == WORKER), None)
    if sign and sign.seen_at is None:
        return "Has not run yet: start manage.py db_worker."
    if sign:
        return f"No sign of life for {_minutes((now or timezone.now()) - sign.seen_at)}."


def messages(now=None):
    if MailHold.objects.active().exists():
        return "Held back since a backup was restored: manage.py release_mail."
    now = now or timezone.now()
    oldest = Message.objects.overdue(now).values_list("written_at", flat=True).first()
    if oldest:
        return f"The oldest has waited for {_minutes(now - oldest)}."


def mail_server(now=None):
    if began := MailOutage.objects.active().values_list("began_at", flat=True).first():
        return f"Has not answered for {_minutes((now or timezone.now()) - began)}. It is asked again every minute."


def timers(now=None):
    """Those that ran once and fell silent; `doctor` says which were never started."""
    late = [sign for sign in silent(now) if sign.seen_at and sign.timer.name != WORKER]
    said = [f"manage.py {each.timer.manage} has not run since {each.seen_at:%Y-%m-%d %H:%M} UTC." for each in late]
    return " ".join(said) or None


def _minutes(span):
    return f"{span // timedelta(minutes=1)} minutes"


NEEDED = {"database": database, "migrations": migrations, "cache": shared_cache, "static": static_files, "media": media}
WAITED_FOR = {"worker": worker, "timers": timers, "mail server": mail_server, "messages": messages}
