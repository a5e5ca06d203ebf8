"""The index asked: tiers and order, who may see, facets, moments, suggestions."""

from datetime import date

import pytest

from events.models import Topic
from rifess.search.ask import ask, complete, highlight, moments
from rifess.search.index import Moment, Thing, write
from rifess.search.models import Entry
from rifess.search.query import parse
from tests.search.test_query import HOSTILE

pytestmark = pytest.mark.django_db


def make_thing(number, title="", **given):
    """Something that is found, and a row by which it may be seen."""
    Topic.objects.get_or_create(pk=number, defaults={"name": f"row {number}", "slug": f"row-{number}"})
    write([Thing(**{"kind": "talk", "object_id": number, "title": title} | given)])


def everything(*kinds):
    return {kind: Topic.objects.all() for kind in kinds or ["talk"]}


def numbers(answer):
    return [hit.object_id for hit in answer.hits]


# What is found first


def test_titles_come_first_then_people_then_words_then_other_languages():
    make_thing(1, "Otra", body="organização")
    make_thing(2, "Otra", spoken=[Moment(0, 1, "la organización")])
    make_thing(3, "Otra", people=["organizaciones"])
    make_thing(4, "Organización")

    answer = ask("organización", within=everything())

    assert [(hit.object_id, hit.tier) for hit in answer.hits] == [(4, 1), (3, 2), (2, 3), (1, 4)]


def test_a_tier_needs_all_words():
    make_thing(1, "Agua", people="Ana")
    make_thing(2, "Agua de Ana")
    make_thing(3, "Agua", people="Ana", body="lluvia")

    assert [(hit.object_id, hit.tier) for hit in ask("agua ana", within=everything()).hits] == [(2, 1), (1, 2), (3, 2)]
    assert [(hit.object_id, hit.tier) for hit in ask("agua ana lluvia", within=everything()).hits] == [(3, 3)]


def test_within_a_tier_the_latest_comes_first_and_the_undated_last_then_kinds_as_they_are_given():
    make_thing(1, "Agua", dated_on=date(2020, 1, 1))
    make_thing(2, "Agua", dated_on=date(2024, 1, 1))
    make_thing(3, "Agua")
    make_thing(4, "Agua", kind="person", dated_on=date(2020, 1, 1))
    make_thing(5, "Agua")

    assert numbers(ask("agua", within=everything("talk", "person"))) == [2, 1, 4, 3, 5]
    assert numbers(ask("agua", within=everything("person", "talk"))) == [2, 4, 1, 3, 5]


def test_pages_go_on_where_the_last_ended():
    for number in range(1, 6):
        make_thing(number, "Agua")

    pages = [ask("agua", within=everything(), page=page, per_page=2) for page in (1, 2, 3, 4)]

    assert [numbers(page) for page in pages] == [[1, 2], [3, 4], [5], []]
    assert {page.count for page in pages} == {5}


# Who may see


def test_only_rows_that_may_be_seen_are_found_counted_or_suggested():
    make_thing(1, "Agua clara", labels={"topic": ["agua"]})
    make_thing(2, "Agua secreta", labels={"topic": ["secreto"]})
    visible = {"talk": Topic.objects.filter(pk=1)}

    answer = ask("agua", within=visible)

    assert numbers(answer) == [1]
    assert answer.facets == {"kind": [("talk", 1)], "year": [], "transcript": [], "topic": [("agua", 1)]}
    assert ask("sercreta", within=visible).suggestions == []
    assert ask("sercreta", within=everything()).suggestions == ["secreta"]
    assert complete("secr", within=visible) == []


def test_rows_may_be_told_in_any_way_a_queryset_can():
    make_thing(1, "Agua")
    make_thing(2, "Agua", kind="person")

    rows = {"talk": Topic.objects.none(), "person": Topic.objects.filter(name__contains="row").distinct().order_by("name")}

    assert numbers(ask("agua", within=rows)) == [2]


