import logging

from django.core.management.base import BaseCommand, CommandError

from events.closing import attend_all
from events.surveys import ask_due
from members.accounts import lock_idle, warn_idle
from members.delivery import send_due
from members.reminding import remind
from rifess import news
from rifess.personal_data.retention import forget

# What is due once a day, in this order. Each asks what is due and not yet done, does it in transactions of its own, and
# returns how many that were.
DAILY = [
    ("results of consultations written; openings and closings told", attend_all),
    ("mandates of which it was told that their term is nearly over", remind),
    ("people told that their account is not used", warn_idle),
    ("accounts locked that nobody uses", lock_idle),
    ("people asked what they thought of a seminar that is over", ask_due),
    ("messages with what is new, to those who asked for them", news.tell),
    ("rows with personal data no longer needed, erased or made anonymous", forget),
    ("messages of the outbox tried", lambda: len(send_due())),
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
        """Do one act; whether it could be done."""
        try:
            count = act()
        except Exception:  # whatever one act stumbles over, the others are done
            log.exception("Not done: %s", name)
            return False
        if verbosity:
            self.stdout.write(f"{count:>6}  {name}")
        return True
