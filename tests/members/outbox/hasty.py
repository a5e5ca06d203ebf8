"""A worker that comes back soon and often, and soon gives up one that died: `python -m tests.members.outbox.hasty`."""

from datetime import timedelta

import django
from django.core.management import call_command


def main():
    django.setup()
    from members.models import messages
    from members.outbox import delivery

    delivery.PAUSES = [timedelta(seconds=0.3)] * 30
    messages.LONGEST_SENDING = timedelta(seconds=1.5)
    call_command("db_worker", "--interval", "0.05", "--no-startup-delay", "--no-reload", verbosity=0)


if __name__ == "__main__":
    main()
