"""Nothing that is asked or sent ends in an error of the portal's own: the short run of `make fuzz`, and a table of parameters."""

from urllib.parse import quote, urlencode

import pytest

from tests.fuzz import world
from tests.fuzz.addresses import filled, names_in
from tests.fuzz.walk import Request, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("history_follows")]
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
                answers[route, name, said] = answer_of(walk, f"/{route}?{query}")

    assert {asked: answer for asked, answer in answers.items() if answer not in ANSWERED} == {}
    assert {answer for (_route, _name, said), answer in answers.items() if said == "a NUL"} == REFUSED
    assert len(answers) > 100


def test_the_walk_notices_an_error(walk, monkeypatch):
    monkeypatch.setattr("rifess.portal.views.home.Home.get_context_data", lambda *args, **kwargs: 1 / 0)

    assert walk.send(Request(world.VISITOR, "/es/")).startswith("ZeroDivisionError")


OFTEN_ASKED = ("page", "t", "lang", "zone", "format")  # asked together, besides what the links and forms of a page name
PARTS = {"thirty digits": "9" * 30, "a lone surrogate": "%ED%A0%80", "nonsense": "%C2%B2%27%22%3E", "a NUL": "a%00b"}


def public_routes_with_parts(walk):
    return [route for route in walk.known.routes if names_in(route) and "admin/" not in route]


def test_each_parameter_of_each_page_of_one_thing_is_answered_or_refused(walk):
    """Seminars, recordings, feeds, calendars, signed links: asked as visitors and people with a link may."""
    values = {said: quote(value) for said, value in ASKED.items()} | {"a lone surrogate": "%ED%A0%80", "doubled": "1&{}=2"}
    answers = {}

    for route in public_routes_with_parts(walk):
        for address in walk.known.addresses[route][:1]:
            walk.send(Request(world.VISITOR, address))
            for names in [OFTEN_ASKED, *((name,) for name in walk.known.queries[route])]:
                for said, value in values.items():
                    query = "&".join(f"{name}={value.format(name)}" for name in names)
                    answers[route, names, said] = answer_of(walk, f"{address}?{query}")

    assert {asked: answer for asked, answer in answers.items() if answer not in ANSWERED} == {}
    assert {answer for (_route, _names, said), answer in answers.items() if said == "a NUL"} == REFUSED
    assert len({route for route, _names, _said in answers}) > 25


def test_each_part_of_each_address_may_be_anything(walk):
    """One part at a time: the others are those of a thing that is there."""
    answers = {}

    for route in public_routes_with_parts(walk):
        for hostile in dict.fromkeys(names_in(route)):
            for said, value in PARTS.items():
                address = filled(route, lambda name, hostile=hostile, value=value: value if name == hostile else met(walk, name))
                answers[route, hostile, said] = answer_of(walk, address)

    assert {asked: answer for asked, answer in answers.items() if answer not in ANSWERED | {405}} == {}
    assert {answer for (_route, _part, said), answer in answers.items() if said == "a NUL"} == REFUSED
    assert len(answers) > 200


def met(walk, name):
    return walk.known.values[name][0] if walk.known.values[name] else "1"


def answer_of(walk, address):
    """The status of the answer, or the error in words."""
    before = walk.statuses.copy()
    return walk.send(Request(world.VISITOR, address)) or (walk.statuses - before).popitem()[0]
