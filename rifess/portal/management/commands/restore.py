"""A backup verified and brought back."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.timesince import timesince

from rifess.portal.operations import restore
from rifess.portal.operations.backup import KEYS


class Command(BaseCommand):
    help = (
        "Brings the backup in FOLDER back to an empty database and empty folders, and verifies it. Stop server, workers and "
        "timers first. No e-mail leaves afterwards until manage.py release_mail."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="The folder that manage.py backup wrote.")
        parser.add_argument("--keys", type=Path, help="Where the keys are (default: FOLDER/keys).")
        parser.add_argument("--check", action="store_true", help="Only verify the files of the backup; write nothing.")
        parser.add_argument(
            "--another-secret-key",
            action="store_true",
            help="Restore although SECRET_KEY is another one: links already sent die.",
        )

    def handle(self, *, folder, keys, check, another_secret_key, **options):
        keys = keys or folder / KEYS
        if check:
            return self._say(restore.verify(folder, keys), "It is complete and unchanged.")
        said, advice = restore.restore(folder, keys, another_secret_key=another_secret_key)
        self._say(said, "It was restored and verified: files, rows, counters, migrations, keys.")
        for sentence in advice:
            self.stdout.write(self.style.WARNING(sentence))
        self.stdout.write("E-mail is held back. manage.py release_mail says what waits, and lets it go.")

    def _say(self, said, sentence):
        with translation.override("en"):
            age = timesince(said.moment, timezone.now()).replace("\xa0", " ")
        self.stdout.write(f"Backup of {said.site_url} made on {said.moment:%Y-%m-%d at %H:%M} UTC, {age} ago: {said.vendor}.")
        self.stdout.write(sentence)
