from django.core.management.base import BaseCommand
from django.utils import translation

from rifess.portal.personal_data import retention


class Command(BaseCommand):
    help = "Deletes, or makes anonymous, personal data no longer needed (settings.RETENTION). Safe to run as often as you like."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")

    def handle(self, *, dry_run, **options):
        for rule, count in retention.foresee() if dry_run else retention.apply():
            with translation.override("en"):  # commands speak English to operators
                self.stdout.write(f"{count:>7}  {rule.what} (after {rule.kept_for.days} days)")
