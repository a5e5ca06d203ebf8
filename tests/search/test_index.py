"""The index written: with what it indexes, or all anew."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from events.models import Topic
from rifess.search.ask import ask
from rifess.search.full_text import MOST_BYTES, MOST_PLACES, MOST_TIMES
from rifess.search.index import BATCH, Moment, Source, Thing, forget, rebuild, write
from rifess.search.models import Concept, Entry, EntryLabel, KnownWord, Passage

pytestmark = pytest.mark.django_db


def make_topics(*names):
    return [Topic.objects.create(name=name) for name in names]


def thing_of(topic):
    """A topic as it is searched: its name is said three times."""
    spoken = [Moment(n, n + 1, f"{topic.name} dicho") for n in range(3)]
    return Thing("topic", topic.pk, topic.name, spoken=spoken, dated_on=date(2024, 1, 1), labels={"topic": [topic.slug]})


def source(topics=None):
    return Source("topic", Topic.objects.all() if topics is None else topics, thing_of)


def found(words):
    return [hit.object_id for hit in ask(words, within={"topic": Topic.objects.all()}).hits]


def rows_of_words():
    """How many rows of words the database keeps, beside entries and beside passages."""
    tables = {"sqlite": ("search_entry_words", "search_passage_words"), "postgresql": ("search_entry", "search_passage")}
    with connection.cursor() as cursor:
        counts = []
        for table in tables[connection.vendor]:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(cursor.fetchone()[0])
    return counts


def test_what_is_written_again_is_found_as_it_is_now():
    [topic] = make_topics("Agua")
    write([thing_of(topic)])
    entry = Entry.objects.get()

    topic.name = "Fuego"
    write([thing_of(topic)])

    assert (found("agua"), found("fuego")) == ([], [topic.pk])
    assert Entry.objects.get() == entry
    assert rows_of_words() == [1, 3]
    assert (EntryLabel.objects.count(), Passage.objects.count()) == (1, 3)


def test_what_is_forgotten_leaves_nothing_behind():
    agua, fuego = make_topics("Agua", "Fuego")
    write(thing_of(topic) for topic in (agua, fuego))

    forget("topic", [agua.pk])

    assert (found("agua"), found("fuego")) == ([], [fuego.pk])
    assert rows_of_words() == [1, 3]
    forget("topic", [fuego.pk])
    assert rows_of_words() == [0, 0]
    assert (EntryLabel.objects.count(), Passage.objects.count()) == (0, 0)


def test_words_go_with_their_entry_even_when_it_is_deleted_in_sql():
    [topic] = make_topics("Agua")
    write([thing_of(topic)])

    with connection.cursor() as cursor:
        for table in ("search_passage", "search_entrylabel", "search_entry"):
            cursor.execute(f"DELETE FROM {table}")

    assert rows_of_words() == [0, 0]


def test_a_change_undone_is_undone_in_the_index_too():
    [topic] = make_topics("Agua")

    with transaction.atomic():
        write([thing_of(topic)])
        transaction.set_rollback(True)

    assert found("agua") == []


def test_the_last_of_two_things_of_one_row_is_kept():
    [topic] = make_topics("Agua")

    write([Thing("topic", topic.pk, "Agua"), Thing("topic", topic.pk, "Fuego")])

    assert (found("agua"), found("fuego")) == ([], [topic.pk])


@pytest.mark.slow
def test_texts_longer_than_a_database_can_hold_are_written():
    [topic] = make_topics("Agua")
    long = " ".join(f"palabra{n}" for n in range(12_000))

    write([Thing("topic", topic.pk, "Agua", people=long, body=long, spoken=[Moment(0, 1, long)])])

    assert found("palabra0") == found('"palabra1 palabra2"') == [topic.pk]


@pytest.mark.slow
def test_phrases_end_alike_where_postgresql_stops_counting():
    many, late = make_topics("Muchas", "Tarde")
    write([Thing("topic", many.pk, "Muchas", body="de sol " * MOST_TIMES + "de luna")])
    write([Thing("topic", late.pk, "Tarde", body="sal " * MOST_PLACES + "agua limpia")])

    assert found('"sol de"') == [many.pk]
    assert found('"de luna"') == []
    assert found('"agua limpia"') == []
    assert found("agua limpia") == [late.pk]
    assert MOST_BYTES * 6 < 2**20


# All anew


def test_rebuilding_writes_what_is_there_and_forgets_what_is_not():
    agua, fuego, gone = make_topics("Agua", "Fuego", "Tierra")
    write([thing_of(gone), Thing("topic", agua.pk, "Antes")])
    gone_pk, _ = gone.pk, gone.delete()

    rebuild([source()])

    assert (found("agua"), found("fuego"), found("antes")) == ([agua.pk], [fuego.pk], [])
    assert not Entry.objects.filter(object_id=gone_pk).exists()


def test_rebuilding_forgets_words_that_stand_nowhere():
    [topic] = make_topics("Agua")
    write([Thing("topic", topic.pk, "Nombre retirado")])

    rebuild([source()])

    assert set(KnownWord.objects.values_list("word", flat=True)) == {"agua", "dicho"}


def test_rebuilding_leaves_other_kinds_alone():
    [topic] = make_topics("Agua")
    write([Thing("person", 7, "Ana")])

    rebuild([source()])

    assert set(Entry.objects.values_list("kind", "object_id")) == {("topic", topic.pk), ("person", 7)}


def test_what_is_not_to_be_searched_is_forgotten():
    [topic] = make_topics("Agua")
    write([thing_of(topic)])

    rebuild([Source("topic", Topic.objects.all(), lambda row: None)])

    assert not Entry.objects.exists()


@pytest.mark.slow
def test_rebuilding_tells_how_far_it_is():
    Topic.objects.bulk_create(Topic(name=f"t{n}", slug=f"t{n}") for n in range(BATCH + 1))
    told = []

    rebuild([source()], report=lambda *words: told.append(words))

    assert told == [("topic", 0, BATCH + 1), ("topic", BATCH, BATCH + 1), ("topic", BATCH + 1, BATCH + 1)]
    assert Entry.objects.count() == BATCH + 1


@pytest.mark.slow
def test_the_command_says_what_it_wrote():
    said = io.StringIO()

    call_command("reindex", stdout=said)
    call_command("reindex", stdout=said)

    assert "topic: 0 in" in said.getvalue()


# The thesaurus


def test_a_concept_joins_the_words_of_the_three_languages():
    [topic] = make_topics("Poupança")
    write([thing_of(topic)])
    Concept.objects.all().delete()
    assert found("ahorros") == []

    Concept.objects.create(es="ahorro", pt_br="poupança", en="savings, nest egg")

    assert found("ahorros") == found("saving") == found("nest eggs") == [topic.pk]
    assert str(Concept.objects.get()) == "ahorro · poupança · savings, nest egg"


@pytest.mark.parametrize("words", [{}, {"es": "agua"}, {"es": "agua, aguas"}, {"es": "…", "en": ","}])
def test_a_concept_joins_at_least_two_words(words):
    with pytest.raises(ValidationError) as refused:
        Concept(**words).full_clean()

    assert refused.value.error_dict["__all__"][0].code == "alone"
