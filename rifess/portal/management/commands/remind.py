import time

from django.core.management.base import CommandError
from django.db import close_old_connections

from events.notifications.reminders import remind, tell_called_off, tell_reinstated
from events.registration.workflow import fill_all, lapse_due, suspend_offers
from events.timeliness import write_all_again
from members.outbox.mail import look_after_the_outbox
from recordings.thank_you import thank_due
from rifess.portal.management.acts import DoesWhatIsDue

# What those who take part in a seminar do not wait for until the night.
OFTEN = [
    ("messages that waited for a mail server which answers again", look_after_the_outbox),
    ("offers of seats ended where a seminar does not take place", suspend_offers),
    ("people told that a seminar is cancelled", tell_called_off),
    ("people told that a seminar takes place after all", tell_reinstated),
    ("seats that nobody accepted in time, given to the next", lapse_due),
    ("free seats offered to those who wait", fill_all),
    ("letters written again that waited until a seminar is held", write_all_again),
    ("reminders and links to join", remind),
    ("people thanked, with the recordings", thank_due),
]


class Command(DoesWhatIsDue):
    help = "Writes to those who take part in seminars what is due: reminders, links to join, seats offered. Safe to run often."
    acts = OFTEN

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on, so many seconds apart, until it is stopped.")

    def handle(self, *, every, verbosity, **options):
        if not every:
            return super().handle(verbosity=verbosity, **options)
        while True:
            try:
                super().handle(verbosity=verbosity, **options)
            except CommandError as failed:
                self.stderr.write(str(failed))
            close_old_connections()
            time.sleep(every)
