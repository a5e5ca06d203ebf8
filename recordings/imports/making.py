"""A plan carried out: all of it, or nothing."""

from django.core.exceptions import ValidationError
from django.db import transaction

import events.publication
from recordings import publication
from recordings.imports.plan import Verdict


@transaction.atomic
def carry_out(plan, *, publish=False, report=lambda done, total: None):
    """Make what `plan` says, as drafts unless it is to `publish`; `report` hears how many of how many steps are done.

    Returns the recordings that stay drafts because their seminars wait for permissions. Raises ValidationError, and nothing is
    made, when a row breaks a rule by now.
    """
    new_seminars, waiting = plan.new_seminars, []
    for number, step in enumerate(plan.to_do, start=1):
        _carry_out(step)
        if publish and step.verdict == Verdict.NEW and not _published(step.recording):
            waiting.append(step.recording)
        report(number, len(plan.to_do))
    for seminar in new_seminars:
        if publish and seminar.panels.exists():
            events.publication.publish(seminar, by=None)
    return waiting


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
    """Save `row` unless it is there already, with all rules that the desk keeps."""
    if row.pk:
        return
    for field in row._meta.fields:
        if field.is_relation and field.is_cached(row):
            setattr(row, field.name, getattr(row, field.name))  # by now it has an id
    row.full_clean()
    row.save()


def _published(recording):
    try:
        publication.publish(recording)
    except ValidationError:
        return False
    return True
