"""An uploaded file is what its bytes say."""

import zlib

import pytest
from django.core.exceptions import ValidationError

from rifess.base.uploads.files import PICTURES, TEXTS, checked, kind_of, plain_name
from tests.base.samples import CONTENTS, PDF, docx, odt, package, picture, upload

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def refusal(data, name="carta.pdf"):
    with pytest.raises(ValidationError) as refused:
        kind_of(upload(data, name))
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "name", "type"),
    [
        (PDF, "Acta.PDF", "application/pdf"),
        (docx(), "carta.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (docx(SHEET), "cuentas.xlsx", SHEET),
        (odt(), "carta.odt", "application/vnd.oasis.opendocument.text"),
        (picture("JPEG"), "firma.jpeg", "image/jpeg"),
        (picture("PNG"), "firma.png", "image/png"),
    ],
)
def test_each_kind_is_known_by_its_content(data, name, type):
    kind = kind_of(upload(data, name, "text/html"))

    assert (kind.type, kind.is_active) == (type, False)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  <!DOCTYPE html><title>x</title>", "page"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_office"),
        (b"MZ\x90\x00" + bytes(512), "unknown_kind"),
        (b"GIF89a/*" + bytes(20), "unknown_kind"),
        (package({"leeme.txt": "hola", "otro.txt": "x"}), "damaged"),
        (package({"mimetype": "application/epub+zip"}), "unknown_kind"),
        (picture("PNG")[:40], "damaged"),
        (docx()[:-30], "damaged"),
    ],
)
def test_what_is_none_of_them_is_refused_with_its_reason(data, code):
    assert refusal(data) == code


def test_a_name_that_says_another_kind_is_refused():
    assert refusal(docx(), "carta.pdf") == "extension"
    assert refusal(PDF, "carta.docx") == "extension"
    assert refusal(PDF, "carta.pdf.html") == "extension"
    assert refusal(PDF, "carta") == "extension"


@pytest.mark.parametrize(
    "data",
    [
        PDF + b"<html><script>alert(1)</script>",
        PDF.replace(b"\n1 0 obj", b"\n%<script src=x>\n1 0 obj"),
        PDF + package({"a.txt": "x"}),
        picture("PNG") + b"<?php system($_GET[0]); ?>",
        picture("PNG") + package({"a.class": "x"}),
        picture("JPEG")[:4] + b"/*" + picture("JPEG")[6:],
        picture("JPEG")[:20] + PDF,
    ],
)
def test_a_file_that_is_two_kinds_at_once_is_refused(data):
    name = "a.pdf" if data.startswith(b"%PDF") else "a.png" if data.startswith(b"\x89") else "a.jpg"

    assert refusal(data, name) in {"two_kinds", "damaged"}


def test_something_before_a_package_is_refused():
    assert refusal(package({"a.txt": "x"})[:60] + docx(), "carta.docx") == "damaged"


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": "x"},
        {"word/activeX/activeX1.xml": "x"},
        {
            "word/_rels/settings.xml.rels": '<Relationship Type="http://x/attachedTemplate" Target="https://x/a.dotm"'
            ' TargetMode="External"/>'
        },
    ],
)
def test_macros_and_templates_from_elsewhere_are_refused(parts):
    assert refusal(docx(**parts), "carta.docx") == "macros"


def test_macros_that_only_the_contents_or_an_open_document_names_are_refused():
    named = package({"[Content_Types].xml": CONTENTS.format("application/vnd.ms-word.document.macroEnabled")})

    assert refusal(named, "carta.docx") == "macros"
    assert refusal(odt(**{"Basic/Standard/Module1.xml": "x"}), "carta.odt") == "macros"


def test_a_package_that_unpacks_to_far_more_is_refused():
    assert refusal(docx(**{"word/document.xml": bytes(30 * 1024**2)}), "carta.docx") == "unpacks_too_big"


def test_a_locked_package_is_refused():
    locked = docx().replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")

    assert refusal(locked, "carta.docx") == "locked"


def test_a_picture_of_too_many_pixels_is_refused():
    assert refusal(picture("PNG", (20000, 4000)), "mapa.png") == "pixels"


@pytest.mark.parametrize(
    "words",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"/OpenAction << /S /J#61vaScript >>",
        b"/AA << /O << /S /Launch >> >>",
        b"/Names << /EmbeddedFiles 3 0 R >>",
        b"/Encrypt 5 0 R",
    ],
)
def test_a_pdf_that_does_something_is_called_active(words):
    data = PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + words)

    assert kind_of(upload(data)).is_active


@pytest.mark.parametrize("name", [b"/ObjStm", b"/Obj#53tm"])
def test_a_pdf_that_hides_a_program_in_packed_objects_is_called_active(name):
    packed = zlib.compress(b"1 0 << /S /JavaScript /JS (x) >>")
    stream = b"4 0 obj\n<< /Type " + name + b" /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"

    assert kind_of(upload(PDF.replace(b"trailer", stream + b"trailer"))).is_active


def test_a_pdf_with_honest_packed_objects_is_not_called_active():
    packed = zlib.compress(b"1 0 << /Type /Page >>")
    stream = b"4 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"

    assert not kind_of(upload(PDF.replace(b"trailer", stream + b"trailer"))).is_active


def test_a_door_takes_only_its_kinds_and_sizes():
    large = upload(PDF + bytes(1024**2 + 1))
    active = upload(PDF.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch >>"))

    codes = []
    for file, kinds in [(large, TEXTS), (upload(picture(), "a.png"), TEXTS), (active, TEXTS)]:
        with pytest.raises(ValidationError) as refused:
            checked(file, kinds=kinds, max_megabytes=1)
        codes.append(refused.value.code)

    assert codes == ["large_file", "kind", "active"]
    assert checked(upload(picture(), "a.png"), kinds=PICTURES, max_megabytes=1).extension == "png"


def test_a_name_is_kept_without_tricks_and_with_its_accents():
    names = {
        "../../etc/Acta de la reunión.pdf": "Acta de la reunión.pdf",
        "C:\\Users\\x\\carta.pdf": "carta.pdf",
        "carta\u202efdp.exe\x00\r\n.pdf": "cartafdp.exe.pdf",
        "<b>.pdf": "b.pdf",
        "...": "-",
        "": "-",
        "ñ" * 300 + ".pdf": "ñ" * 116 + ".pdf",
    }

    assert {name: plain_name(name) for name in names} == names
