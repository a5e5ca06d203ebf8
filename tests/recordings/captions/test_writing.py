"""Cues written as files, and read again the same."""

import random

import pytest

from recordings.captions import Cue, as_srt, as_text, as_vtt, from_json, read, to_json

AWKWARD = [
    *["<", ">", "&", "&amp;", "&lt", "-->", "\n", " ", "<v Ana>", "</v>", "<b>", "<i", "<00:00:01.000>", "{\\an8}", "1", "2\n3"],
    *[
        "\n00:00:01.000 --> 00:00:02.000\n",
        "\n00:00:01,000 00:00:02,000",
        "NOTE",
        "WEBVTT",
        "STYLE",
        ">>",
        "é",
        "\u200f",
        "«ñ»",
        "😀",
    ],
]


def awkward_cues(seed, speakers, settings):
    """Twenty cues as `read` gives them, of pieces that mean something to its parser."""
    chance = random.Random(seed)
    texts = ["x" + "".join(chance.choices(AWKWARD, k=8)) + "y" for _ in range(20)]
    tidied = ["\n".join(line.strip() for line in text.split("\n") if line.strip()) for text in texts]
    single = [" ".join(text.split(" ")) for text in (" ".join(filter(None, text.split(" "))) for text in tidied)]
    return tuple(
        Cue(number * 1000, number * 1000 + chance.randint(1, 5000), text, chance.choice(speakers), chance.choice(settings))
        for number, text in enumerate(single)
    )


def test_webvtt_is_valid():
    cues = [
        Cue(0, 1, "a --> b\n\n\n&amp; <c>", "Ana <R>\n& Co", "align:start region:a-->b line:300%"),
        Cue(360_000_000, 360_000_001, "campana\x07\ud800"),
        Cue(360_000_002, 360_000_003, " \n "),
    ]

    assert as_vtt(cues) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:00.001 align:start\n<v Ana &lt;R&gt; &amp; Co>a --&gt; b\n&amp;amp; &lt;c&gt;</v>\n\n"
        "100:00:00.000 --> 100:00:00.001\ncampana\n"
    )


def test_srt_says_speakers_and_leaves_signs_as_they_are():
    cues = [Cue(0, 1500, "a --> b & <b> x < 3", "Ana Ruiz", "align:start"), Cue(1500, 2000, ""), Cue(2000, 3000, "fin")]

    assert as_srt(cues) == (
        "1\n00:00:00,000 --> 00:00:01,500\nAna Ruiz: a --&gt; b & &#60;b> x &#60; 3\n\n2\n00:00:02,000 --> 00:00:03,000\nfin\n"
    )


def test_text_has_a_paragraph_for_each_speaker():
    cues = [Cue(0, 900, "Buenos\ndías.", "Ana"), Cue(900, 2000, "Bienvenidas.", "Ana"), Cue(3_661_000, 3_662_000, "Gracias.")]

    assert as_text(cues) == "Ana: Buenos días. Bienvenidas.\n\nGracias.\n"
    assert as_text(cues, with_times=True) == "[00:00:00] Ana: Buenos días. Bienvenidas.\n\n[01:01:01] Gracias.\n"


@pytest.mark.parametrize("seed", range(20))
def test_webvtt_is_read_again_the_same(seed):
    settings = ["", "align:start", "vertical:rl line:-1,end position:10%,center size:99.5% align:end region:sala"]
    cues = (Cue(0, 1, "hola", "Ana Ruiz"), *awkward_cues(seed, ["", "Ana Ruiz", "João <3> & Bia: voz", "10:30 --"], settings))

    assert read(as_vtt(cues).encode()).cues == cues


@pytest.mark.parametrize("seed", range(20))
def test_srt_is_read_again_the_same(seed):
    cues = awkward_cues(seed, [""], [""])

    assert read(as_srt(cues).encode()).cues == cues


def test_the_speakers_of_srt_are_read_again_where_all_have_a_name():
    cues = tuple(Cue(number * 1000, number * 1000 + 900, "hola", ["Ana Ruiz", "José"][number % 2]) for number in range(6))

    assert read(as_srt(cues).encode()).cues == cues


@pytest.mark.parametrize(
    "file",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n&gt;&gt; ANA: hola\n&gt;&gt; no\n\n00:02.000 --> 00:03.000\nJOSÉ: sí",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: a: b\n\n00:02.000 --> 00:03.000\nAna: Nota: c\n\n00:04.000 --> 00:05.000\nAh: d",
        "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:02.000 --> 00:03.000\na\n<00:02.500>b\n\n00:03.000 --> 00:04.000\nb\nb",
        "1\n00:00:01,000 --> 00:00:01,000\n{\\an8}<font size=1>a</font> &amp;amp; b",
    ],
)
def test_what_was_read_once_is_read_the_same_for_ever(file):
    cues = read(file.encode()).cues

    assert read(as_vtt(cues).encode()).cues == cues


def test_cues_are_kept_as_rows():
    cues = (Cue(0, 1500, "hola", "Ana", "align:start"), Cue(1500, 2000, "adiós"))

    rows = to_json(cues)

    assert rows == [[0, 1500, "Ana", "hola", "align:start"], [1500, 2000, "", "adiós", ""]]
    assert from_json(rows) == cues
