"""Chapters: a recording's own, pasted from a description, and given out."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from recordings import captions
from recordings.playback import timecodes
from recordings.playback.chapters import Mark, as_description, as_json, as_vtt, chapters_of, read_description, youtube_asks
from rifess.base.text.translated import Text
from tests.make import make_chapter, make_clip, make_intervention, make_panel, make_person, make_recording, seconds


def mark(start, title, end=None):
    return Mark(seconds(start), seconds(end), Text(title, "es", False))


def refusal(text):
    with pytest.raises(ValidationError) as refused:
        read_description(text)
    return [(error.code, (error.params or {}).get("line")) for error in refused.value.error_list]


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("1:02:03", 3723),
        ("62:03", 3723),
        ("3723", 3723),
        (" 0:05 ", 5),
        ("01:02:03.5", 3723.5),
        ("1:02:03,250", 3723.25),
        ("100:00:00", 360_000),
        ("1:75:00", None),
        ("12:75", None),
        ("una hora", None),
        ("-5", None),
        ("", None),
        ("٣:٠٠", None),
    ],
)
def test_times_are_read_as_people_write_them(words, time):
    assert timecodes.read(words) == seconds(time)


@pytest.mark.parametrize("time", [0, 59, 60, 3599, 3600, 3723.5, 0.000_001, 360_000])
def test_a_time_written_exactly_is_read_again(time):
    assert timecodes.read(timecodes.write_exactly(seconds(time))) == seconds(time)


@pytest.mark.django_db
def test_typed_chapters_last_until_the_next_one_and_the_end():
    recording = make_recording(duration=seconds(900))
    make_chapter(recording, 0, "Apertura")
    make_chapter(recording, 600, "Debate")
    make_clip(recording, start=30)

    marks = chapters_of(recording)

    assert [(each.start, each.end, str(each.title)) for each in marks] == [
        (seconds(0), seconds(600), "Apertura"),
        (seconds(600), seconds(900), "Debate"),
    ]


@pytest.mark.django_db
def test_without_typed_chapters_the_interventions_whose_start_is_known_are_the_marks():
    recording = make_recording(panel=make_panel())
    ana = make_intervention(panel=recording.panel, person=make_person(name="Ana"), title_es="Cooperativas")
    both = [make_clip(recording, ana, start=60, end=120).intervention, make_clip(recording, start=60).intervention]
    choir = make_intervention(panel=recording.panel, collective="Delegaciones")
    make_clip(recording, choir, start=300)
    make_clip(recording)

    with translation.override("es"):
        marks = chapters_of(recording)

    assert [each.intervention for each in marks] == [*both, choir]
    assert [each.end for each in marks] == [seconds(120), seconds(300), None]
    assert [str(each.title) for each in marks][::2] == ["Ana: Cooperativas", "Delegaciones"]


@pytest.mark.django_db
def test_marks_ask_the_same_whatever_their_number(django_assert_num_queries):
    recording = make_recording(panel=make_panel())
    for number in range(3):
        make_clip(recording, start=number)

    with django_assert_num_queries(2):
        assert len(chapters_of(recording)) == 3


@pytest.mark.parametrize(
    "line",
    [
        "12:34 Debate",
        "12:34 - Debate",
        "12:34 – Debate",  # noqa: RUF001
        "00:12:34 | Debate",
        "(12:34) Debate",
        "[00:12:34] Debate",
        "• 12:34 Debate",
        "2. 12:34 Debate",
        "12:34 - 15:00 Debate",
        "\u200b12:34\tDebate  ",
        "12:34: Debate",
    ],
)
def test_a_line_of_a_description_is_read_in_every_usual_form(line):
    assert read_description(line) == [(seconds(754), "Debate")]


def test_lines_that_do_not_begin_with_a_time_are_no_chapters():
    pasted = "Seminario 2024\r\n\r\n0:00 Apertura\r\nNos vemos a las 10:30\r\n59:59 Panel: 1ª parte\r\n1:00:00 Cierre\r\nhttps://x.org/1:00"

    assert read_description(pasted) == [(seconds(0), "Apertura"), (seconds(3599), "Panel: 1ª parte"), (seconds(3600), "Cierre")]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("0:00 Uno\n1:75:00 Dos", [("time", 2)]),
        ("0:00 Uno\n\n1:00", [("no_title", 3)]),
        ("0:00 Uno\n1:00 " + "x" * 201, [("long_title", 2)]),
        ("1:00 Uno\n0:30 Dos\n2:00 Tres\n2:00 Cuatro", [("order", 2), ("order", 4)]),
        ("Sin tiempos", [("no_chapters", None)]),
        ("", [("no_chapters", None)]),
        ("\n".join(f"{number}:00 Parte" for number in range(501)), [("too_many", None)]),
    ],
)
def test_what_is_wrong_in_a_description_is_named_by_its_line(text, errors):
    assert refusal(text) == errors


def test_a_hostile_description_is_read_in_no_time():
    assert refusal("0:" * 300_000 + "\n" + "-" * 300_000 + "\n" + " " * 300_000 + "1") == [("no_chapters", None)]


def test_a_description_given_out_is_read_again():
    marks = [mark(0, "Apertura"), mark(62.5, "Panel\n1"), mark(3723, "Cierre")]

    assert as_description(marks) == "0:00 Apertura\n1:02 Panel 1\n1:02:03 Cierre\n"
    assert read_description(as_description(marks))[2] == (seconds(3723), "Cierre")
    assert youtube_asks(marks) == []


def test_youtube_wants_a_beginning_and_gets_one():
    with translation.override("en"):
        assert as_description([mark(5, "Apertura")]).startswith("0:00 Beginning\n0:05 Apertura\n")
    assert as_description([]) == ""


@pytest.mark.parametrize(
    ("starts", "asked"),
    [([0, 10, 20], 0), ([10, 20], 0), ([0, 60], 1), ([0, 60, 69], 1), ([0, 5], 2), ([], 1), ([0, 0.4, 60, 90], 0)],
)
def test_the_secretariat_hears_what_youtube_asks_of_chapters(starts, asked):
    assert len(youtube_asks([mark(start, "x") for start in starts])) == asked


def test_webvtt_chapters_are_valid_and_read_again():
    marks = [mark(0, "A <b> & --> C", end=60), mark(60, "Cierre")]

    read = captions.read(as_vtt(marks).encode(), name="x.vtt")

    assert [(cue.start, cue.end, cue.text) for cue in read.cues] == [
        (0, 60_000, "A <b> & --> C"),
        (60_000, 60_000 + 24 * 3_600_000, "Cierre"),
    ]


def test_json_chapters_say_what_is_known():
    chapters = json.loads(as_json([mark(0, "Apertura «ñ»", end=60), mark(60.5, "Cierre")]))

    assert chapters == {
        "version": "1.2.0",
        "chapters": [{"startTime": 0, "endTime": 60, "title": "Apertura «ñ»"}, {"startTime": 60.5, "title": "Cierre"}],
    }
