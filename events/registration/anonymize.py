"""Taking somebody out of a registration that stays: who it was goes, what is counted stays."""

from django.db import transaction
from django.utils import timezone

from events.models import ListedParticipant, PanelQuestionState, Registration, RegistrationState
from events.registration import attempts
from events.registration.workflow import cancel
from members.models import Message
from rifess.base.personal_data import FORGOTTEN

GONE = {
    "name": "",
    "email": "",
    "institution_name": "",
    "position": "",
    "needs": "",
    "notes": "",
    "user": None,
}  # country, sector, institution of the Network, form, state and attendance stay: of them the figures are made

GONE_QUESTION = {"registration": None, "shows_name": False, "text": FORGOTTEN, "state": PanelQuestionState.DECLINED}


@transaction.atomic
def forget(registration, *, now=None):
    """Make `registration` anonymous; its letters and the words of its answers and questions go. A seat it held is free again.

    Its certificates stay: whoever was shown one may still ask whether it is true.
    """
    if registration.state != RegistrationState.UNCONFIRMED:
        cancel_what_is_to_come(registration, now)
    Message.objects.filter(letters_told__registration=registration).delete()
    ListedParticipant.objects.filter(registration=registration).delete()
    attempts.forget(registration)
    registration.answers.update(text="")
    registration.panel_questions.update(**GONE_QUESTION)
    registration.question_votes.all().delete()
    registration.certificates.update(email="")
    Registration.objects.filter(pk=registration.pk).update(**GONE, anonymized_at=now or timezone.now())


def cancel_what_is_to_come(registration, now):
    if not registration.seminar.has_ended(now):
        cancel(registration, now=now, tells=False)
