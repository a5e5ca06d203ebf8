"""What lists cost at so many recordings: `python -m tests.bench.lists [20000]`, on a database of its own.

Each page is asked twice; the second time counts. Seconds are those of this process and of its statements.
"""

import os
import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import django

PANELS_OF_A_SEMINAR = 50
PEOPLE = 4_000
SUBJECTS = (
    "economía social solidaria cooperativa mutual financiamiento territorio desarrollo mujeres juventudes políticas públicas"
    " vivienda crédito ahorro comercio justo educación innovación seguridad alimentaria trabajo decente comunidad cuidados"
)
WORDS = SUBJECTS.split()
PAGES = [
    ("/es/grabaciones/", {}),
    ("/es/grabaciones/", {"q": "django"}),
    ("/es/grabaciones/", {"q": "cooperativa"}),
    ("/es/grabaciones/", {"q": " ".join(WORDS[:8])}),
    ("/es/grabaciones/", {"sort": "title"}),
    ("/es/grabaciones/", {"page": 400}),
    ("/es/seminarios/", {"q": "cooperativa"}),
    ("/es/personas/", {}),
    ("/es/personas/", {"q": "álvarez"}),
    ("/es/documentos/", {"q": "cooperativa"}),
    ("/es/buscar/", {"q": "cooperativa"}),
    ("/es/buscar/", {"q": '"economía social" -crédito'}),
    ("/es/buscar/", {"q": " ".join(WORDS)}),
]
DESK = [
    ("/es/admin/recordings/recording/", {}),
    ("/es/admin/recordings/recording/", {"q": "cooperativa"}),
    ("/es/admin/events/panel/", {"q": "cooperativa"}),
    ("/es/admin/events/intervention/", {"q": "cooperativa"}),
    ("/es/admin/members/person/", {"q": "álvarez"}),
    ("/es/admin/events/registration/", {"q": "álvarez"}),
    ("/es/admin/events/seminar/", {}),
]


def main(size):
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.db import connection

    with tempfile.TemporaryDirectory(prefix="rifess-bench-") as folder:
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "db.sqlite3") if connection.vendor == "sqlite" else None
        connection.creation.create_test_db(verbosity=0)
        try:
            write(size)
            measure()
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def write(size):
    """Seminars of fifty panels, each with a speaker and a recording, and as many registrations; all of it indexed."""
    from django.core.management import call_command

    started = time.perf_counter()
    pick = random.Random(1)
    people = make_people(pick)
    make_programme(size, pick, people)
    call_command("reindex", verbosity=0)
    print(f"{size} recordings written and indexed in {time.perf_counter() - started:.0f} s")


def title(pick):
    return " ".join(pick.choices(WORDS, k=6)).capitalize()


def make_people(pick):
    from members.models import Person

    family = ["Álvarez", "Núñez", "Zulema", "Ibáñez", "Souza", "Pérez", "Quispe", "Ñancupil"]
    given = ["Ana", "Héctor", "José", "Inés", "João", "Úrsula", "Óscar"]
    return Person.objects.bulk_create(
        Person(name=f"{pick.choice(given)} {pick.choice(family)} {n}", slug=f"persona-{n}") for n in range(PEOPLE)
    )


def make_programme(size, pick, people):
    from django.utils import timezone

    from events.models import Intervention, Panel, Registration, Seminar
    from recordings.models import Recording
    from tests.make import make_coming_seminar

    now = timezone.now()
    seminars = Seminar.objects.bulk_create(
        Seminar(
            title_es=title(pick),
            slug=f"seminario-{n}",
            starts_on=date(2015, 1, 1) + timedelta(days=n),
            published_at=now,
        )
        for n in range(max(size // PANELS_OF_A_SEMINAR, 1))
    )
    panels = Panel.objects.bulk_create(
        Panel(seminar=seminars[n // PANELS_OF_A_SEMINAR % len(seminars)], title_es=title(pick), slug=f"panel-{n}", position=n)
        for n in range(size)
    )
    Intervention.objects.bulk_create(Intervention(panel=panel, person=pick.choice(people)) for panel in panels)
    Recording.objects.bulk_create(
        Recording(
            seminar_id=panel.seminar_id,
            panel=panel,
            title_es=panel.title_es,
            summary_es=" ".join(pick.choices(WORDS, k=40)),
            slug=f"grabacion-{n}",
            key=f"{n:08}",
            published_at=now,
            duration=timedelta(minutes=40),
        )
        for n, panel in enumerate(panels)
    )
    coming = make_coming_seminar()
    Registration.objects.bulk_create(
        Registration(seminar=coming, name=pick.choice(people).name, email=f"p{n}@example.org", country="UY", sector="government")
        for n in range(size)
    )


def measure():
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests import conftest  # noqa: F401  (opens the session with a second factor)
    from tests.make import make_user

    secretary = Client()
    secretary.force_login(make_user(is_staff=True, is_superuser=True))
    print(f"{connection.display_name}\n{'seconds':>8} {'in SQL':>8} {'slowest':>8} {'queries':>8}")
    for client, (path, asked) in [*((Client(), page) for page in PAGES), *((secretary, page) for page in DESK)]:
        for _n in range(2):
            for cache in caches.all(initialized_only=True):
                cache.clear()
            with CaptureQueriesContext(connection) as queries:
                started = time.perf_counter()
                answer = client.get(path, asked)
                taken = time.perf_counter() - started
        times = [float(query["time"]) for query in queries]
        about = f"{path} {' '.join(f'{name}={value}' for name, value in asked.items())[:60]} ({answer.status_code})"
        print(f"{taken:8.2f} {sum(times):8.2f} {max(times, default=0):8.2f} {len(times):8} {about}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
