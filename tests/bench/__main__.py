"""Run the benchmark on a database of its own: `python -m tests.bench 1000 10000 [--corpus FOLDER]`."""

import argparse
import os
import tempfile
from pathlib import Path

import django


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000], help="how many recordings (1000 10000)")
    parser.add_argument("--corpus", type=Path, help="a folder of .txt, .json, .vtt or .srt files to take sentences from")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    with tempfile.TemporaryDirectory(prefix="rifess-bench-") as folder:
        run(asked.sizes, asked.corpus, Path(folder))


def run(sizes, corpus, folder):
    from django.db import connection

    from tests.bench import quality, speed

    connection.settings_dict["TEST"]["NAME"] = str(folder / "db.sqlite3") if connection.vendor == "sqlite" else None
    connection.creation.create_test_db(verbosity=0)
    try:
        print(f"\n{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}")
        quality.report()
        speed.report(sizes, corpus)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
