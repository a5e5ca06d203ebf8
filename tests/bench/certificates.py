"""What certificates cost, issued for a whole seminar and set as papers: `python -m tests.bench.certificates 1000`."""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django


def main(number=1000):
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    with tempfile.TemporaryDirectory(prefix="rifess-bench-") as folder:
        run(number, Path(folder))


def run(number, folder):
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = str(folder / "db.sqlite3") if connection.vendor == "sqlite" else None
    connection.creation.create_test_db(verbosity=0)
    try:
        print(f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}, {number} people who came")
        report(number)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def report(number):
    from events.certificates.issue import carry_out, pdf_of
    from events.models import Certificate, IssuingJob
    from members.models import Message

    seminar = furnish(number)
    job = IssuingJob.objects.create(seminar=seminar)
    say("Before", 0, number)
    say("Issued, signed and told", timed(lambda: carry_out(job.pk)), number)
    print(f"  {Certificate.objects.count()} certificates, {Message.objects.count()} letters")
    say("The same job once more", timed(lambda: carry_out(job.pk)), number)
    sizes = []
    say("Papers (PDF)", timed(lambda: sizes.extend(len(pdf_of(each)) for each in Certificate.objects.all())), number)
    tokens = [len(token) for token in Certificate.objects.values_list("credential", flat=True)]
    print(f"  a paper has {min(sizes):,} to {max(sizes):,} bytes, a credential {min(tokens):,} to {max(tokens):,}")


def furnish(number):
    from django.utils import timezone

    from events.models import Attendance, CertificateRules, Registration
    from tests.make import make_seminar

    seminar = make_seminar(title="Seminario Iberoamericano de Economía Social y Solidaria: De las políticas al desarrollo local")
    CertificateRules.objects.create(seminar=seminar, hours=12, signed_by="Nombre de quien firma", signed_as="Coordinación")
    people = Registration.objects.bulk_create(
        Registration(
            seminar=seminar,
            name=f"Łukasz Ñandú Šimić São {each}",
            email=f"p{each}@example.org",
            country="UY",
            state="confirmed",
            confirmed_at=timezone.now(),
        )
        for each in range(number)
    )
    Attendance.objects.bulk_create(Attendance(registration=each, source="platform", minutes=90) for each in people)
    return seminar


def timed(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def say(what, seconds, number):
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:26} {seconds:7.1f} s  {1000 * seconds / number:6.1f} ms each  at most {memory} MB of memory")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
