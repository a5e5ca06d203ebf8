"""What those who take part are told by itself: before a seminar, once each, while it is true; and when it is called off."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from events.models import JoinLink, LetterKind, LetterTold, MissedReminder, Panel, Registration, SeminarLetter
from events.notifications import mailings, send
from events.notifications.reminders import remind, tell_called_off
from events.notifications.schedule_changes import unaware
from events.registration.workflow import cancel
from members.models import Message
from members.outbox.delivery import send_due
from rifess.base.dates import today_in_the_network
from tests.make import make_coming_seminar, make_panel, make_registration, make_secretary

pytestmark = pytest.mark.django_db

MEXICO = ZoneInfo("America/Mexico_City")
FRIDAY = date(2027, 3, 5)
LONG_AGO = datetime(2027, 1, 1, tzinfo=MEXICO)


def at(day, hour, minute=0, zone=MEXICO):
    return datetime(2027, 3, day, hour, minute, tzinfo=zone)


def seminar_on_friday(starts_at=None, link=False, **given):
    """A seminar in Mexico City on Friday, 5 March 2027, at ten or at another hour; `starts_at=False`: of unknown hour."""
    given = {"starts_on": FRIDAY, "ends_on": FRIDAY, "time_zone": "America/Mexico_City"} | given
    seminar = make_coming_seminar(**given)
    if starts_at is not False:
        make_panel(seminar=seminar, held_on=given["starts_on"], starts_at=starts_at or at(5, 10))
    if link:
        JoinLink.objects.create(seminar=seminar, join_url="https://meet.example/abc")
    return seminar


def participant(seminar, **given):
    return make_registration(seminar, **{"confirmed_at": LONG_AGO} | given)


def told(registration=None):
    letters = LetterTold.objects.filter(registration=registration) if registration else LetterTold.objects
    return list(letters.order_by("pk").values_list("kind", flat=True))


# When


@pytest.mark.parametrize(
    ("moment", "kinds"),
    [
        (at(5, 10) - timedelta(days=7, seconds=1), []),
        (at(5, 10) - timedelta(days=7), ["week-before"]),
        (at(5, 10) - timedelta(days=6, seconds=1), ["week-before"]),
        (at(5, 10) - timedelta(days=6), []),  # too late to say “in a week”
        (at(4, 9, 59), []),
        (at(4, 10), ["day-before"]),
        (at(4, 17, 59), ["day-before"]),
        (at(4, 18), []),  # in Madrid it is today
        (at(5, 8, 59), []),
        (at(5, 9), ["hour-before"]),
        (at(5, 9, 29), ["hour-before"]),
        (at(5, 9, 30), []),
        (at(5, 11), []),
    ],
)
def test_a_reminder_is_written_when_it_is_due_and_while_it_is_true(moment, kinds):
    participant(seminar_on_friday())

    remind(moment)

    assert told() == kinds


@pytest.mark.parametrize(
    ("moment", "kinds"),
    [
        (datetime(2027, 2, 26, 8, 59, tzinfo=MEXICO), []),
        (datetime(2027, 2, 26, 9, tzinfo=MEXICO), ["week-before"]),
        (at(4, 9), ["day-before"]),
        (at(5, 8), []),
        (at(5, 9), []),
    ],
)
def test_of_an_unknown_hour_days_are_counted_and_there_is_no_hour_before(moment, kinds):
    participant(seminar_on_friday(starts_at=False))

    remind(moment)

    assert told() == kinds


def test_the_hour_stays_that_of_the_clock_when_the_clocks_change():
    madrid = ZoneInfo("Europe/Madrid")  # summer time begins on 28 March 2027
    begins = at(30, 17, zone=madrid)
    seminar = seminar_on_friday(starts_at=begins, starts_on=date(2027, 3, 30), ends_on=None, time_zone="Europe/Madrid")
    participant(seminar)

    assert remind(at(23, 16, 59, zone=madrid)) == 0
    assert remind(at(23, 17, zone=madrid)) == 1


def test_days_are_those_of_the_seminars_zone():
    seminar = seminar_on_friday(starts_at=at(5, 1, zone=ZoneInfo("Europe/Madrid")), time_zone="Europe/Madrid")
    participant(seminar)

    remind(at(3, 18, zone=MEXICO))  # the fourth, one o’clock, in Madrid

    assert told() == ["day-before"]


# Once


def test_each_reminder_is_written_once_however_often_one_asks():
    participant(seminar_on_friday())

    assert [remind(at(4, 10)), remind(at(4, 10, 5)), remind(at(4, 11))] == [1, 0, 0]


def test_a_seminar_that_is_put_off_is_reminded_of_again():
    seminar = seminar_on_friday()
    participant(seminar)
    remind(at(4, 10))

    seminar.panels.update(held_on=date(2027, 3, 12), starts_at=at(12, 10))
    type(seminar).objects.filter(pk=seminar.pk).update(starts_on=date(2027, 3, 12), ends_on=date(2027, 3, 12))

    assert (remind(at(4, 11)), remind(at(5, 10)), remind(at(11, 10))) == (0, 1, 1)
    assert told() == ["day-before", "week-before", "day-before"]


def test_another_hour_of_the_same_day_is_not_told_again_a_day_before_but_an_hour_before():
    seminar = seminar_on_friday()
    participant(seminar)
    remind(at(4, 10))
    remind(at(5, 9))

    seminar.panels.update(starts_at=at(5, 16))

    assert (remind(at(4, 16)), remind(at(5, 15))) == (0, 1)
    assert told() == ["day-before", "hour-before", "hour-before"]


# Whom


def test_only_those_with_a_seat_are_reminded():
    seminar = seminar_on_friday()
    comes = participant(seminar)
    for state in ("unconfirmed", "to-approve", "cancelled", "declined", "lapsed"):
        participant(seminar, state=state)
    participant(seminar, state="waiting", place_in_line=1)
    participant(seminar, state="offered", offer_expires_at=at(5, 9))
    participant(seminar, email="", origin="list")

    assert remind(at(4, 10)) == 1
    assert LetterTold.objects.get().registration == comes


def test_who_registered_after_it_was_due_has_just_read_when_it_is():
    seminar = seminar_on_friday()
    participant(seminar, confirmed_at=at(4, 11))
    promoted = participant(seminar)
    LetterTold.objects.create(registration=promoted, kind=LetterKind.CONFIRMED, about="1", told_at=at(4, 11))

    assert remind(at(4, 12)) == 0


@pytest.mark.parametrize("given", [{"published_at": None}, {"cancelled_on": date(2027, 3, 1)}])
def test_nobody_is_reminded_of_what_is_not_held(given):
    participant(seminar_on_friday(**given))

    assert remind(at(4, 10)) == 0


def test_a_letter_that_cannot_be_written_does_not_keep_the_others_waiting(caplog, monkeypatch):
    seminar = seminar_on_friday()
    broken, comes = participant(seminar), participant(seminar)
    compose = send.compose
    monkeypatch.setattr(send, "compose", lambda who, kind, **more: compose(who, kind, **more) if who != broken else 1 / 0)

    assert remind(at(4, 10)) == 1
    assert (told(broken), told(comes)) == ([], ["day-before"])
    assert "A letter was not written: day-before" in caplog.text and broken.email not in caplog.text.partition("Traceback")[0]


# The link to join


def test_whoever_attends_from_afar_gets_the_link_instead_of_the_hour_before():
    seminar = seminar_on_friday(link=True)
    afar, there = participant(seminar), participant(seminar, form="in-person")

    remind(at(5, 9))

    letter = Message.objects.get(to=afar.email)
    assert (told(afar), told(there)) == (["join"], ["hour-before"])
    assert reverse("events:registration-join", args=["x"]).rpartition("x")[0] in letter.text
    assert "meet.example" not in letter.text + letter.html


def test_whoever_registers_while_it_is_on_still_gets_the_link_but_not_afterwards():
    seminar = seminar_on_friday(link=True)
    Panel.objects.update(ends_at=at(5, 12))
    participant(seminar, confirmed_at=at(5, 11))

    assert remind(at(5, 12)) == 0
    assert remind(at(5, 11, 5)) == 1
    assert Message.objects.get().expires_at == at(5, 12)


def test_of_an_unknown_hour_the_link_comes_in_the_morning():
    participant(seminar_on_friday(starts_at=False, link=True))

    assert (remind(at(5, 7, 59)), remind(at(5, 8))) == (0, 1)
    assert told() == ["join"]


def test_a_letter_says_when_and_where_apart_from_its_words_in_the_language_of_the_person():
    seminar = seminar_on_friday(place_es="Sala A", place_en="Room B")
    SeminarLetter.objects.create(seminar=seminar, kind="day-before", subject_es="Mañana", text_es="Hola.\n\nTraiga agua.")

    letter = send.tell(participant(seminar, form="in-person", language="en", country="ES"), LetterKind.DAY_BEFORE)

    assert "<strong>5 March 2027, 10:00 Mexico City time, 17:00 Madrid time</strong>" in letter.html
    assert letter.html.index("Hola.") < letter.html.index("<strong>Room B</strong>") < letter.html.index("Traiga agua.")
    assert "Where: Room B" in letter.text


# Further days


def course(link=True):
    """Friday at ten, Saturday at eleven, nothing on Sunday, Monday at an unknown hour."""
    seminar = seminar_on_friday(link=link, ends_on=date(2027, 3, 8), place_es="Sala A")
    make_panel(seminar=seminar, title="Crédito", held_on=date(2027, 3, 6), starts_at=at(6, 11), ends_at=at(6, 12, 30))
    make_panel(seminar=seminar, title="Clausura", held_on=date(2027, 3, 8))
    return seminar


def test_each_further_day_with_panels_is_reminded_of_once():
    participant(course(link=False))
    moments = [at(6, 9, 59), at(6, 10), at(6, 10, 30), at(6, 11), at(7, 10), at(8, 7, 59), at(8, 8), at(8, 23, 59), at(9, 0)]

    assert [remind(moment) for moment in moments] == [0, 1, 0, 0, 0, 0, 1, 0, 0]
    assert told() == ["further-day"] * 2
    assert [*Message.objects.order_by("pk").values_list("expires_at", flat=True)] == [at(6, 11), at(9, 0)]


def test_the_reminder_of_a_further_day_brings_its_programme_and_the_link():
    seminar = course()
    afar = participant(seminar, country="ES", language="en")
    there = participant(seminar, form="in-person")
    LetterTold.objects.create(registration=afar, kind="join", about="earlier")

    remind(at(6, 10))

    online, inside = (Message.objects.get(to=each.email, kind="registration-further-day") for each in (afar, there))
    own = reverse("events:registration", args=["x"]).rpartition("x")[0]
    join_ending = "/join/"
    assert "6 March 2027, 11:00 Mexico City time, 18:00 Madrid time" in online.text
    assert "11:00–12:30 Crédito" in online.text and "Clausura" not in online.text
    assert (f"{settings.SITE_URL}{own}" in inside.text, "Join\n" in online.text) == (True, True)
    assert re.search(rf"Join\n\S+{re.escape(join_ending)}$", online.text, re.MULTILINE) and join_ending not in inside.text
    assert "meet.example" not in online.text + online.html and "Sala A" in inside.text
    assert online.unsubscribe_url and not online.is_bulk


def test_the_reminder_of_a_further_day_does_not_come_after_unsubscribing(mailoutbox):
    seminar = make_coming_seminar(days=0, ends_on=today_in_the_network() + timedelta(days=1))
    starts_at = timezone.now() + timedelta(minutes=50)
    make_panel(seminar=seminar, held_on=timezone.localdate(starts_at, seminar.zone), starts_at=starts_at)
    type(seminar).objects.update(starts_on=timezone.localdate(starts_at, seminar.zone) - timedelta(days=1))
    stays, ends, ended = (participant(seminar, confirmed_at=timezone.now() - timedelta(days=3)) for _each in range(3))
    mailings.end(ended)

    assert remind() == 2
    mailings.end(ends)
    send_due()

    assert [mail.to for mail in mailoutbox] == [[f"{stays.name} <{stays.email}>"]]
    assert Message.objects.get(to=ends.email).trouble == "They unsubscribed."


def test_a_further_day_that_was_missed_is_told_on_the_desk():
    participant(course(link=False))

    remind(at(6, 11, 5))

    assert "further-day" in MissedReminder.objects.values_list("kind", flat=True)


def test_the_desk_says_when_reminders_are_sent(client):
    client.force_login(make_secretary())
    seminar = course()

    page = client.get(reverse("admin:events_takingpart_change", args=[seminar.pk]).replace("/es/", "/en/"))
    letter = client.get(reverse("admin:events_takingpart_letter", args=[seminar.pk, "further-day"]).replace("/es/", "/en/"))

    text = page.content.decode()
    assert re.findall(r"reminder before each further day: ([^<]+)", text) == ["06/03/2027 10:00", "08/03/2027 08:00"]
    assert "An hour before each further day that has panels" in letter.content.decode()


# Moved away and back


def move(seminar, day, tells):
    seminar.panels.update(held_on=date(2027, 3, day), starts_at=at(day, 10))
    type(seminar).objects.filter(pk=seminar.pk).update(starts_on=date(2027, 3, day), ends_on=date(2027, 3, day))
    seminar.refresh_from_db()
    if tells:
        send.tell_each(unaware(seminar), LetterKind.CHANGED)


@pytest.mark.parametrize(
    ("tells", "kinds"),
    [
        # told of another day, and not that it is the first one after all: it is reminded of again
        ((True, False), ["day-before", "changed", "day-before", "hour-before"]),
        # told both: the last letter says when it is
        ((True, True), ["day-before", "changed", "changed", "hour-before"]),
        # told neither: what they read is still so
        ((False, False), ["day-before", "hour-before"]),
    ],
)
def test_a_seminar_moved_away_and_back_is_reminded_of_as_people_know_it(tells, kinds):
    seminar = seminar_on_friday()
    registration = participant(seminar)
    send.count_as_told(registration, LetterKind.CONFIRMED)
    remind(at(4, 10))
    for day, telling in zip((20, 5), tells, strict=True):
        move(seminar, day, telling)
        LetterTold.objects.filter(kind="changed").update(told_at=at(4, 12))

    assert [remind(at(4, 13)), remind(at(4, 13, 5))] == [kinds.count("day-before") - 1, 0]
    assert [remind(at(5, 9)), remind(at(5, 9, 5))] == [1, 0]
    assert told()[1:] == kinds


# Called off


def test_those_who_take_part_are_told_once_that_a_seminar_is_called_off():
    seminar = seminar_on_friday(cancelled_on=date(2027, 3, 1))
    comes, gone = participant(seminar), participant(seminar)
    waits = participant(seminar, state="waiting", place_in_line=1)
    cancel(gone, tells=False)

    assert (tell_called_off(at(2, 9)), tell_called_off(at(2, 9, 5))) == (2, 0)
    assert (told(comes), told(waits), told(gone)) == (["called-off"], ["called-off"], [])


def test_nobody_is_told_that_a_seminar_of_the_past_was_called_off():
    participant(seminar_on_friday(cancelled_on=date(2027, 3, 1)))

    assert tell_called_off(at(6, 9)) == 0


# Who knows another day


@pytest.mark.parametrize(
    "change",
    [
        {"starts_on": date(2027, 3, 4)},
        {"ends_on": date(2027, 3, 6)},
        {"time_zone": "America/Bogota"},
        {"place_es": "Puebla"},
    ],
)
def test_whoever_was_told_something_else_is_unaware_of_a_change(change):
    seminar = seminar_on_friday()
    comes = participant(seminar)
    send.tell(comes, LetterKind.CONFIRMED)
    assert not unaware(seminar).exists()

    for name, value in change.items():
        setattr(seminar, name, value)
    seminar.save()

    assert list(unaware(seminar)) == [comes]


def test_an_hour_is_a_change_and_a_title_is_none():
    seminar = seminar_on_friday()
    comes = participant(seminar)
    send.tell(comes, LetterKind.CONFIRMED)

    Panel.objects.update(title_es="Otro")
    make_panel(seminar=seminar, held_on=None)
    assert not unaware(seminar).exists()
    seminar.panels.filter(held_on=FRIDAY).update(starts_at=at(5, 11))

    assert list(unaware(seminar)) == [comes]


def test_what_changes_back_and_forth_is_told_each_time():
    seminar = seminar_on_friday()
    comes = participant(seminar)
    send.tell(comes, LetterKind.CONFIRMED)

    for hour in (11, 10, 11):
        seminar.panels.update(starts_at=at(5, hour))
        assert send.tell_each(unaware(seminar), LetterKind.CHANGED) == 1
        assert send.tell_each(unaware(seminar), LetterKind.CHANGED) == 0


def test_whoever_registers_after_a_change_knows_it():
    seminar = seminar_on_friday()
    seminar.panels.update(starts_at=at(5, 11))

    send.tell(participant(seminar), LetterKind.CONFIRMED)

    assert not unaware(seminar).exists()


def test_whoever_was_told_elsewhere_is_told_of_a_change_too():
    seminar = seminar_on_friday()
    send.count_as_told(participant(seminar), LetterKind.CONFIRMED)

    seminar.panels.update(starts_at=at(5, 11))

    assert send.tell_each(unaware(seminar), LetterKind.CHANGED) == 1
    assert Message.objects.get().is_bulk


def test_whoever_has_left_when_their_turn_comes_is_told_nothing():
    seminar = seminar_on_friday()
    leaves, comes = participant(seminar), participant(seminar)
    waiting = Registration.objects.confirmed().order_by("pk")
    keys = waiting.values_list("pk", flat=True)
    assert list(keys) == [leaves.pk, comes.pk]

    cancel(leaves, tells=False)

    assert send.tell_each(waiting, LetterKind.THANKS) == 1


def test_the_secretariats_own_words_are_said():
    seminar = seminar_on_friday()
    SeminarLetter.objects.create(
        seminar=seminar, kind="day-before", subject_es="Recordatorio: «{seminar}» empieza mañana", text_es="Hola, {name}."
    )
    comes = participant(seminar)

    remind(at(4, 10))

    assert f"Hola, {comes.name}." in Message.objects.get().text


# What was missed


@pytest.mark.parametrize("happens", ["nothing ran", "no e-mail left"])
def test_a_reminder_that_was_missed_is_told_on_the_desk_with_how_many_did_not_get_it(client, happens):
    seminar = seminar_on_friday()
    participant(seminar), participant(seminar), participant(seminar, confirmed_at=at(4, 12))
    if happens == "no e-mail left":
        remind(at(4, 10))
        Message.objects.update(state="expired", next_try_at=None)

    remind(at(4, 20))
    remind(at(4, 21))
    MissedReminder.objects.update(noticed_at=timezone.now())

    assert [*MissedReminder.objects.values_list("kind", "people")] == [("day-before", 2)]
    client.force_login(make_secretary())
    front = client.get(reverse("admin:index").replace("/es/", "/en/")).content.decode()
    letters_page = client.get(reverse("admin:events_takingpart_letters", args=[seminar.pk]).replace("/es/", "/en/"))
    listed = client.get(reverse("admin:events_takingpart_changelist") + "?when=missed").context["cl"]
    assert "1 seminar of which reminders were not sent in time" in front
    assert "2 people did not get it" in letters_page.content.decode() and listed.result_count == 1


@pytest.mark.parametrize("given", [{"published_at": None}, {"cancelled_on": date(2027, 3, 1)}])
def test_nothing_is_missed_of_what_is_not_held_or_was_told(given):
    participant(seminar_on_friday(**given))
    told_in_time = seminar_on_friday()
    participant(told_in_time)
    told_otherwise = participant(seminar_on_friday())
    remind(at(4, 10, 30))
    LetterTold.objects.filter(registration=told_otherwise).update(kind="changed", told_at=at(4, 11))

    remind(at(4, 20))

    assert not MissedReminder.objects.exists()


def test_the_link_to_join_is_missed_when_the_seminar_is_over():
    seminar = seminar_on_friday(link=True)
    Panel.objects.update(ends_at=at(5, 12))
    participant(seminar)

    remind(at(6, 9))

    assert set(MissedReminder.objects.values_list("kind", flat=True)) == {"day-before", "join"}


# A clock that was ahead


@pytest.mark.parametrize("given", [{"confirmed_at": at(5, 10) + timedelta(days=400)}, {}], ids=["confirmed", "told"])
def test_what_was_written_while_the_clock_was_ahead_keeps_no_reminder_back(given):
    seminar = seminar_on_friday()
    person = participant(seminar, **given)
    if not given:
        send.tell(person, LetterKind.CONFIRMED)
        LetterTold.objects.update(told_at=at(5, 10) + timedelta(days=400))
    before = len(told(person))

    written = [remind(at(4, 10, 30)), remind(at(4, 10, 40))]

    assert (written, told(person)[before:]) == ([1, 0], ["day-before"])


def test_what_was_confirmed_while_the_clock_was_ahead_counts_among_missed_reminders():
    seminar = seminar_on_friday()
    participant(seminar, confirmed_at=at(5, 10) + timedelta(days=400))
    Registration.objects.filter(seminar=seminar).update(email="ana@example.org")

    remind(at(5, 9, 45))

    assert MissedReminder.objects.filter(kind="day-before", people=1).exists()
