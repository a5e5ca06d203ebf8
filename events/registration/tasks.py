"""What follows an import of participants, in the background."""

from django.tasks import task

from events.registration import bulk


@task
def tell_the_enrolled(seminar_id):
    """Write to those who were registered from a list. The daily command does the same when this task is lost."""
    bulk.tell_the_enrolled(seminar_id)
