"""Spreadsheets of participants: read as institutions send them, looked at, and brought in once."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from events.models import KnownColumns, LetterTold, Registration, RegistrationState, Seats
from events.registration import bulk, workflow
from events.registration.seat_counters import wrong_counts
from events.registration.spreadsheet_import import columns, reader, values
from events.registration.spreadsheet_import.columns import divide, guess
from events.registration.spreadsheet_import.commit import bring
from events.registration.spreadsheet_import.doubts import signs
from events.registration.spreadsheet_import.plan import Answers, plan_for
from events.registration.spreadsheet_import.reader import read
from members.models import Message
from tests.make import (
    make_coming_seminar,
    make_delegate_user,
    make_editor,
    make_institution,
    make_registration,
    make_secretary,
    make_seminar,
)

pytestmark = pytest.mark.django_db
State = RegistrationState


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def table(text, name="lista.csv"):
    return read(text.encode() if isinstance(text, str) else text, name)


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def plan(seminar, text, name="lista.csv", **answers):
    names, rows = divide(table(text, name))
    return plan_for(seminar, rows, names, guess(names, rows), Answers(**{"form": "virtual"} | answers))


def refusals(seminar, text, **answers):
    return [str(refused) for refused in plan(seminar, text, **answers).refused]


def new_in(seminar, text, **answers):
    return [registration for _row, registration in plan(seminar, text, **answers).new]


# Files


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_separator_and_encoding_is_understood(separator, encoding):
    text = separator.join(["Nombre", "E-mail"]) + "\r\n" + separator.join(["Íñigo Núñez", "i@example.org"]) + "\r\n"

    assert table(text.encode(encoding)).rows == [(1, ["Nombre", "E-mail"]), (2, ["Íñigo Núñez", "i@example.org"])]


def test_a_cell_may_have_several_lines_and_rows_keep_the_number_a_spreadsheet_shows():
    text = 'nombre;notas\r\n\r\n"Ana";"una\notra"\r\n;;\r\nBeto;\r\n'

    assert table(text).rows == [(1, ["nombre", "notas"]), (3, ["Ana", "una\notra"]), (5, ["Beto"])]


def test_a_line_that_names_the_separator_is_no_row():
    assert table("sep=;\r\nnombre;e-mail\r\n").rows == [(1, ["nombre", "e-mail"])]


def test_cells_lose_what_nobody_sees_and_what_our_copies_added():
    written = "nombre;teléfono;nota;otra\nAna\u200b\xa0Núñez\x07;601427333.0;'=1+1;'cita'\n"

    assert table(written).rows[1] == (2, ["Ana Núñez", "601427333", "=1+1", "'cita'"])


def test_a_very_long_cell_is_cut_and_its_row_refused_where_it_would_be_kept():
    line = "nombre;correo;notas;otra\nAna;ana@example.org;{};{}\n"
    assert len(table(line.format("x" * 10_000, "")).rows[1][1][2]) == reader.LONGEST

    assert refusals(make_coming_seminar(), line.format("x" * 10_000, "")) == [
        "Row 2: Notes of the Secretariat: It is longer than 1999 characters."
    ]
    assert refusals(make_coming_seminar(), line.format("x", "x" * 10_000)) == []


def test_a_workbook_is_read_as_the_values_it_shows():
    rows = [
        ["Nombre", "Tel", "Nace", "Cuando"],
        ["Ana", 601427333.0, datetime(1980, 2, 1), datetime(2026, 2, 1, 9, 30)],
        ["=1+1"],
    ]
    found = read(workbook(("Vacía", []), ("Lista", rows), ("Otra", [["x"]])), "lista.xlsx")

    assert found.rows[1:] == [(2, ["Ana", "601427333", str(date(1980, 2, 1)), "2026-02-01 09:30:00"])]
    assert (found.kind, found.sheet, found.sheets) == ("xlsx", "Lista", ("Otra",))


def test_another_sheet_can_be_asked_for():
    data = workbook(("Lista", [["a"]]), ("Otra", [["b"]]))

    assert read(data, "lista.xlsx", sheet="Otra").rows == [(1, ["b"])]
    with pytest.raises(ValidationError, match="There are: Lista, Otra"):
        read(data, "lista.xlsx", sheet="Tercera")


def hiding(*sheets, rows=(), columns=(), hidden_sheets=(), merged=()):
    """A workbook of `sheets` that hides rows and columns of each."""
    book = load_workbook(BytesIO(workbook(*sheets)))
    for sheet in book:
        for number in rows:
            sheet.row_dimensions[number].hidden = True
        for letter in columns:
            sheet.column_dimensions[letter].hidden = True
        for area in merged:
            sheet.merge_cells(area)
        sheet.sheet_state = "hidden" if sheet.title in hidden_sheets else "visible"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_what_a_spreadsheet_program_does_not_show_is_told():
    sheets = [("Vieja", [["x"]]), ("Lista", [["Nombre", "Nota"], ["Ana", "a"], ["Beto", "b"], ["", "=1+1"]]), ("Otra", [["y"]])]
    data = hiding(*sheets, rows=[3], columns=["B"], hidden_sheets=["Vieja"], merged=["A2:A3"])

    found = read(data, "lista.xlsx")

    assert (found.sheet, found.sheets, found.hidden_sheets) == ("Lista", ("Vieja", "Otra"), ("Vieja",))
    assert (found.hidden_rows, found.hidden_columns, found.merged, found.not_computed) == ((3,), (1,), ("A2:A3",), ("B4",))
    assert read(data, "lista.xlsx", sheet="Vieja").rows == [(1, ["x"])]
    with pytest.raises(ValidationError, match="Only hidden sheets"):
        read(hiding(("Vieja", [["x"]]), ("Vacía", []), hidden_sheets=["Vieja"]), "lista.xlsx")


def zipped(**parts):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def with_part(data, name, content):
    """The workbook `data` with another `content` in the part `name`."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BILLION = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><x>&b;</x>"
