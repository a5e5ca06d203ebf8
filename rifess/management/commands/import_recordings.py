"""Recordings that others have listed: shown first, brought in when told so."""

import sys
from collections import defaultdict
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Seminar
from recordings.imports import Interrupted, Verdict, carry_out_in_batches, plan_for, read
from rifess.base.statistics import refresh_statistics
from rifess.indexing import paused

WIDTH = 30


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

    def handle(self, *, path, commit, publish, strict, seminar, verbosity, **options):
        try:
            reading = read(path)
            plan = plan_for(reading, seminar=_seminar(seminar))
            self._show(plan, verbosity)
            if strict and plan.refused:
                raise CommandError(_("Rows are refused, so nothing was written."))
            waiting = self._carry_out(plan, publish) if commit else []
        except ValidationError as mistake:
            raise CommandError(_("%(reason)s Nothing was written.") % {"reason": " ".join(mistake.messages)}) from mistake
        if commit:
            refresh_statistics()
        self._sum_up(plan, commit, waiting)

    def _carry_out(self, plan, publish):
        try:
            return carry_out_in_batches(plan, publish=publish, report=Progress(self.stderr), within=paused)
        except Interrupted as stopped:
            sentence = _("%(reason)s %(done)d of %(total)d are written and stay: run it again, and it goes on from there.")
            said = {"reason": " ".join(stopped.mistake.messages), "done": stopped.done, "total": stopped.total}
            raise CommandError(sentence % said) from stopped

    def _show(self, plan, verbosity):
        by_seminar = defaultdict(list)
        for step in plan.steps:
            by_seminar[step.seminar.title].append(step)
        for title, steps in by_seminar.items():
            counts = ", ".join(f"{_count(steps, verdict)} {verdict.label}" for verdict in Verdict)
            self.stdout.write(f"{title}: {counts}")
            for step in steps if verbosity > 1 else [step for step in steps if step.verdict == Verdict.ADDED_TO]:
                added = f" ({', '.join(step.additions)})" if step.verdict == Verdict.ADDED_TO else ""
                self.stdout.write(f"  {step.verdict.label}  {step.row.spot}  {step.row.title}{added}")
        for refused in plan.refused:
            self.stdout.write(self.style.WARNING(_("Refused: %s") % refused))
        for notice in plan.notices():
            self.stdout.write(notice)

    def _sum_up(self, plan, commit, waiting):
        counts = {
            "new": len(plan.of(Verdict.NEW)),
            "added": len(plan.of(Verdict.ADDED_TO)),
            "same": len(plan.of(Verdict.SAME)),
            "refused": len(plan.refused),
        }
        self.stdout.write(_("%(new)d new, %(added)d added to, %(same)d already there, %(refused)d refused.") % counts)
        if waiting:
            sentence = ngettext(
                "%(count)d stays a draft: its seminar waits for permissions.",
                "%(count)d stay drafts: their seminars wait for permissions.",
                len(waiting),
            )
            self.stdout.write(sentence % {"count": len(waiting)})
        if not commit:
            self.stdout.write(_("Nothing was written: this shows what --commit would do."))


def _count(steps, verdict):
    return sum(step.verdict == verdict for step in steps)


def _seminar(slug):
    if not slug:
        return None
    seminar = Seminar.objects.filter(slug=slug).first()
    if seminar is None:
        raise CommandError(_("There is no seminar whose address ends in “%s”.") % slug)
    return seminar


class Progress:
    """A bar where somebody looks."""

    def __init__(self, out):
        self.out = out
        self.is_watched = out.isatty() if hasattr(out, "isatty") else sys.stderr.isatty()

    def __call__(self, done, total):
        if self.is_watched:
            bar = "#" * (WIDTH * done // total)
            self.out.write(f"\r[{bar:{WIDTH}}] {done}/{total}", str, ending="\n" if done == total else "")
            self.out.flush()
