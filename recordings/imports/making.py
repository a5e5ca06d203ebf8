"""A plan carried out: all of it, or nothing."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import events.publication
from recordings import publication
from recordings.imports.plan import Verdict


@transaction.atomic
def carry_out(plan, *, publish=False, report=lambda done, total: None):
    """Make what `plan` says, as drafts unless it is to `publish`; `report` hears how many of how many steps are done.

    Returns the recordings that stay drafts because their seminars wait for permissions. Raises ValidationError (code "meanwhile"
    and those of the models), and nothing is made, when a row breaks a rule by now.
    """
    new_seminars, steps = plan.new_seminars, plan.to_do
    try:
        for number, step in enumerate(steps, start=1):
            _carry_out(step)
            report(number, len(steps))
    except IntegrityError as error:
        sentence = _("Meanwhile something of this was written: look again at what would happen.")
        raise ValidationError(sentence, code="meanwhile") from error
    return _publish(new_seminars, plan.of(Verdict.NEW)) if publish else []


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
