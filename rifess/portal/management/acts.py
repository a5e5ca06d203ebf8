"""Commands that do what is due. Each act asks what is due and not yet done, and does it in transactions of its own."""

import logging

from django.core.management.base import BaseCommand, CommandError

from rifess.base.heartbeats import beat

log = logging.getLogger(__name__)


class DoesWhatIsDue(BaseCommand):
    """Does `acts`, pairs of a name and a function that returns how many it did. What one stumbles over leaves the others be."""

    acts = []
    stealth_options = ("acts",)

    def handle(self, *, verbosity, acts=None, **options):
        self.do(self.acts if acts is None else acts, verbosity)

    def do(self, acts, verbosity):
        failed = [name for name, act in acts if not self._do(name, act, verbosity)]
        if failed:
            raise CommandError(f"Not done, and tried again next time: {'; '.join(failed)}. The log says why.")
        beat(type(self).__module__.rpartition(".")[2])  # daily, remind…: their silence is noticed

    def _do(self, name, act, verbosity):
        """Do one act; whether it could be done."""
        try:
            count = act()
        except Exception:
            log.exception("Not done: %s", name)
            return False
        if verbosity:
            self.stdout.write(f"{count:>6}  {name}")
        return True