ODS = zipped(mimetype=f"{reader.ODS}", content="<x/>")
ONE = workbook(("Lista", [["Nombre"]]))


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "lista.csv", "empty"),
        (b" ;; \r\n;;\r\n", "lista.csv", "empty"),
        (b"x" * (reader.LARGEST + 1), "lista.csv", "size"),
        (b"a;b\x00c", "lista.csv", "not_text"),
        (b'[{"nombre": "Ana"}]', "lista.txt", "kind"),
        (b"nombre", "lista.json", "kind"),
        (b"<!DOCTYPE html><table>", "lista.xls", "kind"),
        (b"%PDF-1.7", "lista.pdf", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lista.xls", "kind"),
        (ODS, "lista.ods", "kind"),
        (b'nombre;nota\n"Ana";"no se cierra\nBeto;x\n', "lista.csv", "table"),
        (b'nombre;nota\n"Ana" N;"x"\n', "lista.csv", "table"),
        (("a\n" * (reader.MOST_ROWS + 2)).encode(), "lista.csv", "rows"),
        (b";" * reader.MOST_COLUMNS + b"a\n", "lista.csv", "columns"),
        (b"PK\x03\x04broken", "lista.xlsx", "damaged"),
        (workbook(("Lista", [])), "lista.xlsx", "empty"),
        (workbook(("Lista", [[None] * 150 + ["x"]])), "lista.xlsx", "empty"),
        (with_part(ONE, SHEET, BILLION), "lista.xlsx", "damaged"),
        (with_part(ONE, SHEET, "<worksheet><broken"), "lista.xlsx", "damaged"),
        (with_part(ONE, SHEET, "<worksheet>" + " " * 10_000_000), "lista.xlsx", "unpacks_too_big"),
        (zipped(a="x"), "lista.zip", "damaged"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_whole(data, name, code):
    with pytest.raises(ValidationError) as refused:
        read(data, name)

    assert refused.value.code == code


def test_a_workbook_that_lies_about_its_size_takes_no_time():
    far = '<row r="200000"><c r="XFD200000" t="inlineStr"><is><t>x</t></is></c><c r="A200000"><v>7</v></c></row>'
    sheet = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{far}</sheetData></worksheet>'
    )

    assert read(with_part(ONE, SHEET, sheet), "lista.xlsx").rows == [(200_000, ["7"])]


# Columns


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nombre;email", {"name": 0, "email": 1}),
        ("Nombre;Apellidos;Correo electrónico*", {"first_name": 0, "surname": 1, "email": 2}),
        ("Nome completo;E-mail (institucional);País;Órgão", {"name": 0, "email": 1, "country": 2, "institution_name": 3}),
        ("username;firstname;lastname;email", {"first_name": 1, "surname": 2, "email": 3}),
        ("Full name;Email Address;Job title;Language", {"name": 0, "email": 1, "position": 2, "language": 3}),
        ("Correo de la persona asistente;Apellido 1;Apellido 2", {"email": 0, "surname": 1, "second_surname": 2}),
    ],
)
def test_the_names_of_columns_are_understood_in_three_languages(line, expected):
    names, rows = divide(table(f"{line}\nx;x;x;x\n"))

    assert guess(names, rows) == expected


def test_rows_above_the_names_are_passed_over():
    names, rows = divide(table("Ministerio;;\nLista de participantes;;\nNombre;Correo;País\nAna;ana@example.org;Chile\n"))

    assert (names, rows) == (["Nombre", "Correo", "País"], [(4, ["Ana", "ana@example.org", "Chile"])])


def test_a_file_without_names_of_columns_is_noticed():
    names, rows = divide(table("1;Ana Núñez;ana@example.org\n2;Beto Gil;beto@example.org\n"))

    assert (names, [number for number, _cells in rows]) == (None, [1, 2])
    assert guess(names, rows) == {"name": 1, "email": 2}


def test_columns_are_remembered_as_they_were_corrected():
    names, rows = divide(table("Quién;Dónde escribirle\nAna;ana@example.org\n"))

    columns.remember(names, {"name": 0, "email": 1})
    columns.remember(["QUIEN", "donde escribirle"], {"name": 0, "email": 1})

    assert guess(names, rows) == {"name": 0, "email": 1}
    assert KnownColumns.objects.count() == 1


