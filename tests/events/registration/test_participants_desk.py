"""Who takes part, as the secretariat keeps it: terms, seats and questions of a seminar, and the people."""

import csv
import re
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from events.admin.taking_part import standing
from events.models import (
    Attendance,
    LetterTold,
    Registration,
    RegistrationState,
    RegistrationTerms,
    Seats,
    TakingPart,
)
from events.notifications import send
from members.models import Message
from tests.desk import address, filled, new_row
from tests.make import (
    make_answer,
    make_coming_seminar,
    make_editor,
    make_institution,
    make_panel,
    make_question,
    make_registration,
    make_seminar,
    make_user,
)

pytestmark = pytest.mark.django_db
WAITING = {"state": RegistrationState.WAITING, "place_in_line": 1}


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
    question = new_row("questions", 0, text_es="¿Qué espera?", kind="choice", position=1, more_options="Mucho\nPoco | Pouco")

    desk.post(page_of(seminar), filled(page, **{"questions-TOTAL_FORMS": 1}, **question))

    seminar.refresh_from_db()
    assert seminar.place == "Montevideo"
    kept = seminar.questions.get().options.values_list("position", "text_es", "text_pt_br", "text_en")
    assert [*kept] == [(1, "Mucho", None, None), (2, "Poco", "Pouco", None)]


@pytest.mark.parametrize("typed", [{"kind": "text"}, {"DELETE": "on"}])
def test_a_question_somebody_answered_stays_and_keeps_its_kind(desk, typed):
    seminar = make_coming_seminar()
    question = make_question(seminar, "Mucho", "Poco")
    make_answer(make_registration(seminar), question, "Poco")

    answer = desk.post(page_of(seminar), filled(desk.get(page_of(seminar)), **new_row("questions", 0, **typed)))

    assert answer.status_code == 200
    question.refresh_from_db()
    assert question.kind == "choice"


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
        assert standing(make_seminar()) == standing(without_seats) == "not offered"
    assert desk.get(page_of(without_seats)).status_code == 200


def test_the_page_says_when_registration_opens():
    seminar = make_coming_seminar(time_zone="America/Bogota")
    seminar.terms.opens_at = datetime(2099, 5, 1, 14, tzinfo=UTC)

    with translation.override("en"):
        assert standing(seminar) == "opens 01/05/2099 09:00 (Bogotá time)"


def test_more_seats_are_offered_to_whoever_waits(desk):
    seminar = make_coming_seminar(capacity=1)
    make_registration(seminar)
    waiting = make_registration(seminar, **WAITING)

    desk.post(page_of(seminar), filled(desk.get(page_of(seminar)), **{"seats-0-capacity": "2"}))

    waiting.refresh_from_db()
    assert waiting.state == RegistrationState.OFFERED
    assert Seats.objects.values_list("taken", "in_line").get() == (2, 0)


# The people


def listed(desk, **asked):
    return list(desk.get(address(Registration, "changelist"), asked).context["cl"].result_list)


def test_participants_are_found_without_regard_to_accents(desk):
    lukasz = make_registration(name="Łukasz Núñez", institution_name="Unión de Cooperativas")
    make_registration()

    for words in ("lukasz nunez", lukasz.email.upper(), lukasz.code.lower(), "union de coop"):
        assert listed(desk, q=words) == [lukasz]


def test_the_list_is_narrowed_by_what_is_known(desk):
    seminar = make_coming_seminar()
    came = make_registration(seminar, country="BR", needs="Lengua de señas", language="pt-br")
    came.attendances.create(source="door")
    other = make_registration(form="in-person", sector="media")

    for asked in ({"seminar": seminar.pk}, {"country": "BR"}, {"came": "yes"}, {"needs": "stated"}, {"language__exact": "pt-br"}):
        assert listed(desk, **asked) == [came]
    for asked in ({"form__exact": "in-person"}, {"sector__exact": "media"}, {"came": "no"}):
        assert listed(desk, **asked) == [other]


