"""Files for spreadsheets: what people wrote is words in them, and dates are dates."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from rifess.base.sheets import as_csv, as_xlsx

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


def sheet(rows):
    return load_workbook(BytesIO(b"".join(as_xlsx("x.xlsx", rows).streaming_content))).active


@pytest.mark.parametrize("words", FORMULAS)
def test_no_words_are_a_formula(words):
    (cell,) = next(sheet([[words]]).iter_rows())
    line = as_csv("x.csv", [[words]]).content.decode().removeprefix("\ufeff").strip('"')

    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert line.startswith("'")


def test_numbers_days_and_moments_are_what_they_are():
    (row,) = sheet([["Ñandú", None, 3, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)]]).iter_rows()

    assert [cell.value for cell in row] == ["Ñandú", None, 3, datetime(2026, 3, 1), datetime(2026, 3, 1, 9, 30)]
    assert [cell.is_date for cell in row] == [False, False, False, True, True]


def test_what_no_workbook_holds_is_left_out():
    (row,) = sheet([["a\x00\x0bb", "x" * 40_000]]).iter_rows()

    assert [len(cell.value) for cell in row] == [2, 32_767]
