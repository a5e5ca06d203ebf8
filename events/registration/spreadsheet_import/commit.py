"""A list is brought in: all that is new in it takes part, in one transaction, or nothing of it."""

from functools import partial

from auditlog.models import LogEntry
from django.db import transaction
from django.utils.translation import ngettext

from events.models import Seminar
from events.registration import tasks
from events.registration.bulk import enrol_all
from events.registration.seat_counters import locked
from events.registration.spreadsheet_import.plan import is_known, known_in


@transaction.atomic
def bring(seminar, plan, *, by, tells=False) -> int:
    """Let the people that are new in `plan` take part; how many that are. Brought again, or several times at once, nobody is new.

    Raises ValidationError: code "form" when there are no such seats any more, "cancelled", "not_invited".
    """
    locked(seminar.pk)  # a second import of the same list waits here, and finds all of it known
    there = known_in(seminar)
    new = [registration for _row, registration in plan.new if not is_known(registration, there)]
    if not new:
        return 0
    for registration in new:
        registration.added_by = by
    new = enrol_all(seminar, new, tells=tells)
    _note(seminar, len(new), by)
    if tells:
        transaction.on_commit(partial(tasks.tell_the_enrolled.enqueue, seminar.pk), robust=True)
    return len(new)


def _note(seminar, count, by):
    """Write into the history of the seminar that a list was brought: how many, not who."""
    sentence = ngettext(
        "%(count)d participant of “%(seminar)s”, from a list: they agreed in writing",
        "%(count)d participants of “%(seminar)s”, from a list: they agreed in writing",
        count,
    )
    said = sentence % {"count": count, "seminar": seminar}
    seminar = Seminar.objects.get(pk=seminar.pk)  # not as its page of who takes part
    LogEntry.objects.log_create(seminar, force_log=True, action=LogEntry.Action.UPDATE, actor=by, object_repr=said)
