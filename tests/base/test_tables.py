"""Tables as programs save them."""

import pytest
from django.core.exceptions import ValidationError

from rifess.base.spreadsheets.encodings import decoded, looks_misread
from rifess.base.spreadsheets.signs import Column, Kind, signs_in

WORDS = "Núñez;Łódź? no: São João"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_unicode_programs_save_is_text(encoding):
    assert decoded(WORDS.encode(encoding)) == WORDS


def test_what_excel_saves_for_itself_is_text():
    assert decoded("Núñez – “São João”".encode("cp1252")) == "Núñez – “São João”"


@pytest.mark.parametrize("data", [b"a\x00b", b"\x81\x8d", b"\xff\xfea"])
def test_what_is_no_text_is_none(data):
    assert decoded(data) is None


def test_wide_letters_without_a_mark_are_named():
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "utf-32-be"):
        with pytest.raises(ValidationError) as refused:
            decoded(WORDS.encode(encoding))
        assert refused.value.code == "unmarked"


def test_words_in_a_wrong_encoding_are_noticed_and_others_are_not():
    words = "Íñigo Núñez São José Üñó"
    misread = [words.encode().decode("cp1252", "replace"), words.encode("cp850", "replace").decode("cp1252", "replace")]
    misread += ["JosÃ©", "SÃ£o", "Iñigo NÃºñez", "Èâàíîâ", "Espa?a", "Jos\ufffd", "Mu¤oz", "Garc¡a", "â€œCitaâ€\x9d"]
    misread += [each.encode().decode("latin-1") for each in ("слово", "Ελληνική", "محمد", "李明", "Łódź", "Ágnes", "Perú")]
    misread += ["Jos&eacute;", "&#243;", "Jos=C3=A9", "Mu%C3%B1oz", "Pe&ntilde;a"]
    spanish = ["José Muñoz", "Espe Peña", "Núñez", "Jesús", "Álvaro", "León", "João", "Raúl"]
    misread += [each.encode().decode(system) for each in spanish for system in ("mac-roman", "cp850", "cp1251")]
    misread += [each.encode("mac-roman").decode("cp1252") for each in spanish if each != "João"]  # of that, CP1252 makes no text
    misread += [each.encode("cp850").decode("cp1252") for each in spanish if each != "Jesús"]
    misread += ["NU¥EZ", "Cooperaci—n"]
    right = [words, "¿Qué? ¡Nada!", "O’Brien", "Ana – Beto", "“cita”", "1ª sesión, 2.º día", "50 €", "AÉÍÓ de España", "Łódź"]
    right += ["Åse Ærø", "niño", "Ñáñez", "R&D ¿sí?", "México: ¿y ahora?", "ÁFRICA", "ação", "l'État", "50 % · 20 °C", "Иванов"]
    right += ["AT&T; S.A.", "Ruiz & Hijos; Núñez", "100%C", "x=C3"]
    right += [
        "client–server",
        "Python—the good parts",
        "sœur",
        "œuvre",
        "cœur",
        "costo–beneficio",
        "Žižek",
        "µg",
        "ça va",
        "√2",
        "x √ y",
    ]
    right += ["Ça", "¿Qué?—dijo", "Iván Гончаров", "a–b", "┌─┬─┐", "OK™", "Rio–São Paulo", "US$ 5", "500£", "ÆON", "Bjarne Æbelø"]
    right += ["李明", "«ATÉ»", "CORAÇÃO"]

    assert [text for text in misread if not looks_misread(text)] == []
    assert [text for text in right if looks_misread(text)] == []


def test_a_table_that_ends_in_an_empty_row_has_no_closing_row():
    columns = [Column(number, name, Kind.PERSON) for number, name in enumerate(("Nombre", "Apellido"))]

    assert signs_in([(1, ["Ana", "Ruiz"]), (2, ["", ""]), (3, [])], columns) == []
