"""Cues put together: paragraphs to read and passages to search."""

import pytest

from recordings.captions import Cue, Passage, paragraphs, passages


def spoken(*texts, seconds=3, speaker=""):
    """Cues one after another, without pauses."""
    return [Cue(i * seconds * 1000, (i + 1) * seconds * 1000, text, speaker) for i, text in enumerate(texts)]


def numbered(count):
    """A hundred words are "1 2 3 … 100"."""
    return " ".join(map(str, range(1, count + 1)))


def in_cues(text, words):
    """Cues of so many words of `text`."""
    pieces = text.split()
    return spoken(*(" ".join(pieces[i : i + words]) for i in range(0, len(pieces), words)))


def texts(cues):
    return [paragraph.text for paragraph in paragraphs(cues)]


def test_a_paragraph_ends_where_somebody_else_speaks():
    cues = [
        Cue(0, 900, "Buenos\ndías.", "Ana"),
        Cue(1000, 2000, "Hola.", "Ana"),
        Cue(2000, 3000, "Olá.", "José"),
        Cue(3000, 4000, "…"),
    ]

    first, second, third = paragraphs(cues)

    assert (first.start, first.end, first.speaker, first.text) == (0, 2000, "Ana", "Buenos días. Hola.")
    assert (second.speaker, third.speaker) == ("José", "")
    assert first.cues + second.cues + third.cues == tuple(cues)


@pytest.mark.parametrize(("start", "count"), [(2999, 1), (3000, 2)])
def test_a_paragraph_ends_with_a_pause_of_two_seconds(start, count):
    cues = [Cue(0, 1000, "uno"), Cue(0, 500, "a la vez"), Cue(start, start + 500, "dos")]

    assert len(paragraphs(cues)) == count


def test_a_long_paragraph_ends_with_its_sentence():
    long, short = numbered(74), "fin."

    assert texts(spoken(long, short, "Otra vez.")) == [f"{long} {short}", "Otra vez."]
    assert texts(spoken(long, "Otra vez")) == [f"{long} Otra vez"]


def test_a_paragraph_without_sentences_ends_in_any_case():
    cues = in_cues(numbered(400), 10)

    assert [len(text.split()) for text in texts(cues)] == [150, 150, 100]
    assert " ".join(texts(cues)) == numbered(400)


def test_nothing_has_no_paragraphs_and_no_passages():
    assert (paragraphs([]), passages([])) == ([], [])


def test_passages_overlap_by_half():
    found = passages(in_cues(numbered(40), 2), words=20)

    assert [(passage.text.split()[0], passage.text.split()[-1]) for passage in found] == [("1", "20"), ("11", "30"), ("21", "40")]
    assert [(passage.start, passage.end) for passage in found] == [(0, 30_000), (15_000, 45_000), (30_000, 60_000)]


def test_few_words_are_one_passage_and_name_its_only_speaker():
    hers, of_both = spoken("hola\na todas", "adiós", speaker="Ana"), [Cue(0, 1, "sí", "Ana"), Cue(1, 2, "no", "José")]

    assert passages(hers) == [Passage(0, 6000, "hola a todas adiós", "Ana", ((0, 0), (13, hers[1].start)))]
    assert passages(of_both) == [Passage(0, 2, "sí no", "", ((0, 0), (3, 1)))]


def test_the_clock_of_a_passage_says_when_each_cue_begins():
    [passage] = passages([Cue(0, 900, "Cafe\u0301 y"), Cue(2000, 2900, "té")])

    assert [(passage.text[place:], moment) for place, moment in passage.clock] == [("Café y té", 0), ("té", 2000)]


def test_a_long_cue_is_cut_and_its_passages_keep_its_time():
    found = passages([Cue(0, 9000, numbered(100))], words=20)

    assert {(passage.start, passage.end) for passage in found} == {(0, 9000)}
    assert [len(passage.text.split()) for passage in found] == [20] * 9
    assert found[-1].text.split()[-1] == "100"


@pytest.mark.parametrize("words_of_cues", [1, 7, 30, 74, 75, 76, 500])
def test_a_quarter_of_a_passage_is_never_parted(words_of_cues):
    words = numbered(600).split()

    found = [f" {passage.text} " for passage in passages(in_cues(numbered(600), words_of_cues))]

    assert all(len(text.split()) <= 75 for text in found)
    thoughts = [f" {' '.join(words[first : first + 18])} " for first in range(600 - 18 + 1)]
    assert [thought for thought in thoughts if not any(thought in text for text in found)] == []
