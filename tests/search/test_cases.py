"""The table of cases, on whichever database the tests run: both must find the same, in the same order."""

import pytest

from rifess.search.ask import ask
from tests.search.cases import CASES, UNFINISHED
from tests.search.corpus import NAMES, index_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def found(query, library, **asked):
    return " ".join(NAMES[hit.object_id] for hit in ask(query, within=library, per_page=100, **asked).hits)


@pytest.mark.parametrize("about", dict.fromkeys(case.about for case in CASES))
def test_what_is_asked_is_found_in_order(about):
    library = index_all()

    table = [case for case in CASES if case.about == about]

    assert {case.query: found(case.query, library) for case in table} == {case.query: case.finds for case in table}


def test_an_unfinished_last_word_is_found():
    library = index_all()

    answers = {case.query: found(case.query, library, prefix=True) for case in UNFINISHED}

    assert answers == {case.query: case.finds for case in UNFINISHED}


def test_the_table_is_long_enough_to_mean_something():
    assert len({case.query for case in CASES}) == len(CASES) >= 60
