"""The search page: what is found, in what order and by whom, and what it says when it cannot answer."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from events.models import Agreement
from members.models import Audience
from rifess.base.limits import too_many
from rifess.portal.search.forms import FacetForm
from rifess.portal.search.results import KINDS, within
from rifess.portal.views.search import PER_MINUTE
from tests.make import (
    make_caption,
    make_consent,
    make_delegate_user,
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("index_follows")]


def search(client, words, in_page="es", **asked):
    return client.get(reverse_in(in_page, "search"), {"q": words, **asked})


def reverse_in(language, name, *args):
    with translation.override(language):
        return reverse(name, args=args)


def found(page):
    return [each.row for each in page.context.get("found", [])]


def counts(page):
    """What each facet offers, with how many."""
    facets = page.context["facets"]
    return {name: facets.fields[name].widget.counts for name in facets.SELECTS} | {"transcript": facets.with_transcript}


def text(page):
    return page.content.decode()


def test_things_come_by_where_the_words_stand_and_then_the_latest_first(client):
    old, new = (make_panel(title="Telares", held_on=date(2024, 9, day)) for day in (5, 6))
    topic = make_topic(name="Telares")
    about = make_document(dated_on=date(2025, 1, 1))
    about.topics.add(topic)
    tells = make_seminar(summary_es="Hubo telares.", starts_on=date(2026, 1, 1), ends_on=None)
    new.topics.add(make_topic())

    assert found(search(client, "telar"))[:4] == [new, old, topic, about]
    assert found(search(client, "telares"))[-1] == tells


def test_a_recording_shows_its_moments_and_each_plays_there(client):
    recording = make_recording(slug="plenaria")
    make_caption(recording, (65, 70, "hablamos de <b>telares</b> & hilos", "Ana"), language="es")

    page = text(search(client, "telares"))

    assert 'href="/es/grabaciones/plenaria/?t=65#play"' in page
    assert "1:05" in page
    assert '<b>Ana:</b> <span lang="es">hablamos de &lt;b&gt;<mark>telares</mark>&lt;/b&gt; &amp; hilos</span>' in page


def test_all_moments_of_a_recording_have_a_page(client):
    recording = make_recording(slug="plenaria")
    make_caption(recording, *((second, second + 9, f"{'palabra ' * 80} telares") for second in range(0, 90, 10)))

    page = text(search(client, "telares"))
    moments = client.get(reverse_in("es", "search-moments", "plenaria"), {"q": "telares"})

    assert page.count("#play") == 3
    assert reverse_in("es", "search-moments", "plenaria") + "?q=telares" in page
    assert text(moments).count("#play") > 3


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_a_word_of_one_language_finds_what_was_said_in_another(client, language):
    recording = make_recording()
    make_caption(recording, (0, 5, "las cooperativas de la región"))

    assert {tuple(found(search(client, word, language))) for word in ("cooperativo", "cooperativas", "cooperative")} == {
        (recording,)
    }


def test_facets_say_how_many_and_narrow_down(client):
    topic = make_topic(name="Tejidos", slug="tejidos")
    panel = make_panel(title="Telares", held_on=date(2024, 9, 5))
    panel.topics.add(topic)
    make_intervention(panel=panel, title_es="Telares", positions=[("Directora", make_institution(country="MX"))])
    other = make_seminar(title="Telares", starts_on=date(2025, 1, 1), ends_on=None)

    page, narrowed = (
        search(client, "telares"),
        search(client, "telares", year="2024", kind="panel", country="MX", topic="tejidos"),
    )

    assert counts(page)["kind"] == {"seminar": 1, "panel": 1, "intervention": 1}
    assert counts(page)["year"] == {"2025": 1, "2024": 2}
    assert counts(page)["country"] == {"MX": 2}
    assert "Tejidos (2)" in text(page) and "México (2)" in text(page)
    assert found(narrowed) == [panel]
    assert other in found(page)
    assert "Tejidos" in text(narrowed).partition('class="applied"')[2]


def test_one_may_ask_for_transcripts_only_and_for_a_language(client):
    with_words = make_recording(title="Telares")
    make_caption(with_words, (0, 1, "hilos"), language="pt-BR")
    make_recording(title="Telares")

    assert found(search(client, "telares", transcript="yes")) == [with_words]
    assert found(search(client, "telares", language="pt-BR")) == [with_words]


def test_results_have_pages_with_addresses(client):
    for _ in range(21):
        make_document(title="Telares")

    first, last, beyond, nonsense = (search(client, "telares", page=page) for page in ("1", "2", "99", "dos"))

    assert [len(found(page)) for page in (first, last, beyond, nonsense)] == [20, 1, 1, 20]
    assert "?q=telares&amp;page=2" in text(first)


def test_nothing_found_offers_what_was_meant_and_a_way_on(client):
    seminar = make_seminar(title="Cooperativas de ahorro")

    page, filtered = search(client, "coperativas"), search(client, "cooperativas", year="1999")

    assert 'q=cooperativas"' in text(page)
    assert found(page) == found(filtered) == []
    assert found(search(client, "cooperativas")) == [seminar]
    assert 'href="?q=cooperativas"' in text(filtered)


def test_before_anything_is_searched_the_page_says_how(client):
    page = client.get(reverse_in("es", "search"))

    assert page.context["words"] == ""
    assert text(page).count('href="?q=') == 4
    assert "noindex" not in text(page)


def test_a_page_of_results_says_what_was_searched_and_stays_out_of_search_engines(client):
    page = text(search(client, "telares", "en"))

    assert "<title>telares: search · RIFESS</title>" in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_topic_leads_to_everything_that_has_it(client):
    topic, panel = make_topic(name="Comercio justo", slug="comercio-justo"), make_panel()
    panel.topics.add(topic)

    (link,) = [each.url for each in search(client, "comercio justo").context["found"] if each.row == topic]

    assert set(found(client.get(link))) == {topic, panel, panel.seminar}


def test_a_hit_by_another_name_shows_that_name(client):
    person = make_person(name="Ana Díaz")
    person.variants.create(name="Anita Palmira")
    make_intervention(person=person)

    page = search(client, "palmira")

    assert "Anita <mark>Palmira</mark>" in [each.snippet for each in page.context["found"] if each.row == person]


@pytest.mark.parametrize("rows", [1, 2])
def test_the_number_of_queries_does_not_grow(client, rows, django_assert_num_queries):
    for _ in range(rows):
        panel = make_panel(title="Telares")
        make_intervention(panel=panel, title_es="Telares", positions=[("Telares", make_institution(name="Telares"))])
        make_caption(make_recording(panel=panel), *((second, second + 1, "telares") for second in range(9)))
        make_document(title="Telares", institution=make_institution(name="Telares")).topics.add(make_topic(name="Telares"))
        make_intervention(panel=panel, person=make_person(name="Telares"))

    with django_assert_num_queries(25):
        page = search(client, "telares")

    assert {each.kind.name for each in page.context["found"]} == set(FOR_EVERYONE)


# Who may find what


SECRET = "xilografia"


def make_secrets(seminar_of=make_seminar, **given):
    """One of each kind with a word that stands nowhere else, all within one seminar."""
    topic = make_topic(name=f"Tema de {SECRET}", slug=f"tema-{SECRET}")
    seminar = seminar_of(title=f"Seminario de {SECRET}", **given)
    panel = make_panel(seminar=seminar, title=f"Panel de {SECRET}", held_on=None)
    panel.topics.add(topic)
    make_intervention(
        panel=panel,
        person=make_person(name=f"Ana {SECRET.title()}"),
        positions=[("Directora", make_institution(name=f"Taller de {SECRET}", country="UY"))],
    )
    recording = make_recording(panel=panel, title=f"Grabación de {SECRET}")
    make_caption(recording, (0, 5, f"la {SECRET} del taller"))
    make_document(title=f"Acta de {SECRET}", seminar=seminar, audience=seminar.audience)
    if seminar.audience in WITHIN:
        Agreement.objects.create(
            number="2026/1",
            dated_on=date(2026, 5, 1),
            title_es=f"Acuerdo de {SECRET}",
            seminar=seminar,
            audience=seminar.audience,
        )
    return recording


def visitor():
    return None


def observer():
    return make_delegate_user("observer")


def member():
    return make_delegate_user("member")


def partner():
    return make_delegate_user("partner")


def secretary():
    return make_secretary()


def enter(client, who):
    if user := who():
        client.force_login(user)
    return client


FOR_EVERYONE = [kind for kind in KINDS if kind != "agreement"]  # agreements never leave the Network
WITHIN = [Audience.MEMBERS, Audience.MEMBERS_AND_OBSERVERS]


@pytest.mark.parametrize(
    ("given", "who", "finds"),
    [
        ({}, visitor, True),
        ({"published_at": None}, visitor, False),
        ({"published_at": None}, member, False),
        ({"published_at": None}, secretary, True),
        ({"audience": Audience.MEMBERS}, visitor, False),
        ({"audience": Audience.MEMBERS}, partner, False),
        ({"audience": Audience.MEMBERS}, observer, False),
        ({"audience": Audience.MEMBERS}, member, True),
        ({"audience": Audience.MEMBERS}, secretary, True),
        ({"audience": Audience.MEMBERS_AND_OBSERVERS}, visitor, False),
        ({"audience": Audience.MEMBERS_AND_OBSERVERS}, make_user, False),
        ({"audience": Audience.MEMBERS_AND_OBSERVERS}, observer, True),
        ({"audience": Audience.SECRETARIAT}, member, False),
    ],
)
def test_each_finds_what_they_may_see_and_no_count_says_that_there_is_more(client, given, who, finds):
    make_secrets(**given)
    client = enter(client, who)

    page = search(client, SECRET)
    suggested = client.get(reverse_in("es", "search-suggestions"), {"q": SECRET[:6]})

    if finds:
        assert counts(page)["kind"] == dict.fromkeys(KINDS if given.get("audience") in WITHIN else FOR_EVERYONE, 1)
        assert SECRET in text(suggested).lower()
    else:
        assert found(page) == []
        assert counts(page) == {"transcript": 0} | {name: {} for name in FacetForm.SELECTS}
        assert SECRET not in text(suggested).lower()
        assert SECRET not in text(search(client, "xilografla")).lower()  # nor is it what was meant


@pytest.mark.parametrize("who", [visitor, member, secretary])
def test_a_facet_asked_for_by_hand_does_not_say_the_name_of_what_is_hidden(client, who):
    make_secrets(published_at=None)
    make_document(title="Acta")

    page = text(search(enter(client, who), "acta", topic=f"tema-{SECRET}"))

    assert (f"Tema de {SECRET}" in page) == (who is secretary)


@pytest.mark.parametrize(("who", "finds"), [(visitor, False), (member, False), (secretary, True)])
@pytest.mark.parametrize("hidden", ["withdrawn", "unpublished", "taken back"])
def test_what_was_said_in_a_recording_that_is_hidden_is_not_found(client, hidden, who, finds):
    seminar = make_seminar(waits_for_consent=True)
    recording = make_recording(seminar=seminar, title="Plenaria", slug="plenaria")
    make_caption(recording, (0, 5, f"la {SECRET} del taller"))
    visible = [found(search(client, SECRET)), client.get(reverse_in("es", "search-moments", "plenaria")).status_code]
    hide(recording, hidden)
    client = enter(client, who)

    page = search(client, SECRET)
    moments = client.get(reverse_in("es", "search-moments", "plenaria"), {"q": SECRET})

    assert visible == [[recording], 200]
    assert found(page) == ([recording] if finds else [])
    assert counts(page)["transcript"] == finds
    assert moments.status_code == (200 if finds else 404)


def hide(recording, how):
    if how == "taken back":
        make_consent(recording, withdrawn_on=date(2024, 10, 1))
    elif how == "withdrawn":
        recording.withdrawn_on = date(2024, 10, 1)
    else:
        recording.published_at = None
    recording.save()


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        (visitor, ["Acta abierta"]),
        (observer, ["Acta abierta", "Acta de la Red"]),
        (member, ["Acta abierta", "Acta de la Red", "Acta de miembros"]),
        (secretary, ["Acta abierta", "Acta de la Red", "Acta de la Secretaría", "Acta de miembros"]),
    ],
)
def test_each_document_is_found_by_its_audience(client, who, titles):
    make_document(title="Acta abierta")
    make_document(title="Acta de la Red", audience=Audience.MEMBERS_AND_OBSERVERS)
    make_document(title="Acta de miembros", audience=Audience.MEMBERS)
    make_document(title="Acta de la Secretaría", audience=Audience.SECRETARIAT)

    page = search(enter(client, who), "acta")

    assert sorted(row.title_es for row in found(page)) == titles
    assert counts(page)["kind"] == {"document": len(titles)}


def test_publishing_lets_be_found_and_hiding_forgets_at_once(client):
    recording = make_secrets(published_at=None)
    seminar = recording.seminar
    before = found(search(client, SECRET))

    seminar.published_at = recording.published_at
    seminar.save()
    between = len(found(search(client, SECRET)))
    seminar.audience = Audience.MEMBERS
    seminar.save()

    assert (before, between, found(search(client, SECRET))) == ([], len(FOR_EVERYONE), [])


def test_every_kind_of_thing_has_its_rule_of_who_may_see_it():
    make_secrets(published_at=None)
    make_membership(institution=make_institution())

    assert {kind: rows.count() for kind, rows in within(AnonymousUser()).items()} == dict.fromkeys(KINDS, 0) | {"institution": 1}


# What cannot be answered


HOSTILE = [
    "x" * 10_000,
    "economía " * 2_000,
    " ",
    "...",
    "?!¿¡;:,",
    '"',
    '"economía social',
    "“economía",
    "-",
    "--economía",
    "-economía",
    '-"economía social"',
    "\x01\x02\x1f\x7f",
    "\r\n\t",
    "AND OR NOT NEAR",
    "NEAR(economía social, 5)",
    "title:economía OR *",
    "economía*",
    "^economía",
    "econ:*",
    "(economía | social) & !ahorro",
    "'; DROP TABLE search_entry; --",
    "%_%",
    "\\",
    "<script>alert(1)</script>",
    "<mark>",
    "{{ words }}",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "经济 合作社",
    "экономика",
    "\u202eaimonoce",
    "a\u0301" * 200,
    "economía " * 14,
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_an_answer_or_a_sentence(client, words):
    recording = make_recording(title="Economía social", slug="economia")
    make_caption(recording, (0, 5, "la economía social"))
    addresses = [reverse_in("es", name) for name in ("search", "search-suggestions")]
    addresses.append(reverse_in("es", "search-moments", "economia"))

    pages = [client.get(address, {"q": words}) for address in addresses]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all("<script>alert" not in text(page) and "<mark></mark>" not in text(page) for page in pages)
    assert is_answered(pages[0])


def is_answered(page):
    """Whether it says results, that there are none, how to search, or what is wrong."""
    said = text(page)
    return any(sign in said for sign in ('id="results"', 'id="how"', 'class="note', "field--error"))


def test_a_text_too_long_is_answered_with_the_bound(client):
    page = search(client, "x" * 10_000, "en")

    assert "Write at most 300 characters: this is 10000." in text(page)


def test_more_than_twelve_words_are_answered_with_a_notice(client):
    assert 'class="note' in text(search(client, " ".join(f"palabra{n}" for n in range(20))))


@pytest.mark.parametrize("facet", ["kind", "year", "topic", "country", "language", "transcript", "page"])
@pytest.mark.parametrize("value", ["x" * 500, "'; --", "-1", "99999999999999999999", "%", "²"])
def test_whatever_a_facet_says_gets_an_answer(client, facet, value):
    make_seminar(title="Telares")

    page = search(client, "telares", **{facet: value})

    assert page.status_code == 200
    assert is_answered(page)


# While typing


def suggested(client, words):
    page = client.get(reverse_in("es", "search-suggestions"), {"q": words})
    return page, [each.row for each in page.context["found"]] if page.context else []


def test_while_typing_the_beginning_of_a_word_is_enough(client):
    person = make_person(name="Jimena Arce")
    make_intervention(person=person)
    seminar = make_seminar(title="Jimenas de la costa")

    page, rows = suggested(client, "jime")

    assert set(rows[:2]) == {person, seminar}
    assert text(page).count('role="option"') == len(rows)
    assert f'data-url="{person.get_absolute_url()}"' in text(page).replace("/en/people", "/es/personas") or person.slug in text(
        page
    )
    assert page["Cache-Control"] == "private, max-age=60"
    assert suggested(client, "ji")[1] == []


def test_whoever_asks_too_often_waits(client):
    for _ in range(PER_MINUTE - 1):
        too_many("suggestions", "127.0.0.1", limit=PER_MINUTE, seconds=60)

    assert [suggested(client, "jimena")[0].status_code for _ in range(2)] == [200, 429]


# Other doors to the search


def test_a_browser_learns_how_to_search_the_portal(client):
    answer = client.get("/opensearch.xml", headers={"accept-language": "pt-BR"})

    assert answer["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    assert f'template="http://testserver{reverse_in("pt-br", "search")}?q={{searchTerms}}"' in text(answer)
    assert "Accept-Language" in answer["Vary"]
    assert 'rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in text(client.get("/es/"))


def test_every_page_has_a_box_and_the_page_not_found_offers_one(client):
    action = f'action="{reverse_in("es", "search")}"'

    assert text(client.get("/es/")).count(action) == 1
    assert text(client.get("/es/no-hay/")).count(action) == 2


def test_a_search_of_long_recordings_names_the_hour(client):
    recording = make_recording(duration=timedelta(hours=2))
    make_caption(recording, (3723, 3730, "telares"))

    assert "1:02:03" in text(search(client, "telares"))
