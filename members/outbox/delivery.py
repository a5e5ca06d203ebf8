"""How a message of the outbox leaves, and what becomes of it."""

import logging
import re
import smtplib
import time
from datetime import timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, Q
from django.utils import timezone

from members.models import DeclinedNotice, MailHold, Message, MessageAttachment, MessageState
from members.outbox import outages
from rifess.base.limits import in_turn
from rifess.base.smtp import AnswerMissing, is_about_the_server

# Between one try and the next: three days in all, longer than any weekend (RFC 5321 §4.5.4.1 asks for four or five).
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *[240] * 18)]
SHORTEST_PAUSE = timedelta(milliseconds=200)
PAUSE_WHILE_HELD = timedelta(minutes=5)  # until one looks again whether mail is still held back

CHECKS = []  # of each room, in the order in which they got ready
CHECKS_ABOUT = {}  # model of the row that a message is about → its check

log = logging.getLogger(__name__)


def attempt(message_id, *, now=None):
    """Try the message `message_id` if it is due. Returns the moment of its next try, or None when there is none.

    Whoever moves the row from waiting to sending sends it: of two workers only one does. One of those that go to many is put
    off when too many of them went just now.
    """
    now = now or timezone.now()
    settle(now)
    due = Message.objects.due(now).filter(pk=message_id).order_by()
    outage = outages.current()
    if outage and not outages.claim_probe(outage, now, PAUSES[0]):
        return _put_off(due, message_id, outage, now)
    if due.filter(is_bulk=True).exists() and not in_turn("bulk", per_minute=settings.BULK_PER_MINUTE, now=now):
        due.update(next_try_at=turn_behind(Message.objects.in_line().filter(next_try_at__gt=now), now + _turn()))
    if not due.update(state=MessageState.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return _next_try_of(message_id)
    return _send_claimed(message_id, now)


def probe(now=None):
    """While the mail server is away, ask it once a minute with the message that waits longest.

    That counts as no try of the message.
    """
    now = now or timezone.now()
    settle(now)
    outage = outages.current()
    if outage is None or not outages.claim_probe(outage, now, PAUSES[0]):
        return
    waiting = Message.objects.waiting_for_the_server().filter(~Exists(MailHold.objects.active()))
    first = waiting.order_by("is_bulk", "written_at", "pk").first()
    if first is None:
        outages.end(now)  # nothing waits for it: the next message will see
    elif waiting.filter(pk=first.pk).update(state=MessageState.SENDING, claimed_at=now):
        _send_claimed(first.pk, now, comes_back_at=first.next_try_at)


def release(now=None):
    """Let what waited for the mail server go, once it answers again; the keys of those messages."""
    return outages.release(now, longest_pause=max(PAUSES))


def _put_off(due, message_id, outage, now):
    """Let a due message wait without asking a server that is known to be away: as one try that failed."""
    attempts = due.values_list("attempts", flat=True).first()
    if attempts is not None:
        error = outage.trouble or "The mail server does not answer."
        fate = _try_again(attempts + 1, error, now) | {"attempts": attempts + 1, "waits_for_server": True}
        due.filter(attempts=attempts).update(**fate)
    return _next_try_of(message_id)


def _send_claimed(message_id, now, comes_back_at=None):
    """Send a message that is ours, and write down what became of it; the moment of its next try, or None.

    `comes_back_at` is that moment when the server is still away.
    """
    message = Message.objects.select_related("user").get(pk=message_id)
    why = _no_longer_so(message, now)
    fate = _fate(MessageState.EXPIRED, why) if why else _send(message, now)
    if fate["waits_for_server"] and comes_back_at:
        fate |= {"state": MessageState.WAITING, "next_try_at": comes_back_at}
    mine = Message.objects.filter(pk=message_id, claimed_at=now, state__in=[MessageState.SENDING, MessageState.UNCERTAIN])
    with transaction.atomic():
        mine.update(**fate)
        done = Q(is_secret=True, state=MessageState.SENT) | Q(state=MessageState.EXPIRED)
        wipe(Message.objects.filter(done, pk=message_id))
    return fate["next_try_at"]


def send_due(*, seconds=0):
    """Try every message that is due, beside a worker or without one; the keys of those tried.

    Those that go to many keep their pace: it stays with them for so many `seconds`, and what else becomes due goes first.
    """
    began, seen = timezone.now(), set()
    while True:
        probe()
        release()
        due = list(Message.objects.due().values_list("pk", flat=True))
        for message_id in due:
            attempt(message_id)
        seen.update(due)
        pause = _until_the_next_turn()
        if pause is None or timezone.now() + pause > began + timedelta(seconds=seconds):
            return list(Message.objects.filter(pk__in=seen, claimed_at__gte=began).order_by("pk").values_list("pk", flat=True))
        time.sleep(pause.total_seconds())


def ask_before_sending(check):
    """Have `check(message, now)` say why a message is not to leave any more, when it would: a sentence, or nothing.

    Rooms call this in `AppConfig.ready`. The writer of the message asked too; this is for what has changed since.
    """
    if check not in CHECKS:
        CHECKS.append(check)


def ask_row_before_sending(model, check):
    """The same for messages about a row of `model` (`Message.about`): `check(row, message, now)`."""
    CHECKS_ABOUT[model] = check


def _no_longer_so(message, now):
    if message.user_id and DeclinedNotice.objects.of(message.user, message.kind).exists():
        return "They do without such messages."
    return _why_its_row_says_otherwise(message, now) or next((why for check in CHECKS if (why := check(message, now))), "")


def _why_its_row_says_otherwise(message, now):
    if not message.about:
        return ""
    row = message.about_row()
    if row is None:
        return "What it is about does not exist any more."
    check = CHECKS_ABOUT.get(message.about_model)
    return check(row, message, now) if check else ""


def turn_behind(others, start=None):
    """When one of those that go to many goes: from `start` on, a turn for each of `others`, but for those that pause longer."""
    start, turn = start or timezone.now(), _turn()
    return start + turn * others.filter(next_try_at__lt=start + turn * (others.count() + 1)).count()


def _turn():
    return timedelta(minutes=1) / settings.BULK_PER_MINUTE


def _until_the_next_turn():
    """How long until one of those that go to many is due; None when none waits."""
    first = Message.objects.in_line().order_by("next_try_at").values_list("next_try_at", flat=True).first()
    if first is None or MailHold.objects.active().exists():
        return None
    return max(first - timezone.now(), SHORTEST_PAUSE)


def _next_try_of(message_id):
    waiting = Message.objects.filter(pk=message_id, state=MessageState.WAITING)
    moment = waiting.values_list("next_try_at", flat=True).first()
    is_held = moment and moment <= timezone.now() and MailHold.objects.active().exists()
    return timezone.now() + PAUSE_WHILE_HELD if is_held else moment


def one_line(text, longest=250):
    """`text` without line breaks or any other character that is not seen: fit for a header."""
    seen = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(seen.split())[:longest].strip()


def settle(now=None):
    """Write down what time alone decides: what is too late to send, and what a worker left half done."""
    now = now or timezone.now()
    Message.objects.abandoned(now).update(
        state=MessageState.UNCERTAIN, next_try_at=None, trouble="The worker stopped while it was sending."
    )
    late = Message.objects.filter(expires_at__lte=now)
    late.filter(state=MessageState.WAITING).update(state=MessageState.EXPIRED, next_try_at=None)
    wipe(late.filter(~Q(text="") | ~Q(html=""), is_secret=True).exclude(state=MessageState.SENDING))


def wipe(messages):
    """Keep of `messages` no more than what became of them."""
    keys = list(messages.order_by().values_list("pk", flat=True))
    if keys:
        MessageAttachment.objects.filter(message__in=keys).delete()
        Message.objects.filter(pk__in=keys).update(text="", html="")


def as_mail(message):
    """`message` as it goes over the wire: text, page and files, always under the same Message-ID."""
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        _address(settings.SITE_NAME, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        [_address(message.to_name, message.to)],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=_headers(message),
    )
    mail.attach_alternative(message.html, "text/html")
    for file in message.attachments.all():
        mail.attach(_part(file))
    return mail


def _headers(message):
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated", "Content-Language": message.language}
    if message.is_bulk:
        headers["Precedence"] = "bulk"  # programs that answer for people away keep silent (RFC 3834 §2)
    if message.unsubscribe_url:
        kind = re.sub(r"[^a-z0-9-]+", "-", message.kind.lower())
        headers |= {
            "List-Id": f"<{kind}.{urlsplit(settings.SITE_URL).hostname}>",  # RFC 2919
            "List-Unsubscribe": f"<{message.unsubscribe_url}>",  # RFC 2369
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        }
    return headers


def _part(file):
    """`file` as a part of a mail, its bytes untouched. A calendar says its method in its type too (RFC 6047 §2.4)."""
    said = EmailMessage(policy=policy.SMTP)
    said["Content-Type"] = file.content_type
    content, params = bytes(file.content), dict(said["Content-Type"].params)
    if said.get_content_maintype() == "text":
        params.setdefault("charset", "utf-8")
    method = re.search(rb"^METHOD:(\w+)", content, re.MULTILINE) if said.get_content_type() == "text/calendar" else None
    if method:
        params["method"] = method[1].decode()
    part = MIMEPart(policy=policy.SMTP)
    part.set_content(
        content,
        said.get_content_maintype(),
        said.get_content_subtype(),
        disposition="attachment",
        filename=file.name,
        params=params,
    )
    return part


def _address(name, address):
    """`name <address>`: a name of any letters, on one line."""
    return str(Address(display_name=one_line(name), addr_spec=address))


def _send(message, now):
    """Send `message`; what to write on its row."""
    try:
        as_mail(message).send()
    except AnswerMissing as error:
        outages.end(now)
        return _fate(MessageState.UNCERTAIN, error)
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; Django's of a bad address are ValueErrors
        log.warning("The message %s was not sent: %s", message.message_id, type(error).__name__)
        if is_about_the_server(error):
            outages.begin(error, now, PAUSES[0])
            return _try_again(message.attempts, error, now) | {"waits_for_server": True}
        if isinstance(error, OSError):  # else it was not written well enough to be offered to a server
            outages.end(now)
        return _fate(MessageState.FAILED, error) if _is_final(error) else _try_again(message.attempts, error, now)
    outages.end(now)
    return _fate(MessageState.SENT) | {"sent_at": timezone.now()}


def _fate(state, error="", next_try_at=None):
    return {"state": state, "trouble": str(error)[:1000], "next_try_at": next_try_at, "waits_for_server": False}


def _try_again(attempts, error, now):
    if attempts > len(PAUSES):
        return _fate(MessageState.FAILED, error)
    return _fate(MessageState.WAITING, error, now + PAUSES[max(attempts, 1) - 1])


def _is_final(error):
    """Whether the same message would be refused again: codes from 500 on (RFC 5321 §4.2.1), or no way to write it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code >= 500
    return not isinstance(error, OSError)
