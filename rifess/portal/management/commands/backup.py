"""A verified backup of everything that cannot be made again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rifess.portal.operations import backup


class Command(BaseCommand):
    help = (
        "Writes database, media and keys to FOLDER, while the portal goes on. The keys sign in the Network's name: --keys puts "
        "them elsewhere. SECRET_KEY is in no backup, only a mark by which a restore knows it again."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="A folder that is new or empty.")
        parser.add_argument("--keys", type=Path, help="Another folder for the keys (default: FOLDER/keys).")
        parser.add_argument("--dated", action="store_true", help="In a folder of FOLDER that is named by the moment.")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="With --dated: delete all but the newest N.")

    def handle(self, *, folder, keys, dated, keep, verbosity, **options):
        if keep < 0 or (keep and not dated):
            raise CommandError("--keep is the number of backups of --dated that stay; 0, the default, keeps all.")
        if dated:
            folder, made = backup.make_dated(folder, keep=keep, keys=keys)
        else:
            made = backup.make(folder, keys=keys)
        if verbosity:
            size = sum(size for size, _hash in made.files.values()) / 1024**2
            self.stdout.write(
                f"{folder}: {made.vendor} {made.database_version}, {sum(made.rows.values())} rows in {len(made.rows)} tables, "
                f"{len(made.files)} files, {size:.1f} MB. Keep SECRET_KEY elsewhere: it is not in it."
            )
