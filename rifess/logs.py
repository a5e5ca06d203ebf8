"""The portal's log: one event a line on standard error, as text or as JSON, without personal data (docs/adr/0035).

E-mail addresses, private links and values that the database quotes are taken out of messages and tracebacks.
"""

import json
import logging
import re
import sys
import threading
import time
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime

NO_REQUEST = "-"
request_id = ContextVar("request_id", default=NO_REQUEST)  # of the request that is being answered

HIDDEN = "…"
MOST_CHARACTERS = 2_000  # of a message: it may quote what a visitor sent
MOST_OF_A_TRACEBACK = 20_000  # characters, the last ones
ENDS_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # or moves a terminal: from a visitor, it would forge lines
# Each of these begins where a word does: tried from every letter of a long one, its cost would grow with the square of it.
EMAIL = re.compile(r"(?<![^\s@<>()\"',;=])[^\s@<>()\"',;=]+@[\w.-]+")
SIGNED = re.compile(r"(?<![\w.=~-])[\w.=~-]+[:.][\w-]{43}(?![\w-])")  # what django.core.signing writes: a value and its signature
QUOTED_BY_THE_DATABASE = re.compile(r"^(DETAIL|CONTEXT|HINT|QUERY|LINE \d+):.*$|(?<=syntax for type )(\w+): \".*$", re.MULTILINE)
QUERY = re.compile(r"\?[^\s\"'?=]*=[^\s\"']*")
# Of an address: public, or a number.
PARTS_SHOWN = {"slug", "panel", "pk", "object_id", "format", "section", "content_type_id", "app_label"}
LOOKS_SECRET = re.compile(r"(?<![\w:.=~-])(?=[\w:.=~-]*[\dA-Z:])[\w:.=~-]{12,}")
MAIL_THREAD = "mail to administrators"
MOST_KINDS = 1000  # of failures that one process tells of
A_WHILE = 600  # seconds in which the same failure is reported once to the administrators


def configuration(form, recipients):
    """Django's LOGGING: `form` is "text" or "json"; `recipients`, if there are any, get errors by e-mail."""
    mail = {"mail": {"class": "rifess.logs.AdministratorsHandler", "level": "ERROR", "formatter": "text"}} if recipients else {}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"text": {"()": TextFormatter}, "json": {"()": JSONFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}, **mail},
        "root": {"handlers": ["stderr", *mail], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},  # not each address that does not exist
        },
    }


def log_what_nobody_catches():
    """Send errors that end a command or a thread, those of destructors, and warnings through the log: one form, nothing personal.

    Python itself would write them to standard error as they are.
    """
    log = logging.getLogger("rifess.uncaught")

    def ends_the_process(kind, error, traceback):
        if not issubclass(kind, Exception):  # Ctrl+C
            return sys.__excepthook__(kind, error, traceback)
        log.critical("The process ends with an error that nothing caught", exc_info=(kind, error, traceback))

    def ends_a_thread(args):
        if args.exc_type is not SystemExit:  # as Python itself
            exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
            log.error("A thread ended with an error that nothing caught", exc_info=exc_info)

    def is_ignored(args):
        exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
        log.error("%s", args.err_msg or "An error was ignored", exc_info=exc_info)

    sys.excepthook, threading.excepthook, sys.unraisablehook = ends_the_process, ends_a_thread, is_ignored
    logging.captureWarnings(True)


def scrubbed(text):
    """`text` without what may be personal: addresses of e-mail, private links, queries, and what the database quotes of a row."""
    text = QUOTED_BY_THE_DATABASE.sub(lambda quoted: f"{quoted[1] or quoted[2]}: {HIDDEN}", text)
    for pattern in (QUERY, SIGNED, EMAIL):
        text = pattern.sub(HIDDEN, text)
    return text


def path_without_secrets(request):
    """The path asked for, without what opens a private page: of a known address only its public parts are shown."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return LOOKS_SECRET.sub(HIDDEN, request.path)
    path = request.path
    for name, value in match.kwargs.items():
        if name not in PARTS_SHOWN and value:
            path = path.replace(str(value), HIDDEN)
    return path


class TextFormatter(logging.Formatter):
    """`2026-11-30T16:05:09Z ERROR django.request [3f0c…] Internal Server Error: /es/…`, and the traceback below it."""

    def format(self, record):
        event = _event(record)
        line = "{time} {level} {logger} [{request}] {message}".format(**event)
        return f"{line}\n{event['traceback']}" if "traceback" in event else line


class JSONFormatter(logging.Formatter):
    """One object a line, with the same words and the traceback."""

    def format(self, record):
        return json.dumps(_event(record), ensure_ascii=False)


def _event(record):
    """What is written of `record`, in the order of reading."""
    message = _message(record)
    event = {
        "time": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "level": record.levelname,
        "logger": record.name,
        "request": request_id.get(),
        "message": message,
    }
    request = getattr(record, "request", None)
    if hasattr(request, "path"):
        path = path_without_secrets(request)
        event["request"] = getattr(request, "request_id", event["request"])
        event |= {"message": message.replace(request.path, path), "method": request.method, "path": path}
    if hasattr(record, "status_code"):
        event["status"] = record.status_code
    if record.exc_info and record.exc_info[0] and event.get("status", 500) >= 500:  # what a visitor got wrong needs none
        event["traceback"] = _in_lines(scrubbed(logging.Formatter().formatException(record.exc_info)))
    return event | {"message": _in_one_line(scrubbed(event["message"]))}


def _message(record):
    """What is said; of a call that does not fit its own sentence, the sentence and the kinds of its arguments."""
    try:
        return record.getMessage()
    except Exception:
        kinds = ", ".join(type(each).__name__ for each in record.args or ())
        return f"{record.msg if isinstance(record.msg, str) else type(record.msg).__name__} ({kinds})"


def _in_one_line(text):
    return ENDS_A_LINE.sub(" ", text[:MOST_CHARACTERS])


def _in_lines(traceback):
    """Return `traceback` indented, so that no line of what it quotes can pass for an event of its own."""
    return "\n".join(f"  {_in_one_line(line)}" for line in traceback[-MOST_OF_A_TRACEBACK:].split("\n"))


class AdministratorsHandler(logging.Handler):
    """Writes to ADMINS what went wrong: the same words as the log, and each kind of failure once in a while."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._told = {}

    def emit(self, record):
        if self._is_news(record):
            subject = _in_one_line(f"{record.levelname}: {scrubbed(record.getMessage())}")[:200]
            # In a thread of its own, so that the visitor does not wait for the mail server.
            threading.Thread(target=self._send, args=(subject, self.format(record)), name=MAIL_THREAD, daemon=True).start()

    def _is_news(self, record):
        """Whether this kind of failure was not told lately, by this process."""
        kind, now = (record.name, record.exc_info and record.exc_info[0], record.msg), time.monotonic()
        if now - self._told.get(kind, -A_WHILE) < A_WHILE or len(self._told) > MOST_KINDS:
            return False
        self._told[kind] = now
        return True

    @staticmethod
    def _send(subject, text):
        from django.core.mail import mail_admins  # not before the settings are read

        with suppress(Exception):  # the log has it; a mail server that fails as well is no news
            mail_admins(subject, text)