def test_columns_that_differ_only_in_what_stands_in_brackets_are_not_taken_for_those_of_before():
    columns.remember(["Nombre", "Correo (personal)", "Correo (institucional)"], {"name": 0, "email": 2})

    assert guess(["Nombre", "Correo (institucional)", "Correo (personal)"], []) == {"name": 0, "email": 1}


# Rows


def test_a_row_becomes_somebody_who_takes_part():
    seminar, institution = make_coming_seminar(), make_institution(name="Instituto Nacional")
    head = "Nombre;Apellidos;Correo;País;Institución;Cargo;Sector;Idioma;Modalidad;Apoyos;Notas;Nacimiento"
    row = "Ana;Núñez Łuć;Ana <ANA@Example.org>;Brasil;instituto nacional;Jefa;Universidad;portugués;en línea;Lengua de señas;x;"

    (person,) = new_in(seminar, f"{head}\n{row}01/02/1980\n")

    told = person.name, person.email, person.country.code, person.institution, person.institution_name, person.position
    assert told == ("Ana Núñez Łuć", "ANA@Example.org", "BR", institution, "instituto nacional", "Jefa")
    told = person.sector, person.language, person.form, person.needs, person.notes, person.origin
    assert told == ("academia", "pt-br", "virtual", "Lengua de señas", "x", "list")


def test_what_a_row_does_not_say_holds_for_all_of_the_list():
    (person,) = new_in(make_coming_seminar(), "nombre;correo\nAna;ana@españa.es\n", country="CL", language="en")

    assert (person.country.code, person.language, person.email) == ("CL", "en", "ana@españa.es")


def test_surnames_that_come_first_are_turned_round():
    (person,) = new_in(make_coming_seminar(), 'Apellidos y nombre;correo\n"Núñez Pérez, Ana";a@example.org\n')

    assert person.name == "Ana Núñez Pérez"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (";a@example.org", "There is no name."),
        ("Ana;", "There is no email address."),
        ("Ana;ana at example", "Email address: This is no email address: “ana at example”."),
        ("Ana;a@example.org / b@example.org", "Email address: There are several addresses in this cell: keep one."),
        ("a@example.org;a@example.org", "Whole name: This is an address, and no name."),
        ("http://example.org;a@example.org", "Whole name: Enter only the name here, without a link."),
        ("Ana;a@example.org;Atlántida", "Country: We know no country “Atlántida”."),
        ("Ana;a@example.org;Sí", "Country: We know no country “Sí”."),
        ("Ana;a@example.org;no", "Country: We know no country “no”."),
        ("Ana;a@example.org;;Astrología", "Sector: We know no sector “Astrología”."),
        ("Ana;a@example.org;;;klingon", "Language: We write in Spanish, Portuguese and English, not in “klingon”."),
        ("Ana;a@example.org;;;;volando", "Form of attendance: We know no form of attendance “volando”."),
        ("Ana;a@example.org;;;;presencial", "Form of attendance: This seminar does not offer that way of attending."),
        (f"{'x' * 201};a@example.org", "Whole name: It is longer than 200 characters."),
        (
            "Ana;a@example.org;;;;;de más",
            "It has 7 cells, and 6 columns are named: is there a separator in a text without quotation marks?",
        ),
    ],
)
def test_a_row_is_refused_with_its_number_and_the_reason(cells, reason):
    found = refusals(make_coming_seminar(), f"nombre;correo;país;sector;idioma;modalidad\n{cells}\n")

    assert found == [f"Row 2: {reason}"]


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    (refused,) = plan(make_coming_seminar(), "nombre;correo;país\n;nada;Atlántida\n").refused

    assert [word in refused.reason for word in ("no name", "no email address", "no country")] == [True] * 3


def test_the_same_address_counts_once_and_another_name_with_it_is_refused():
    found = plan(make_coming_seminar(), "nombre;correo\nAna;a@example.org\nANÁ;A@example.org\nBeto;a@example.org\n")

    assert (len(found.new), found.twice) == (1, [(3, 2)])
    assert [str(each) for each in found.refused] == ["Row 4: The same address is in row 2, under another name."]


def test_without_an_address_a_name_takes_part_once_and_only_when_that_is_wanted():
    seminar = make_coming_seminar()
    text = "Evento;Nombre\nx;Ana\nx;Ana\nx;Beto\n"

    assert len(refusals(seminar, text)) == 3
    assert [each.name for each in new_in(seminar, text, takes_without_address=True)] == ["Ana", "Beto"]


def test_hostile_cells_are_words():
    words = ["=HYPERLINK(1)", "<script>alert(1)</script>", "'; DROP TABLE x", "{{ 7*7 }}", "‮ana"]
    lines = "\n".join(f'"{each}";a{number}@example.org' for number, each in enumerate(words))

    names = [each.name for each in new_in(make_coming_seminar(), f"nombre;correo\n{lines}\n")]

    assert names == ["=HYPERLINK(1)", "<script>alert(1)</script>", "'; DROP TABLE x", "{{ 7*7 }}", "ana"]


