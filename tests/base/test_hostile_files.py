"""Files made to cost more than they weigh, or to do something when they are opened: each is decided on within bounds.

Nothing is timed: a process that goes beyond its CPU seconds or its memory is ended by the operating system.
"""

import json
import os
import subprocess
import sys
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile

from recordings.posters import draw
from rifess.base.uploads import examination
from rifess.base.uploads.examination import examine
from rifess.base.uploads.files import kind_of
from rifess.base.uploads.recognition import recognize
from rifess.base.uploads.refusals import Refused
from tests.base import hostile
from tests.base.samples import PDF, docx, picture, upload


@pytest.fixture
def narrow(monkeypatch):
    """Bounds that no file may need all of: four CPU seconds on a machine that is busy, and half the memory."""
    monkeypatch.setattr(examination, "LIMITS", examination.LIMITS | {"cpu_seconds": 4, "megabytes": 600})
    monkeypatch.setattr(examination, "LIMITS_OF", {})


def outcome(data, name):
    """The code by which a file is refused, or whether it is active."""
    try:
        return kind_of(upload(data, name)).is_active
    except ValidationError as refused:
        return refused.code


def found_in(data):
    """The same of what is cheap to read, in this process."""
    try:
        return recognize(data)["is_active"]
    except Refused as refused:
        return refused.code


@pytest.mark.slow
def test_hostile_pictures_are_decided_on_without_drawing_them(narrow):
    found = {name: outcome(make(), name) for name, make in hostile.PICTURES.items()}

    assert found == {
        "jpeg-200-scans.jpg": "scans",
        "jpeg-20000-scans.jpg": "scans",
        "jpeg-2-million-segments.jpg": "damaged",
        "jpeg-without-end.jpg": "damaged",
        "png-bomb.png": False,
        "png-text-bombs.png": False,
        "png-700000-chunks.png": "damaged",
        "png-4-billion.png": "pixels",
    }


@pytest.mark.slow
def test_hostile_pdfs_are_read_once_and_what_cannot_be_read_is_active(narrow):
    costly = {name: outcome(make(), name) for name, make in hostile.COSTLY_PDFS.items()}
    active = {name: found_in(data) for name, data in hostile.ACTIVE_PDFS.items()}

    plain = {"pdf-of-slashes.pdf", "pdf-of-doctypes.pdf", "pdf-of-streams.pdf", "pdf-of-objects.pdf"}
    assert costly == {name: name not in plain for name in hostile.COSTLY_PDFS}
    assert active == dict.fromkeys(hostile.ACTIVE_PDFS, True)


def test_an_honest_pdf_with_packed_objects_is_not_active():
    honest = [
        hostile.packed(b"1 0 << /Type /Page >>"),
        b"9 0 obj << /OpenAction [1 0 R /Fit] >> endobj 8 0 obj << /A << /S /URI /URI (https://x.example) >> >> endobj ",
        b"9 0 obj << /OpenAction 8 0 R >> endobj 8 0 obj << /S /GoTo >> endobj 7 0 obj << /S /URI >> endobj ",
        b"8 0 obj << /OpenAction 9 0 R >> endobj " + hostile.packed(b"9 0 12 15 << /S /GoTo >> << /S /URI >>", hostile.PACKS_TWO),
        hostile.packed(b"1 0 << /Type /Page >>", b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode]/Length 29/Extends 5 0 R>>"),
        hostile.packed(b"1 0 << /Type /Page >>", b"<< /Type /ObjStm /N 1 /First 4 >>", bytes),
        b"3 0 obj\n<< /First 4 0 R /Last 5 0 R >>\nendobj\n6 0 obj\n<< /Filter /DCTDecode >>\nstream\nx\nendstream\nendobj\n",
    ]

    assert [found_in(hostile.pdf(objects)) for objects in honest] == [False] * 7


