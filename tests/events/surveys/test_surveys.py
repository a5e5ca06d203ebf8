"""The survey after a seminar: asked once, answered once, and nothing joins an answer to who gave it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Attendance, LetterTold, Survey, SurveyResponse, SurveyTaken
from events.models.registrations import SIGNER
from events.surveys import responses
from events.surveys.responses import address_of, answer, ask_due, is_open_for
from members.models import Message
from rifess.base.dates import today_in_the_network
from rifess.base.models import Language
from tests.make import make_coming_seminar, make_panel, make_registration, make_seminar

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("answers are counted")]

LAST_WEEK = today_in_the_network() - timedelta(days=7)


def over(**given):
    """A seminar of last week, with its survey."""
    return make_survey(make_seminar(starts_on=LAST_WEEK, ends_on=LAST_WEEK, **given))


def make_survey(seminar, **given):
    Survey.objects.create(seminar=seminar, **given)
    return seminar


def refusal(registration, **said):
    with pytest.raises(ValidationError) as refused:
        answer(registration, **{"contents": 5} | said)
    return refused.value.code


def contents():
    return sorted(SurveyResponse.objects.values_list("contents", flat=True))


# Who may answer, and when


@pytest.mark.parametrize(
    ("state", "came", "expected"),
    [
        ("confirmed", False, True),
        ("confirmed", True, True),
        ("cancelled", True, True),
        ("cancelled", False, False),
        ("waiting", False, False),
        ("unconfirmed", False, False),
    ],
)
def test_those_who_had_a_seat_or_came_may_answer(state, came, expected):
    line = {"place_in_line": 1} if state == "waiting" else {}
    registration = make_registration(over(), state=state, **line)
    if came:
        Attendance.objects.create(registration=registration, source="secretariat")

    assert is_open_for(registration) is expected
    assert expected or refusal(registration) == "none"


def test_there_is_none_where_the_secretariat_asks_none_or_the_seminar_was_cancelled():
    without, cancelled = make_seminar(), over(cancelled_on=LAST_WEEK)

    assert [refusal(make_registration(seminar)) for seminar in (without, cancelled)] == ["none", "none"]


def test_it_opens_with_the_end_of_the_last_panel():
    ends = datetime(2026, 3, 10, 18, tzinfo=ZoneInfo("America/Montevideo"))
    seminar = make_survey(make_seminar(starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 10), time_zone="America/Montevideo"))
    make_panel(seminar=seminar, held_on=date(2026, 3, 10), starts_at=ends - timedelta(hours=1), ends_at=ends)
    registration = make_registration(seminar)

    assert [is_open_for(registration, ends + timedelta(seconds=late)) for late in (-1, 0)] == [False, True]
    assert refusal(registration, now=ends - timedelta(seconds=1)) == "early"


def test_its_last_day_is_included_on_the_clock_of_the_seminar():
    seminar = make_seminar(starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 10), time_zone="America/Montevideo")
    registration = make_registration(make_survey(seminar, closes_on=date(2026, 3, 20)))
    midnight = datetime(2026, 3, 21, tzinfo=ZoneInfo("America/Montevideo"))

    assert [is_open_for(registration, midnight + timedelta(seconds=late)) for late in (-1, 0)] == [True, False]
    assert refusal(registration, now=midnight) == "closed"


def test_each_person_answers_once():
    seminar = over()
    ana, eva = make_registration(seminar), make_registration(seminar)
    for mark, registration in enumerate((ana, eva), start=4):
        answer(registration, contents=mark)

    assert (refusal(ana, contents=1), contents(), is_open_for(ana)) == ("answered", [4, 5], False)


def test_the_database_keeps_one_answer_for_each_person_and_marks_from_one_to_five():
    registration = make_registration(over())
    survey = registration.seminar.survey
    SurveyTaken.objects.create(survey=survey, registration=registration)

    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyTaken.objects.create(survey=survey, registration=registration)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyResponse.objects.create(survey=survey, contents=6)


def test_an_answer_that_cannot_be_kept_leaves_nothing():
    registration = make_registration(over())

    with pytest.raises(IntegrityError), transaction.atomic():
        answer(registration, contents=9)

    assert (SurveyTaken.objects.count(), SurveyResponse.objects.count()) == (0, 0)


# Nothing joins an answer to who gave it


def test_an_answer_holds_no_person_no_moment_no_language_and_no_number_in_order():
    columns = {field.name for field in SurveyResponse._meta.get_fields()}
    people = {model.__name__ for field in SurveyResponse._meta.get_fields() if (model := field.related_model)}

    assert columns == {"id", "survey", *surveys_marks(), "liked", "to_improve"}
    assert (people, SurveyResponse._meta.pk.get_internal_type()) == ({"Survey"}, "UUIDField")


def surveys_marks():
    from events.models import MARKED

    return set(MARKED)


def test_what_says_that_somebody_answered_holds_no_moment():
    assert {field.name for field in SurveyTaken._meta.get_fields()} == {"id", "survey", "registration"}


@pytest.mark.usefixtures("history_follows")
def test_the_history_tells_of_no_answer():
    registration = make_registration(over())
    before = LogEntry.objects.count()

    answer(registration, contents=5)

    assert LogEntry.objects.count() == before


def test_the_place_of_an_answer_in_its_table_does_not_tell_when_it_came():
    """SQLite numbers rows as they come, PostgreSQL lays them down so: the order of the table is not that of the answers."""
    seminar = over()
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    for number in range(12):
        answer(make_registration(seminar), liked=f"{number:02}")

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT liked FROM events_surveyresponse ORDER BY {place}")
        order = [row[0] for row in cursor.fetchall()]
    assert sorted(order) == [f"{number:02}" for number in range(12)] != order


def test_the_transaction_of_an_answer_is_that_of_others_too(monkeypatch):
    monkeypatch.setattr(responses, "MIXED", 3)
    seminar, written = over(), []
    for number in range(5):
        answer(make_registration(seminar), liked=str(number))
    bulk_create = SurveyResponse.objects.bulk_create
    monkeypatch.setattr(SurveyResponse.objects, "bulk_create", lambda rows: written.extend(bulk_create(rows)))

    answer(make_registration(seminar), liked="5")

    assert len(written) == 4 and "5" in {row.liked for row in written}
    assert SurveyResponse.objects.count() == 6


def test_answers_to_another_survey_stay_as_they_are():
    first, other = make_registration(over()), make_registration(over())
    answer(first, liked="una"), answer(other, liked="otra")

    assert SurveyResponse.objects.get(survey=first.seminar.survey).liked == "una"


# Asked by letter


def test_those_who_took_part_are_asked_once_when_it_is_over_each_in_their_language():
    seminar = over(title="Seminario de marzo")
    ana = make_registration(seminar, language="pt-br")
    answered, cancelled = make_registration(seminar), make_registration(seminar, state="cancelled")
    answer(answered, contents=5)

    assert (ask_due(), ask_due()) == (1, 0)

    message = Message.objects.get()
    with translation.override("pt-br"):
        assert address_of(ana) in message.text
    assert (message.to, message.language, message.is_bulk) == (ana.email, "pt-br", True)
    assert not LetterTold.objects.filter(registration=cancelled).exists()


def test_nobody_is_asked_before_the_day_after_nor_once_it_is_closed_nor_where_it_was_cancelled():
    today = today_in_the_network()
    for seminar in (
        make_survey(make_coming_seminar()),
        make_survey(make_seminar(starts_on=LAST_WEEK, ends_on=LAST_WEEK), closes_on=today - timedelta(days=2)),
        over(cancelled_on=LAST_WEEK),
        over(published_at=None),
    ):
        make_registration(seminar)

    assert ask_due() == 0


def test_whoever_was_made_anonymous_is_not_asked():
    make_registration(over(), email="", name="", anonymized_at=timezone.now())

    assert ask_due() == 0


# The page


def page_of(registration, language="en"):
    with translation.override(language):
        return reverse("events:survey", args=[SIGNER.sign(registration.code)])


def test_what_is_sent_is_kept_and_thanked(client):
    registration = make_registration(over())

    shown = client.get(page_of(registration))
    sent = client.post(page_of(registration), {"contents": "5", "usefulness": "", "liked": "Los ejemplos"})
    thanked = client.get(sent.url)

    kept = SurveyResponse.objects.get()
    assert (kept.contents, kept.usefulness, kept.liked) == (5, None, "Los ejemplos")
    assert (shown.status_code, sent.status_code) == (200, 302) and thanked.context["has_answered"]
    assert "no-store" in shown["Cache-Control"] and shown["X-Robots-Tag"] == "noindex"


def test_an_empty_answer_is_sent_back(client):
    registration = make_registration(over())

    page = client.post(page_of(registration), {"contents": "", "liked": "  "})

    assert page.context["form"].non_field_errors() and SurveyTaken.objects.count() == 0


@pytest.mark.parametrize("typed", [{"contents": "6"}, {"contents": "x"}, {"liked": "a" * 1001}])
def test_what_is_no_mark_or_too_long_is_sent_back(client, typed):
    page = client.post(page_of(make_registration(over())), {"usefulness": "3"} | typed)

    assert list(page.context["form"].errors) == list(typed)
    assert SurveyResponse.objects.count() == 0


@pytest.mark.parametrize(
    ("form", "interpreted", "left_out"),
    [
        ("virtual", False, {"interpretation"}),
        ("virtual", True, set()),
        ("in-person", True, {"connection"}),
    ],
)
def test_what_does_not_concern_them_is_not_asked(client, form, interpreted, left_out):
    seminar = over()
    if interpreted:
        seminar.interpreted_languages.add(Language.objects.get(code="pt-BR"))

    fields = client.get(page_of(make_registration(seminar, form=form))).context["form"].fields

    assert surveys_marks() - set(fields) == left_out


def test_a_second_answer_of_the_same_person_changes_nothing(client):
    registration = make_registration(over())

    pages = [client.post(page_of(registration), {"contents": mark}) for mark in ("5", "1")]

    assert (pages[1].status_code, pages[1].context["has_answered"], contents()) == (200, True, [5])


def test_before_and_after_its_time_the_page_says_so(client):
    coming = make_registration(make_survey(make_coming_seminar()))
    last_week, yesterday = today_in_the_network() - timedelta(days=7), today_in_the_network() - timedelta(days=1)
    closed = make_registration(make_survey(make_seminar(starts_on=last_week, ends_on=last_week), closes_on=yesterday))

    pages = [client.get(page_of(each)) for each in (coming, closed)]

    assert [(page.context["has_begun"], page.context["closes_on"]) for page in pages] == [
        (False, None),
        (True, yesterday),
    ]
    assert [client.post(page_of(each), {"contents": "5"}).status_code for each in (coming, closed)] == [200, 200]
    assert SurveyResponse.objects.count() == 0


def test_there_is_no_page_for_those_who_are_not_asked(client):
    foreign = make_registration(over(), state="cancelled")

    answers = [client.get(page_of(foreign)), client.post(page_of(foreign), {"contents": "5"})]
    answers += [client.get(reverse("events:survey", args=[signed])) for signed in ("x", f"{foreign.code}:x", foreign.code)]

    assert [page.status_code for page in answers] == [404] * 5


def test_the_page_of_a_registration_leads_to_it_while_it_is_open(client):
    registration = make_registration(over())
    pages = [client.get(registration.get_absolute_url()).content.decode()]
    answer(registration, contents=5)

    pages.append(client.get(registration.get_absolute_url()).content.decode())

    assert [address_of(registration) in page for page in pages] == [True, False]