def test_an_address_is_whole_or_refused_and_never_taken_out_of_other_words():
    kept = {
        "o'brien@example.org": "o'brien@example.org",
        "prensa/eventos@example.org": "prensa/eventos@example.org",
        "ana+red@example.org": "ana+red@example.org",
        "ana@españa.es": "ana@españa.es",
        "Ana Díaz <ana.diaz@example.org>": "ana.diaz@example.org",
        '"Díaz, Ana" <diaz@example.org>': "diaz@example.org",
        "a@example.org <a@example.org>": "a@example.org",
    }
    refused = [
        "x (x@example.org)",
        "x@example.org.",
        "mailto:x@example.org",
        "x: x@example.org",
        "x@example.org (casa)",
        "x@ example.org",
    ]
    refused += [
        "x@example.org; x@example.org",
        "<x@example.org",
        "Ana <x@example.org> y Beto",
        "b@example.org <x@example.org>",
        "x@",
    ]
    lines = [f"P{number};{cell}" for number, cell in enumerate([*kept, *refused])]
    file = StringIO()
    csv.writer(file, delimiter=";").writerows(line.split(";", 1) for line in ["nombre;correo", *lines])

    found = plan(make_coming_seminar(), file.getvalue())

    assert [each.email for _row, each in found.new] == [*kept.values()]
    assert [each.cells[1] for each in found.refused] == refused


def test_namesakes_without_an_address_are_told_apart_by_their_institution_or_asked_about():
    seminar = make_coming_seminar()
    make_registration(seminar, name="Cora", email="", institution_name="INAES", origin="list")
    lines = ["Ana;INAES", "Ána;inaes", "Ana;IPS", "Ana;", "Beto;", "Beto;", "Beto;IPS", "Cora;IPS", "Cora;", "Cora;INAES"]

    found = plan(seminar, "nombre;institución\n" + "\n".join(lines) + "\n", takes_without_address=True)

    assert [(each.name, each.institution_name) for _row, each in found.new] == [
        *[("Ana", "INAES"), ("Ana", "IPS"), ("Beto", ""), ("Cora", "IPS")],
    ]
    assert (found.twice, [each.row for each in found.known]) == ([(3, 2), (7, 6)], [11])
    assert [each.row for each in found.refused] == [5, 8, 10]
    assert "The name without an address is also in row 2. Is it the same person?" in str(found.refused[0])
    bring(seminar, found, by=make_secretary())
    again = plan(seminar, "nombre;institución\n" + "\n".join(lines) + "\n", takes_without_address=True)
    assert again.new == []


def test_the_error_of_a_formula_is_no_value():
    found = refusals(make_coming_seminar(), "nombre;correo;institución\nAna;a@example.org;#N/A\nBeto;#REF!;x\n")

    assert [each.partition(": ")[2] for each in found] == [
        "Institution or organization: The cell shows an error of the spreadsheet: “#N/A”.",
        "Email address: The cell shows an error of the spreadsheet: “#REF!”.",
    ]


def test_a_word_inside_a_long_heading_says_nothing_of_the_column():
    names = ["Nombre", "Indique su correo electrónico", "¿Su institución participa en la Red?", "Institución de procedencia"]

    assert guess(names, []) == {"name": 0, "email": 1, "institution_name": 3}
    assert guess(names, [], hidden=(1,)) == {"name": 0, "institution_name": 3}


# Bringing


THREE = "nombre;correo;país\nAna;ana@example.org;Chile\nBeto;beto@example.org;Perú\nCora;cora@example.org;Cuba\n"


def test_who_comes_first_in_the_list_has_a_seat_and_the_others_wait_in_its_order():
    seminar = make_coming_seminar(capacity=2)

    count = bring(seminar, plan(seminar, THREE), by=make_secretary())

    found = seminar.registrations.order_by("pk").values_list("name", "state", "place_in_line", "origin")
    assert [*found] == [("Ana", "confirmed", None, "list"), ("Beto", "confirmed", None, "list"), ("Cora", "waiting", 1, "list")]
    assert (count, wrong_counts()) == (3, [])


def test_nobody_passes_those_who_wait():
    seminar = make_coming_seminar(capacity=1)
    make_registration(seminar, state=State.WAITING, place_in_line=1)
    Seats.objects.filter(seminar=seminar).update(last_place=1)

    bring(seminar, plan(seminar, THREE), by=make_secretary())

    assert [*seminar.registrations.waiting().values_list("place_in_line", flat=True)] == [1, 2, 3, 4]
    assert wrong_counts() == []


def test_brought_again_a_list_changes_nothing():
    seminar, by = make_coming_seminar(capacity=2), make_secretary()
    bring(seminar, plan(seminar, THREE), by=by)
    workflow.cancel(seminar.registrations.get(name="Ana"))
    before = [*seminar.registrations.order_by("pk").values()]

    again = plan(seminar, THREE)

    assert (again.new, len(again.known), bring(seminar, again, by=by)) == ([], 3, 0)
    assert [*seminar.registrations.order_by("pk").values()] == before


