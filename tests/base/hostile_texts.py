"""Texts made to cost far more than they weigh, at each door that reads them inside the server; and the doors themselves.

`python -m tests.base.hostile_texts DOOR` reads one from standard input and prints what came of it;
`python -m tests.base.hostile_texts every SECONDS` reads all of them, each within so many seconds of CPU and a gibibyte.
"""

import os
import resource
import sys
import time


def cases():
    """Triples of the door, the name of a file and how to make it."""
    for doors, name, make in TEXTS:
        for door in doors:
            yield door, name, make


CAPTIONS, CHAPTERS, TABLES, LISTS, JSON, TOML, ADDRESSES, SIGNED = (
    ["captions"],
    ["chapters"],
    ["import.csv"],
    ["list.csv", "report"],
    ["import.json"],
    ["import.toml"],
    ["import.txt"],
    ["signed"],
)
CSV = [*TABLES, *LISTS]
TIME = "00:00:01.000 --> 00:00:02.000\n"
MEGABYTE = 1024**2
TEXTS = [
    (CAPTIONS, "cues.vtt", lambda: b"WEBVTT\n\n" + f"{TIME}a\n\n".encode() * 130_000),
    (CAPTIONS, "cues-without-text.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() * 160_000),
    (CAPTIONS, "times-without-arrow.srt", lambda: b"00:00:01,000 - 00:00:02,000\n" * 170_000),
    (CAPTIONS, "one-line.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() + b"a" * 5_000_000),
    (CAPTIONS, "tags.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() + b"<v a>" * 1_000_000),
    (CAPTIONS, "open-tags.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() + b"<c " * 1_600_000),
    (CAPTIONS, "open-stamps.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() + b"<1:" + b"1" * 5_000_000),
    (CAPTIONS, "spaces.vtt", lambda: b"WEBVTT" + b" " * 5_000_000 + b"\n\n"),
    (CAPTIONS, "settings.vtt", lambda: f"WEBVTT\n\n{TIME.strip()} {'region:--> ' * 450_000}\na\n".encode()),
    (CAPTIONS, "spaced-time.vtt", lambda: b"WEBVTT\n\n00:00:01.000" + b" " * 5_000_000 + b"-> 00:00:02.000\na\n"),
    (CAPTIONS, "names.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() + b">> A: b\n" * 600_000),
    (CAPTIONS, "braces.srt", lambda: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"{\\" * 2_500_000),
    (CAPTIONS, "references.vtt", lambda: b"WEBVTT\n\n" + TIME.encode() + b"&" * 5_000_000),
    (CAPTIONS, "empty-lines.vtt", lambda: b"WEBVTT\n\n" + b"\n" * 5_000_000),
    (CAPTIONS, "letters-of-two-bytes.vtt", lambda: b"\xff\xfe" + b"\x00\xd8" * 2_600_000),
    (CHAPTERS, "spaces.txt", lambda: b"0:00 " + b" " * 49_000 + b"\x00"),
    (CHAPTERS, "dashes.txt", lambda: b"0:00 - " + b"-" * 49_000),
    (CHAPTERS, "lines.txt", lambda: b"0:00 a\n" * 7_000),
    (CSV, "one-cell.csv", lambda: b"a" * (5 * MEGABYTE - 9)),
    (CSV, "separators.csv", lambda: b"a,b\n" + b"," * (5 * MEGABYTE - 9)),
    (CSV, "cells.csv", lambda: b"nombre,email\n" + b"a," * (2 * MEGABYTE)),
    (CSV, "header.csv", lambda: b"title," * (MEGABYTE // 2)),
    (CSV, "empty-lines.csv", lambda: b"nombre,email\n" + b"\n" * (5 * MEGABYTE - 99)),
    (CSV, "rows.csv", lambda: b"nombre,email\n" + b"a,b\n" * MEGABYTE),
    (CSV, "quotes.csv", lambda: b'"' * (5 * MEGABYTE - 9)),
    (CSV, "open-quote.csv", lambda: b'nombre,"' + b"a\n" * (2 * MEGABYTE)),
    (CSV, "spaces.csv", lambda: b" " * (5 * MEGABYTE - 9)),
    (CSV, "brackets.csv", lambda: b"[" * (5 * MEGABYTE - 9)),
    (CSV, "objects.csv", lambda: b"[" + b"{}," * MEGABYTE + b"{}]"),
    (LISTS, "times.csv", lambda: b"Name,Email,Join time,Leave time,Duration\n" + b"A,a@b,05/09/2024 10:00,x,1\n" * 150_000),
    (LISTS, "people.csv", lambda: _people(60_000)),
    (JSON, "deep.json", lambda: b"[" * MEGABYTE),
    (JSON, "number.json", lambda: b'{"title":' + b"1" * MEGABYTE + b"}"),
    (JSON, "objects.json", lambda: b'{"videos":[' + b"{}," * 300_000 + b"{}]}"),
    (JSON, "speakers.json", lambda: b'{"title":"a","speakers":["a"' + b',"a"' * 250_000 + b"]}"),
    (JSON, "lines.json", lambda: b"\n" * (MEGABYTE - 20) + b'{"titl": 1}'),
    (JSON, "blanks.json", lambda: b"{" + b" \t" * 500_000),
    (TOML, "deep.toml", lambda: b"a=" + b"[" * MEGABYTE),
    (TOML, "dots.toml", lambda: b"a" + b".a" * (MEGABYTE // 2) + b"=1"),
    (TOML, "tables.toml", lambda: b"[[recording]]\n" * 70_000),
    (TOML, "keys.toml", lambda: b"\n".join(b"[a%d.b]" % number for number in range(80_000))),
    (TOML, "number.toml", lambda: b"a=" + b"1" * MEGABYTE),
    (TOML, "spaces.toml", lambda: b"[[" + b" " * MEGABYTE),
    (ADDRESSES, "lines.txt", lambda: b"https://x.example/a\n" * 50_000),
    (ADDRESSES, "one-line.txt", lambda: b"https://" + b"a." * (MEGABYTE // 2)),
    (ADDRESSES, "spaces.txt", lambda: b"https://x.example" + b" " * MEGABYTE),
    (SIGNED, "dots.jwt", lambda: b"." * MEGABYTE),
    (SIGNED, "deep.jwt", lambda: b"W1tb" * 5_000 + b".a.a"),
]


def _people(count):
    names = b"".join(b"Persona %d,p%d@x.example,2024-09-05 10:00:00,2024-09-05 11:00:00,60\n" % (n, n) for n in range(count))
    return b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n" + names


def read(door, data):
    """What the door makes of `data`; ValidationError where it is refused."""
    from zoneinfo import ZoneInfo

    from events.attendance.platform_reports import reader as reports
    from events.attendance.platform_reports.columns import platform_of
    from events.attendance.platform_reports.parse import read as read_report
    from events.certificates import signing_keys
    from events.registration.spreadsheet_import import reader
    from recordings import captions
    from recordings.imports import read_data
    from recordings.playback import chapters

    def report():
        text = reports.text_of(data[: reports.LARGEST + 1])
        return platform_of(text), read_report(text, zone=ZoneInfo("UTC"), days=[])

    known = {
        "captions": lambda: captions.read(data[: captions.MAX_BYTES + 1], name="a.vtt"),
        "chapters": lambda: chapters.read_description(data.decode()),
        "list.csv": lambda: reader.read(data[: reader.LARGEST + 1], "lista.csv"),
        "report": report,
        "signed": lambda: signing_keys.check(data[: signing_keys.LONGEST + 1].decode("ascii", "replace")),
    }
    return known[door]() if door in known else read_data(data[: MEGABYTE + 1], f"a.{door.rpartition('.')[2]}")


def main(door, seconds=""):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if door == "every":
        read_every(int(seconds))
    else:
        print(outcome(door, sys.stdin.buffer.read()))


def outcome(door, data):
    from django.core.exceptions import ValidationError

    try:
        read(door, data)
    except ValidationError as refused:
        return f"refused: {' '.join(map(str, refused.messages))[:60]}".replace("\n", " ")
    return "read"


def read_every(seconds):
    """Read every file at its doors; the system ends the process at the first that takes longer: the last line names it."""
    resource.setrlimit(resource.RLIMIT_AS, (1024 * MEGABYTE,) * 2)
    for door, name, make in cases():
        print(f"{door} {name}", flush=True)
        data = make()
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, resource.RLIM_INFINITY))
        outcome(door, data)
    print("all were read or refused")


if __name__ == "__main__":
    main(*sys.argv[1:])
