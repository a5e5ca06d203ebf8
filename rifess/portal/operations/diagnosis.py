"""Checks for operators, as one list: `check --deploy` and `manage.py doctor` both run it.

Each check yields Django's messages: an Error where the portal would not work, a Warning where it would work badly. A hint says
what to do. Nothing is sent or changed; what is written to see whether it can be written is deleted again.
"""

import logging
import shutil
from contextlib import closing
from datetime import timedelta
from functools import wraps
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import Error
from django.core.checks import Warning as Hint
from django.core.mail import mailers
from django.db import DatabaseError, connection, models
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from events.certificates.signing_keys import is_ready
from events.registration.seat_counters import wrong_counts
from members.accounts.encryption import unreadable
from members.models import MailHold, MailOutage, Message
from rifess.portal.operations import backup, probes
from rifess.portal.timers import silent

log = logging.getLogger(__name__)
SECONDS = 5  # that a database may take to answer
LITTLE_SPACE = 1024**3  # bytes
OLDEST_BACKUP = timedelta(days=2)
FILES_LOOKED_FOR = 20  # of each kind, the newest
WORLD, GROUP_WRITES = 0o007, 0o020


def answers(check):
    """What `check` yields, as a list. One that fails itself is an error among the others, which are asked all the same."""
    try:
        return list(check())
    except Exception as error:
        log.exception("%s failed", check.__name__)
        sentence = f"This could not be looked at ({type(error).__name__}: {_one_line(error)})."
        return [Error(sentence, hint="The log has more.", id="rifess.E099")]


def with_database(check):
    """Ask `check` only where the database answers at once; where it does not, check_database says so."""

    @wraps(check)
    def ask():
        try:
            _own_connection().close()
            yield from check()
        except DatabaseError:
            return

    return ask


def check_settings():
    """Settings that start, and are wrong for a public portal."""
    public = settings.SITE_URL.startswith("https:")
    host = urlsplit(settings.SITE_URL).hostname
    if settings.DEBUG:
        yield Error("DEBUG is on: error pages would show settings and data.", hint="Leave DEBUG out.", id="rifess.E001")
    if public and not settings.TRUSTED_PROXIES:
        yield Error(
            "SITE_URL is https, and TRUSTED_PROXIES is 0: every page would redirect to itself for ever.",
            hint="Set TRUSTED_PROXIES to the number of web servers in front that set X-Forwarded-Proto, usually 1.",
            id="rifess.E002",
        )
    if not public and host not in {"localhost", "127.0.0.1", "testserver"}:
        yield Hint(
            "SITE_URL is http: passwords and private links travel unencrypted.", hint="Use an https address.", id="rifess.W002"
        )
    if host not in settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error(
            f"ALLOWED_HOSTS must name {host}, the host of SITE_URL, and no “*”.",
            hint="Leave ALLOWED_HOSTS out.",
            id="rifess.E003",
        )


def check_secretariat():
    """Messages from visitors need somewhere to go."""
    if settings.SECRETARIAT_EMAIL.endswith("@localhost"):
        yield Hint("Set SECRETARIAT_EMAIL: visitors' messages have nowhere to go.", id="rifess.W001")


def check_database():
    """The database answers, has this code's tables, and may have what they need."""
    try:
        with closing(_own_connection()) as database:
            yield from _migrations_not_applied(database)
            yield from _extension_that_is_missing(database)
    except DatabaseError as error:
        yield Error(f"The database does not answer: {_one_line(error)}.", hint="Look at DATABASE_URL.", id="rifess.E010")


def check_database_file():
    """SQLite's file holds everything: it belongs to its owner alone."""
    if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).is_file():
        yield from _too_open(Path(connection.settings_dict["NAME"]), "the whole database", GROUP_WRITES | WORLD | 0o040)


def check_cache():
    """What is written to the cache can be read back: rate limits are counted there."""
    error = probes.fault_of_cache()
    if isinstance(error, probes.CacheForgets):
        yield Error("The cache forgets what is written to it.", hint="Look at CACHE_URL.", id="rifess.E021")
    elif error:
        yield Error(f"The cache does not answer: {_one_line(error)}.", hint="Look at CACHE_URL.", id="rifess.E020")


