from collections import Counter
from itertools import chain

from django.core.management.base import BaseCommand
from django.utils import timezone

import events.links
import members.links
import recordings.links
from rifess.base.heartbeats import beat
from rifess.links.checking import check_all, forget_old_checks, remember
from rifess.links.fetch import Fetcher
from rifess.links.models import FAILURES, Address

WHICH = {
    "due": lambda: Address.objects.due(timezone.now()),
    "all": lambda: Address.objects.order_by("checked_at", "pk"),
    "dead": lambda: Address.objects.dead(),
}


class Command(BaseCommand):
    help = "Asks the addresses outside the portal whether they still answer. Safe to stop, and to run as often as you like."
    stealth_options = ("fetcher",)

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group()
        for name, words in {
            "due": "Those not asked in the last 20 hours (this is what it does when told nothing).",
            "all": "All of them.",
            "dead": "Those that no longer answer.",
        }.items():
            option = "--only-due" if name == "due" else f"--{name}"
            which.add_argument(option, dest="which", action="store_const", const=name, default="due", help=words)
        parser.add_argument("--limit", type=int, help="At most so many, those waiting longest first.")

    def handle(self, *, which, limit, verbosity, fetcher=None, **options):
        remember(chain(members.links.addresses(), events.links.addresses(), recordings.links.addresses()))
        forget_old_checks(timezone.now())
        chosen, tally = WHICH[which]()[:limit], Counter()
        count = len(chosen)

        def report(number, address, answer):
            tally[answer.outcome] += 1
            if verbosity:
                self._show(number, count, address, answer)

        offline = check_all(chosen, fetcher or Fetcher(), report=report)
        beat("check_links")
        if verbosity:
            self._sum_up(tally)
        if offline:
            self.stderr.write("Nobody answered: this machine seems to be offline. Nothing was counted against anyone.")

    def _show(self, number, count, address, answer):
        style = self.style.WARNING if answer.outcome in FAILURES else str
        self.stdout.write(style(f"{number:>{len(str(count))}}/{count}  {answer.outcome.value:<17}  {address.url}"))

    def _sum_up(self, tally):
        self.stdout.write(f"{tally.total()} asked.")
        for outcome, count in tally.most_common():
            self.stdout.write(f"{count:>6}  {outcome.value}")
        self.stdout.write(f"{Address.objects.dead().count()} addresses do not answer, of {Address.objects.count()} in use.")
