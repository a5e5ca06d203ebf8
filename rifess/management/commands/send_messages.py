from collections import Counter

from django.core.management.base import BaseCommand

from members.delivery import send_due
from members.models import Message


class Command(BaseCommand):
    help = "Sends every message of the outbox that is due. Safe to run as often as you like, beside the worker too."

    def handle(self, *, verbosity, **options):
        tried = send_due()
        if verbosity:
            self._sum_up(tried)

    def _sum_up(self, tried):
        self.stdout.write(f"{len(tried)} tried.")
        states = Counter(Message.objects.filter(pk__in=tried).order_by("pk").values_list("state", flat=True))
        for state, count in states.most_common():
            self.stdout.write(f"{count:>6}  {state}")