def test_kinds_that_are_not_asked_for_are_never_answered():
    make_thing(1, "Agua", kind="draft")

    assert numbers(ask("agua", within=everything("talk"))) == numbers(ask("agua", within={})) == []
    assert complete("agua", within={}) == []


# Facets


@pytest.fixture
def shelf():
    make_thing(1, "Agua", dated_on=date(2023, 5, 1), language="es", labels={"topic": ["rio", "mar"]}, has_transcript=True)
    make_thing(2, "Agua", dated_on=date(2024, 5, 1), language="es", labels={"topic": ["rio"]})
    make_thing(3, "Água", dated_on=date(2024, 6, 1), language="pt-BR", labels={"topic": ["mar"], "country": ["BR"]})
    make_thing(4, "Agua", kind="person", labels={"country": ["BR"]})
    make_thing(5, "Fuego", dated_on=date(2024, 6, 1), labels={"topic": ["rio"]})
    return everything("talk", "person")


def test_facets_count_what_is_found(shelf):
    assert ask("agua", within=shelf).facets == {
        "kind": [("talk", 3), ("person", 1)],
        "year": [("2024", 2), ("2023", 1)],
        "transcript": [("yes", 1)],
        "topic": [("mar", 2), ("rio", 2)],
        "language": [("es", 2), ("pt-BR", 1)],
        "country": [("BR", 2)],
    }


def test_values_of_a_facet_are_alternatives_and_facets_add_up(shelf):
    def found(**filters):
        answer = ask("agua", within=shelf, filters=filters)
        assert answer.count == len(answer.hits)
        return sorted(numbers(answer))

    assert found(topic=["rio"]) == [1, 2]
    assert found(topic=["rio", "mar"]) == [1, 2, 3]
    assert found(topic=["mar"], year=["2024"]) == [3]
    assert found(kind=["person"], country=["BR"]) == [4]
    assert found(kind=["talk"], country=["BR"], language=["pt-BR", "es"]) == [3]
    assert found(transcript=["yes"]) == [1]
    assert found(year=["2023", "2024"]) == [1, 2, 3]
    assert found(topic=[]) == [1, 2, 3, 4]


def test_counts_follow_the_other_filters_and_not_their_own(shelf):
    facets = ask("agua", within=shelf, filters={"topic": ["rio"], "year": ["2024"]}).facets

    assert facets["topic"] == [("mar", 1), ("rio", 1)]
    assert facets["year"] == [("2024", 1), ("2023", 1)]
    assert facets["language"] == [("es", 1)]
    assert facets["kind"] == [("talk", 1)]


def test_a_chosen_value_that_finds_nothing_stays_to_be_taken_back(shelf):
    answer = ask("agua", within=shelf, filters={"topic": ["luna"], "year": ["x", "2024", "9" * 30]})

    assert answer.count == 0
    assert answer.facets["topic"][-1] == ("luna", 0)
    assert answer.suggestions == []


@pytest.mark.parametrize("value", ["\0", "'", "x" * 10_000, "²", "-1"])
def test_no_value_of_a_filter_is_an_error(shelf, value):
    for facet in ("kind", "year", "topic", "transcript", "nothing", value):
        assert ask("agua", within=shelf, filters={facet: [value]}).count == 0


@pytest.mark.parametrize("rows", [1, 12])
def test_the_number_of_queries_does_not_grow_with_what_is_found(rows, django_assert_max_num_queries):
    for number in range(1, rows + 1):
        make_thing(number, "Agua", spoken=[Moment(0, 1, "agua y sal")], labels={"topic": ["rio"]})

    with django_assert_max_num_queries(9):
        assert ask("agua sal", within=everything()).count == rows


# Moments


def test_a_hit_shows_its_best_moments_in_the_order_in_which_they_are_said():
    texts = ["nada", "agua", "sal", "agua y sal", "agua", "agua con sal"]
    make_thing(1, "Una", spoken=[Moment(n * 1000, n * 1000 + 1000, text, "Ana", "es") for n, text in enumerate(texts)])

    [hit] = ask("agua sal", within=everything()).hits

    assert [(moment.start, moment.text) for moment in hit.moments] == [
        (1000, "<mark>agua</mark>"),
        (3000, "<mark>agua</mark> y <mark>sal</mark>"),
        (5000, "<mark>agua</mark> con <mark>sal</mark>"),
    ]
    assert (hit.moments[0].end, hit.moments[0].speaker, hit.moments[0].language) == (2000, "Ana", "es")


