"""The messages this room sends."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override


def tell_the_secretariat(enquiry):
    """A visitor's message, in Spanish around it; the answer goes to the visitor."""
    with override(settings.LANGUAGE_CODE):
        subject = render_to_string("members/email/enquiry_subject.txt", {"enquiry": enquiry})
        body = render_to_string("members/email/enquiry_message.txt", {"enquiry": enquiry, "site_url": settings.SITE_URL})
    EmailMessage(" ".join(subject.split()), body, to=[settings.SECRETARIAT_EMAIL], reply_to=[enquiry.email]).send()
