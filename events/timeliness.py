"""Whether a letter to those who take part still says what is so, asked at the moment it would leave (docs/adr/0042).

A letter may wait for minutes or days: for its turn, for the mail server, for a worker. What has become untrue meanwhile does not
leave; a reminder is due again if it becomes true again.
"""

from events import letters, reminders
from events.models import Alert, Certificate, LetterKind, LetterTold, RegistrationState
from events.models.registrations import IS_OVER
from events.schedules import mark_of
from events.seminar_status import takes_place
from members.models import Delegate
from rifess.base.dates import today_in_the_network

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
FOR_VOTERS = {"consultation_opened", "consultation_reminder", "consultation_result"}


def what_is_no_longer_so(message, now) -> str:
    """Why `message` is not to be sent any more; empty when it is."""
    if message.kind == "news" and message.unsubscribe_url and not Alert.objects.confirmed().at(message.to).exists():
        return "They unsubscribed."
    if message.kind in FOR_VOTERS and not _has_a_mandate(message.user):
        return "Their mandate has ended."
    if not message.kind.startswith(letters.PREFIX):
        return ""
    told = LetterTold.objects.filter(message=message).select_related("registration__seminar", "registration__user").first()
    if told is None:
        return "The registration does not exist any more."
    why = _of_letter(told, message, now)
    if why:
        letters.forget_unsent(told)
    return why


def _of_letter(told, message, now):
    kind, registration, seminar = told.kind, told.registration, told.registration.seminar
    if registration.email.lower() != message.to.lower():
        return "Their address is another one now."
    if kind == LetterKind.CERTIFICATE:
        return "" if Certificate.objects.valid().filter(code=told.about).exists() else "The certificate was revoked."
    if not registration.may_see_seminar():
        return "They may not see the seminar any more."
    if registration.state not in TRUE_IN.get(kind, RegistrationState):
        return f"The registration is in another state: {registration.state}."
    if kind in letters.OF_WHAT_IS_HELD and not takes_place(seminar, now):
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


def _has_a_mandate(user):
    return user and Delegate.objects.on(today_in_the_network()).filter(person__user=user).exists()
