"""A visitor's message reaches the secretariat."""

from django.db import transaction

from members.models import Enquiry
from members.outbox.mail import write_to_the_secretariat


@transaction.atomic
def receive(enquiry, *, is_suspected_spam=False):
    """Keep `enquiry`, and forward it to the secretariat. A reply to that mail goes to the visitor.

    Suspected spam is not sent on: it waits at the desk, marked.
    """
    enquiry.is_suspected_spam = is_suspected_spam
    enquiry.save()
    if not is_suspected_spam:
        _send_on(enquiry)


@transaction.atomic
def accept_suspected(enquiries):
    """The secretariat says of suspected spam that it is none: it is sent on like any other message. Return how many."""
    accepted = list(enquiries.select_for_update().filter(is_suspected_spam=True))
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in accepted]).update(is_suspected_spam=False)
    for enquiry in accepted:
        _send_on(enquiry)
    return len(accepted)


def _send_on(enquiry):
    write_to_the_secretariat("enquiry", reply_to=enquiry.email, context={"enquiry": enquiry}, about=enquiry)
