"""Whether a message of this room is still true, asked before it is sent (docs/adr/0042, 0051).

A message may wait for minutes or days: for its turn, for the mail server, for a worker. What has become untrue meanwhile does not
leave; a reminder, or a letter about a seminar that is not published at the moment, is due again if it becomes true again.
"""

from django.db import transaction
from django.db.models import OuterRef, Subquery

from events.consultations.messages import UNTIL_IT_CLOSES, voters
from events.models import (
    Alert,
    Certificate,
    Consultation,
    LetterKind,
    LetterTold,
    Mailing,
    Registration,
    RegistrationState,
    Seminar,
    Vote,
)
from events.models.registrations import IS_OVER
from events.notifications import mailings, reminders, send
from events.notifications.schedule_changes import mark_of
from events.programme.status import takes_place
from members.outbox.timeliness import ANOTHER_ADDRESS

MAY_CONFIRM = {RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED, RegistrationState.LAPSED}
TAKES_PART = set(RegistrationState) - {RegistrationState.UNCONFIRMED, *IS_OVER}
CONFIRMED = frozenset({RegistrationState.CONFIRMED})
TRUE_IN = {  # the states of a registration in which a kind of letter is true; the others are true in each
    LetterKind.CONFIRM: MAY_CONFIRM,
    LetterKind.ALREADY: TAKES_PART,
    LetterKind.TO_APPROVE: {RegistrationState.TO_APPROVE},
    LetterKind.CONFIRMED: CONFIRMED,
    LetterKind.WAITING: {RegistrationState.WAITING},
    LetterKind.OFFERED: {RegistrationState.OFFERED},
    LetterKind.LAPSED: {RegistrationState.LAPSED},
    LetterKind.DECLINED: {RegistrationState.DECLINED},
    LetterKind.CANCELLED: {RegistrationState.CANCELLED},
    **dict.fromkeys(reminders.KINDS, CONFIRMED),
    **dict.fromkeys([LetterKind.CHANGED, LetterKind.CALLED_OFF, LetterKind.REINSTATED], TAKES_PART),
}


def what_is_no_longer_so(message, now) -> str:
    """Why `message` is not to be sent any more; empty when it is."""
    if message.kind == "news" and message.unsubscribe_url and not Alert.objects.confirmed().at(message.to).exists():
        return "They unsubscribed."
    if message.kind != mailings.KIND and not message.kind.startswith(send.PREFIX):
        return ""
    told = LetterTold.objects.filter(message=message).select_related("registration__seminar", "registration__user").first()
    if told is None:
        return "The registration does not exist any more."
    why = (_of_mailing if message.kind == mailings.KIND else _of_letter)(told, message, now)
    if why:
        send.forget_unsent(told)
    return why


def of_consultation(consultation, message, now):
    """An invitation to vote is true while they can vote, a reminder while their member has not."""
    if message.kind == "consultation_called_off" and not consultation.is_called_off:
        return "The consultation goes on."
    if message.kind in UNTIL_IT_CLOSES and (consultation.is_called_off or not consultation.has_begun(now)):
        return "The consultation is cancelled, or not open."
    theirs = voters(consultation.units()).filter(person__user=message.user_id) if message.user_id else None
    if not theirs:
        return "Their mandate has ended."
    silent = theirs.exclude(membership__in=Vote.objects.filter(consultation=consultation).values("membership"))
    return "Their member has voted." if message.kind == "consultation_reminder" and not silent.exists() else ""


def of_certificate(certificate, message, now):
    return "The certificate was revoked." if certificate.revoked_at else ""


def of_alert(alert, message, now):
    if alert.is_confirmed != (message.kind == "alert_already"):
        return "The address was confirmed meanwhile." if alert.is_confirmed else "The address is not confirmed."
    return "" if alert.email.lower() == message.to.lower() else ANOTHER_ADDRESS


def _of_mailing(told, message, now):
    """It still goes to those it is meant for: by their state, their right to see the seminar, and their own choice."""
    mailing = Mailing.objects.filter(pk=told.about).select_related("seminar").first()
    if mailing is None or not mailing.seminar.is_published:
        return "The seminar is not published."
    if told.registration.email.lower() != message.to.lower():
        return ANOTHER_ADDRESS
    if told.registration.mailings_ended_at:
        return "They unsubscribed."
    return (
        "" if mailings.recipients_of(mailing).filter(pk=told.registration_id).exists() else "It is not meant for them any more."
    )


def _of_letter(told, message, now):
    kind, registration, seminar = told.kind, told.registration, told.registration.seminar
    if registration.email.lower() != message.to.lower():
        return ANOTHER_ADDRESS
    if kind == LetterKind.CERTIFICATE:
        return "" if Certificate.objects.valid().filter(code=told.about).exists() else "The certificate was revoked."
    if not registration.may_see_seminar():
        return "They may not see the seminar any more."
    if registration.state not in TRUE_IN.get(kind, RegistrationState):
        return f"The registration is in another state: {registration.state}."
    if kind in send.OF_WHAT_IS_HELD and not takes_place(seminar, now):
        return "The seminar does not take place, or is over."
    if kind == LetterKind.CALLED_OFF and not seminar.is_cancelled:
        return "The seminar takes place after all."
    if kind == LetterKind.FURTHER_DAY and registration.mailings_ended_at:
        return "They unsubscribed."
    if kind in reminders.KINDS and not any(reminders.is_about(told, each) for each in reminders.reminders_of(seminar)):
        return "The seminar was put off."
    if kind == LetterKind.CHANGED and not told.about.endswith(mark_of(seminar)):
        return "The seminar has changed again."
    return ""


def write_again(seminar) -> int:
    """Write those letters anew that did not leave while `seminar` was not held, and that are true now; how many those were."""
    if not takes_place(seminar):
        return 0
    of_them = LetterTold.objects.filter(registration=OuterRef("registration"), kind__in=send.OF_A_STATE | {*send.IN_TURNS})
    latest = Subquery(of_them.order_by("-pk").values("pk")[:1])
    due = LetterTold.objects.filter(pk=latest, is_due_again=True, registration__seminar=seminar.pk)
    return sum(_write_again(told) for told in list(due.select_related("registration").order_by("pk")))


def write_all_again(now=None) -> int:
    """The same for every seminar to come."""
    waiting = LetterTold.objects.filter(is_due_again=True).values("registration__seminar")
    return sum(write_again(seminar) for seminar in Seminar.objects.to_come(now).filter(pk__in=waiting))


@transaction.atomic
def _write_again(told):
    registration = Registration.objects.select_for_update().get(pk=told.registration_id)
    due = LetterTold.objects.filter(pk=told.pk, is_due_again=True)  # of two workers, the later one finds it written
    message = send.tell(registration, told.kind) if due.exists() and registration.state in TRUE_IN[told.kind] else None
    due.update(is_due_again=False)
    return message is not None


CHECKS = {Alert: of_alert, Certificate: of_certificate, Consultation: of_consultation}
