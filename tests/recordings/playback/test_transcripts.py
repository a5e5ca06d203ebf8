"""What was said, beside the player: whole, in the language asked for, and by whom."""

import re
from datetime import date
from gzip import compress

import pytest
from django.utils import translation

from recordings.models import CaptionKind
from recordings.playback.moments import Span
from recordings.playback.transcripts import transcript_of
from tests.make import make_caption, make_clip, make_intervention, make_panel, make_person, make_recording

pytestmark = pytest.mark.django_db
YOUTUBE = "https://youtu.be/dQw4w9WgXcQ"
PAGE = 19  # queries
SAID = [
    (0.5, 2, "Buenos días.", "Ana Ruiz"),
    (2, 4, "Hablamos de compras\npúblicas.", "Ana Ruiz"),
    (4.2, 5, "Gracias, Ana.", "Luis Paz"),
    (4.8, 6, "De nada.", "Ana Ruiz"),
]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(response):
    return response.content.decode()


def read(transcript):
    return [(str(part.span), part.speaker, [(line.second, line.words) for line in part.lines]) for part in transcript.paragraphs]


def test_a_paragraph_is_what_one_says_and_names_who_begins_to_speak():
    recording = make_recording()
    make_caption(recording, *SAID)

    assert read(transcript_of(recording)) == [
        ("0,4", "Ana Ruiz", [(0, "Buenos días."), (2, "Hablamos de compras públicas.")]),
        ("4,5", "Luis Paz", [(4, "Gracias, Ana.")]),
        ("4,6", "Ana Ruiz", [(4, "De nada.")]),
    ]


def test_a_pause_begins_a_paragraph_without_naming_the_same_speaker_again():
    recording = make_recording()
    make_caption(recording, (0, 2, "Uno.", "Ana"), (9, 11, "Dos.", "Ana"))

    assert [(str(part.span), part.speaker) for part in transcript_of(recording).paragraphs] == [("0,2", "Ana"), ("9,11", "")]


def test_each_second_is_linked_to_once(client):
    recording = make_recording()
    make_caption(recording, *SAID)

    page = words(client.get(recording.get_absolute_url()))

    assert re.findall(r'id="t(\d+)"', page) == ["0", "2", "4"]
    assert re.findall(r'<a class="ts" href="([^"]*)"', page) == ["?t=0#play", "?t=4#play", "?t=4#play"]
    assert f'href="{recording.get_permanent_url()}?t=0,4"' in page


def test_without_captions_there_is_no_transcript(client):
    recording = make_recording(url=YOUTUBE)

    assert transcript_of(recording) is None
    assert "transcript" not in words(client.get(recording.get_absolute_url())).replace("transcription", "")


# Which language


@pytest.fixture
def interpreted():
    recording = make_recording()
    for language, kind in [
        ("en", CaptionKind.TRANSLATION),
        ("pt-BR", CaptionKind.TRANSLATION),
        ("pt-BR", CaptionKind.INTERPRETATION),
        ("es", CaptionKind.FLOOR),
    ]:
        make_caption(recording, (0, 1, f"{language} {kind}"), language=language, kind=kind)
    return recording


@pytest.mark.parametrize(
    ("page", "asked", "given"),
    [
        ("es", "", "es floor"),
        ("en", "", "en translation"),
        ("pt-br", "", "pt-BR interpretation"),
        ("es", "pt-BR", "pt-BR interpretation"),
        ("es", "pt-br", "pt-BR interpretation"),
        ("es", "pt-BR.translation", "pt-BR translation"),
        ("pt-br", "es", "es floor"),
        ("es", "fr", "es floor"),
        ("es", '"><script>', "es floor"),
    ],
)
def test_one_reads_the_language_asked_for_or_the_pages_or_the_floors(interpreted, page, asked, given):
    with translation.override(page):
        transcript = transcript_of(interpreted, asked)

    assert [line.words for part in transcript.paragraphs for line in part.lines] == [given]
    assert transcript.word == (asked if asked.lower() in {"pt-br.translation", "es"} else given.split()[0])
    assert [word for _caption, word in transcript.choices] == ["es", "pt-BR", "en", "pt-BR.translation"]


def test_the_floor_is_read_where_the_page_has_no_language_of_its_own():
    recording = make_recording()
    make_caption(recording, (0, 1, "traduit"), language="fr", kind=CaptionKind.TRANSLATION)
    make_caption(recording, (0, 1, "dicho"), language="es")

    assert transcript_of(recording).caption.language == "es"


def test_the_page_marks_the_language_of_the_words_and_offers_the_others_at_the_same_second(client, interpreted):
    page = words(client.get(interpreted.get_absolute_url(), {"lang": "pt-BR", "t": "90"}))

    assert '<p lang="pt-BR"><span id="t0">pt-BR interpretation</span>' in page
    assert re.search(r'href="\?lang=es&amp;t=90#transcript" data-keep>Spanish', page)
    assert re.search(r'data-keep aria-current="true">Portuguese', page)
    assert 'href="?lang=pt-BR&amp;t=0#play"' in page


