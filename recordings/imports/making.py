"""A plan carried out: all of it or nothing, or, where it is long, batch by batch."""

from contextlib import nullcontext
from itertools import batched

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import events.publication
from events.models import Intervention, Panel, Seminar
from members.models import Person
from recordings import publication
from recordings.imports.plan import Verdict
from recordings.models import Recording, Source
from rifess.base.database.bulk import create_all, link_all

MEANWHILE = _("Meanwhile something of this was written: look again at what would happen.")
AT_ONCE = 200  # steps in one transaction: a second or two


@transaction.atomic
def carry_out(plan, *, publish=False):
    """Make what `plan` says, as drafts unless it is to `publish`.

    Returns the recordings that stay drafts because their seminars wait for permissions. Raises ValidationError (code "meanwhile"
    and those of the models), and nothing is made, when a row breaks a rule by now.
    """
    return _carry_out_all(plan.to_do, publish)


def carry_out_in_batches(steps, *, publish=False, report=lambda done: None, size=AT_ONCE, within=nullcontext):
    """Carry out `steps`, `size` in a transaction of their own, each `within` a new context: others can write in between.

    Steps may come from a generator: only one batch of them is in memory. What a batch made stays when a later one
    fails; the same files planned again go on from there. `report` hears how many steps are done. Raises Interrupted.
    """
    waiting, done = [], 0
    for few in batched(steps, size):
        try:
            with within(), transaction.atomic():
                waiting += _carry_out_all(few, publish)
        except ValidationError as mistake:
            raise Interrupted(mistake, done=done) from mistake
        done += len(few)
        report(done)
    return waiting


class Interrupted(Exception):
    """A batch could not be written, for the `mistake`; `done` steps are."""

    def __init__(self, mistake, *, done):
        super().__init__(mistake)
        self.mistake, self.done = mistake, done


def _carry_out_all(steps, publish):
    """The recordings among `steps` that stay drafts although they are to be published."""
    new = [step for step in steps if step.verdict == Verdict.NEW]
    new_seminars = _unsaved(step.seminar for step in new)
    _wait_for_other_imports()
    _refuse_what_changed(steps)
    _refuse_what_is_there(new, new_seminars)
    try:
        _make_all(new, new_seminars)
        for step in steps:
            if step.verdict == Verdict.ADDED_TO:
                _add_to(step)
    except IntegrityError as error:
        raise ValidationError(MEANWHILE, code="meanwhile") from error
    return _publish(new_seminars, new) if publish else []


def _refuse_what_changed(steps):
    """Lock what `steps` add to. Raise ValidationError (code "meanwhile") when some was deleted, withdrawn or filled in since.

    A plan is as old as the page that shows it, and a batch as old as those before it.
    """
    _held(Seminar, (step.seminar for step in steps))
    _held(Panel, (step.panel for step in steps if step.panel))
    added_to = [step for step in steps if step.verdict == Verdict.ADDED_TO]
    recordings = _held(Recording, (step.recording for step in added_to))
    for step in added_to:
        present = recordings[step.recording.pk]
        if present.withdrawn_on or any(getattr(present, name) for name in step.fields):
            raise ValidationError(MEANWHILE, code="meanwhile")


def _wait_for_other_imports():
    """Two imports of the same list would both make what is new in it. A row that is always there stands for all of them."""
    kinds = ContentType.objects.select_for_update(no_key=True)
    kinds.get(app_label=Recording._meta.app_label, model=Recording._meta.model_name)


def _refuse_what_is_there(steps, seminars):
    """Raise ValidationError (code "meanwhile") when what `steps` and `seminars` would make was made since they were planned."""
    urls = {source.url for step in steps for source in step.sources}
    titles = {step.recording.title_es for step in steps if not step.sources}
    recordings = Recording.objects.filter(seminar__in={step.seminar.pk for step in steps if step.seminar.pk})
    people = _unsaved(said.person for step in steps for said in step.interventions)
    days = {seminar.starts_on for seminar in seminars}
    made = [
        Seminar.objects.filter(starts_on__in=days, title_es__in={seminar.title_es for seminar in seminars}),
        recordings.filter(Q(sources__url__in=urls) | Q(title_es__in=titles)),
        Person.objects.filter(name__in={person.name for person in people}),
    ]
    if any(rows.exists() for rows in made):
        raise ValidationError(MEANWHILE, code="meanwhile")


def _held(model, rows):
    """Those of `rows` that were in the database when it was planned, by key, locked as they are now."""
    keys = {row.pk for row in rows if row.pk}
    held = model._base_manager.select_for_update(no_key=True).order_by("pk").in_bulk(keys)
    if len(held) < len(keys):
        raise ValidationError(MEANWHILE, code="meanwhile")
    return held


def _publish(seminars, steps):
    for seminar in seminars:
        if seminar.panels.exists():
            events.publication.publish(seminar, by=None)
    return [step.recording for step in steps if not _published(step.recording)]


def _add_to(step):
    if step.fields:
        step.recording.save(update_fields=step.fields)
    create_all(Source, step.sources)
    if step.languages:
        step.recording.languages.set(step.languages)


def _make_all(steps, seminars):
    """Write what `steps` make, kind by kind: what others belong to comes first."""
    said = [each for step in steps for each in step.interventions]
    create_all(Seminar, seminars)
    create_all(Panel, _unsaved(step.panel for step in steps))
    link_all(Panel.topics, {step.panel: step.topics for step in steps if step.topics})
    create_all(Person, _unsaved(each.person for each in said))
    create_all(Intervention, said)
    create_all(Recording, [step.recording for step in steps])
    create_all(Source, [source for step in steps for source in step.sources])
    link_all(Recording.languages, {step.recording: step.languages for step in steps if step.languages})


def _unsaved(rows):
    """Those of `rows` that are not in the database yet, each once."""
    return list({id(row): row for row in rows if row is not None and row.pk is None}.values())


def _published(recording):
    try:
        publication.publish(recording)
    except ValidationError:
        return False
    return True
