"""Caption files as they are found: each is read right, or refused with a sentence that names the line."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from recordings import captions
from recordings.captions import Cue, read


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


HEADER = "WEBVTT\n\n"
FIRST = "00:00:01.000 --> 00:00:04.000\n"
SECOND = "00:00:05.000 --> 00:00:08.000\n"


def cues_of(text, **hints):
    return list(read(text.encode(), **hints).cues)


def file_of(*texts):
    """A WebVTT file with a cue of a second for each text."""
    return HEADER + "\n\n".join(f"00:{number:02}.000 --> 00:{number:02}.900\n{text}" for number, text in enumerate(texts))


# The file


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode(), "UTF-8"),
        (lambda text: text.encode("utf-8-sig"), "UTF-8"),
        (lambda text: b"\xff\xfe" + text.encode("utf-16-le"), "UTF-16-LE"),
        (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "UTF-16-BE"),
        (lambda text: text.encode("utf-16-le"), "UTF-16-LE"),
        (lambda text: text.encode("utf-16-be"), "UTF-16-BE"),
        (lambda text: text.encode("cp1252"), "Windows-1252"),
        (lambda text: text.encode() + b"\0" * 9, "UTF-8"),
    ],
)
def test_letters_are_read_in_the_encodings_that_programs_write(encode, encoding):
    found = read(encode(HEADER + FIRST + "“Economía” solidária – año 2024 €"))

    assert (found.encoding, [cue.text for cue in found.cues]) == (encoding, ["“Economía” solidária – año 2024 €"])


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_end_as_any_system_ends_them(line_end):
    file = (HEADER + FIRST + "una línea\ny otra\n\n" + SECOND + "fin").replace("\n", line_end)

    assert cues_of(file) == [Cue(1000, 4000, "una línea\ny otra"), Cue(5000, 8000, "fin")]


@pytest.mark.parametrize(
    ("beginning", "format"),
    [
        ("WEBVTT\n\n", "vtt"),
        ("WEBVTT - Seminario 2024\nKind: captions\nLanguage: es\n\n", "vtt"),
        ("WEBVTT\n", "vtt"),
        ("\n\n\tWEBVTT\t\n\n", "vtt"),
        ("", "vtt"),
        ("\n\n", "vtt"),
    ],
)
def test_a_header_may_have_text_or_be_missing(beginning, format):
    found = read((beginning + FIRST + "hola").encode())

    assert (found.format, found.cues, found.notes) == (format, (Cue(1000, 4000, "hola"),), ())


@pytest.mark.parametrize(
    ("file", "name", "format"),
    [
        ("1\n00:00:01,000 --> 00:00:04,000\nhola", "", "srt"),
        ("1\n00:00:01.000 --> 00:00:04.000\nhola", "", "vtt"),
        ("1\n00:00:01.000 --> 00:00:04.000\nhola", "Sesión.SRT", "srt"),
        ("1\n00:00:01,000 --> 00:00:04,000\nhola", "sesión.vtt", "vtt"),
        ("WEBVTT\n\n1\n00:00:01,000 --> 00:00:04,000\nhola", "sesión.srt", "vtt"),
    ],
)
def test_the_header_the_name_and_the_times_tell_the_format(file, name, format):
    found = read(file.encode(), name=name)

    assert (found.format, found.cues) == (format, (Cue(1000, 4000, "hola"),))


# Times


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("00:00:01.001 --> 00:00:01.999", 1001, 1999),
        ("00:00:01,001 --> 00:00:01,999", 1001, 1999),
        ("01:02.003 --> 59:59.999", 62_003, 3_599_999),
        ("100:00:00.000 --> 1234:59:59.999", 360_000_000, 4_445_999_999),
        ("0:0:1.5 --> 0:0:1.75", 1500, 1750),
        ("00:00:01 --> 00:00:10", 1000, 10_000),
        ("00:00:01.000-->00:00:02.000", 1000, 2000),
        ("\t 00:00:01.000 \t-->\t00:00:02.000 ", 1000, 2000),
        ("00:00:01,000 --> 00:00:02,000 X1:40 X2:600 Y1:20 Y2:50", 1000, 2000),
    ],
)
def test_times_are_exact_to_the_millisecond(times, start, end):
    assert cues_of(f"{HEADER}{times}\nhola") == [Cue(start, end, "hola")]


def test_overlapping_cues_are_kept_by_their_start():
    file = HEADER + SECOND + "segunda\n\n" + FIRST + "primera\n\n" + "00:00:01.000 --> 00:00:09.000\na la vez"

    assert cues_of(file) == [Cue(1000, 4000, "primera"), Cue(1000, 9000, "a la vez"), Cue(5000, 8000, "segunda")]


def test_a_cue_that_ends_when_it_starts_lasts_until_the_next():
    file = HEADER + "00:01.000 --> 00:01.000\nuno\n\n00:02.500 --> 00:02.500\ndos\n\n00:59.000 --> 00:59.000\ntres"

    found = read(file.encode())

    assert found.cues == (Cue(1000, 2500, "uno"), Cue(2500, 7500, "dos"), Cue(59_000, 64_000, "tres"))
    assert found.notes == ("Line 3: this caption ended when it started. It was given the time up to the next one.",)


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ("align:start position:10% line:90%,end size:50% vertical:rl region:sala", None),
        ("position:0%,line-left line:-1 align:center", None),
        ("align:middle line:101% size:3 position:42%,left vertical:up region: ponencia:x", ""),
        ("size:10% size:101% size:20%", "size:20%"),
        ("align: start", ""),
        ("region:a-->b", ""),
    ],
)
def test_settings_are_kept_where_webvtt_understands_them(settings, kept):
    [cue] = cues_of(f"{HEADER}00:00:01.000 --> 00:00:04.000 {settings}\nhola")

    assert cue.settings == (settings if kept is None else kept)


# What is not text


@pytest.mark.parametrize(
    "before",
    [
        "NOTE Confidence: 0.9\n\n8a4b1c2d-77aa-4f0e-9d8c-1f2e3d4c5b6a/13-0\n",
        "NOTE\nUn comentario\nde dos líneas\n\n1\n",
        "STYLE\n::cue(b) {\n  color: peachpuff;\n}\n\nintro\n",
        "REGION\nid:sala\nwidth:40%\n\n",
        "-->\n",
        "NOTE\n",
    ],
)
def test_comments_styles_regions_and_identifiers_are_no_text(before):
    found = read((HEADER + before + FIRST + "hola\n\nNOTE al final\n\nSTYLE\n::cue {}\n").encode())

    assert (found.cues, found.notes) == ((Cue(1000, 4000, "hola"),), ())


def test_text_before_the_first_cue_of_webvtt_is_left_out_and_said():
    found = read((HEADER + "Kind: captions\nLanguage: es\n\n" + FIRST + "hola").encode())

    assert found.cues == (Cue(1000, 4000, "hola"),)
    assert found.notes == ("Line 3: text before the first caption was left out, as players do.",)


@pytest.mark.parametrize(
    "file",
    [
        "1\n00:00:01,000 --> 00:00:02,000\nhola\n\n2\n00:00:03,000 --> 00:00:04,000\nadiós\n\n3\n",
        "1\n00:00:01,000 --> 00:00:02,000\nhola\n2\n00:00:03,000 --> 00:00:04,000\nadiós\n",
        "1\n00:00:01,000 --> 00:00:02,000\nhola\n \n7\n00:00:03,000 --> 00:00:04,000\nadiós\n",
        "1\n\n00:00:01,000 --> 00:00:02,000\n\nhola\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nadiós\n\n",
        "00:00:01,000 --> 00:00:02,000\nhola\n\n00:00:03,000 --> 00:00:04,000\nadiós",
        "16\n00:00:01,000 --> 00:00:02,000\nhola\n\n99\n00:00:03,000 --> 00:00:04,000\nadiós\n\x1a",
    ],
)
def test_numbers_that_count_cues_are_no_text(file):
    assert cues_of(file) == [Cue(1000, 2000, "hola"), Cue(3000, 4000, "adiós")]


@pytest.mark.parametrize(
    ("file", "texts"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\n¿Qué año?\n\n2\n00:00:03,000 --> 00:00:04,000\n2024\n", ["¿Qué año?", "2024"]),
        ("00:00:01,000 --> 00:00:02,000\n2023\n00:00:03,000 --> 00:00:04,000\n2024", ["2023", "2024"]),
        (
            "1\n00:00:01,000 --> 00:00:02,000\nuna línea\n\ny otra\n\n2\n00:00:03,000 --> 00:00:04,000\nfin",
            ["una línea\ny otra", "fin"],
        ),
        ("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nfin", ["fin"]),
        ("1\n00:00:01,000 --> 00:00:02,000\nInicio --> Archivo\nde 10:00 a 11:00", ["Inicio --> Archivo\nde 10:00 a 11:00"]),
    ],
)
def test_no_words_of_srt_are_lost(file, texts):
    assert [cue.text for cue in cues_of(file)] == texts


# Refusals

SRT = "1\n00:00:01,000 --> 00:00:02,000\nhola\n\n"


@pytest.mark.parametrize(
    ("file", "code", "line"),
    [
        (HEADER + FIRST + "a\n\n00:00:07.000 --> 00:00:1d.890\nb", "time", 6),
        (HEADER + "00:00:60.000 --> 00:01:01.000\na", "time", 3),
        (HEADER + "00:60:00.000 --> 01:00:01.000\na", "time", 3),
        (HEADER + "00:00:01.0000 --> 00:00:02.0000\na", "time", 3),
        (HEADER + "120:00.000 --> 120:10.000\na", "time", 3),
        (HEADER + "00:00:01.000 ---> 00:00:02.000\na", "time", 3),
        (HEADER + "00:00:01.000 -> 00:00:02.000\na", "time", 3),
        (HEADER + "00:00:01.000 00:00:02.000\na", "time", 3),
        (HEADER + " --> 00:00:02.000\na", "time", 3),
        (SRT + "2\n00:00:05,000 --> 00:00:04,999\nb", "order", 6),
        (HEADER + FIRST + "a\n\nperdido", "without_time", 6),
        (HEADER.replace("\n", "\r\n") + FIRST + "a\r\n\r\n\r\n\r\nperdido", "without_time", 8),
        (SRT + "2\nsin tiempo\n\n3\n00:00:03,000 --> 00:00:04,000\nb", "without_time", 5),
        ("perdido\n\n" + SRT, "without_time", 1),
        ("WEBvtt\n\n" + FIRST + "a", "without_time", 1),
        (HEADER + FIRST + "a <b>b</b>\nc <lang pt que nadie cierra", "open_tag", 5),
        (HEADER + FIRST + "a </c ya", "open_tag", 4),
        (HEADER + FIRST + "a <00:00:02.000 b", "open_tag", 4),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(file, code, line):
    with pytest.raises(ValidationError) as refusal:
        read(file.encode())

    assert (refusal.value.code, refusal.value.params["line"]) == (code, line)
    assert refusal.value.messages[0].startswith(f"Line {line}: ")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "empty"),
        (b"\0\0\0", "empty"),
        (b"WEBVTT\n", "no_cues"),
        (b"Acta de la reuni\xc3\xb3n.\n", "no_cues"),
        ((HEADER + FIRST + "<b> </b>").encode(), "no_cues"),
        (b"PK\x03\x04 subt\xc3\xadtulos", "packed"),
        (b"{\\rtf1 1}", "packed"),
        (b"%PDF-1.7", "packed"),
        (b"\x89PNG\r\n\x1a\n", "media"),
        (b"\0\0\0\x20ftypisom", "media"),
        (b"\x00\x01\x02\x03\x04" * 9, "binary"),
        (b"\x80\x01\x02\x03\x04" * 9, "binary"),
        (b"[Script Info]\nTitle: x\n", "ass"),
        (b'<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"/>', "xml"),
        (b"<!DOCTYPE html><p>", "xml"),
        (b'\n{"segments": []}', "json"),
        (b'[{"start": 1}]', "json"),
        (b"0:00:00.378,0:00:11.378\nhola\n", "sbv"),
        (b"{0}{25}hola", "frames"),
    ],
)
def test_what_is_no_caption_file_is_refused_for_what_it_is(data, code):
    with pytest.raises(ValidationError) as refusal:
        read(data)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ((HEADER + FIRST + "economía, educación\n").encode() + b"rota: \xe9\n", 5),  # UTF-8, but for one letter
        ((HEADER + FIRST + "Сегодня мы говорим об экономике").encode("cp1251"), 4),
        (b"\xff\xfe" + (HEADER + FIRST + "a").encode("utf-16-le") + b"\0", 4),
    ],
)
def test_letters_that_would_be_read_wrongly_are_refused(data, line):
    with pytest.raises(ValidationError) as refusal:
        read(data)

    assert (refusal.value.code, refusal.value.params["line"]) == ("encoding", line)


def test_a_file_has_a_bound_of_bytes_of_lines_and_of_cues(monkeypatch):
    monkeypatch.setattr("recordings.captions.cues.MAX_CUES", 2)
    monkeypatch.setattr("recordings.captions.source.MAX_LINES", 20)
    whole = file_of("a", "b")

    with pytest.raises(ValidationError) as too_large:
        read(b"a" * (captions.MAX_BYTES + 1))
    with pytest.raises(ValidationError) as too_many:
        read(file_of("a", "b", "c").encode())
    for end in ("\n", "\r", "\r\n"):
        with pytest.raises(ValidationError) as too_many_lines:
            read((whole + end * 21).encode())
        assert too_many_lines.value.code == "too_many_lines"
        read((whole.replace("\n", end) + end * 5).encode())

    assert (too_large.value.code, too_many.value.code) == ("too_large", "too_many")


@pytest.mark.slow
@pytest.mark.parametrize(
    "sign", ["<", "<v a", "&", "&#1", "1:", "12:34 --> ", "\n", "-->", "Ana:", ">>A: x\n", "{\\", "</", " ", '"', "a. "]
)
def test_a_megabyte_of_anything_is_read_or_refused_at_once(sign):
    for file in (sign * (1_000_000 // len(sign)), HEADER + FIRST + sign * (1_000_000 // len(sign))):
        try:
            found = read(file.encode()).cues
        except ValidationError as refusal:
            assert refusal.code in {"time", "without_time", "no_cues", "open_tag", "too_many", "too_many_lines", "empty"}
        else:
            assert 1 <= len(found) <= captions.MAX_CUES


def test_all_that_is_wrong_in_a_file_is_said_at_once_in_the_order_of_its_lines():
    times = [
        "00:00:01,000 --> 00:00:02,000",
        "00:00:03,000 --> 00:00:0x",
        "00:00:09,000 --> 00:00:04,000",
        "00:00:05,0000 --> 00:00:06,000",
    ]
    times += ["00:00:07,000 --> 00:00:08,000"]
    cues = [f"{number}\n{time}\n{'<b' if number == 5 else 'hola'}\n" for number, time in enumerate(times, start=1)]
    many = "".join(f"{number}\n00:00:0x,000 --> 00:00:02,000\nhola\n\n" for number in range(1, 60))

    with pytest.raises(ValidationError) as refusal:
        read("\n".join(cues).encode(), name="a.srt")
    with pytest.raises(ValidationError) as of_many:
        read(many.encode(), name="a.srt")

    told = [(each.code, each.params["line"]) for each in refusal.value.error_list]
    assert told == [("time", 6), ("order", 10), ("time", 14), ("open_tag", 19)]
    assert (len(of_many.value.error_list), of_many.value.messages[-1]) == (51, "And 9 more lines.")


def test_slips_beyond_doubt_are_read_and_said():
    times = [
        "00:00:01,000 --> 00:00:02,500.",
        "00:00:03,000 --> 00:00:04,000a",
        ":00:05,000 --> 00:00:06,000",
        "00:00:07,000. --> 00:00:08,000",
        "00:00:09,000\xa0-->\u202f00:00:10,000",
    ]
    file = "\n".join(f"{number}\n{time}\nhola {number}\n" for number, time in enumerate(times, start=1))

    found = read(file.encode(), name="a.srt")

    assert [(cue.start, cue.end) for cue in found.cues] == [
        *[(1000, 2500), (3000, 4000), (5000, 6000), (7000, 8000)],
        (9000, 10000),
    ]
    assert found.notes == (
        "Something stood behind a time or was missing before it, and was read as meant: lines 2, 6, 10, 14, 18.",
    )


@pytest.mark.parametrize("end", ["00:00:02,5a", "00:00:02,50.", "00:00:02a", "00:00:02,0005", "00:00:02,000ab", "0:0::02,000"])
def test_milliseconds_are_never_guessed(end):
    with pytest.raises(ValidationError) as refusal:
        read(f"1\n00:00:01,000 --> {end}\nhola\n".encode(), name="a.srt")

    assert refusal.value.code == "time"
