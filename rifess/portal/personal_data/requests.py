"""Requests by e-mail address: a message with a link goes to the address, and the link gives access to what was asked for.

The link says nothing of the address, is good for a few days, and is asked each time: for its row, its age, and what is kept now.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from members.models import DataRequest, DataRequestKind, Message
from members.models.reminders import LINK_LASTS
from members.outbox import mail
from rifess.portal.personal_data import subjects
from rifess.portal.personal_data.erasure import erase, foresee

LETTERS = {DataRequestKind.EXPORT: "data_copy", DataRequestKind.ERASURE: "data_erasure"}


@transaction.atomic
def ask(email, kind, *, language):
    """Write to `email` how to get a copy, or to ask for erasure. Whether anything is known of the address makes no difference."""
    request = DataRequest.objects.create(kind=kind, email=email, language=language, confirmed_at=None)
    write_link(request, to=email)


def write_link(request, *, to):
    """Leave a letter for `to` with the link of `request`. Its words are wiped once it is sent, and shown nowhere."""
    with override(request.language):
        url = settings.SITE_URL + reverse("my-data-link", args=[request.signed])
    now = timezone.now()
    context = {"url": url, "days": LINK_LASTS.days}
    mail.write(
        LETTERS[request.kind],
        to=to,
        language=request.language,
        context=context,
        is_secret=True,
        expires_at=now + LINK_LASTS,
        about=request,
    )


@transaction.atomic
def confirm_erasure(request):
    """Confirm the address and notify the secretariat, unless nothing is kept. Idempotent."""
    now = timezone.now()
    is_first = DataRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=now)
    request.refresh_from_db()
    if is_first and not kept_of(request):
        DataRequest.objects.filter(pk=request.pk).update(answered_at=now)
        erase(subjects.of_request(request))  # of the address itself: this request and its letter
    elif is_first:
        mail.write_to_the_secretariat("erasure_asked", context={"asked": request}, about=request)


def note_copy(request):
    """Write down that the copy was given."""
    now = timezone.now()
    DataRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=now)
    DataRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=now)


def kept_of(request):
    """What an erasure of this request would do; requests and the letters that answer them do not count."""
    subject = subjects.of_request(request)
    others = Message.objects.exclude(kind__in=LETTERS.values()).filter(subject.at("to") | subject.at("reply_to"))
    own = {"requests"} if others.exists() else {"requests", "messages"}
    return [line for line in foresee(subject) if line.key not in own]
