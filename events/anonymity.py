"""Taking somebody out of a registration that stays: who it was goes, what is counted stays."""

from django.db import transaction
from django.utils import timezone

from events import attempts
from events.models import ListedParticipant, Registration, RegistrationState
from events.registering import cancel
from members.models import Message

GONE = {
    "name": "",
    "email": "",
    "institution_name": "",
    "position": "",
    "needs": "",
    "notes": "",
    "user": None,
}  # country, sector, institution of the Network, form, state and attendance stay: of them the figures are made


@transaction.atomic
def forget(registration, *, now=None):
    """Make `registration` anonymous, with its letters, answers in words and questions asked. A seat it still holds is free again.

    Its certificates stay: whoever was shown one may still ask whether it is true.
    """
    if registration.state != RegistrationState.UNCONFIRMED:
        cancel_what_is_to_come(registration, now)
    Message.objects.filter(letters_told__registration=registration).delete()
    ListedParticipant.objects.filter(registration=registration).delete()
    attempts.forget(registration)
    registration.answers.update(text="")
    registration.panel_questions.update(registration=None, shows_name=False)
    registration.certificates.update(email="")
    Registration.objects.filter(pk=registration.pk).update(**GONE, anonymized_at=now or timezone.now())


def cancel_what_is_to_come(registration, now):
    if not registration.seminar.has_ended(now):
        cancel(registration, now=now, tells=False)
