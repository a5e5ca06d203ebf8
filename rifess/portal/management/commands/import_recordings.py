"""Recordings that others have listed: shown first, brought in when told so."""

import gc
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Seminar
from recordings.imports import Interrupted, Plan, Verdict, carry_out_in_batches, plans_for, read_in_portions
from rifess.base.database.statistics import refresh_statistics
from rifess.portal.search.sync import paused


class Command(BaseCommand):
    help = (
        "Imports recordings: pyvideo's folders, our CSV or TOML, a list of addresses. Shows what would happen; does it with"
        " --commit, some at a time: interrupted, it goes on when it is run again, which is always safe."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="A file, or a folder of pyvideo's.")
        parser.add_argument("--commit", action="store_true", help="Do it. Without this nothing is written.")
        parser.add_argument("--publish", action="store_true", help="Publish what is made, and its seminars if they are new.")
        parser.add_argument("--strict", action="store_true", help="Refuse everything when one row is refused.")
        parser.add_argument("--seminar", help="Of which seminar rows are that name none: the last part of its address.")

    def handle(self, **options):
        _leave_the_database_unmapped()
        with _rare_garbage_collection():
            self._import(**options)

    def _import(self, *, path, commit, publish, strict, seminar, verbosity, **options):
        plans, summary, waiting = partial(_plans, path, _seminar(seminar)), Summary(), []
        try:
            if strict:
                self._refuse_all_if_one_is(plans())
            steps = self._shown(plans(), summary, verbosity)
            if commit:
                waiting = self._carry_out(steps, publish, Progress(self.stderr, summary))
            else:
                _look_at_all(steps)
        except ValidationError as mistake:
            raise CommandError(_("%(reason)s Nothing was written.") % {"reason": " ".join(mistake.messages)}) from mistake
        if commit:
            refresh_statistics()
        self._sum_up(summary, commit, waiting)

    def _refuse_all_if_one_is(self, plans):
        refused = [each for plan in plans for each in plan.refused]
        if refused:
            self._warn(refused)
            raise CommandError(_("Rows are refused, so nothing was written."))

    def _shown(self, plans, summary, verbosity):
        """The steps to be done of each of `plans`, which is shown before them."""
        for plan in plans:
            summary.take(plan)
            self._show(plan, verbosity)
            yield from plan.to_do

    def _carry_out(self, steps, publish, progress):
        try:
            return carry_out_in_batches(steps, publish=publish, report=progress, within=paused)
        except Interrupted as stopped:
            sentence = _("%(reason)s %(done)d are written and stay: run it again, and it goes on from there.")
            said = {"reason": " ".join(stopped.mistake.messages), "done": stopped.done}
            raise CommandError(sentence % said) from stopped

    def _show(self, plan, verbosity):
        if not plan.steps:
            return
        counts = ", ".join(f"{len(plan.of(verdict))} {verdict.label}" for verdict in Verdict)
        self.stdout.write(f"{plan.steps[0].seminar.title}: {counts}")
        for step in plan.steps if verbosity > 1 else plan.of(Verdict.ADDED_TO):
            added = f" ({', '.join(step.additions)})" if step.verdict == Verdict.ADDED_TO else ""
            self.stdout.write(f"  {step.verdict.label}  {step.row.spot}  {step.row.title}{added}")

    def _warn(self, refused):
        for each in refused:
            self.stdout.write(self.style.WARNING(_("Refused: %s") % each))

    def _sum_up(self, summary, commit, waiting):
        self._warn(summary.plan.refused)
        for notice in [*summary.plan.notices(), *summary.plan.signs]:
            self.stdout.write(str(notice))
        counts = {
            "new": summary.counts[Verdict.NEW],
            "added": summary.counts[Verdict.ADDED_TO],
            "same": summary.counts[Verdict.SAME],
            "refused": len(summary.plan.refused),
        }
        self.stdout.write(_("%(new)d new, %(added)d added to, %(same)d already there, %(refused)d refused.") % counts)
        if waiting:
            sentence = ngettext(
                "%(count)d stays a draft: its seminar waits for consent.",
                "%(count)d stay drafts: their seminars wait for consent.",
                len(waiting),
            )
            self.stdout.write(sentence % {"count": len(waiting)})
        if not commit:
            self.stdout.write(_("Nothing was written: this shows what --commit would do."))


@dataclass
class Summary:
    """What was planned, without its steps: they are forgotten as soon as they are carried out."""

    plan: Plan = field(default_factory=Plan)
    counts: Counter = field(default_factory=Counter)

    def take(self, plan):
        self.plan += Plan(refused=plan.refused, noticed=plan.noticed, signs=plan.signs)
        self.counts.update(step.verdict for step in plan.steps)


@contextmanager
def _rare_garbage_collection():
    """Look for unused objects less often: each batch makes many thousands, and the search took a quarter of the time."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 5, 2)  # the elder generations often: else memory grows from batch to batch
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _plans(path, seminar):
    return plans_for(read_in_portions(path), seminar=seminar)


def _leave_the_database_unmapped():
    """On SQLite, read the file through the cache: mapped, all of it that is read would count as memory of this process."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 0")


def _look_at_all(steps):
    for _step in steps:
        pass


def _seminar(slug):
    if not slug:
        return None
    seminar = Seminar.objects.filter(slug=slug).first()
    if seminar is None:
        raise CommandError(_("There is no seminar whose address ends in “%s”.") % slug)
    return seminar


class Progress:
    """How many of those planned so far are written, where somebody looks. The next line of the command is written over it."""

    def __init__(self, out, summary):
        self.out, self.summary = out, summary
        self.is_watched = out.isatty() if hasattr(out, "isatty") else sys.stderr.isatty()

    def __call__(self, done):
        if self.is_watched:
            planned = self.summary.counts.total() - self.summary.counts[Verdict.SAME]
            self.out.write(f"\r[…] {done}/{planned}", str, ending="\r")
            self.out.flush()
