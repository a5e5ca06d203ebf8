from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from members.accounts.encryption import encrypt_all


class Command(BaseCommand):
    help = "Encrypts the secrets of second factors with the first of SECOND_FACTOR_KEYS; then the former keys may go."

    def handle(self, **options):
        try:
            count = encrypt_all()
        except ImproperlyConfigured as unreadable:
            raise CommandError(str(unreadable)) from None
        self.stdout.write(f"Second factors encrypted with the present key: {count}")
