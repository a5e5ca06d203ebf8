"""A plan carried out: all of it or nothing, or, where it is long, batch by batch."""

from contextlib import nullcontext
from itertools import batched

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import events.publication
from recordings import publication
from recordings.imports.plan import Verdict

AT_ONCE = 100  # steps in one transaction: some seconds


@transaction.atomic
def carry_out(plan, *, publish=False, report=lambda done, total: None):
    """Make what `plan` says, as drafts unless it is to `publish`; `report` hears how many of how many steps are done.

    Returns the recordings that stay drafts because their seminars wait for permissions. Raises ValidationError (code "meanwhile"
    and those of the models), and nothing is made, when a row breaks a rule by now.
    """
    steps = plan.to_do
    return _carry_out_all(steps, publish, lambda done: report(done, len(steps)))


def carry_out_in_batches(plan, *, publish=False, report=lambda done, total: None, size=AT_ONCE, within=nullcontext):
    """The same, `size` steps in a transaction of their own, each `within` a new context: others can write in between.

    What a batch made stays when a later one fails; the same files planned again go on from there. Raises Interrupted.
    """
    waiting, steps, before = [], plan.to_do, 0
    for few in batched(steps, size):
        try:
            with within(), transaction.atomic():
                waiting += _carry_out_all(few, publish, lambda done, before=before: report(before + done, len(steps)))
        except ValidationError as mistake:
            raise Interrupted(mistake, done=before, total=len(steps)) from mistake
        before += len(few)
    return waiting


class Interrupted(Exception):
    """A batch could not be written, for the `mistake`; `done` of `total` steps are."""

    def __init__(self, mistake, *, done, total):
        super().__init__(mistake)
        self.mistake, self.done, self.total = mistake, done, total


def _carry_out_all(steps, publish, report):
    """The recordings among `steps` that stay drafts although they are to be published."""
    new_seminars = list({id(step.seminar): step.seminar for step in steps if step.seminar.pk is None}.values())
    try:
        for number, step in enumerate(steps, start=1):
            _carry_out(step)
            report(number)
    except IntegrityError as error:
        sentence = _("Meanwhile something of this was written: look again at what would happen.")
        raise ValidationError(sentence, code="meanwhile") from error
    return _publish(new_seminars, [step for step in steps if step.verdict == Verdict.NEW]) if publish else []


def _publish(seminars, steps):
    for seminar in seminars:
        if seminar.panels.exists():
            events.publication.publish(seminar, by=None)
    return [step.recording for step in steps if not _published(step.recording)]


def _carry_out(step):
    if step.verdict == Verdict.NEW:
        _make(step)
    elif step.fields:
        step.recording.save(update_fields=step.fields)
    for source in step.sources:
        _keep(source)
    if step.languages:
        step.recording.languages.set(step.languages)


def _make(step):
    _keep(step.seminar)
    if step.panel:
        _keep(step.panel)
        step.panel.topics.add(*step.topics)
    for said in step.interventions:
        if said.person:
            _keep(said.person)
        _keep(said)
    _keep(step.recording)


def _keep(row):
    """Save `row` unless it is there already. Its own fields were checked when it was planned; here, what it belongs to."""
    if row.pk:
        return
    for field in row._meta.fields:
        if field.is_relation and field.is_cached(row):
            setattr(row, field.name, getattr(row, field.name))  # by now it has an id
    row.clean()
    row.save()


def _published(recording):
    try:
        publication.publish(recording)
    except ValidationError:
        return False
    return True
