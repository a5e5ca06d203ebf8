"""Rows that are written many at a time leave what saved ones leave: addresses, the history, the search index."""

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from events.models import Intervention, Panel
from members.models import Person
from recordings.models import Recording
from rifess.base.admin.history import entries_of, happenings
from rifess.base.database.bulk import create_all, link_all
from rifess.base.models import Language
from rifess.search.models import Entry
from tests.make import make_panel, make_person, make_recording, make_secretary, make_seminar, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_follows"), pytest.mark.usefixtures("history_follows")]


def history(row):
    """What people read about a row, but for its address and its permanent key, which no two rows share."""
    return [
        (each.who, each.verb, each.what, [change for change in each.changes if change.name not in ("Address", "Permanent key")])
        for each in happenings(entries_of(row))
    ]


def searched(row):
    """What the index says of a row."""
    entry = Entry.objects.get(kind=row._meta.model_name, object_id=row.pk)
    return entry.titles, entry.dated_on, set(entry.labels.values_list("facet", "value"))


def test_rows_written_at_once_leave_what_saved_ones_leave():
    panel, person, topic, spanish = make_panel(), make_person(), make_topic(), Language.objects.get(pk="es")
    given = {
        Person: {"name": "Ana Díaz"},
        Panel: {"seminar": panel.seminar, "title_es": "Mutuales", "summary_en": "Mutuals"},
        Intervention: {"panel": panel, "person": person, "title_es": "Crédito"},
        Recording: {"seminar": panel.seminar, "panel": panel, "title_es": "Apertura"},
    }
    lists = {Panel: (Panel.topics, topic), Recording: (Recording.languages, spanish)}

    with set_actor(make_secretary(name="Sonia Ruiz")), override("en"):
        for model, values in given.items():
            saved, at_once = model(**values), model(**values)
            saved.save()
            create_all(model, [at_once])
            if model in lists:
                field, other = lists[model]
                getattr(saved, field.field.name).set([other])
                link_all(field, {at_once: [other]})

            assert history(saved) == history(at_once) != []
            assert {who for who, *_rest in history(at_once)} == {"Sonia Ruiz"}
            assert searched(saved) == searched(at_once)


def test_each_row_gets_an_address_of_its_own_beside_those_that_are_there():
    make_person(name="Ana Díaz")
    rows = [Person(name="Ana Díaz") for _ in range(10)] + [Person(name="Beto Gil"), Person(name="Otra", slug="elegida")]

    create_all(Person, rows)

    assert [row.slug for row in rows] == [f"ana-diaz-{number}" for number in range(2, 12)] + ["beto-gil", "elegida"]
    assert Person.objects.filter(slug__in=[row.slug for row in rows]).count() == 12


def test_an_address_is_unique_within_its_parent_only():
    one, other = make_seminar(), make_seminar()
    rows = [Panel(seminar=seminar, title_es="Apertura") for seminar in (one, other, one)]

    create_all(Panel, rows)

    assert [row.slug for row in rows] == ["apertura", "apertura", "apertura-2"]


def test_many_rows_ask_as_many_questions_as_one():
    def asked(count):
        panel, people = make_panel(), [Person(name=f"Ana {number}") for number in range(count)]
        with CaptureQueriesContext(connection) as questions:
            create_all(Person, people)
            create_all(Intervention, [Intervention(panel=panel, person=person) for person in people])
        return len(questions)

    assert asked(30) == asked(3)


def test_rules_between_rows_and_of_the_database_hold_for_all_or_none():
    there, elsewhere = make_recording(), make_panel()
    good = Recording(seminar=there.seminar, title_es="Buena")
    before = LogEntry.objects.count()

    with pytest.raises(ValidationError):
        create_all(Recording, [good, Recording(seminar=there.seminar, panel=elsewhere, title_es="De otro seminario")])
    with pytest.raises(IntegrityError):
        create_all(Recording, [good, Recording(seminar=there.seminar, title_es="Otra", slug=there.slug)])

    assert (Recording.objects.count(), LogEntry.objects.count()) == (1, before)