def test_a_list_planned_three_times_before_any_was_brought_registers_nobody_twice():
    seminar, by = make_coming_seminar(), make_secretary()
    text = "Nombre\nAna Núñez\nLuis Ávila\n"
    plans = [plan(seminar, text, takes_without_address=True) for _ in range(3)]

    assert [bring(seminar, each, by=by) for each in plans] == [2, 0, 0]
    assert Registration.objects.count() == 2


def test_whoever_registered_between_the_look_and_the_act_keeps_what_they_have():
    seminar = make_coming_seminar(capacity=5)
    looked_at = plan(seminar, THREE)
    make_registration(seminar, email="BETO@example.org", name="Beto mismo")

    assert bring(seminar, looked_at, by=make_secretary()) == 2
    assert seminar.registrations.get(email__iexact="beto@example.org").name == "Beto mismo"
    assert wrong_counts() == []


def test_a_list_is_brought_whole_or_not_at_all(monkeypatch):
    seminar = make_coming_seminar()
    looked_at = plan(seminar, THREE)
    Seats.objects.filter(seminar=seminar).update(form="in-person")

    with pytest.raises(ValidationError) as refused:
        bring(seminar, looked_at, by=make_secretary())

    assert (refused.value.code, Registration.objects.count()) == ("form", 0)


@pytest.mark.usefixtures("history_follows")
def test_the_history_tells_how_many_came_and_not_who():
    seminar, by = make_coming_seminar(title_en="Seminar"), make_secretary()

    bring(seminar, plan(seminar, THREE), by=by)

    entry = LogEntry.objects.get_for_object(seminar).filter(actor=by).get()
    assert entry.object_repr == "3 participants of “Seminar”, from a list: they agreed in writing"
    assert not LogEntry.objects.filter(object_repr__contains="Ana").exists()


def test_who_is_not_written_to_counts_as_told():
    seminar = make_coming_seminar(capacity=2)

    bring(seminar, plan(seminar, THREE), by=make_secretary(), tells=False)

    assert (Message.objects.count(), bulk.tell_the_enrolled()) == (0, 0)
    assert sorted(LetterTold.objects.values_list("kind", flat=True)) == ["confirmed", "confirmed", "waiting"]


def test_letters_go_to_each_once_as_bulk_whoever_writes_them(django_capture_on_commit_callbacks):
    seminar = make_coming_seminar(capacity=2)
    with django_capture_on_commit_callbacks(execute=True):
        bring(seminar, plan(seminar, THREE), by=make_secretary(), tells=True)

    assert sorted(Message.objects.values_list("to", "is_bulk")) == [
        ("ana@example.org", True),
        ("beto@example.org", True),
        ("cora@example.org", True),
    ]
    assert (bulk.tell_the_enrolled(seminar.pk), bulk.tell_the_enrolled()) == (0, 0)


def test_letters_that_a_worker_left_are_written_the_next_day():
    seminar, over = make_coming_seminar(), make_seminar()
    Seats.objects.create(seminar=over)
    for each in (seminar, over):
        bulk.enrol_all(each, new_in(each, THREE))

    assert bulk.tell_the_enrolled() == 3
    assert Message.objects.count() == 3


def test_many_rows_take_a_few_statements(django_assert_max_num_queries):
    seminar, by = make_coming_seminar(capacity=150), make_secretary()
    lines = "".join(f"Persona {number};p{number}@example.org\n" for number in range(300))
    looked_at = plan(seminar, f"nombre;correo\n{lines}")

    with django_assert_max_num_queries(30):
        assert bring(seminar, looked_at, by=by) == 300
    assert wrong_counts() == []


# The desk


def page_of(seminar):
    with translation.override("en"):
        return reverse("admin:events_takingpart_participant_list", args=[seminar.pk])


def looked_at(client, seminar, content, name="lista.csv", **more):
    """The second step: the page that shows what would happen."""
    content = content.encode() if isinstance(content, str) else content
    return client.post(page_of(seminar), {"file": SimpleUploadedFile(name, content), **more})


def sent(page, act, **changed):
    """What a browser sends from the second step."""
    form = page.context["forms"][0].form
    return {**form.data, "kept": page.context["kept"], "shown": page.context.get("shown", ""), "act": act, **changed}


MIXED = "Nombre;Correo;País\nAna;ana@example.org;Chile\n=Beto;nada;Perú\n"


def test_a_list_is_looked_at_before_anything_is_written(desk):
    seminar = make_coming_seminar()

    page = looked_at(desk, seminar, MIXED)

    assert [each for each in page.context["sentences"]] == ["1 new person has a place at once (virtual).", "1 row is refused."]
    assert "Row 3: Email address: This is no email address: “nada”." in page.content.decode()
    assert Registration.objects.count() == 0


