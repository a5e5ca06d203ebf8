"""What a consultation does when its time comes, in the background."""

from django.tasks import task

from events.consultations import closing


@task
def attend(consultation_id):
    """Do what is due of a consultation. The periodic `close_consultations` does the same when this task is lost."""
    closing.attend(consultation_id)
