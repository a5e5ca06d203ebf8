"""Two servers at once: real processes vote for one member at the same moment, on the database that production would have."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from events.consultations.voting import add_usual_options
from events.models import Consultation
from members.models import DelegateRole
from tests.elsewhere import asked, environment
from tests.make import make_delegate, make_membership, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 8
VOTING = """
import sys
import django
django.setup()
from django.core.exceptions import ValidationError
from django.db import connection
from events.consultations.voting import cast
from members.models import User
user = User.objects.get(pk=sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    consultation, option = map(int, line.split())
    try:
        cast(consultation, option, by=user)
        print("cast", flush=True)
    except ValidationError as error:
        print(error.code, flush=True)
"""


class Voter:
    """A process of its own that votes as `user` each time it is told to."""

    def __init__(self, user, environment):
        command = [sys.executable, "-c", VOTING, str(user.pk)]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def hear(self):
        return self.process.stdout.readline().strip()

    def vote(self, option):
        self.process.stdin.write(f"{option.consultation_id} {option.pk}\n")
        self.process.stdin.flush()

    def leave(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def make_open_consultation():
    now = timezone.now()
    consultation = Consultation.objects.create(
        question_es="¿Se aprueba?", opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1), published_at=now
    )
    add_usual_options(consultation)
    return consultation


def make_voter(membership, role):
    user = make_user()
    make_delegate(user=user, membership=membership, role=role)
    return user


def vote_at_once(users, consultations, environment):
    """In each consultation all `users` vote at once, each another answer; what became of each vote."""
    voters = [Voter(user, environment) for user in users]
    try:
        assert [voter.hear() for voter in voters] == ["ready"] * len(voters)
        fates = []
        for consultation in consultations:
            for voter, option in zip(voters, consultation.options.all(), strict=False):
                voter.vote(option)
            fates.append([voter.hear() for voter in voters])
        return fates
    finally:
        for voter in voters:
            voter.leave()


def test_two_processes_voting_at_once_leave_one_vote_and_two_lines_of_the_log(tmp_path):
    member, consultations = make_membership(), [make_open_consultation() for _ in range(ROUNDS)]
    alternates = [make_voter(member, DelegateRole.ALTERNATE) for _ in range(2)]

    fates = vote_at_once(alternates, consultations, environment(tmp_path))

    votes = asked(tmp_path, "select consultation_id, option_id from events_vote order by consultation_id")
    log = asked(tmp_path, "select consultation_id, option_id, replaced from events_votecast order by consultation_id, id")
    assert fates == [["cast", "cast"]] * ROUNDS
    assert [consultation for consultation, _option in votes] == [each.pk for each in consultations]
    assert [bool(replaced) for _consultation, _option, replaced in log] == [False, True] * ROUNDS
    assert votes == [(consultation, option) for consultation, option, replaced in log if replaced]


def test_of_a_titular_and_an_alternate_at_once_the_titulars_vote_stands(tmp_path):
    member, consultations = make_membership(), [make_open_consultation() for _ in range(ROUNDS)]
    titular, alternate = (make_voter(member, role) for role in (DelegateRole.TITULAR, DelegateRole.ALTERNATE))

    fates = vote_at_once([titular, alternate], consultations, environment(tmp_path))

    votes = asked(tmp_path, "select consultation_id, role from events_vote order by consultation_id")
    log = asked(tmp_path, "select count(*) from events_votecast")
    assert votes == [(each.pk, "titular") for each in consultations]
    assert {fate for fate, _other in fates} == {"cast"} and {fate for _first, fate in fates} <= {"cast", "titular_voted"}
    assert log == [(sum(fate == "cast" for pair in fates for fate in pair),)]
