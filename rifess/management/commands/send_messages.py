from collections import Counter

from django.core.management.base import BaseCommand

from members.delivery import attempt, settle
from members.models import Message


class Command(BaseCommand):
    help = "Sends every message of the outbox that is due. Safe to run as often as you like, beside the worker too."

    def handle(self, *, verbosity, **options):
        settle()
        due = list(Message.objects.due().values_list("pk", flat=True))
        for message_id in due:
            attempt(message_id)
        if verbosity:
            self._sum_up(due)

    def _sum_up(self, due):
        self.stdout.write(f"{len(due)} tried.")
        states = Counter(Message.objects.filter(pk__in=due).order_by("pk").values_list("state", flat=True))
        for state, count in states.most_common():
            self.stdout.write(f"{count:>6}  {state}")
