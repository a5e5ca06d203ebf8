"""How lines chosen by their number became options chosen by their key, and the way back."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE, AFTER = "0018_reminders_not_sent_in_time", "0021_answers_are_chosen_by_key_only"


def go_to(name):
    """Migrate the room to `name`; the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate([("events", name)])
    return MigrationExecutor(connection).loader.project_state([("events", name)]).apps.get_model


@pytest.fixture
def before():
    yield go_to(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "events"])


def test_what_was_chosen_by_number_is_chosen_by_key_and_comes_back(before):
    day = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 2)}
    seminar = before("events", "Seminar").objects.create(slug="s", title="S", title_es="S", audience="everyone", **day)
    registration = before("events", "Registration").objects.create(seminar=seminar, email="ana@example.org", code="A-1")
    lines = {"options": "Uno\n\nTres", "options_es": "Uno\n\nTres", "options_pt_br": "Um\n\nTrês\nQuatro", "options_en": "One"}
    make = before("events", "RegistrationQuestion").objects.create
    question = make(seminar=seminar, kind="several", text="¿?", text_es="¿?", **lines)
    free = make(seminar=seminar, kind="text", text="¿Qué?", text_es="¿Qué?")
    answer = before("events", "RegistrationAnswer").objects.create
    given = answer(registration=registration, question=question, chosen=[3, 1, 9]).pk
    answer(registration=registration, question=free, text="Nada")
    waiting = [[question.pk, "", [3]], [free.pk, "Algo", []]]
    before("events", "RegistrationAttempt").objects.create(registration=registration, answers=waiting)

    now = go_to(AFTER)
    options = now("events", "RegistrationOption").objects.order_by("position")
    rows = [(each.text_es, each.text_pt_br, each.text_en) for each in options]
    found = now("events", "ChosenOption").objects.order_by("option__position")
    chosen = [*found.values_list("answer", "option__text_es")]
    waits = now("events", "RegistrationAttempt").objects.get().answers
    third = options.get(text_es="Tres").pk
    then = go_to(BEFORE)

    assert rows == [("Uno", "Um", "One"), ("Tres", "Três", None), ("Quatro", "Quatro", None)]
    assert chosen == [(given, "Uno"), (given, "Tres")]
    assert waits == [[question.pk, "", [third]], [free.pk, "Algo", []]]
    back = then("events", "RegistrationQuestion").objects.get(pk=question.pk)
    assert (back.options_es, back.options_pt_br, back.options_en) == ("Uno\nTres\nQuatro", "Um\nTrês\nQuatro", "One")
    assert [each.chosen for each in then("events", "RegistrationAnswer").objects.order_by("pk")] == [[1, 2], []]
    assert then("events", "RegistrationAttempt").objects.get().answers == [[question.pk, "", [2]], [free.pk, "Algo", []]]
