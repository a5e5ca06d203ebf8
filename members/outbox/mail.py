"""The outbox: what the portal has to tell somebody, written in the same transaction as what it tells."""

import re
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.text import wrap
from django.utils.translation import override

from members.models import DeclinedNotice, MailHold, Message, MessageAttachment, MessageState, OptionalNotice
from members.models.messages import reference_to
from members.models.notices import TO_ALL_DELEGATES, address_that_stops
from members.outbox.delivery import one_line, probe, release, turn_behind, wipe
from members.outbox.tasks import hand_over

WIDTH = 72
AGAIN = [MessageState.FAILED, MessageState.UNCERTAIN]


@transaction.atomic(savepoint=False)
def write(
    kind,
    *,
    to,
    language,
    context,
    user=None,
    reply_to="",
    is_secret=False,
    expires_at=None,
    template="",
    to_name=None,
    attachments=(),
    is_bulk=False,
    unsubscribe_url="",
    about=None,
) -> Message | None:
    """Leave a message for `to` in the outbox. It goes once the transaction around it is committed, and not if it is undone.

    `kind` (or `template`) names `members/email/<kind>_subject.txt`, `<kind>.txt` and `<kind>.html`, said in `language`.
    `to_name` is by default the name of the account; empty for an address that was not confirmed yet, where nothing goes that a
    stranger may have typed. A secret message opens an account: its words are wiped when it is sent, and at `expires_at`.
    `attachments` are files: name, type and bytes of each. What goes to many is bulk: it keeps a pace, and leaves the others
    first. News carries the address (or path) at which a POST ends it: `unsubscribe_url` (RFC 8058), which the templates show
    too. None is written of a kind that `user` does without. `about` is the row that it tells of: when the message leaves, that
    row is asked whether it is still so (`members.outbox.delivery.ask_row_before_sending`), and without the row it does not leave.
    """
    if user and kind in OptionalNotice:
        if DeclinedNotice.objects.of(user, kind).exists():
            return None
        if kind in TO_ALL_DELEGATES:
            is_bulk, unsubscribe_url = True, unsubscribe_url or _address_that_stops(user, kind, language)
    message = draft(
        kind,
        to=to,
        language=language,
        context=context,
        user=user,
        template=template,
        to_name=to_name,
        unsubscribe_url=unsubscribe_url,
        reply_to=reply_to,
        is_secret=is_secret,
        expires_at=expires_at,
        is_bulk=is_bulk,
        about=reference_to(about),
    )
    message.next_try_at = turn_behind(Message.objects.in_line()) if is_bulk else timezone.now()
    message.save(force_insert=True)
    MessageAttachment.objects.bulk_create(
        MessageAttachment(message=message, name=one_line(file_name, 100), content_type=content_type, content=content)
        for file_name, content_type, content in attachments
    )
    _enqueue(message)
    return message


def draft(kind, *, to, language, context, user=None, template="", to_name=None, unsubscribe_url="", **columns) -> Message:
    """A message that is in no outbox yet: its words in `language`, in a row that is not written."""
    unsubscribe_url = urljoin(settings.SITE_URL, unsubscribe_url) if unsubscribe_url else ""
    with override(language):
        columns |= words_of(template or kind, {"to": to, "unsubscribe_url": unsubscribe_url} | context)
    if to_name is None:
        to_name = user.name if user else ""
    return Message(kind=kind, to=to, to_name=to_name, user=user, language=language, unsubscribe_url=unsubscribe_url, **columns)


@transaction.atomic(savepoint=False)
def write_many(drafts) -> list[Message]:
    """Leave `drafts`, which go to many, in the outbox, each in its turn: as many rows at once as the database takes."""
    first, turn = turn_behind(Message.objects.in_line()), timedelta(minutes=1) / settings.BULK_PER_MINUTE
    for number, message in enumerate(drafts):
        message.is_bulk, message.next_try_at = True, first + turn * number
    written = Message.objects.bulk_create(drafts)
    transaction.on_commit(partial(_enqueue_many, written), robust=True)
    return written


def words_of(template, context):
    """Subject, text and page of a message, in the active language, as its row keeps them."""
    name, said = f"members/email/{template}", {"site_url": settings.SITE_URL} | context
    said["subject"] = one_line(_plain(f"{name}_subject.txt", said))
    return {
        "subject": said["subject"],
        "text": _tidy(_plain(f"{name}.txt", said)),
        "html": render_to_string(f"{name}.html", said),
    }


def write_to_the_secretariat(kind, *, context, reply_to="", about=None) -> Message:
    """The same for the secretariat, in its language. An answer goes to `reply_to`."""
    to, language = settings.SECRETARIAT_EMAIL, settings.LANGUAGE_CODE
    return write(kind, to=to, language=language, context=context, reply_to=reply_to, about=about)


def send_again(messages):
    """Try once more what failed or is uncertain, under the same Message-ID; how many that were."""
    again = messages.filter(state__in=AGAIN).exclude(text="")
    now, found = timezone.now(), list(again.order_by("pk").only("is_bulk"))
    Message.objects.filter(pk__in=[message.pk for message in found], state__in=AGAIN).update(
        state=MessageState.WAITING, next_try_at=now, attempts=0
    )
    for message in found:
        message.next_try_at = now
        _enqueue(message)
    return len(found)


def look_after_the_outbox(now=None):
    """What the worker and `remind` do again and again: ask a mail server that is away, and let go what waited for it.

    Returns how many messages go now.
    """
    probe(now)
    released = release(now)
    if released:
        transaction.on_commit(partial(_hand_over_again, released), robust=True)
    return len(released)


@transaction.atomic
def _hand_over_again(keys):
    for key, is_bulk, moment in Message.objects.filter(pk__in=keys).values_list("pk", "is_bulk", "next_try_at"):
        hand_over(key, turn=moment if is_bulk else None)


def withdraw(messages):
    """Let those of `messages` that still wait go no more: what they say is no longer so."""
    waiting = messages.filter(state=MessageState.WAITING)
    keys = list(waiting.order_by().values_list("pk", flat=True))
    waiting.filter(pk__in=keys).update(state=MessageState.EXPIRED, next_try_at=None)
    wipe(Message.objects.filter(pk__in=keys, state=MessageState.EXPIRED))


@transaction.atomic
def release_held(*, discard=False):
    """Let e-mail leave again after a restore; with `discard`, drop what waited in the backup. Returns how many were dropped."""
    hold = MailHold.objects.active().select_for_update().first()  # two operators at once: the second finds it released
    if hold is None:
        return 0
    old = Message.objects.filter(state=MessageState.WAITING, written_at__lt=hold.held_at)
    dropped = old.count() if discard else 0
    if discard:
        withdraw(old)
    hold.released_at = timezone.now()
    hold.save(update_fields=["released_at"])
    return dropped


def _address_that_stops(user, kind, language):
    with override(language):
        return address_that_stops(user, kind)


def _enqueue(message):
    """Hand a message to a worker. If that fails, its row still waits, and `send_messages` finds it."""
    turn = message.next_try_at if message.is_bulk else None
    transaction.on_commit(partial(hand_over, message.pk, turn=turn), robust=True)


@transaction.atomic
def _enqueue_many(messages):
    for message in messages:
        hand_over(message.pk, turn=message.next_try_at)


def _plain(name, said):
    """A template of plain text: nothing in it is escaped."""
    return get_template(name).template.render(Context(said, autoescape=False))


def _tidy(text):
    """Lines of a width that every client shows, addresses whole, one empty line between paragraphs."""
    return re.sub(r"\n\s*\n", "\n\n", wrap(text.strip(), WIDTH)) + "\n"