def check_folders():
    """Folders that the portal writes to, opened for writing and reading."""
    for name, folder in {"DATA_DIR": settings.DATA_DIR, "MEDIA_ROOT": settings.MEDIA_ROOT}.items():
        if error := probes.fault_of_folder(folder):
            yield Error(
                f"{name} ({folder}) cannot be written to: {error.strerror}.",
                hint="Give it to the user that runs the portal, or name another one.",
                id="rifess.E030",
            )


def check_private_files():
    """Keys and uploaded files are read by the portal, not by every user of the machine."""
    keys = settings.DATA_DIR / backup.KEYS
    for path in sorted(keys.glob("*")) if keys.is_dir() else []:
        yield from _too_open(path, "a private key", GROUP_WRITES | WORLD | 0o040)
    if settings.MEDIA_ROOT.is_dir():
        yield from _too_open(settings.MEDIA_ROOT, "what people uploaded", GROUP_WRITES | WORLD, "chmod -R o-rwx,g-w")


@with_database
def check_media():
    """Files that rows name are in MEDIA_ROOT. On a second server they are only there when the folder is shared."""
    missing, looked_for = _missing_files()
    if missing:
        yield Error(
            f"{len(missing)} of the {looked_for} newest uploaded files are not in {settings.MEDIA_ROOT}, such as {missing[0]}.",
            hint="All servers must share MEDIA_ROOT; after a restore, the media must come from the same backup.",
            id="rifess.E031",
        )


def check_static_files():
    """Without collected style sheets every page is an error."""
    if probes.lacks_static_files():
        yield Error(
            f"{settings.STATIC_ROOT} has no collected static files: every page would be an error.",
            hint="Run manage.py collectstatic --noinput.",
            id="rifess.E032",
        )


def check_disk():
    """Space where the portal writes."""
    for folder in {_existing(settings.DATA_DIR), _existing(settings.MEDIA_ROOT)}:
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            continue
        if free < LITTLE_SPACE:
            yield Hint(
                f"{folder} has {free // 1024**2} MB free.",
                hint="Make room: uploads and registrations fail on a full disk.",
                id="rifess.W033",
            )


def check_mail():
    """The mail server accepts our credentials. Nothing is sent."""
    if "console" in settings.MAILERS["default"]["BACKEND"]:
        yield Hint("EMAIL_URL is not set: e-mail is printed, not sent.", id="rifess.W040")
        return
    mailer = mailers["default"]
    try:
        mailer.open()
        mailer.close()
    except OSError as error:  # smtplib's errors too
        yield Error(f"The mail server does not let us in: {_one_line(error)}.", hint="Look at EMAIL_URL.", id="rifess.E041")


@with_database
def check_outbox():
    """Messages that wait although they are due, and a restore that was not released."""
    if hold := MailHold.objects.active().first():
        yield Hint(
            f"E-mail is held back since {hold.held_at:%Y-%m-%d %H:%M} UTC, when a backup was restored.",
            hint="manage.py release_mail says what waits, and lets it go.",
            id="rifess.W042",
        )
        return
    if outage := MailOutage.objects.active().first():
        yield Hint(
            f"The mail server has not answered since {outage.began_at:%Y-%m-%d %H:%M} UTC: {_one_line(outage.trouble)}.",
            hint="Look at EMAIL_URL and at the mail server. It is asked again every minute.",
            id="rifess.W045",
        )
    late = Message.objects.overdue().count()
    if late:
        yield Hint(
            f"{late} e-mails have waited for more than an hour.",
            hint="Is a worker running (manage.py db_worker), or the timer of send_messages?",
            id="rifess.W043",
        )


@with_database
def check_timers():
    """The worker and what timers start have run lately."""
    for sign in silent():
        since = f"since {sign.seen_at:%Y-%m-%d %H:%M} UTC" if sign.seen_at else "yet"
        yield Hint(f"manage.py {sign.timer.manage} has not run {since}.", hint="Look at its unit or timer.", id="rifess.W044")