def test_the_list_of_participants_asks_no_more_for_three_than_for_one(desk):
    def queries():
        with CaptureQueriesContext(connection) as found:
            desk.get(address(Registration, "changelist"))
        return len(found)

    make_registration()
    queries()
    for_one = queries()
    make_registration(), make_registration()

    assert queries() == for_one


def test_the_page_of_somebody_asks_no_more_for_three_letters_than_for_one(desk):
    somebody = make_registration()

    def queries():
        with CaptureQueriesContext(connection) as found:
            desk.get(address(somebody))
        return len(found)

    LetterTold.objects.create(registration=somebody, kind="confirmed")
    queries()
    for_one = queries()
    LetterTold.objects.create(registration=somebody, kind="thanks")
    LetterTold.objects.create(registration=somebody, kind="join")

    assert queries() == for_one


def test_the_page_shows_answers_and_what_became_of_letters(desk):
    seminar = make_coming_seminar()
    question = make_question(seminar, "Uno", "Dos", text_es="¿Cuál?")
    somebody = make_registration(seminar)
    make_answer(somebody, question, "Dos")
    LetterTold.objects.create(registration=somebody, kind="confirmed")

    words = desk.get(address(somebody)).content.decode()

    assert "¿Cuál?" in words and "Dos" in words


def test_a_name_is_corrected_and_nothing_else_is_written(desk):
    somebody = make_registration(make_coming_seminar(capacity=5))
    page = desk.get(address(somebody))
    Registration.objects.filter(pk=somebody.pk).update(state="cancelled")  # meanwhile, by themselves

    desk.post(address(somebody), filled(page, name="Ana Muñoz", notes="Llamó"))

    somebody.refresh_from_db()
    assert (somebody.name, somebody.notes, somebody.state) == ("Ana Muñoz", "Llamó", "cancelled")


def test_of_somebody_anonymous_nothing_is_written(desk):
    nobody = make_registration(name="", email="", anonymized_at=timezone.now())

    page = desk.get(address(nobody))
    answer = desk.post(address(nobody), {"name": "Ana"})

    assert (page.status_code, answer.status_code) == (200, 403)
    assert nobody.code in desk.get(address(Registration, "changelist")).content.decode()


def carry_out(desk, row, word, **asked):
    """Go through a guided act; what it said would happen, and the answer."""
    meta = row._meta
    where = reverse(f"admin:{meta.app_label}_{meta.model_name}_{word}", args=[row.pk])
    shown = desk.post(where, asked)
    return shown.context.get("consequences"), desk.post(where, asked | {"shown": shown.context.get("shown", "")})


def test_somebody_who_wrote_a_letter_is_added_by_hand(desk):
    seminar = make_coming_seminar(capacity=1)
    typed = {"name": "Ana Muñoz", "email": "ana@example.org", "country": "CL", "language": "es", "form": "virtual"}

    told, answer = carry_out(desk, TakingPart.objects.get(pk=seminar.pk), "add-participant", **typed)

    ana = Registration.objects.get()
    assert (ana.name, ana.state, ana.origin, answer.url) == ("Ana Muñoz", "confirmed", "list", address(ana))
    assert len(told) == 3
    assert Seats.objects.get().taken == 1


def test_nobody_is_added_twice(desk):
    somebody = make_registration()
    typed = {"name": "Otra", "email": somebody.email.upper(), "language": "es", "form": "virtual"}

    _told, answer = carry_out(desk, TakingPart.objects.get(), "add-participant", **typed)

    assert answer.status_code == 400
    assert answer.context["adminform"].form.non_field_errors()
    assert list(Registration.objects.all()) == [somebody]


def test_who_is_looked_at_is_approved_in_the_list_and_declined_on_their_page(desk):
    seminar = make_coming_seminar(capacity=5)
    first, second = make_registration(seminar, state="to-approve"), make_registration(seminar, state="to-approve")

    desk.post(address(Registration, "changelist"), {"action": "approve", "_selected_action": [first.pk]})
    carry_out(desk, second, "decline", because="Es solo para miembros.")

    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, second.state) == ("confirmed", "declined")
    assert Seats.objects.get().taken == 1


