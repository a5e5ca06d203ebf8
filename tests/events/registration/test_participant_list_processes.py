"""Three servers at once: the same list, without addresses, is brought in by each, after all have planned it."""

import pytest

from tests.elsewhere import asked, at_once, environment
from tests.make import make_coming_seminar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE, SEATS, SERVERS = 20, 12, 3
PLANNING = """
from events.models import Seminar
from events.registration.spreadsheet_import.commit import bring
from tests.events.registration.test_participant_lists import plan
seminar = Seminar.objects.get(pk=sys.argv[1])
names = "".join(f"Persona {number}\\n" for number in range(int(sys.argv[2])))
planned = plan(seminar, f"Nombre\\n{names}", takes_without_address=True)
"""
BRINGING = "print(bring(seminar, planned, by=None))"


def test_a_list_brought_by_three_servers_at_once_registers_everybody_once(tmp_path):
    seminar = make_coming_seminar(capacity=SEATS)

    brought = at_once(PLANNING, BRINGING, seminar.pk, PEOPLE, environment=environment(tmp_path), processes=SERVERS)

    assert sorted(map(int, brought)) == [0] * (SERVERS - 1) + [PEOPLE]
    assert asked(tmp_path, "SELECT COUNT(*), COUNT(DISTINCT name) FROM events_registration") == [(PEOPLE, PEOPLE)]
    assert asked(tmp_path, "SELECT taken, in_line FROM events_seats") == [(SEATS, PEOPLE - SEATS)]
