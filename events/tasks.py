"""What this room does in the background."""

from django.tasks import task

from events import closing


@task
def attend(consultation_id):
    """Do what is due of a consultation. The periodic `close_consultations` does the same, whatever becomes of this."""
    closing.attend(consultation_id)