def test_cancelling_says_who_gets_the_seat(desk):
    seminar = make_coming_seminar(capacity=1)
    somebody, waiting = make_registration(seminar), make_registration(seminar, **WAITING)

    told, _answer = carry_out(desk, somebody, "cancel")

    somebody.refresh_from_db(), waiting.refresh_from_db()
    assert (somebody.state, waiting.state) == ("cancelled", "offered")
    assert len(told) == 3


def test_somebody_attends_in_another_form(desk):
    seminar = make_coming_seminar()
    Seats.objects.create(seminar=seminar, form="in-person", capacity=1)
    somebody = make_registration(seminar)

    carry_out(desk, somebody, "otherwise", form="in-person")

    somebody.refresh_from_db()
    assert somebody.form == "in-person"
    assert list(Seats.objects.order_by("form").values_list("form", "taken")) == [("in-person", 1), ("virtual", 0)]


def test_the_secretariat_notes_that_somebody_came(desk):
    somebody = make_registration()
    panel = make_panel(seminar=somebody.seminar)

    carry_out(desk, somebody, "came", panel=panel.pk, minutes="45")

    row = Attendance.objects.get()
    assert (row.registration, row.panel, row.minutes, row.source) == (somebody, panel, 45, "secretariat")
    assert row.recorded_by is not None


def test_nobody_came_whose_registration_was_cancelled_or_never_confirmed(desk):
    rows = [make_registration(state=state) for state in ("cancelled", "declined", "unconfirmed")]

    for row in rows:
        url = address(row).replace("/change/", "/came/")
        shown = desk.post(url, {}).context["shown"]
        assert desk.post(url, {"shown": shown}).status_code == 400

    assert not Attendance.objects.exists()


def test_an_attendance_noted_by_mistake_is_taken_out(desk):
    somebody = make_registration()
    somebody.attendances.create(source="secretariat")
    somebody.attendances.create(source="door")

    desk.post(address(somebody), filled(desk.get(address(somebody)), **{"attendances-0-DELETE": "on"}))

    assert [row.source for row in somebody.attendances.all()] == ["door"]


def test_the_link_is_sent_again_with_how_each_stands(desk):
    seated, nobody = make_registration(), make_registration(name="", email="", anonymized_at=timezone.now())
    unconfirmed, waiting = make_registration(state="unconfirmed", confirmed_at=None), make_registration(**WAITING)
    everybody = [seated.pk, nobody.pk, unconfirmed.pk, waiting.pk]

    desk.post(address(Registration, "changelist"), {"action": "send_the_link", "_selected_action": everybody})

    told = dict(LetterTold.objects.values_list("registration", "kind"))
    assert told == {seated.pk: "confirmed", unconfirmed.pk: "confirm", waiting.pk: "waiting"}


# Their files


def as_csv(desk, **asked):
    text = desk.get(reverse("admin:events_registration_csv"), asked).content.decode().removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def as_workbook(desk, **asked):
    content = b"".join(desk.get(reverse("admin:events_registration_xlsx"), asked).streaming_content)
    head, *rows = load_workbook(BytesIO(content)).active.iter_rows()
    return [dict(zip((cell.value for cell in head), row, strict=True)) for row in rows]


def test_a_file_holds_what_the_list_shows_with_answers_and_attendance(desk):
    seminar = make_coming_seminar(time_zone="America/Bogota")
    question = make_question(seminar, "Uno", "Dos", text_es="¿Cuál?", kind="several")
    written = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    ana = make_registration(seminar, name="=cmd", country="CL", institution=make_institution(name="INAES"), written_at=written)
    make_answer(ana, question, "Uno", "Dos")
    ana.attendances.create(source="platform", minutes=50)
    make_registration(seminar, country="MX"), make_registration(country="CL")

    (in_text,) = as_csv(desk, seminar=seminar.pk, country="CL")
    (in_cells,) = as_workbook(desk, seminar=seminar.pk, country="CL")

    assert in_text["¿Cuál?"] == in_cells["¿Cuál?"].value == "Uno; Dos"
    minutes, moment = list(in_text)[23], list(in_text)[16]
    assert (in_text[minutes], in_cells[minutes].value) == ("50", 50)
    assert (in_text[moment], in_cells[moment].value) == ("2026-03-01 22:30:00", datetime(2026, 3, 1, 22, 30))
    assert "'=cmd" in in_text.values()
    assert [cell.data_type for cell in in_cells.values() if cell.value == "=cmd"] == ["s"]