def test_of_passages_that_overlap_one_is_shown():
    make_thing(1, "Una", spoken=[Moment(0, 2000, "agua"), Moment(1000, 3000, "agua"), Moment(2000, 4000, "agua")])

    [hit] = ask("agua", within=everything()).hits

    assert [moment.start for moment in hit.moments] == [0, 2000]


def test_words_of_one_thought_are_found_across_passages_and_phrases_inside_one():
    make_thing(1, "Una", spoken=[Moment(0, 1, "el agua limpia"), Moment(1, 2, "de la montaña")])

    assert numbers(ask("agua montaña", within=everything())) == [1]
    assert numbers(ask('"agua limpia"', within=everything())) == [1]
    assert numbers(ask('"limpia de la montaña"', within=everything())) == []


def test_a_moment_begins_where_the_word_is_said_and_not_where_its_passage_begins():
    said = Moment(0, 40_000, "primero la sal y luego el agua", clock=((0, 0), (15, 12_500)))
    make_thing(1, "Una", spoken=[said])

    [hit], [moment] = ask("agua", within=everything()).hits, moments("agua", kind="talk", object_id=1)

    assert [each.start for each in hit.moments] == [12_500] == [moment.start]
    assert [each.start for each in ask("sal", within=everything()).hits[0].moments] == [0]


def test_of_what_is_said_in_two_languages_at_once_the_preferred_one_is_shown():
    make_thing(1, "Una", spoken=[Moment(0, 9, "crédito", language="es"), Moment(1, 9, "crédito", language="pt-BR")])

    for language in ("es", "pt-BR"):
        [hit] = ask("crédito", within=everything(), prefer=language).hits
        said = moments("crédito", kind="talk", object_id=1, prefer=language)
        assert [each.language for each in (*hit.moments, *said)] == [language, language]


def test_a_moment_in_two_passages_that_overlap_is_told_once():
    both = "sal y agua"
    spoken = [Moment(0, 20, both, clock=((0, 0), (4, 9))), Moment(9, 30, "agua y tierra", clock=((0, 9), (7, 21)))]
    make_thing(1, "Una", spoken=spoken)

    assert [moment.start for moment in moments("agua", kind="talk", object_id=1)] == [9]


def test_all_moments_of_one_thing():
    make_thing(1, "Una", spoken=[Moment(n, n + 1, "agua" if n % 2 else "sal") for n in range(8)])
    make_thing(2, "Otra", spoken=[Moment(0, 1, "agua")])

    assert [moment.start for moment in moments("agua", kind="talk", object_id=1)] == [1, 3, 5, 7]
    assert [moment.start for moment in moments("agua", kind="talk", object_id=1, limit=2)] == [1, 3]
    assert moments("", kind="talk", object_id=1) == moments("agua", kind="talk", object_id=9) == []


@pytest.mark.slow
def test_a_very_long_page_has_its_moments_too():
    Topic.objects.bulk_create(Topic(pk=number, name=f"row {number}", slug=f"row-{number}") for number in range(1, 521))
    write(Thing("talk", number, "Una", spoken=[Moment(0, 1, "agua")]) for number in range(1, 521))

    hits = ask("agua", within=everything(), per_page=1000).hits

    assert [len(hit.moments) for hit in hits] == [1] * 520


@pytest.mark.slow
def test_a_phrase_is_found_late_in_a_very_long_transcript():
    words = "palabra " * 70 + "siguiente"
    spoken = [Moment(n * 30_000, n * 30_000 + 30_000, f"{words} numero{n}") for n in range(300)]
    make_thing(1, "Larga", spoken=[*spoken, Moment(9_000_000, 9_030_000, "y al final el agua limpia")])

    [hit] = ask('"agua limpia"', within=everything()).hits

    assert [moment.start for moment in hit.moments] == [9_000_000]