@pytest.mark.slow
def test_hostile_packages_are_decided_on_within_bounds(narrow):
    found = {name: outcome(make(), name) for name, make in hostile.COSTLY_PACKAGES.items()}

    deep = found.pop("odt-deep.odt")
    assert deep in {"damaged", "too_costly"}
    assert found == {
        "docx-bomb.docx": "unpacks_too_big",
        "docx-padded-bomb.docx": False,
        "docx-20000-parts.docx": "unpacks_too_big",
        "docx-many-large-parts.docx": False,
        "docx-deep-relations.docx": "damaged",
        "odt-of-elements.odt": False,
    }


def test_documents_that_fetch_run_or_carry_something_are_refused():
    found = [(code, found_in(data)) for code, data in hostile.active_documents()]

    assert [got for _code, got in found] == [code for code, _got in found]


def test_documents_with_links_pictures_and_charts_are_taken():
    found = [found_in(data) for _name, data in hostile.harmless_documents()]

    assert found == [False] * 8


def test_a_poster_that_takes_long_to_draw_is_refused(narrow):
    for make in (lambda: hostile.jpeg_of_scans(200), lambda: hostile.png_of_zeros((7000, 7000), 147)):
        with pytest.raises(ValidationError) as refused:
            draw(upload(make(), "a.png"), name="a.jpg")
        assert refused.value.code in {"scans", "pixels"}


@pytest.mark.slow
def test_hostile_texts_are_decided_on_within_bounds():
    """They are read in the server itself: four CPU seconds each, on a machine that is busy."""
    command = [sys.executable, "-m", "tests.base.hostile_texts", "every", "4"]

    said = subprocess.run(command, cwd=examination.ROOT, capture_output=True, text=True)

    assert said.stdout.splitlines()[-1] == "all were read or refused", said.stderr[-500:]


# The process


@pytest.mark.slow
def test_a_file_that_needs_more_than_its_bounds_is_refused(monkeypatch):
    bounds = {"cpu_seconds": 1, "megabytes": 200, "megabytes_written": 1}
    monkeypatch.setattr(examination, "LIMITS_OF", {})
    many_strings = hostile.xlsx(b"", strings=b"<sst>" + b"<si><t>x</t></si>" * 300_000 + b"</sst>")

    for limits, codes in [
        (bounds, {"too_costly"}),
        (
            bounds | {"cpu_seconds": 9, "megabytes": 60},
            {"too_costly", "damaged"},
        ),  # a parser without memory may call the file broken
    ]:
        monkeypatch.setattr(examination, "LIMITS", limits)
        with pytest.raises(Refused) as refused:
            examine(upload(many_strings, "a.xlsx"), "workbook", most_rows=9, most_columns=9)
        assert refused.value.code in codes


def test_the_process_knows_no_secret_and_no_settings():
    command = examination.command_for("recognize", {}, examination.LIMITS)
    show = "import os, sys; import rifess.base.spreadsheets.workbooks; from rifess.base.uploads import drawing, recognition\n"
    show += "print('django' in sys.modules, sorted(os.environ))"

    answer = subprocess.run([command[0], "-c", show], cwd=examination.ROOT, env=examination.environment(), capture_output=True)

    assert os.environ["DJANGO_SETTINGS_MODULE"]
    assert answer.stdout.decode().startswith("False ")
    assert set(json.loads(answer.stdout.decode().partition(" ")[2].replace("'", '"'))) <= {*examination.PASSED_ON, "LC_CTYPE"}
    assert command[:1] == [sys.executable]


def test_more_files_than_may_wait_are_asked_to_come_back():
    held = [examination._a_place() for _number in range(examination.AT_ONCE)]
    for place in held:
        place.__enter__()
    waiting = [Thread(target=outcome, args=(PDF, "a.pdf")) for _number in range(examination.MOST_WAITING)]
    for thread in waiting:
        thread.start()
    while examination._queue._value:
        pass

    refused = outcome(PDF, "a.pdf")
    for place in held:
        place.__exit__(None, None, None)
    for thread in waiting:
        thread.join()

    assert (refused, outcome(PDF, "a.pdf")) == ("busy", False)


def test_a_large_upload_is_examined_where_it_lies():
    file = TemporaryUploadedFile("a.docx", "", 0, None)
    file.write(docx(**{"word/media/1.png": picture()}))
    file.size = file.tell()

    assert kind_of(file).extension == "docx"