@pytest.mark.usefixtures("history_follows")
def test_the_history_of_a_seminar_says_that_its_participants_left_as_a_file(desk):
    seminar = make_coming_seminar(title="Economía")
    make_registration(seminar, name="Ana Muñoz"), make_registration(seminar), make_registration()

    with translation.override("en"):
        desk.get(reverse("admin:events_registration_csv"), {"seminar": seminar.pk})

    entry = LogEntry.objects.get_for_object(seminar).filter(action=LogEntry.Action.ACCESS).get()
    assert "2 " in entry.object_repr and "Economía" in entry.object_repr
    assert "Ana" not in str(vars(entry))
    assert "Economía" in desk.get(reverse("admin:events_seminar_history", args=[seminar.pk])).content.decode()


def test_a_file_asks_no_more_for_three_people_than_for_one(desk):
    def queries():
        with CaptureQueriesContext(connection) as found:
            as_csv(desk, seminar=seminar.pk)
        return len(found)

    seminar = make_coming_seminar()
    make_registration(seminar)
    queries()
    for_one = queries()
    make_registration(seminar), make_registration(seminar)

    assert queries() == for_one


@pytest.mark.parametrize("name", ["changelist", "csv", "xlsx"])
def test_participants_are_for_the_secretariat(client, name):
    client.force_login(make_editor())
    make_registration()

    assert client.get(reverse(f"admin:events_registration_{name}")).status_code == 403


def test_a_file_of_a_list_that_is_none_is_not_there(desk):
    assert desk.get(reverse("admin:events_registration_csv"), {"e": "x", "nothing__exact": "1"}).status_code in {400, 404}


# A corrected address


@pytest.mark.parametrize("state", ["unconfirmed", "confirmed"])
def test_the_link_goes_to_the_address_that_the_desk_corrects(desk, state):
    registration = make_registration(make_coming_seminar(), email="ana@exmaple.org", state=state)
    send.tell(registration, send.kind_of_state(registration))

    desk.post(address(registration), filled(desk.get(address(registration)), email="ana@example.org"))

    assert list(Message.objects.order_by("pk").values_list("to", flat=True)) == ["ana@exmaple.org", "ana@example.org"]
    registration.refresh_from_db()
    assert registration.get_absolute_url() in Message.objects.order_by("pk").last().text


def test_a_corrected_address_moves_the_registration_to_its_own_account(desk):
    former, account = make_user(email="eva@example.org"), make_user(email="Ana@example.org")
    registration = make_registration(make_coming_seminar(), email=former.email, user=former)
    owners = []

    for email in ("ana@example.org", "nadie@example.org", "NADIE@example.org"):
        desk.post(address(registration), filled(desk.get(address(registration)), email=email))
        registration.refresh_from_db()
        owners.append(registration.user)

    assert owners == [account, None, None]
    assert list(Message.objects.order_by("pk").values_list("to", flat=True)) == ["ana@example.org", "nadie@example.org"]


def test_of_a_cancelled_seminar_no_letter_goes_to_a_corrected_address(desk):
    registration = make_registration(make_coming_seminar(cancelled_on=date(2026, 1, 1)), email="ana@exmaple.org")

    answer = desk.post(address(registration), filled(desk.get(address(registration)), email="ana@example.org"), follow=True)

    assert "No se escribió ninguna carta" in answer.content.decode()
    assert not Message.objects.exists()
