from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from rifess.base.dates import check_precision, machine_date, say_date, say_days


@pytest.mark.parametrize(
    ("precision", "outside", "machine"),
    [
        ("day", False, "2024-01-01"),
        ("month", False, "2024-01"),
        ("year", False, "2024"),
        ("by-month", False, "2024-01"),
        ("month", True, "2023-12"),
        ("year", True, "2023"),
        ("day", True, "2024-01-01"),
    ],
)
def test_a_date_is_told_no_more_exactly_than_it_is_known(precision, outside, machine):
    assert machine_date(date(2024, 1, 1), precision, outside=outside) == machine


def test_a_month_is_said_in_each_language():
    said = []
    for language in ("es", "pt-br", "en"):
        with override(language):
            said.append(say_date(date(2024, 1, 1), "month"))

    assert said == ["enero de 2024", "janeiro de 2024", "January 2024"]


@pytest.mark.parametrize(
    ("day", "precision", "end"),
    [
        (date(2024, 1, 15), "month", None),
        (date(2024, 2, 1), "year", None),
        (date(2024, 1, 30), "month", "included"),
        (date(2024, 1, 31), "month", "outside"),
    ],
)
def test_a_date_known_to_the_month_or_year_is_written_one_way(day, precision, end):
    with pytest.raises(ValidationError) as error:
        check_precision(day, precision, field="day", end=end)

    assert error.value.error_dict["day"][0].code == "precision"


@pytest.mark.parametrize(
    ("day", "precision", "end"),
    [
        (date(2024, 1, 15), "day", None),
        (date(2024, 1, 1), "month", None),
        (date(2024, 1, 31), "by-month", "included"),
        (date(2024, 2, 1), "month", "outside"),
        (None, "month", None),
    ],
)
def test_dates_written_that_way_pass(day, precision, end):
    check_precision(day, precision, field="day", end=end)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 9, 5), date(2024, 9, 6), "5 and 6 September 2024"),
        (date(2024, 1, 29), date(2024, 1, 31), "29 to 31 January 2024"),
        (date(2024, 9, 5), None, "5 September 2024"),
        (date(2024, 9, 5), date(2024, 9, 5), "5 September 2024"),
    ],
)
def test_the_days_of_a_seminar_are_said_as_people_do(first, last, words):
    with override("en"):
        assert say_days(first, last) == words
