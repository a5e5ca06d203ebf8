"""How well the search finds what a reader would want, over the table of tests/search/cases.py."""

from collections import defaultdict

from django.db import transaction

from rifess.search.ask import ask
from tests.search.cases import CASES
from tests.search.corpus import NAMES, index_all


class Undo(Exception):
    """Ends the transaction, so that the library leaves nothing behind."""


def report():
    marks = defaultdict(list)
    try:
        with transaction.atomic():
            within = index_all()
            for case in CASES:
                marks[case.about].append(measure(case, within))
            raise Undo
    except Undo:
        pass
    print(f"{'what is tried':34} cases  recall  precision")
    marks["all"] = [mark for of_one in marks.values() for mark in of_one]
    for about, of_it in marks.items():
        recall, precision = (sum(values) / len(values) for values in zip(*of_it, strict=True))
        print(f"{about:34} {len(of_it):5}  {recall:6.3f}  {precision:9.3f}")


def measure(case, within):
    """The share of what is wanted that is found, and of what is found that is wanted."""
    found = {NAMES[hit.object_id] for hit in ask(case.query, within=within, per_page=100).hits}
    right = found & case.wanted
    recall = len(right) / len(case.wanted) if case.wanted else 1
    precision = len(right) / len(found) if found else 1
    return recall, precision
