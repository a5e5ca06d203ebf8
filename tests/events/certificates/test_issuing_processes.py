"""The certificates of a seminar, issued by several workers at once, some of them killed on the way."""

import json
import subprocess
import sys

import pytest

from events.models import CertificateKind, CertificateRules, IssuingJob
from tests.elsewhere import asked, environment
from tests.make import make_attendance, make_seminar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE, WORKERS, KILLS = 24, 3, 3


def test_workers_at_once_and_workers_killed_give_everybody_one_certificate_and_one_letter(tmp_path):
    seminar = make_seminar()
    CertificateRules.objects.create(seminar=seminar)
    for _person in range(PEOPLE):
        make_attendance(seminar)
    jobs = [IssuingJob.objects.create(seminar=seminar, kind=CertificateKind.ATTENDANCE) for _worker in range(WORKERS)]

    command = [sys.executable, "-m", "tests.events.certificates.issuing_at_once", *map(str, (KILLS, *(job.pk for job in jobs)))]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=300)

    assert done.stderr == "" and json.loads(done.stdout) == {"killed": KILLS, "failed": 0}
    certificates = asked(tmp_path, "select count(*), count(distinct registration_id) from events_certificate")
    letters = asked(tmp_path, "select count(*), count(distinct about) from events_lettertold where message_id is not null")
    [(issued, unfinished)] = asked(
        tmp_path, "select sum(issued), sum(case when done_at is null then 1 else 0 end) from events_issuingjob"
    )
    keys = asked(tmp_path, "select count(*) from events_signingkey where signs")
    assert (certificates, letters) == ([(PEOPLE, PEOPLE)], [(PEOPLE, PEOPLE)])
    assert (issued, unfinished, keys) == (PEOPLE, 0, [(1,)])
