from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from events.certificates import signing_keys


class Command(BaseCommand):
    help = "Makes a new key that signs certificates from now on. What the old one signed can be checked as before."

    def handle(self, **options):
        try:
            key = signing_keys.rotate()
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"Certificates are signed with {key} now: keep a copy of DATA_DIR/keys with your backups.")
