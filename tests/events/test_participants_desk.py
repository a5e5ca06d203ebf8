"""Who takes part, as the secretariat keeps it: terms, seats and questions of a seminar, and the people."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from events.admin.taking_part import standing
from events.models import RegistrationQuestion, RegistrationState, RegistrationTerms, Seats, TakingPart
from tests.desk import address, filled, new_row
from tests.make import make_coming_seminar, make_registration, make_secretary, make_seminar

pytestmark = pytest.mark.django_db
WAITING = {"state": RegistrationState.WAITING, "place_in_line": 1}


@pytest.fixture
def desk(client):
    client.force_login(make_secretary())
    return client


def page_of(seminar):
    return address(TakingPart.objects.get(pk=seminar.pk))


def formset(page, prefix):
    return next(each.formset for each in page.context["inline_admin_formsets"] if each.formset.prefix == prefix)


def test_the_list_says_how_many_there_are_of_each_kind(desk):
    seminar = make_coming_seminar(capacity=2)
    came = make_registration(seminar)
    came.attendances.create(source="door")
    came.attendances.create(source="platform")
    make_registration(seminar), make_registration(seminar, **WAITING)
    make_registration(seminar, state="to-approve")
    make_seminar(title="Sin inscripción")

    found = desk.get(address(TakingPart, "changelist")).context["cl"].result_list

    counts = [(row.confirmed_count, row.waiting_count, row.to_approve_count, row.attended_count) for row in found]
    assert counts == [(2, 1, 1, 1), (0, 0, 0, 0)]


def test_the_list_asks_no_more_for_three_seminars_than_for_one(desk):
    def queries():
        with CaptureQueriesContext(connection) as found:
            desk.get(address(TakingPart, "changelist"))
        return len(found)

    make_registration()
    queries()  # the first time, permissions and content types are remembered
    for_one = queries()
    make_registration(), make_registration()

    assert queries() == for_one


def test_times_are_typed_on_the_seminars_clock(desk):
    seminar = make_coming_seminar(time_zone="Europe/Madrid")
    page = desk.get(page_of(seminar))
    typed = {"terms-0-opens_at_0": "2026-07-01", "terms-0-opens_at_1": "09:00", "terms-0-closes_at_0": "2026-12-01"}

    desk.post(page_of(seminar), filled(page, **typed, **{"terms-0-closes_at_1": "09:00"}))

    terms = RegistrationTerms.objects.get()
    assert terms.opens_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert terms.closes_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    again = desk.get(page_of(seminar))
    assert re.search(r'name="terms-0-opens_at_1" value="09:00', again.content.decode())
    assert "Madrid" in again.content.decode()


def test_seats_are_not_lowered_below_those_taken(desk):
    seminar = make_coming_seminar(capacity=5)
    page = desk.get(page_of(seminar))
    make_registration(seminar), make_registration(seminar)  # meanwhile

    answer = desk.post(page_of(seminar), filled(page, **{"seats-0-capacity": "1"}))

    assert [each.code for each in formset(answer, "seats").errors[0].as_data()["capacity"]] == ["taken"]
    assert Seats.objects.get().capacity == 5


def test_what_is_taken_meanwhile_is_not_written_over(desk):
    seminar = make_coming_seminar(capacity=5)
    page = desk.get(page_of(seminar))
    make_registration(seminar), make_registration(seminar)

    answer = desk.post(page_of(seminar), filled(page, **{"seats-0-capacity": "2"}))

    assert answer.status_code == 302
    assert Seats.objects.values_list("capacity", "taken").get() == (2, 2)


def test_seats_that_somebody_has_stay(desk):
    seminar = make_coming_seminar()
    make_registration(seminar)

    answer = desk.post(page_of(seminar), filled(desk.get(page_of(seminar)), **{"seats-0-DELETE": "on"}))

    assert [each.code for each in formset(answer, "seats").non_form_errors().as_data()] == ["used"]


def test_the_page_leaves_the_seminar_as_it_is(desk):
    seminar = make_coming_seminar()
    page = desk.get(page_of(seminar))
    type(seminar).objects.filter(pk=seminar.pk).update(place="Montevideo")
    question = new_row("questions", 0, text_es="¿Qué espera?", kind="choice", position=1, options_es="Mucho\nPoco")

    desk.post(page_of(seminar), filled(page, **{"questions-TOTAL_FORMS": 1}, **question))

    seminar.refresh_from_db()
    assert seminar.place == "Montevideo"
    assert seminar.questions.get().options_es == "Mucho\nPoco"


@pytest.mark.parametrize("typed", [{"options_es": "Mucho"}, {"kind": "text"}, {"DELETE": "on"}])
def test_a_question_somebody_answered_keeps_its_lines(desk, typed):
    seminar = make_coming_seminar()
    question = RegistrationQuestion.objects.create(seminar=seminar, text_es="¿?", kind="choice", options_es="Mucho\nPoco")
    make_registration(seminar).answers.create(question=question, chosen=[2])

    answer = desk.post(page_of(seminar), filled(desk.get(page_of(seminar)), **new_row("questions", 0, **typed)))

    assert answer.status_code == 200
    question.refresh_from_db()
    assert (question.kind, question.options_es) == ("choice", "Mucho\nPoco")


@pytest.mark.parametrize(
    ("given", "words"),
    [({}, "open"), ({"published_at": None}, "once it is published"), ({"cancelled_on": date(2026, 1, 1)}, "closed")],
)
def test_the_page_says_whether_one_may_register(given, words):
    seminar = make_coming_seminar(**given)

    with translation.override("en"):
        assert standing(seminar) == words


def test_a_seminar_without_terms_or_seats_offers_no_registration(desk):
    without_seats = make_coming_seminar()
    without_seats.seats.all().delete()

    with translation.override("en"):
        assert [standing(make_seminar()), standing(without_seats)] == ["not offered", "not offered"]
    assert desk.get(page_of(without_seats)).status_code == 200


def test_the_page_says_when_registration_opens():
    seminar = make_coming_seminar(time_zone="America/Bogota")
    seminar.terms.opens_at = datetime(2099, 5, 1, 14, tzinfo=UTC)

    with translation.override("en"):
        assert standing(seminar) == "opens 01/05/2099 09:00 (Bogotá)"
