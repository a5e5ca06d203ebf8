"""A visitor's message reaches the secretariat."""

from django.db import transaction

from members.mail import write_to_the_secretariat


@transaction.atomic
def receive(enquiry):
    """Keep `enquiry`, and send it on to the secretariat. Whoever answers that mail writes to the visitor."""
    enquiry.save()
    write_to_the_secretariat("enquiry", reply_to=enquiry.email, context={"enquiry": enquiry})
