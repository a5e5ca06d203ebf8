"""Nothing that is asked or sent ends in an error of the portal's own: the short run of `make fuzz`, and a table of parameters."""

from urllib.parse import urlencode

import pytest

from tests.fuzz import world
from tests.fuzz.addresses import names_in
from tests.fuzz.walk import Request, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REFUSED = {400}
ASKED = {"empty": "", "nonsense": "²'\"><x>", "thirty digits": "9" * 30, "a NUL": "a\0b"}
ANSWERED = {200, 301, 302, 400, 404, 429, 501}


@pytest.fixture
def walk():
    return Walk(world.build(), seed=20261130)


def test_random_requests_are_answered(walk):
    failures = walk.go(150)

    assert {error: str(request) for error, request in failures.items()} == {}
    assert walk.statuses[200] > 30


def test_each_parameter_of_each_public_list_alone_is_answered_or_refused(walk):
    """Empty, doubled, nonsense, thirty digits: a page or none. A NUL: 400."""
    lists = [route for route in walk.known.routes if not names_in(route) and not route.startswith(("es/admin", "es/cuenta"))]
    for route in lists:
        walk.send(Request(world.VISITOR, f"/{route}"))  # its links and forms name what it may be asked
    answers = {}

    for route in lists:
        for name in [*walk.known.queries[route], "page"]:
            queries = {said: urlencode({name: value}) for said, value in ASKED.items()}
            queries["doubled"] = urlencode([(name, "1"), (name, "2")])
            for said, query in queries.items():
                before = walk.statuses.copy()
                error = walk.send(Request(world.VISITOR, f"/{route}?{query}"))
                answers[route, name, said] = error or (walk.statuses - before).popitem()[0]

    assert {asked: answer for asked, answer in answers.items() if answer not in ANSWERED} == {}
    assert {answer for (_route, _name, said), answer in answers.items() if said == "a NUL"} == REFUSED
    assert len(answers) > 100


def test_the_walk_notices_an_error(walk, monkeypatch):
    monkeypatch.setattr("rifess.views.home.Home.get_context_data", lambda *args, **kwargs: 1 / 0)

    assert walk.send(Request(world.VISITOR, "/es/")).startswith("ZeroDivisionError")
