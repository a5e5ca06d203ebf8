from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from rifess.base.database.statistics import refresh_statistics
from rifess.portal import seeding
from rifess.portal.search.sync import paused


class Command(BaseCommand):
    help = "Loads the Network's real record. Safe to run again: what was made once is never touched."

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", nargs="?", type=Path, default=seeding.FOLDER, help="Another folder of .toml files, to try a draft."
        )

    def handle(self, *, folder, **options):
        try:
            with paused(), translation.override(settings.LANGUAGE_CODE):  # the language in which the history names what is made
                tally = seeding.seed(folder, say=self.stdout.write)
        except seeding.SeedMistake as mistake:
            raise CommandError(f"{mistake} (nothing was loaded)") from mistake
        if tally["new"]:
            refresh_statistics()
        self.stdout.write(f"{tally['new']} new, {tally['kept']} kept.")
        if tally["left out"]:
            self.stdout.write(f"{tally['left out']} left out: they belong to something that was deleted.")
