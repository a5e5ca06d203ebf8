"""Every page is opened and every form sent, on both databases: so each statement of theirs meets PostgreSQL at least once.

What pages say and do is tested on SQLite only (docs/adr/0053), where their tests do not say otherwise.
"""

import pytest

from tests.fuzz import world
from tests.fuzz.walk import Request, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("history_follows")]


def test_every_page_that_is_there_answers_and_every_form_can_be_sent():
    walk = Walk(world.build(), seed=1)

    errors = {str(request): walk.send(request) for each in (pages, forms) for request in each(walk)}

    assert {request: error for request, error in errors.items() if error} == {}
    assert walk.statuses[200] > 300


def pages(walk):
    """The first address of each route, as each role: of the desk's only as the secretariat, for it sends all others away."""
    seen = set()
    while new := [route for route in walk.known.routes if walk.known.addresses[route] and route not in seen]:
        seen.update(new)  # and the pages that these lead to come next
        for route in new:
            for role in [world.SECRETARY] if "/admin/" in route else world.ROLES:
                yield Request(role, walk.known.addresses[route][0])


def forms(walk):
    for (role, *_what), form in sorted(walk.forms.items()):
        yield walk.filled_in(role, form)
