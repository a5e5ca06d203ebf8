"""An e-mail address that was corrected or changed: what was sent to the former one opens nothing more (docs/adr/0059)."""

from dataclasses import dataclass

from allauth.account.signals import email_changed
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from events.alerts import subscriptions
from events.certificates import issue
from events.models import Alert, Certificate, Registration
from events.registration import workflow
from events.surveys import responses


@dataclass(frozen=True)
class Followed:
    """How many letters were written to the corrected address, and how many certificates ended."""

    letters: int
    certificates: int


@transaction.atomic
def follow(registration, *, by=None, now=None) -> Followed:
    """End the links of `registration`, whose address the secretariat corrected, and write to its new reader what they need.

    Its certificates are issued again: whoever has the code of one has the paper, and the codes were sent to the former address.
    """
    letter = workflow.follow_corrected_address(registration, now=now)
    theirs = Certificate.objects.valid().filter(registration=registration).exclude(email__iexact=registration.email)
    renewed = [_renew(certificate, by) for certificate in theirs.select_related("seminar")]
    is_asked = responses.ask_again(registration, now)
    return Followed(letters=bool(letter) + is_asked + sum(renewed), certificates=len(renewed))


def _renew(certificate, by):
    """End `certificate`, and issue another unless its seminar no longer stands; whether that was so."""
    try:
        issue.reissue(certificate, by=by)
    except ValidationError:
        issue.revoke(certificate, because=_("Its code was sent to an address that was corrected."), by=by)
        is_issued = False
    else:
        is_issued = True
    Certificate.objects.filter(pk=certificate.pk).update(email="", names_successor=False)
    return is_issued


@receiver(email_changed)
def follow_account(sender, user, from_email_address, **given):
    """What an account registered for and subscribed to with its former address goes to its present one, with other links.

    Its certificates stay: their owners may have shown them, and an account's address changes when people move, too.
    """
    before = from_email_address.email if from_email_address else ""
    if not before or before.lower() == user.email.lower():
        return
    with transaction.atomic():
        for registration in Registration.objects.known().filter(user=user, email__iexact=before).select_related("seminar"):
            _move(registration, user)
        for alert in Alert.objects.at(before).filter(user=user):
            subscriptions.move(alert, user.email)


def _move(registration, user):
    try:
        with transaction.atomic():
            registration.email = user.email
            registration.save(update_fields=["email"])
    except IntegrityError:  # they registered with that address, too, without their account
        registration.refresh_from_db()
        workflow.end_links(registration)
    else:
        workflow.follow_corrected_address(registration, user=user)
