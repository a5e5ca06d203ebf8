"""Two servers at once: real processes vote for one question at the same moment, on the database that production would have."""

import pytest

from events.models import PanelQuestion
from tests.elsewhere import asked, at_once, environment
from tests.events.live.test_live import make_seminar_on
from tests.make import make_registration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

VOTERS = 8
READING = """
from events.live import questions
from events.models import PanelQuestion, Registration
question = PanelQuestion.objects.get(pk=sys.argv[1])
voters = list(Registration.objects.exclude(pk=question.registration_id).order_by("pk"))
"""
VOTING = "print(sum(questions.vote(voter, question) for voter in voters))"


def test_a_vote_counts_once_whichever_server_it_reaches(tmp_path):
    seminar = make_seminar_on()
    question = PanelQuestion.objects.create(
        seminar=seminar, registration=make_registration(seminar), text="¿Cómo?", language="es", state="approved"
    )
    for _number in range(VOTERS):
        make_registration(seminar)

    counted = at_once(READING, VOTING, question.pk, environment=environment(tmp_path))

    assert sum(map(int, counted)) == VOTERS
    assert asked(tmp_path, "SELECT votes FROM events_panelquestion") == [(VOTERS,)]
    assert asked(tmp_path, "SELECT COUNT(*) FROM events_panelquestionvote") == [(VOTERS,)]
