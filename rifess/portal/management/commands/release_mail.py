"""The end of what a restore holds back."""

from collections import Counter

from django.core.management.base import BaseCommand

from members.models import MailHold, Message, MessageState
from members.outbox.mail import release_held


class Command(BaseCommand):
    help = (
        "After a restore no e-mail leaves, since what waited in the backup may have been sent long ago. Without an option this "
        "says what waits; --send lets it go, --discard drops what the backup brought and lets the rest go."
    )

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--send", action="store_true", help="All that waits is sent.")
        how.add_argument("--discard", action="store_true", help="What was written before the restore is never sent.")

    def handle(self, *, send, discard, **options):
        hold = MailHold.objects.active().first()
        if hold is None:
            return self.stdout.write("No e-mail is held back.")
        if send or discard:
            dropped = release_held(discard=discard)
            return self.stdout.write(f"E-mail leaves again. Dropped: {dropped}.")
        waiting = Message.objects.filter(state=MessageState.WAITING)
        self.stdout.write(f"E-mail is held back since {hold.held_at:%Y-%m-%d %H:%M} UTC. Waiting: {waiting.count()}.")
        for name, queryset in (
            ("from the backup", waiting.filter(written_at__lt=hold.held_at)),
            ("since the restore", waiting.filter(written_at__gte=hold.held_at)),
        ):
            for kind, count in Counter(queryset.order_by().values_list("kind", flat=True)).most_common():
                self.stdout.write(f"{count:>6}  {kind}, {name}")
        self.stdout.write("Release it with --send, or with --discard to drop what is from the backup.")
