"""What this room does in the background."""

from django.tasks import task

from members import delivery

AFTER_ALL_OTHERS = -50


@task
def deliver(message_id):
    """Try a message of the outbox, and come back to it when it has to wait."""
    _come_back(deliver, message_id, delivery.attempt(message_id))


@task(priority=AFTER_ALL_OTHERS)
def deliver_in_turn(message_id):
    """The same for one of those that go to many: whatever else there is to do comes first."""
    _come_back(deliver_in_turn, message_id, delivery.attempt(message_id))


def hand_over(message_id, *, is_bulk=False, at=None):
    """Give a message to a worker, who takes it up at the moment `at`, or as soon as possible."""
    _later(deliver_in_turn if is_bulk else deliver, at).enqueue(message_id)


def _come_back(job, message_id, at):
    if at and job.get_backend().supports_defer:
        job.using(run_after=at).enqueue(message_id)


def _later(job, at):
    return job.using(run_after=at) if at and job.get_backend().supports_defer else job
