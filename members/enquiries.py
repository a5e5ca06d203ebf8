"""A visitor's message reaches the secretariat."""

import logging
from smtplib import SMTPException

from django.utils import timezone

from members import emails

log = logging.getLogger(__name__)


def receive(enquiry):
    """Mail `enquiry`, which is already kept, to the secretariat. If the mail fails, the desk still shows it, not mailed."""
    try:
        emails.tell_the_secretariat(enquiry)
    except (OSError, SMTPException):
        log.exception("The message %s could not be mailed; it is kept.", enquiry.pk)
        return
    enquiry.mailed_at = timezone.now()
    enquiry.save(update_fields=["mailed_at"])
