"""Two servers at once: real processes vote for one question at the same moment, on the database that production would have."""

import subprocess
import sys

import pytest

from events.models import PanelQuestion
from tests.elsewhere import asked, environment
from tests.events.test_live import make_seminar_on
from tests.make import make_registration

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.slow]

VOTERS, SERVERS = 8, 2
VOTING = """
import sys
import django
django.setup()
from events import asking
from events.models import PanelQuestion, Registration
question = PanelQuestion.objects.get(pk=sys.argv[1])
voters = list(Registration.objects.exclude(pk=question.registration_id).order_by("pk"))
print("ready", flush=True)
sys.stdin.readline()
print(sum(asking.vote(voter, question) for voter in voters), flush=True)
"""


def start(question, environment):
    command = [sys.executable, "-c", VOTING, str(question.pk)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_vote_counts_once_whichever_server_it_reaches(tmp_path):
    seminar = make_seminar_on()
    question = PanelQuestion.objects.create(
        seminar=seminar, registration=make_registration(seminar), text="¿Cómo?", language="es", state="approved"
    )
    for _number in range(VOTERS):
        make_registration(seminar)
    where = environment(tmp_path)
    servers = [start(question, where) for _number in range(SERVERS)]
    assert [server.stdout.readline().strip() for server in servers] == ["ready"] * SERVERS

    for server in servers:
        server.stdin.write("now\n")
        server.stdin.flush()
    counted = [int(server.communicate(timeout=60)[0]) for server in servers]

    assert sum(counted) == VOTERS
    assert asked(tmp_path, "SELECT votes FROM events_panelquestion") == [(VOTERS,)]
    assert asked(tmp_path, "SELECT COUNT(*) FROM events_panelquestionvote") == [(VOTERS,)]
