"""What this room does in the background."""

from django.tasks import task

from members import delivery


@task
def deliver(message_id):
    """Try a message of the outbox, and come back to it when it has to wait."""
    next_try_at = delivery.attempt(message_id)
    if next_try_at and deliver.get_backend().supports_defer:
        deliver.using(run_after=next_try_at).enqueue(message_id)
