import logging

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from events.closing import attend_all
from members.accounts import lock_idle, warn_idle
from members.applications import forget_unconfirmed

# What is due once a day, in this order. Each asks what is due and not yet done, does it, and returns how many that were.
DAILY = [
    ("applications that nobody confirmed, erased", forget_unconfirmed),
    ("people told that their account is not used", warn_idle),
    ("accounts locked that nobody uses", lock_idle),
    ("results of consultations written; openings and closings told", attend_all),
]

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does what is due: run it once a day, or as often as you like. A day it did not run is made up for on the next."
    stealth_options = ("acts",)

    def handle(self, *, verbosity, acts=None, **options):
        acts = DAILY if acts is None else acts
        failed = [name for name, act in acts if not self._do(name, act, verbosity)]
        if failed:
            raise CommandError(f"Not done, and tried again next time: {'; '.join(failed)}. The log says why.")

    def _do(self, name, act, verbosity):
        """Do one act in a transaction of its own; whether it could be done."""
        try:
            with transaction.atomic():
                count = act()
        except Exception:  # whatever one act stumbles over, the others are done
            log.exception("Not done: %s", name)
            return False
        if verbosity:
            self.stdout.write(f"{count:>6}  {name}")
        return True
