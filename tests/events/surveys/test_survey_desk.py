"""What a survey came to, at the desk: figures and texts, and nobody's name."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from events.models import MARKED, Survey, SurveyResponse
from events.surveys import results as survey_results
from events.surveys.responses import answer
from tests.desk import filled
from tests.make import make_delegate_user, make_editor, make_registration, make_secretary, make_seminar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def answered(*marks, **said):
    """A seminar that is over, with an answer for each mark given to its contents."""
    seminar = make_seminar()
    Survey.objects.create(seminar=seminar)
    for number, mark in enumerate(marks):
        answer(make_registration(seminar), contents=mark, **{name: texts[number] for name, texts in said.items()})
    return seminar


def page(seminar, name="survey"):
    return reverse(f"admin:events_takingpart_{name}", args=[seminar.pk])


def results_of(seminar):
    return survey_results.of(seminar.survey, asked=9)


def test_marks_are_counted_and_their_mean_is_told():
    marks = results_of(answered(5, 5, 4, 1)).marks[0]

    assert (marks.name, marks.counts, marks.answers, marks.mean) == ("contents", [1, 0, 0, 1, 2], 4, 3.75)


def test_below_three_answers_nothing_is_told_but_how_many_there_are(desk):
    seminar = answered(5, 1, liked=["Lo único", "Lo otro"])

    shown = desk.get(page(seminar))
    file = desk.get(page(seminar, "survey_csv")).content.decode()

    results = shown.context["results"]
    assert (results.answered, results.asked, results.is_shown) == (2, 2, False)
    assert {marks.answers for marks in results.marks} == {0} and {len(each.texts) for each in results.texts} == {0}
    assert "Lo único" not in shown.content.decode() + file and len(file.splitlines()) == 1


def test_a_question_that_few_marked_is_not_told():
    seminar = answered(5, 5, None, None, liked=["", "", "a", "b"])

    results = results_of(seminar)

    assert (results.is_shown, results.marks[0].is_shown) == (True, False)
    assert "fewer than 3" in str(list(survey_results.as_rows(results)))


def test_texts_stand_apart_from_marks_and_in_no_order_of_time():
    seminar = answered(5, 4, 3, liked=["Zapatos", "árbol", "Mesa"], to_improve=["uno", "dos", ""])

    rows = list(survey_results.as_rows(results_of(seminar)))

    assert [each.texts for each in results_of(seminar).texts] == [["árbol", "Mesa", "Zapatos"], ["dos", "uno"]]
    assert all(len(row) == 2 for row in rows[1 + len(MARKED) :])


def test_the_page_names_nobody_and_says_how_many_of_how_many(desk):
    seminar = answered(5, 4, 3, liked=["Los ejemplos", "", ""])
    silent = make_registration(seminar)

    text = desk.get(page(seminar)).content.decode()

    assert "3 of 4 have answered" in text and "Los ejemplos" in text and "4.0 of 5" in text
    assert [each.name for each in [*seminar.registrations.all(), silent] if each.name in text or each.email in text] == []


def test_the_results_leave_as_files_in_which_no_text_is_a_formula(desk):
    seminar = answered(5, 4, 3, liked=["=1+1", "Bien", ""])

    csv = desk.get(page(seminar, "survey_csv"))
    book = load_workbook(BytesIO(b"".join(desk.get(page(seminar, "survey_xlsx")).streaming_content)))

    assert "'=1+1" in csv.content.decode() and "no-store" in csv["Cache-Control"]
    rows = [*book.active.iter_rows(values_only=True)]
    assert (rows[1][1:3], rows[-2][1]) == ((3, 4), "=1+1")


def test_it_is_switched_on_where_one_keeps_who_takes_part(desk):
    seminar = make_seminar(starts_on=date(2024, 9, 5))
    form = desk.get(page(seminar, "change"))

    sent = desk.post(page(seminar, "change"), filled(form, **{"survey-TOTAL_FORMS": "1", "survey-0-closes_on": "2024-10-01"}))

    assert (sent.status_code, Survey.objects.get().closes_on) == (302, date(2024, 10, 1))
    assert page(seminar) in desk.get(page(seminar, "change")).content.decode()


def test_where_there_is_no_survey_there_are_no_results(desk):
    seminar = make_seminar()

    assert [desk.get(page(seminar, name)).status_code for name in ("survey", "survey_csv", "survey_xlsx")] == [404] * 3
    assert page(seminar) not in desk.get(page(seminar, "change")).content.decode()


@pytest.mark.parametrize("who", [None, make_delegate_user, make_editor, lambda: make_secretary(second_factor=False)])
def test_nobody_but_the_secretariat_reads_them(client, who):
    seminar = answered(5, 4, 3, liked=["Secreto", "", ""])
    if who:
        client.force_login(who())

    answers = [client.get(page(seminar, name)) for name in ("survey", "survey_csv", "survey_xlsx")]

    assert not {answer.status_code for answer in answers} & {200}


def test_single_answers_have_no_page_at_the_desk():
    from django.contrib import admin

    assert not admin.site.is_registered(SurveyResponse)


@pytest.mark.parametrize("count", [3, 9])
def test_the_page_asks_as_often_for_many_answers(desk, django_assert_max_num_queries, count):
    seminar = answered(*[4] * count)
    desk.get(page(seminar))

    with django_assert_max_num_queries(12):
        desk.get(page(seminar))
