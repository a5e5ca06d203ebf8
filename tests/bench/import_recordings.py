"""What it costs to import so many recordings: `python -m tests.bench.import_recordings [1000 5000 21700]`.

Writes a corpus in pyvideo's layout and imports it with the command, in a process of its own and into a new SQLite database,
or into the empty PostgreSQL database that DATABASE_URL names (one size at a time, then). CPU seconds (user and system) and the
largest memory are those of that process; the second line is the same import again, when everything is there.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tests.bench.hostile_files import BETWEEN

SIZES = [1000, 5000, 21_700]
TALKS = 36  # of a category: the public archive has 21,700 in 600
PEOPLE_PER_TALK = 0.6  # of whom it has about 13,000
SUBJECTS = ["economía", "social", "solidaria", "cooperativa", "mutual", "financiamiento", "territorio", "desarrollo"]
SUBJECTS += ["mujeres", "juventudes", "políticas", "públicas", "vivienda", "crédito", "ahorro", "comercio", "educación"]
GIVEN = ["Ana", "Héctor", "José", "Inés", "João", "Úrsula", "Óscar", "Zoë", "Łukasz", "Mary"]
FAMILY = ["Álvarez", "Núñez", "Ibáñez", "Souza", "Pérez", "Quispe", "Ñancupil", "Ørsted", "O'Brien", "García Márquez"]


def write_corpus(folder, size):
    """So many talks in `folder`, in as many categories as they need."""
    pick = random.Random(size)
    people = [f"{pick.choice(GIVEN)} {pick.choice(FAMILY)} {n}" for n in range(int(size * PEOPLE_PER_TALK))]
    for number in range(size):
        category = folder / f"jornadas-{number // TALKS}"
        videos = category / "videos"
        if number % TALKS == 0:
            videos.mkdir(parents=True)
            (category / "category.json").write_text(json.dumps({"title": f"Jornadas {number // TALKS}"}))
        (videos / f"charla-{number:05}.json").write_text(json.dumps(_talk(pick, number, people)))


def _talk(pick, number, people):
    day = date(2012, 3, 1) + timedelta(days=7 * (number // TALKS) + pick.randrange(3))
    return {
        "title": " ".join(pick.choices(SUBJECTS, k=6)).capitalize(),
        "description": " ".join(pick.choices(SUBJECTS, k=60)),
        "language": pick.choice(["eng", "spa", "por"]),
        "recorded": day.isoformat(),
        "duration": pick.randrange(600, 5400),
        "speakers": pick.sample(people, k=pick.choice([1, 1, 1, 2])),
        "tags": pick.choices(SUBJECTS, k=3),
        "videos": [{"type": "youtube", "url": f"https://www.youtube.com/watch?v={number:011}"}],
    }


def measured(command, environment):
    """CPU seconds, seconds and megabytes of `command`, which must succeed."""
    began = time.monotonic()
    between = [sys.executable, "-S", "-c", BETWEEN, *command]
    told = subprocess.run(between, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    ended, cpu, peak = told.split()[-3:]
    if ended != "0":
        sys.exit(told)
    return float(cpu), time.monotonic() - began, int(peak)


def measure(size):
    with tempfile.TemporaryDirectory(prefix="rifess-bench-") as name:
        folder = Path(name)
        write_corpus(folder / "corpus", size)
        environment = {**os.environ, "DATA_DIR": name, "SECRET_KEY": "of the bench, which has no secrets", "DEBUG": "0"}
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "--verbosity=0"], env=environment, check=True)
        for words in ("imported", "again"):
            command = [*manage, "import_recordings", str(folder / "corpus"), "--commit"]
            cpu, took, peak = measured(command, environment)
            print(
                f"{size:>6} {words:<9} {cpu:>7.1f} s CPU {took:>7.1f} s {peak:>5} MB {1000 * cpu / size:>6.1f} ms each",
                flush=True,
            )


if __name__ == "__main__":
    for asked in [int(word) for word in sys.argv[1:]] or SIZES:
        measure(asked)
