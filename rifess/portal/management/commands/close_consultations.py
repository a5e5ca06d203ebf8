from django.core.management.base import BaseCommand

from events.consultations.closing import attend_all
from rifess.base.heartbeats import beat


class Command(BaseCommand):
    help = (
        "Tells members of the consultations that open, reminds those that have not voted, and writes the results of those "
        "that are over. Safe to run as often as you like."
    )

    def handle(self, *, verbosity, **options):
        written = attend_all()
        beat("close_consultations")
        if verbosity:
            self.stdout.write(f"{written} results written.")
