"""Files for spreadsheets: what people wrote is words in them, and dates are dates."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from events.registration.spreadsheet_import.reader import read
from rifess.base.spreadsheets.writer import as_csv, as_xlsx

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


def sheet(rows):
    return load_workbook(BytesIO(b"".join(as_xlsx("x.xlsx", rows).streaming_content))).active


@pytest.mark.parametrize("words", FORMULAS)
def test_no_words_are_a_formula(words):
    (cell,) = next(sheet([[words]]).iter_rows())
    line = as_csv("x.csv", [[words]]).content.decode().removeprefix("\ufeff").strip('"')

    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert line.startswith("'")


def test_words_stay_words_wherever_a_program_divides_a_line_and_our_reader_reads_them_back():
    words = [
        "Ana;=cmd|' /C calc'!A0",
        "a,+1",
        "a\n@x",
        "a; -1",
        "a|＝1",
        "'=1",
        "''+x",
        "a;'=1",
        '"=1',
        "Lima, Perú",
        "it's; '-'",
        "x",
    ]
    words += ["=1;=2;=3", ";;=1"]
    rows = [["Nombre", "Nota"], *([each, "n"] for each in words)]
    for language, separator in [("es", ";"), ("pt-br", ";"), ("en", ",")]:
        with translation.override(language):
            text = as_csv("x.csv", rows).content.decode()

        for other in ";,\t|":  # no quotation marks are respected where a program divides differently
            pieces = [piece.lstrip(" ").removeprefix('"') for line in text.splitlines() for piece in line.split(other)]
            assert not [piece for piece in pieces if piece.startswith(("=", "+", "-", "@", "＝"))]
        assert text.startswith(f'\ufeff"Nombre"{separator}"Nota"\r\n"Ana;\'=cmd')
        assert read(text.encode(), "x.csv").rows == [(number, cells) for number, cells in enumerate(rows, start=1)]


def test_numbers_are_numbers_with_the_decimal_sign_of_the_reader():
    with translation.override("es"):
        spanish = as_csv("x.csv", [[3, -2.5, None, "007"]]).content.decode()
    with translation.override("en"):
        english = as_csv("x.csv", [[3, -2.5, None, "007"]]).content.decode()

    assert (spanish, english) == ('\ufeff3;"-2,5";"";"007"\r\n', '\ufeff3,-2.5,"","007"\r\n')


def test_numbers_days_and_moments_are_what_they_are():
    (row,) = sheet([["Ñandú", None, 3, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)]]).iter_rows()

    assert [cell.value for cell in row] == ["Ñandú", None, 3, datetime(2026, 3, 1), datetime(2026, 3, 1, 9, 30)]
    assert [cell.is_date for cell in row] == [False, False, False, True, True]


def test_what_no_workbook_holds_is_left_out():
    (row,) = sheet([["a\x00\x0bb", "x" * 40_000]]).iter_rows()

    assert [len(cell.value) for cell in row] == [2, 32_767]