def check_backup():
    """A backup that is recent."""
    last = backup.last()
    if last is None:
        yield Hint("No backup was made from here.", hint="manage.py backup FOLDER, every night.", id="rifess.W050")
    elif timezone.now() - last[0] > OLDEST_BACKUP:
        yield Hint(
            f"The last backup is {(timezone.now() - last[0]).days} days old ({last[1]}).",
            hint="Look at the timer of manage.py backup.",
            id="rifess.W051",
        )


@with_database
def check_certificate_key():
    """The key that signs is the one that the database knows."""
    try:
        ready = is_ready()
    except (OSError, ValueError) as error:
        yield Error(f"The key that signs certificates cannot be read: {_one_line(error)}.", id="rifess.E060")
        return
    if not ready:
        yield Hint(
            "The key that signed certificates so far is missing: the next certificate would be signed with another one.",
            hint="Bring back DATA_DIR/keys or CERTIFICATE_KEY. What the former key signed can still be checked.",
            id="rifess.W061",
        )


@with_database
def check_seats():
    """Counters of seats agree with the registrations."""
    if wrong := wrong_counts():
        yield Hint(f"Seats are counted wrongly: {', '.join(str(each.seminar) for each in wrong[:5])}.", id="rifess.W062")


@with_database
def check_second_factors():
    """The keys that encrypted secrets of second factors are at hand: without them no authenticator app opens an account."""
    if count := unreadable():
        yield Error(
            f"{count} second factors cannot be read: their key is missing.",
            hint="Bring back SECOND_FACTOR_KEYS, or DATA_DIR/keys of the backup.",
            id="rifess.E063",
        )


CHECKS = {
    "Settings": check_settings,
    "Secretariat": check_secretariat,
    "Database": check_database,
    "Database file": check_database_file,
    "Cache": check_cache,
    "Folders": check_folders,
    "Private files": check_private_files,
    "Uploaded files": check_media,
    "Static files": check_static_files,
    "Disk": check_disk,
    "Mail server": check_mail,
    "Outbox": check_outbox,
    "Timers": check_timers,
    "Backup": check_backup,
    "Certificate key": check_certificate_key,
    "Seats": check_seats,
    "Second factors": check_second_factors,
}


def _own_connection():
    """A connection of its own, whose server has SECONDS to accept it and to answer."""
    own = connection.copy()
    if own.vendor == "postgresql":
        bounds = {"connect_timeout": SECONDS, "longest_answer": SECONDS}
        own.settings_dict = own.settings_dict | {"OPTIONS": own.settings_dict["OPTIONS"] | bounds}
    own.ensure_connection()
    return own


def _migrations_not_applied(database):
    executor = MigrationExecutor(database)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Error(
            f"{len(plan)} migrations are not applied, the first is {plan[0][0]}.", hint="Run manage.py migrate.", id="rifess.E011"
        )


def _extension_that_is_missing(database):
    if database.vendor != "postgresql":
        return
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist'),"
            " has_database_privilege(current_database(), 'CREATE')"
        )
        installed, may_install = cursor.fetchone()
    if not installed and not may_install:
        yield Error(
            "The extension btree_gist is missing, and this user may not install it.",
            hint="As a superuser, in this database: CREATE EXTENSION btree_gist.",
            id="rifess.E012",
        )


def _too_open(path, what, forbidden, mend="chmod go-rwx"):
    mode = path.stat().st_mode & 0o777
    if mode & forbidden:
        yield Hint(
            f"{path}, {what}, is open to other users of this machine ({mode:03o}).", hint=f"{mend} {path}", id="rifess.W034"
        )


def _missing_files():
    missing, looked_for = [], 0
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField):
                newest = (
                    model._base_manager.exclude(**{field.name: ""}).exclude(**{f"{field.name}__isnull": True}).order_by("-pk")
                )
                names = list(newest.values_list(field.name, flat=True)[:FILES_LOOKED_FOR])
                looked_for += len(names)
                missing += [name for name in names if not field.storage.exists(name)]
    return missing, looked_for


def _existing(folder):
    return next(each for each in (folder, *folder.parents) if each.exists())


def _one_line(error):
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
