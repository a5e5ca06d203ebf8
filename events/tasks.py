"""What this room does in the background."""

from django.tasks import task

from events import certificates, closing, enrolling


@task
def attend(consultation_id):
    """Do what is due of a consultation. The periodic `close_consultations` does the same, whatever becomes of this."""
    closing.attend(consultation_id)


@task
def issue(job_id):
    """Issue the certificates that a job asks for. Whoever does it again issues none twice."""
    certificates.carry_out(job_id)


@task
def tell_the_enrolled(seminar_id):
    """Write to those who came from a list. The daily command does the same, whatever becomes of this."""
    enrolling.tell_the_enrolled(seminar_id)