def test_each_paragraph_plays_from_its_second_and_keeps_what_else_was_asked_for(client):
    recording = make_recording()
    make_caption(recording, *SAID)

    page = words(client.get(recording.get_absolute_url(), {"t": "2,5", "lang": "es", "q": '"><script>'}))

    played = re.findall(r'<a class="ts" href="([^"]*)" aria-label="([^"]*)">([^<]*)', page)
    asked = "?lang=es&amp;q=%22%3E%3Cscript%3E&amp;t="
    assert played == [(f"{asked}{second}#play", f"Play from 0:0{second}", f"0:0{second}") for second in (0, 4, 4)]
    assert page.count('aria-label="Link to the passage at 0:04"') == 2


# Where it comes from


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"origin": "machine"}, "What was said, made by a machine. No one has reviewed it yet."),
        (
            {"origin": "machine", "reviewed_by": "Ana Ruiz", "reviewed_on": date(2025, 3, 1)},
            "What was said, made by a machine. Reviewed by Ana Ruiz on 1 March 2025.",
        ),
        ({"origin": "official"}, "What was said, the official record.</p>"),
        ({"origin": "person", "kind": "translation"}, "A translation, written by a person.</p>"),
        ({"origin": "person", "kind": "interpretation"}, "What the interpreters said, written by a person.</p>"),
    ],
)
def test_readers_are_told_who_made_it(client, given, said):
    recording = make_recording()
    make_caption(recording, (0, 1, "Hola"), **given)

    assert said in words(client.get(recording.get_absolute_url()))


def test_a_speaker_is_the_person_heard_who_alone_has_that_name(client):
    panel = make_panel()
    recording = make_recording(panel=panel)
    hector, one, other, elsewhere = (make_person(name=name) for name in ("Héctor Dada", "Ana Paz", "Ana Paz", "Luis Sol"))
    for person in (one, other):
        make_intervention(panel=panel, person=person)
    make_intervention(panel=panel, person=hector, name_as_printed="Héctor Dada Sánchez")
    make_intervention(person=elsewhere)
    make_caption(
        recording, (0, 1, "a", "HECTOR DADA"), (1, 2, "b", "Ana Paz"), (2, 3, "c", "Luis Sol"), (3, 4, "d", "Hector Dada Sánchez")
    )

    people = [(part.speaker, part.person) for part in transcript_of(recording).paragraphs]

    assert people == [("HECTOR DADA", hector), ("Ana Paz", None), ("Luis Sol", None), ("Hector Dada Sánchez", hector)]
    assert f'<b><a href="{hector.get_absolute_url()}">HECTOR DADA</a></b>' in words(client.get(recording.get_absolute_url()))


# Passages


def test_the_lines_of_a_passage_are_marked_as_they_arrive(client):
    recording = make_recording()
    make_caption(recording, (0, 2, "Uno"), (2, 4, "Dos"), (4, 6, "Tres"), (6, 8, "Cuatro"))

    cited = [line.words for part in transcript_of(recording, span=Span(2, 5)).paragraphs for line in part.lines if line.is_cited]
    page = words(client.get(recording.get_absolute_url(), {"t": "2,5"}))

    assert cited == ["Dos", "Tres"]
    assert re.findall(r'class="cited">(\w+)<', page) == ["Dos", "Tres"]
    assert f'{recording.get_permanent_url()}?t=2,5"' in page
    assert "cited" not in words(client.get(recording.get_absolute_url(), {"t": "2"}))


def test_hostile_words_are_words(client):
    recording = make_recording()
    make_caption(recording, (0, 1, "</p><script>alert(1)</script>", "<b onclick=alert(1)>"))

    page = words(client.get(recording.get_absolute_url()))

    assert "alert(1)" in page and "<script>alert" not in page and "<b onclick" not in page


# What it costs


def speech(number):
    return [
        (5 * each, 5 * each + 4.9, f"Palabras de la línea {each} sobre economía social y solidaria", "Ana")
        for each in range(number)
    ]


@pytest.mark.parametrize("number", [1, pytest.param(300, marks=pytest.mark.slow)])
def test_the_page_asks_as_many_questions_however_much_is_said(client, django_assert_num_queries, number):
    recording = make_recording(url=YOUTUBE, panel=make_panel())
    make_caption(recording, *speech(number))
    for each in range(number):
        make_clip(recording, make_intervention(panel=recording.panel), start=each)

    with django_assert_num_queries(PAGE):
        client.get(recording.get_absolute_url())


@pytest.mark.slow
def test_a_transcript_of_hours_is_light(client):
    recording = make_recording(url=YOUTUBE)
    make_caption(recording, *speech(2_400))

    page = client.get(recording.get_absolute_url()).content

    said = len(" ".join(text for _start, _end, text, _who in speech(2_400)).encode())
    assert len(re.findall(rb'<span id="t\d+">', page)) == 2_400
    assert len(page) < said * 3
    assert len(compress(page)) < 60_000
