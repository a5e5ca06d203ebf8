"""A migration that adds a constraint names the rows in its way."""

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.db import connection
from django.db.models import Q

from events.models import LetterTold
from rifess.base.database.row_checks import refuse_repeated, refuse_rows
from tests.make import make_coming_seminar, make_registration

pytestmark = pytest.mark.django_db


class Editor:
    connection = connection


def test_rows_that_break_a_new_constraint_are_named_and_others_are_not():
    people = [make_registration(make_coming_seminar(), country=country) for country in ("UY", "MX", "UY")]
    operation = refuse_rows("events", "registration", Q(country="UY"), "No one comes from Uruguay.")

    with pytest.raises(CommandError, match=f"events.registration are in the way: {people[0].pk}, {people[2].pk}[.]"):
        operation.code(apps, Editor)
    assert refuse_rows("events", "registration", Q(country="CL"), "No one comes from Chile.").code(apps, Editor) is None


def test_rows_that_repeat_each_other_are_named():
    registration = make_registration(make_coming_seminar())
    rows = [LetterTold.objects.create(registration=registration, kind="x", about=about) for about in ("1", "2")]
    LetterTold.objects.create(registration=registration, kind="y", about="1")
    operation = refuse_repeated("events", "lettertold", ["registration", "kind"], "Each kind is told once.")

    with pytest.raises(CommandError, match=f"^Each kind is told once.* in the way: {rows[0].pk}, {rows[1].pk}[.]"):
        operation.code(apps, Editor)
    assert refuse_repeated("events", "lettertold", ["kind", "about"], "…", among=Q(kind="x")).code(apps, Editor) is None
