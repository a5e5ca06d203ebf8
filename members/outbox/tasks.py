"""What this room does in the background."""

from django.tasks import task

from members.outbox import delivery

AFTER_WHAT_IS_NEW, AFTER_ALL_OTHERS = -10, -50  # a backlog of second tries would keep what is new waiting


@task
def deliver(message_id):
    """Try a message of the outbox, and come back to it when it has to wait."""
    _later(deliver, delivery.attempt(message_id), message_id, priority=AFTER_WHAT_IS_NEW)


@task(priority=AFTER_ALL_OTHERS)
def deliver_in_turn(message_id):
    """The same for one of those that go to many: whatever else there is to do comes first."""
    _later(deliver_in_turn, delivery.attempt(message_id), message_id, priority=AFTER_ALL_OTHERS)


def hand_over(message_id, *, turn=None):
    """Give a message to a worker: at once, or at its `turn` when it is one of those that go to many."""
    if turn and deliver_in_turn.get_backend().supports_defer:
        _later(deliver_in_turn, turn, message_id, priority=AFTER_ALL_OTHERS)
    else:
        (deliver_in_turn if turn else deliver).enqueue(message_id)


def _later(job, at, message_id, *, priority):
    if at and job.get_backend().supports_defer:
        job.using(run_after=at, priority=priority).enqueue(message_id)