def test_two_requests_register_those_who_agreed(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, THREE)

    answer = desk.post(page_of(seminar), sent(page, "bring", agreed="on"), follow=True)

    assert answer.redirect_chain[0][0].endswith(f"/registration/?seminar={seminar.pk}")
    assert "3 people are registered." in answer.content.decode()
    assert seminar.registrations.count() == 3


def test_without_their_agreement_nobody_is_registered(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, THREE)

    answer = desk.post(page_of(seminar), sent(page, "bring"))

    assert (answer.status_code, Registration.objects.count()) == (400, 0)
    assert "Confirm that they agreed" in answer.content.decode()


@pytest.mark.parametrize("changed", [{"language": "en"}, {"shown": "x"}, {"column_country": ""}])
def test_whoever_changes_an_answer_is_shown_again_what_would_happen(desk, changed):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, THREE)

    answer = desk.post(page_of(seminar), sent(page, "bring", agreed="on", **changed))

    assert (answer.status_code, Registration.objects.count()) == (200, 0)
    assert "look again" in answer.content.decode()


def test_after_the_good_rows_the_refused_ones_are_still_at_hand(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, MIXED)

    after = desk.post(page_of(seminar), sent(page, "bring", agreed="on"))

    assert after.context["sentences"][0] == "There is no one new in this list. Nothing will be changed."
    assert seminar.registrations.get().name == "Ana"
    assert b"Download the copy to correct" in after.content


def test_what_is_told_of_those_who_are_registered_already(desk):
    seminar = make_coming_seminar()
    make_registration(seminar, email="ana@example.org", name="ANA")
    make_registration(seminar, email="beto@example.org", name="Berta")
    make_registration(seminar, email="cora@example.org", name="Cora", state=State.CANCELLED)

    page = looked_at(desk, seminar, THREE)

    assert page.context["sentences"] == [
        "There is no one new in this list. Nothing will be changed.",
        "3 are registered already: nothing changes for them.",
        "One of them did not confirm the address, cancelled or was declined (row 4).",
        "One is registered with this address under another name: is it the same person? (Row 3.)",
    ]


def test_the_copy_to_correct_comes_back_without_its_first_column(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, MIXED)

    copy = desk.post(page_of(seminar), sent(page, "refused"))

    text = copy.content.decode("utf-8-sig")
    assert [*csv.reader(StringIO(text, newline=""), delimiter=";")] == [
        ["Row and reason", "Nombre", "Correo", "País"],
        ["Row 3: Email address: This is no email address: “nada”.", "'=Beto", "nada", "Perú"],
    ]
    assert 'filename="lista-to-correct.csv"' in copy["Content-Disposition"]
    again = looked_at(desk, seminar, text.replace('"nada"', "beto@example.org"))
    assert [(row, each.name) for row, each in again.context["people"]] == [(2, "=Beto")]


