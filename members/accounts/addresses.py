"""The e-mail address of an account becomes another one: by the secretariat, or by its owner on allauth's pages."""

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from members.accounts import mail
from members.models import DataRequest


@transaction.atomic
def follow_the_address(user, *, before, by):
    """The secretariat gave `user` another e-mail address: one signs in with that one only, and the one `before` is told.

    Sessions end, unless they are those of who does it (`by`): they may have begun with a code sent to the former address. Other
    apps hear of it as of a change by the owner: from allauth's signal.
    """
    EmailAddress.objects.filter(user=user).delete()
    present = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for session in UserSession.objects.filter(user=user).exclude(user=by):
        session.end()
    former = EmailAddress(user=user, email=before)
    email_changed.send(EmailAddress, request=None, user=user, from_email_address=former, to_email_address=present)
    mail.tell("email_changed", before, {"user": user, "timestamp": timezone.now()})


@receiver(email_changed)
def end_links_to_personal_data(sender, user, from_email_address, **given):
    """Answer what `user` asked for at the present address: the links that were sent to the former one end."""
    if from_email_address:
        theirs = DataRequest.objects.filter(Q(user=user) | Q(person__user=user), email__iexact=from_email_address.email)
        theirs.update(email=user.email)
