from collections import Counter

from django.core.management.base import BaseCommand

from members.models import Message
from members.outbox.delivery import send_due
from rifess.base.heartbeats import beat

SECONDS = 270  # less than the five minutes after which a timer starts it again


class Command(BaseCommand):
    help = (
        "Sends every message of the outbox that is due. Those that go to many keep their pace, so that it may take minutes. "
        "Safe to run as often as you like, beside the worker too."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seconds", type=int, default=SECONDS, help="How long to stay with those that go to many (default: %(default)s)."
        )

    def handle(self, *, seconds, verbosity, **options):
        tried = send_due(seconds=seconds)
        beat("send_messages")
        if verbosity:
            self._sum_up(tried)

    def _sum_up(self, tried):
        self.stdout.write(f"{len(tried)} tried.")
        states = Counter(Message.objects.filter(pk__in=tried).order_by("pk").values_list("state", flat=True))
        for state, count in states.most_common():
            self.stdout.write(f"{count:>6}  {state}")