# Marks


@pytest.mark.parametrize(
    "text, words, shown",
    [
        ("Cooperativas & más", "cooperativa", "<mark>Cooperativas</mark> &amp; más"),
        ("A organização", "organización", "A <mark>organização</mark>"),
        ("la economía social", '"economia social"', "la <mark>economía social</mark>"),
        ("social, la economía", '"economia social"', "social, la economía"),
        ("<script>agua</script>", "agua", "&lt;script&gt;<mark>agua</mark>&lt;/script&gt;"),
        ("cafe\u0301 caliente", "café", "<mark>café</mark> caliente"),
        ("nada", "agua", "nada"),
        ("", "agua", ""),
    ],
)
def test_what_was_asked_is_marked_in_any_form(text, words, shown):
    assert highlight(text, parse(words)) == shown


def test_an_unfinished_word_is_marked_whole():
    assert highlight("cooperativas de ahorro", parse("coope", prefix=True)) == "<mark>cooperativas</mark> de ahorro"


def test_a_snippet_is_cut_where_most_marks_stand():
    text = " ".join(["uno"] * 50 + ["agua", "y", "sal"] + ["dos"] * 50)

    shown = highlight(text, parse("agua sal"), around=12)

    assert shown == "…uno uno <mark>agua</mark> y <mark>sal</mark> dos dos dos dos dos dos dos…"
    assert highlight(text, parse("nada"), around=3) == "uno uno uno…"


def test_words_of_the_thesaurus_are_marked():
    make_thing(1, "Una", spoken=[Moment(0, 1, "Fair trade began with coffee.")])

    [hit] = ask("comercio justo", within=everything()).hits

    assert hit.tier == 4
    assert [moment.text for moment in hit.moments] == ["<mark>Fair trade</mark> began with coffee."]


# Suggestions, and while typing


def test_half_a_word_is_completed_when_it_finds_nothing():
    make_thing(1, "Cooperativas de vivienda")

    assert ask("cooperat", within=everything()).suggestions == ["cooperativas"]
    assert ask("cooperat de vivienda", within=everything()).suggestions == ["cooperativas de vivienda"]


@pytest.mark.parametrize(
    "words, suggested",
    [
        ("cooperatva", ["cooperativa"]),
        ("Coopreativa", ["cooperativa"]),
        ("econmía", ["economía"]),
        ("cooperatva del agua", ["cooperativa del agua"]),
        ('"cooperatva de agua"', ['"cooperativa de agua"']),
        ("agua xilófono", []),
        ("agua economía", []),
        ("agu", []),
    ],
)
def test_misspelt_words_are_corrected_to_what_is_found(words, suggested):
    make_thing(1, "Cooperativa de agua")
    make_thing(2, "Economía")

    assert ask(words, within=everything()).suggestions == suggested


def test_while_typing_titles_come_before_people():
    make_thing(1, "Otra", people="Quispe")
    make_thing(2, ["Quispe", "Quispe, in English"])
    make_thing(3, "Otra", body="quispe")

    assert [(hit.object_id, hit.title) for hit in complete("quis", within=everything())] == [(2, "Quispe"), (1, "Otra")]
    assert complete("", within=everything()) == []


# Nothing is an error


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:30]))
def test_whatever_is_typed_has_an_answer(text):
    make_thing(1, "Agua", people="title near", spoken=[Moment(0, 1, "agua y tierra")])

    answer = ask(text, within=everything(), prefix=True)

    assert answer.count == len(answer.hits)
    assert len(complete(text, within=everything())) <= 1
    assert len(moments(text, kind="talk", object_id=1)) <= 1


@pytest.mark.slow
def test_what_is_written_may_be_anything_too():
    for number, text in enumerate(HOSTILE, 1):
        make_thing(number, [text, text], people=text, body=text * 2, spoken=[Moment(0, 1, text)])

    assert Entry.objects.count() == len(HOSTILE)
    assert ask("agua", within=everything()).count > 5