def test_the_copy_of_a_workbook_is_a_workbook_without_formulas(desk):
    seminar = make_coming_seminar()
    rows = [["Nombre", "Correo"], ["Ana", "nada"], ["'=1+1", "tampoco"]]
    page = looked_at(desk, seminar, workbook(("Lista", rows)), "lista.xlsx")

    copy = desk.post(page_of(seminar), sent(page, "refused"))

    sheet = load_workbook(BytesIO(b"".join(copy.streaming_content))).active
    assert [[cell.value for cell in row][1:] for row in sheet.iter_rows()] == [
        ["Nombre", "Correo"],
        ["Ana", "nada"],
        ["=1+1", "tampoco"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


def people_list(*rows, head="Nombre;Correo;Institución"):
    return "\n".join([head, *rows]) + "\n"


def numbered(row, count=3):
    """Rows of which {n} is the number."""
    return [row.format(n=number) for number in range(count)]


SIGNS = {
    people_list("JosÃ© Gil (Ã);a@example.org;INAES", "Ana;b@example.org;INAES"): "misread",
    people_list("Mu¤oz;a@example.org;INAES"): "misread",
    people_list("Espa–a;a@example.org;INAES"): "misread",
    people_list("Ana;a@example.org;45123"): "number",
    people_list("Ana;a@example.org;2-sep"): "number",
    people_list(*numbered("Ana;a{n}@example.org;INAES")): "repeated",
    people_list(*numbered("P {n};a@example.org;INAES")): "repeated",
    people_list(*numbered("P {n};a{n}@example.org;b{n}@example.org"), head="Nombre;Correo;Contacto"): "second_address",
    people_list(*numbered("P {n};a{n}@example.org;Q {n}"), head="Nombre;Correo;Participante"): "second",
    people_list("Ana;a@example.org;Sí", "Beto;b@example.org;no"): "answers",
    people_list("Ana;a@example.org;INAES", "Nombre;Correo;Institución"): "names_again",
    people_list("Ana;a@example.org;INAES", head="Nombre;Correo;+34 949 11 22 33"): "first_row_data",
}
GOOD = [
    people_list(*numbered("Ana López {n};a{n}@example.org;Cooperativa")),
    people_list("Ana;a@example.org;INAES", "Ana;b@example.org;INAES"),
    people_list(*numbered("P{n};López;P{n} López;a{n}@example.org"), head="Nombre;Apellidos;Nombre completo;Correo"),
    people_list("Ana;a@example.org;2024;+34 949 11 22 33", head="Nombre;Correo;Institución;Teléfono"),
    people_list("Ana;a@example.org;;", "Beto;b@example.org;INAES;c@example.org", head="Nombre;Correo;Institución;Contacto"),
]


@pytest.mark.django_db
def test_each_sign_of_wrong_reading_is_noticed_and_good_lists_have_none():
    def codes(text):
        names, rows = divide(table(text))
        return [sign.code for sign in signs(names, rows, guess(names, rows))]

    assert {text: codes(text) for text in SIGNS} == {text: [code] for text, code in SIGNS.items()}
    assert [codes(text) for text in GOOD] == [[]] * len(GOOD)


def test_a_total_or_a_note_below_a_list_is_asked_about_and_no_name_of_a_person_is():
    def codes(*last):
        names, rows = divide(table(people_list("Ana;a@example.org;INAES", "Beto;b@example.org;INFOCOOP", *last)))
        return [sign.code for sign in signs(names, rows, guess(names, rows))]

    notes = [
        "Total;2",
        "TOTAL DE PARTICIPANTES: 2",
        "Total: 2",
        "Suma;2",
        "Elaborado por: M. López",
        "Fuente: secretaría",
        ";Total;2",
    ]
    assert [note for note in notes if codes(note) != ["closing"]] == []
    assert codes("Total;2", "Elaborado por: M. López") == ["closing"]
    assert codes("=CONTARA(A2:A3)") == ["formula"]
    people = ["Tota Núñez;t@example.org;INAES", "Suma Gil;s@example.org", "Total Cooperativa;c@example.org;INAES", "Fuentes, Ana"]
    assert [person for person in people if codes(person)] == []


def test_a_second_given_name_in_a_column_of_its_own_is_asked_about():
    names, rows = divide(table("First Name,Middle Name,Last Name,E-mail\nAna,María,Gil,a@example.org\n"))

    assert [sign.code for sign in signs(names, rows, guess(names, rows))] == ["second"]


def test_rows_above_the_names_are_said_in_the_preview(desk):
    page = looked_at(desk, make_coming_seminar(), f"RIFESS;;\nLista;;\n\n{people_list('Ana;a@example.org;INAES')}")
    plain = looked_at(desk, make_coming_seminar(), people_list("Ana;a@example.org;INAES"))

    assert "Above the names of the columns stand rows that are not read: 1, 2 (“RIFESS”…)." in page.content.decode()
    assert "Above the names" not in plain.content.decode()


def test_what_cannot_be_meant_is_refused_with_its_row(desk):
    rows = [
        "Jos\ufffd;a@example.org;INAES",
        "JosÃ©;b@example.org;INAES",
        "Ana;c@example.org;4,47E+11",
        "45123;d@example.org;#REF!",
    ]

    page = looked_at(desk, make_coming_seminar(), people_list(*rows))

    assert [each.row for each in page.context["refused"]] == [2, 3, 4, 5]
    assert "Row 4: Institution or organization: Of a long number only “4,47E+11” is left" in page.content.decode()


def test_signs_of_wrong_reading_are_said_and_confirmed_before_anybody_takes_part(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, people_list("Mu¤oz;a@example.org;INAES"))
    sentence = "Row 2, column “Nombre”: “Mu¤oz” seems to be read in a wrong encoding. Save the file as UTF-8 and upload it again."

    unconfirmed = desk.post(page_of(seminar), sent(page, "bring", agreed="on"))

    assert page.context["doubts"] == [sentence]
    assert (unconfirmed.status_code, Registration.objects.count()) == (400, 0)
    assert "Look at the remarks on this list" in unconfirmed.content.decode()
    desk.post(page_of(seminar), sent(page, "bring", agreed="on", looked="on"))
    assert Registration.objects.get().name == "Mu¤oz"


def test_a_first_row_without_known_names_may_be_somebody(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, "Gil;Chile\nDíaz;Perú\n")

    again = desk.post(page_of(seminar), sent(page, "look", column_name="0", takes_without_address="on"))

    assert again.context["doubts"] == ["No name of a column is known. Is the first row already a person? It is not imported."]


def test_what_the_sender_of_a_workbook_did_not_see_is_asked_about(desk):
    seminar = make_coming_seminar()
    rows = [["Nombre", "Correo", "Nota"], ["Ana", "ana@example.org", "x"], ["Beto", "beto@example.org", "y"]]
    book = load_workbook(BytesIO(hiding(("Lista", rows), ("Vieja", rows), columns=["C"], merged=["C2:C3"])))
    book["Vieja"].sheet_state = "veryHidden"
    book["Lista"]["A3"].comment = Comment("No invitar.", "Ana")
    book["Lista"].sheet_format.zeroHeight = True
    book["Lista"].row_dimensions[2].height = 15
    file = BytesIO()
    book.save(file)

    page = looked_at(desk, seminar, file.getvalue(), "lista.xlsx")
    again = desk.post(page_of(seminar), sent(page, "bring", hidden_rows="left_out", agreed="on"))

    assert "does not show 2 rows of this sheet" not in page.content.decode()
    assert "does not show 1 row of this sheet: row 3." in page.content.decode()
    assert again.context["doubts"] == [
        "Hidden in the workbook: Vieja.",
        "A spreadsheet program does not show some columns: Column C.",
        "Cells are merged (for example C2:C3): only the first cell of each is read.",
        "A comment at A3 is not read: “No invitar.”.",
    ]
    assert (again.status_code, Registration.objects.count()) == (400, 0)


def test_hidden_rows_are_asked_about_before_anybody_takes_part(desk):
    seminar = make_coming_seminar()
    rows = [["Nombre", "Correo"], ["Ana", "ana@example.org"], ["Beto", "beto@example.org"]]
    page = looked_at(desk, seminar, hiding(("Lista", rows), ("Vieja", rows), rows=[3], hidden_sheets=["Vieja"]), "lista.xlsx")

    assert "Hidden in the workbook: Vieja." in page.content.decode()
    assert "does not show 1 row of this sheet: row 3." in page.content.decode()
    assert page.context["forms"][0].form.errors == {"hidden_rows": ["Say whether the hidden rows belong to the list."]}
    people = []
    for answer in ("left_out", "taken"):
        again = desk.post(page_of(seminar), sent(page, "look", hidden_rows=answer))
        people.append([each.name for _row, each in again.context["people"]])
    assert people == [["Ana"], ["Ana", "Beto"]]
    desk.post(page_of(seminar), sent(page, "bring", agreed="on"))
    assert not Registration.objects.exists()


def test_corrected_columns_are_remembered_for_the_next_file(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, "Quién;Dónde\nAna;ana@example.org\n")
    assert page.context["forms"][0].form.errors.keys() == {"column_name", "column_email"}

    desk.post(page_of(seminar), sent(page, "look", column_name="0", column_email="1"))

    again = looked_at(desk, seminar, "Quién;Dónde\nBeto;beto@example.org\n")
    assert [each.name for _row, each in again.context["people"]] == ["Beto"]


def test_a_column_says_one_thing(desk):
    seminar = make_coming_seminar()
    page = looked_at(desk, seminar, THREE)

    answer = desk.post(page_of(seminar), sent(page, "look", column_name="1"))

    assert answer.context["forms"][0].form.errors.keys() == {"column_name", "column_email"}


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(desk):
    answer = looked_at(desk, make_coming_seminar(), ODS, "lista.ods")

    assert answer.status_code == 400
    assert "This is an OpenDocument spreadsheet" in answer.content.decode()


def test_too_much_text_to_carry_is_refused(desk, monkeypatch):
    monkeypatch.setattr("events.admin.participant_lists.MOST_KEPT", 10)

    answer = looked_at(desk, make_coming_seminar(), THREE)

    assert "There is too much text in this file" in answer.content.decode()


@pytest.mark.parametrize("harm", ["other user", "other seminar", "changed", "old"])
def test_what_was_brought_is_of_one_person_one_seminar_and_one_day(desk, harm, monkeypatch):
    seminar, other = make_coming_seminar(), make_coming_seminar()
    data = sent(looked_at(desk, seminar, THREE), "bring", agreed="on")
    if harm == "other user":
        desk.force_login(make_secretary())
    if harm == "old":
        monkeypatch.setattr("events.admin.participant_lists.A_DAY", -1)
    if harm == "changed":
        data["kept"] = "x" + data["kept"]

    answer = desk.post(page_of(other if harm == "other seminar" else seminar), data, follow=True)

    assert "This page is too old, or not yours. Upload the file again." in answer.content.decode()
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("who", [None, make_delegate_user, make_editor])
def test_only_the_secretariat_brings_lists(client, who):
    seminar = make_coming_seminar()
    if who:
        client.force_login(who())

    answers = [client.get(page_of(seminar)), client.post(page_of(seminar), {"kept": "x"}), looked_at(client, seminar, THREE)]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert Registration.objects.count() == 0


def test_the_desk_leads_there_from_who_takes_part(desk):
    seminar = make_coming_seminar()

    page = desk.get(reverse("admin:events_takingpart_change", args=[seminar.pk]))

    assert page_of(seminar) in page.content.decode()


def test_no_cell_becomes_part_of_the_page(desk):
    page = looked_at(desk, make_coming_seminar(), "<b>Nombre</b>;correo\n<script>alert(1)</script>;a@example.org\n", "<i>.csv")

    assert b"<script>alert" not in page.content and b"<b>Nombre" not in page.content and b"<i>" not in page.content


@pytest.mark.parametrize("read", [values.name, values.line("institution_name")])
def test_cell_too_long_is_refused_before_links_are_looked_for_in_it(read):
    with pytest.raises(ValidationError) as refused:
        read("1" * 1_000_000)

    assert refused.value.code == "long"
