"""What the secretariat writes to part of those who take part in a seminar: once to each, in their own language."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Attendance, LetterTold, Mailing, Registration, RegistrationState, Segment
from events.notifications import send as letters
from events.programme.status import refuse_draft
from members.models import Message, MessageState
from members.outbox import mail
from rifess.base.text.translated import text_of

KIND = "mailing"
STATES = {
    Segment.CONFIRMED: [RegistrationState.CONFIRMED],
    Segment.MISSED: [RegistrationState.CONFIRMED],
    Segment.WAITING: [RegistrationState.WAITING, RegistrationState.OFFERED],
    Segment.TO_APPROVE: [RegistrationState.TO_APPROVE],
}


@dataclass(frozen=True)
class Reach:
    """How many people a mailing goes to, how many of them read each language, and how many it leaves out."""

    count: int
    languages: dict
    ended: int  # who wants no such e-mails
    no_address: int


def segment_of(mailing):
    """Those whom `mailing` means and who may see the seminar, whether one can write to them or not."""
    came = Exists(Attendance.objects.filter(registration=OuterRef("pk")))
    found = Registration.objects.known().entitled().filter(seminar=mailing.seminar_id)
    if mailing.segment in STATES:
        found = found.filter(state__in=STATES[mailing.segment])
    if mailing.segment in {Segment.ATTENDED, Segment.MISSED}:
        found = found.filter(came if mailing.segment == Segment.ATTENDED else ~came)
    if mailing.country:
        found = found.filter(country=mailing.country)
    return found.filter(form=mailing.form) if mailing.form else found


def recipients_of(mailing):
    """Those to whom `mailing` goes: they have an address, and did not end such e-mails."""
    return segment_of(mailing).open_to_mailings().order_by("pk")


def reach_of(mailing) -> Reach:
    segment = segment_of(mailing)
    counted = recipients_of(mailing).order_by().values_list("language").annotate(count=Count("pk"))
    languages = dict(sorted(counted, key=lambda each: -each[1]))
    ended = segment.reachable().exclude(mailings_ended_at=None).count()
    return Reach(sum(languages.values()), languages, ended, segment.filter(email="").count())


def send(mailing, *, by, now=None) -> int:
    """Leave one message in the outbox for each of its recipients, all or none of them; how many that were.

    Raises ValidationError (code "sent") when it went already, whoever pressed first, and (code "nobody") when it goes to none;
    code "draft" while nobody but the secretariat may see the seminar.
    """
    if mailing.sent_at:
        raise _sent_already()
    refuse_draft(mailing.seminar)
    drafts = _drafts(mailing)  # a thousand of them take their time: nothing is locked meanwhile
    with transaction.atomic():
        _claim(mailing, by, now or timezone.now())
        refuse_draft(mailing.seminar)  # read again: it may have been taken back while the drafts were made
        still = set(recipients_of(mailing).values_list("pk", flat=True))
        told = {person: drafts[person] for person in drafts if person in still}
        if not told:
            raise ValidationError(_("There is no one to send it to."), code="nobody")
        rows = zip(told, mail.write_many([*told.values()]), strict=True)
        LetterTold.objects.bulk_create(
            LetterTold(registration_id=person, kind=KIND, about=str(mailing.pk), message=message) for person, message in rows
        )
        mailing.recipients = len(told)
        mailing.save(update_fields=["recipients"])
    return mailing.recipients


def _claim(mailing, by, now):
    """Of two who send it at once, one goes on; the other waits for that and is refused."""
    if not Mailing.objects.filter(pk=mailing.pk, sent_at=None).update(sent_at=now, sent_by=by, recipients=0):
        raise _sent_already()
    mailing.refresh_from_db()


def _sent_already():
    return ValidationError(_("It has been sent already."), code="sent")


def letter_of(mailing, values):
    """The Letter that `mailing` is in the active language."""
    return letters.set_out(text_of(mailing, "subject"), text_of(mailing, "text"), values)


def messages_of(mailing):
    """Its messages in the outbox. That of somebody who was made anonymous is gone."""
    return Message.objects.filter(letters_told__kind=KIND, letters_told__about=str(mailing.pk))


def fate_of(mailing):
    """How many of its messages are in each state: label → number, in the order of the states."""
    counted = dict(messages_of(mailing).order_by().values_list("state").annotate(count=Count("pk")))
    found = {state.label: counted[state] for state in MessageState if state in counted}
    if gone := mailing.recipients - sum(counted.values()):
        found[_("erased with the personal data")] = gone
    return found


def send_again(mailing):
    """Try once more those of its messages that are in trouble; how many those were."""
    return mail.send_again(messages_of(mailing).given_up())


def address_that_ends(registration):
    """Where whoever registered ends such e-mails about this seminar. Signed, and theirs alone."""
    return reverse("events:registration-mailings", args=[registration.signed])


def end(registration, now=None):
    """Send no more of them. Pressed twice it changes nothing."""
    Registration.objects.filter(pk=registration.pk, mailings_ended_at=None).update(mailings_ended_at=now or timezone.now())


def resume(registration):
    """Send them again."""
    Registration.objects.filter(pk=registration.pk).update(mailings_ended_at=None)


def _drafts(mailing):
    """The message for each recipient: key of the registration → message."""
    people = recipients_of(mailing).select_related("user")
    said = {}  # what differs only by country, form and language is asked once for each
    found = {}
    for person in people:
        person.seminar = mailing.seminar
        with override(person.language):
            found[person.pk] = _draft(mailing, person, _values(person, said))
    return found


def _values(person, said):
    """The values of the placeholders for `person`, in the active language."""
    shared = said.setdefault((person.language, person.country.code, person.form), {})
    if not shared:
        shared |= letters.placeholders_of(person)
    return shared | {"name": person.name, "number": person.code}


def _draft(mailing, person, values):
    return mail.draft(
        KIND,
        to=person.email,
        to_name=person.name,
        language=person.language,
        user=person.user,
        context={"letter": letter_of(mailing, values), "url": person.get_absolute_url()},
        reply_to=settings.SECRETARIAT_EMAIL,
        unsubscribe_url=address_that_ends(person),
    )
