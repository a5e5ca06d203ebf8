"""What the cues of a file say, and who says it: plain words, each once."""

from itertools import accumulate, pairwise

import pytest
from django.utils import translation

from recordings.captions import Cue, read
from recordings.captions.writing import clock
from tests.recordings.captions.test_captions import FIRST, HEADER, cues_of, file_of


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def said_in(text):
    """The words of one WebVTT cue."""
    return [cue.text for cue in cues_of(HEADER + FIRST + text)]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("R&amp;D &lt;b&gt; a&nbsp;b &lrm;&rlm; &#8212; &#x20AC; &eacute;", "R&D <b> a\xa0b \u200e\u200f — € é"),
        ("&amp;amp; &amp;lt;", "&amp; &lt;"),
        ("AT&T &am &nope; &notit; &", "AT&T &am &nope; &notit; &"),
        ("<i>a</i> <b.fuerte>b</b> <u>c</u> <c.azul.grande>d</c> <lang pt-BR>e</lang>", "a b c d e"),
        ("<ruby>漢<rt>kan</rt></ruby>", "漢kan"),
        ("<00:00:01.500>uno <00:02.000>dos", "uno dos"),
        ('<font color="yellow">hola</font><br/>adiós', "hola\nadiós"),
        ("<risas> sí </x>", "sí"),
        ("si x < 3 y 5 > y, o i<n", "si x < 3 y 5 > y, o i<n"),
        ("escriba a <ana@example.org>", "escriba a <ana@example.org>"),
        ("con\x0bsalto,  nulo\0, \x07 campana", "con salto, nulo, campana"),
        ("-->", "-->"),
        ("&#13;&#0;&#xD800;a", "\ufffd\ufffda"),
    ],
)
def test_words_are_plain_and_decoded_once(written, read_as):
    assert said_in(written) == [read_as]


def test_signs_of_substation_go_from_srt():
    assert cues_of("1\n00:00:01,000 --> 00:00:04,000\n{\\an8}<i>arriba</i> {así}") == [Cue(1000, 4000, "arriba {así}")]


# Speakers


def test_voices_are_speakers_and_each_has_a_cue():
    file = HEADER + FIRST + "<v.fuerte Ana Ruiz>Buenos días.</v> (aplausos)\n<v João &amp; Bia>Bom dia.\n<v Ana Ruiz>¿Sí?"

    assert cues_of(file) == [
        Cue(1000, 4000, "Buenos días.", "Ana Ruiz"),
        Cue(1000, 4000, "(aplausos)"),
        Cue(1000, 4000, "Bom dia.", "João & Bia"),
        Cue(1000, 4000, "¿Sí?", "Ana Ruiz"),
    ]


def speakers_and_words(*texts):
    return [(cue.speaker, cue.text) for cue in cues_of(file_of(*texts))]


def test_labels_are_speakers_where_they_are_the_habit_of_the_file():
    zoom = [
        "Ana Ruiz: hola",
        "Ana Ruiz: a las 12:30",
        "José da Silva (CEPAL): olá",
        "José da Silva (CEPAL): Nota: sim",
        "(aplausos)",
    ]

    assert speakers_and_words(*zoom) == [
        ("Ana Ruiz", "hola"),
        ("Ana Ruiz", "a las 12:30"),
        ("José da Silva (CEPAL)", "olá"),
        ("José da Silva (CEPAL)", "Nota: sim"),
        ("", "(aplausos)"),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ["Nota: esto es importante", "Lo vemos a continuación.", "Nota: y esto también.", "Sin más.", "Gracias."],
        ["12:30 es la hora", "12:45 la otra"],
        ["http://example.org/a", "http://example.org/b"],
        ["Apertura: palabras", "Cierre: palabras"],
        ["la pregunta: qué", "la pregunta: cómo"],
        ["<v Ana Ruiz>Nota: uno", "Nota: dos", "Nota: tres"],
    ],
)
def test_words_before_a_colon_are_not_taken_for_speakers(texts):
    plain = [text.removeprefix("<v Ana Ruiz>") for text in texts]

    assert [cue.text for cue in cues_of(file_of(*texts))] == plain


def test_marks_name_who_speaks_until_the_next_mark():
    marked = ["&gt;&gt; ANA RUIZ:\nBuenos días", "a todas.\n&gt;&gt; JOSÉ: Gracias.", "Seguimos.", "&gt;&gt; ¿Y yo?", "Sí."]

    assert speakers_and_words(*marked) == [
        ("ANA RUIZ", "Buenos días"),
        ("ANA RUIZ", "a todas."),
        ("JOSÉ", "Gracias."),
        ("JOSÉ", "Seguimos."),
        ("", ">> ¿Y yo?"),
        ("", "Sí."),
    ]


# Automatic captions


def rolling(*blocks):
    """A file whose cues follow one another without a gap."""
    moments = pairwise([0, *accumulate(length for length, _text in blocks)])
    timed = zip(moments, blocks, strict=True)
    return HEADER + "\n".join(f"{clock(start)} --> {clock(end)}\n{text}\n" for (start, end), (_length, text) in timed)


def test_automatic_captions_that_roll_say_each_line_once():
    file = rolling(
        (2000, " \nla<00:00:00.480><c> economía</c>"),
        (10, "la economía\n "),
        (2000, "la economía\nsocial<00:00:02.480><c> no</c>"),
        (10, "social no\n "),
        (2000, "social no\nno<00:00:04.480><c> no</c>"),
    )

    found = read(file.encode())

    assert found.cues == (Cue(0, 2010, "la economía"), Cue(2010, 4020, "social no"), Cue(4020, 6020, "no no"))
    assert found.notes == ("Automatic captions showed their lines several times; each was kept once.",)


def test_rolling_lines_are_found_without_word_times():
    file = rolling((1000, "a"), (1000, "a\nb"), (1000, "b\nc"), (1000, "c\nc"), (1000, "c\nd"))

    assert [cue.text for cue in cues_of(file)] == ["a", "b", "c", "c", "d"]


@pytest.mark.parametrize(
    "texts",
    [
        ["No.", "No.", "No."],
        ["no, no, no", "no, no, no", "y no"],
        ["¿Sí?", "¿Sí?\nSí.", "Bien.", "Bien.\nSigamos.", "Otra cosa.", "Y otra."],
    ],
)
def test_what_is_really_said_again_stays(texts):
    assert [cue.text for cue in cues_of(rolling(*((1000, text) for text in texts)))] == texts
