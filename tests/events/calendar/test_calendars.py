"""Calendars say the same instants as the pages, to every program, whatever it knows of time zones."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from events.calendar import ical
from events.models import AttendanceForm, CalendarEntry, LetterKind, RegistrationState, SeminarFormat
from events.notifications import send
from events.programme.time_zone_change import last_day_of, to_instant
from members.models import Audience
from tests.make import (
    make_coming_seminar,
    make_institution,
    make_panel,
    make_registration,
    make_secretary,
    make_seminar,
    make_topic,
)

pytestmark = pytest.mark.django_db
CITIES = {
    "Mexico City": "America/Mexico_City",
    "Bogotá": "America/Bogota",
    "Santiago, Chile": "America/Santiago",
    "Madrid": "Europe/Madrid",
    "Brasília": "America/Sao_Paulo",
    "Havana": "America/Havana",
}
DAYS = [  # in each season, and on both sides of the nights on which clocks change somewhere (2027 in Chile, Cuba, Spain)
    *(date(2027, month, 10) for month in (3, 7, 10, 12)),
    *(date(2027, 3, day) for day in (13, 14, 15, 27, 28, 29)),
    *(date(2027, 4, day) for day in (3, 4, 5)),
    *(date(2027, 9, day) for day in (4, 5, 6)),
    *(date(2027, 10, day) for day in (30, 31)),
    *(date(2027, 11, day) for day in (1, 6, 7, 8)),
]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def make_timed_panel(seminar, day, starts, ends=None, **given):
    """A panel whose hours are typed as the secretariat types them: on the clock of the seminar's city."""
    starts, ends = (hour and datetime.strptime(hour, "%H:%M").time() for hour in (starts, ends))
    starts_at = starts and to_instant(day, starts, seminar.zone)
    ends_at = ends and to_instant(last_day_of(day, starts, ends), ends, seminar.zone)
    return make_panel(seminar=seminar, held_on=day, starts_at=starts_at, ends_at=ends_at, **given)


def make_day(zone="Europe/Madrid", day=date(2027, 3, 10), **given):
    """A seminar of one day with a panel from ten to half past eleven."""
    seminar = make_seminar(starts_on=day, ends_on=day, time_zone=zone, **given)
    make_timed_panel(seminar, day, "10:00", "11:30", title="Apertura")
    return seminar


def read(content):
    return Calendar.from_ical(content).events


def only(content):
    (event,) = read(content)
    return event


# Instants


def instants(events):
    return [(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in events]


def known_to_the_file(content):
    """The same instants for a program that knows no zone but those that the file itself describes."""
    calendar = Calendar.from_ical(content)
    rules = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in calendar.timezones}

    def instant(said):
        return said.dt.replace(tzinfo=rules.get(said.params.get("TZID"), UTC)).astimezone(UTC)

    return [(instant(event["DTSTART"]), instant(event["DTEND"])) for event in calendar.events]


@pytest.mark.parametrize("zone", CITIES.values(), ids=CITIES)
def test_the_file_says_the_instants_that_were_typed_all_year(zone):
    seminar = make_seminar(starts_on=DAYS[0], ends_on=DAYS[3], time_zone=zone)
    for day in sorted(DAYS):
        make_timed_panel(seminar, day, "10:00", "11:30")
    typed = list(seminar.panels.order_by("held_on").values_list("starts_at", "ends_at"))

    content = ical.of_seminar(seminar)

    assert instants(read(content)) == typed
    assert known_to_the_file(content) == typed
    assert {event["DTSTART"].params["TZID"] for event in read(content)} == {zone}


@pytest.mark.parametrize("zone", CITIES.values(), ids=CITIES)
def test_hours_of_the_night_on_which_clocks_change_are_right_too(zone):
    rules, known = ical.rules_of(zone, 2027, 2027).to_tz(lookup_tzid=False), ZoneInfo(zone)
    wrong = []
    for day in DAYS[4:]:
        for minutes in range(0, 24 * 60, 30):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
            said = ical.on_the_clock(moment, known)
            if moment.astimezone(rules).utcoffset() != moment.astimezone(known).utcoffset():
                wrong.append(("from the instant", moment))
            if said.tzinfo != UTC and said.replace(tzinfo=rules).astimezone(UTC) != moment:
                wrong.append(("from the clock", moment))

    assert wrong == []


def test_an_hour_that_clocks_show_twice_is_said_in_utc():
    """Madrid, 31 October 2027: at three it is two again."""
    day, twice = date(2027, 10, 31), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    panel = make_panel(
        seminar=make_seminar(starts_on=day, ends_on=day, time_zone="Europe/Madrid"),
        held_on=day,
        starts_at=twice,
        ends_at=twice + timedelta(hours=1),
    )

    event = only(ical.of_panel(panel))

    assert event["DTSTART"].to_ical() == b"20271031T013000Z"
    assert event["DTEND"].to_ical() == b"20271031T033000"


@pytest.mark.parametrize("zone", CITIES.values(), ids=CITIES)
def test_the_page_and_the_file_agree(client, zone):
    seminar = make_seminar(starts_on=DAYS[0], ends_on=DAYS[3], time_zone=zone)
    for day in DAYS[:4]:
        make_timed_panel(seminar, day, "23:00", "00:30")

    page = client.get(seminar.get_absolute_url()).content.decode()
    content = client.get(reverse("events:seminar-calendar", args=[seminar.slug])).content

    shown = re.findall(r'<time datetime="([^"]+)">(\d\d:\d\d)</time>', page.partition('class="session')[2])
    events = [moment for event in read(content) for moment in (event.start, event.end)]
    assert [(datetime.fromisoformat(moment), clock) for moment, clock in shown] == [
        (moment, moment.strftime("%H:%M")) for moment in events
    ]
    assert len(shown) == 8


# What is an entry


def days(content):
    return [(event.start, event.end) for event in read(content)]


def test_a_seminar_without_a_programme_takes_whole_days():
    seminar = make_seminar(starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 12))
    make_panel(seminar=seminar)

    event = only(ical.of_seminar(seminar))

    assert event["DTSTART"].to_ical(), event["DTSTART"].params["VALUE"] == (b"20270310", "DATE")
    assert (event.start, event.end) == (date(2027, 3, 10), date(2027, 3, 13))  # the end is the first day outside
    assert event["TRANSP"] == "TRANSPARENT"
    assert Calendar.from_ical(ical.of_seminar(seminar)).timezones == []


def test_each_day_of_a_seminar_lasts_from_its_first_hour_to_its_last():
    seminar = make_seminar(title="Jornadas", starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 14), time_zone="Europe/Madrid")
    first = make_timed_panel(seminar, date(2027, 3, 10), "10:00", "11:00", title="Apertura")
    last = make_timed_panel(seminar, date(2027, 3, 10), "12:00", "13:30", title="Mesa 1")
    make_panel(seminar=seminar, held_on=date(2027, 3, 12), title="Sin hora")

    events = read(ical.of_seminar(seminar))

    assert [(event.start, event.end) for event in events] == [
        (first.starts_at, last.ends_at),
        (date(2027, 3, 12), date(2027, 3, 13)),
        (date(2027, 3, 14), date(2027, 3, 15)),
    ]
    assert [event["SUMMARY"] for event in events] == ["Jornadas (1/3)", "Jornadas (2/3)", "Jornadas (3/3)"]
    assert "Programme (Madrid time):\n10:00–11:00 Apertura\n12:00–13:30 Mesa 1" in events[0]["DESCRIPTION"]
    assert "Programme:\nSin hora" in events[1]["DESCRIPTION"]


def test_an_end_that_is_not_known_is_not_invented():
    seminar = make_seminar(starts_on=date(2027, 3, 10), ends_on=None, time_zone="Europe/Madrid")
    panel = make_timed_panel(seminar, date(2027, 3, 10), "10:00")

    for content in (ical.of_seminar(seminar), ical.of_panel(panel)):
        event = only(content)
        assert event["DTSTART"].dt == panel.starts_at
        assert "DTEND" not in event


def test_a_panel_takes_its_hour_its_day_or_the_days_of_its_seminar():
    seminar = make_seminar(starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 11), time_zone="Europe/Madrid")
    timed = make_timed_panel(seminar, date(2027, 3, 10), "22:00", "00:30")
    dated = make_panel(seminar=seminar, held_on=date(2027, 3, 11))
    unknown = make_panel(seminar=seminar)

    assert [days(ical.of_panel(panel)) for panel in (timed, dated, unknown)] == [
        [(timed.starts_at, timed.ends_at)],
        [(date(2027, 3, 11), date(2027, 3, 12))],
        [(date(2027, 3, 10), date(2027, 3, 12))],
    ]


def test_words_are_in_the_language_asked_for_or_in_one_that_there_is():
    seminar = make_day(title="Crédito; y más, aquí", title_pt_br="Crédito, em português", place="Sede")
    seminar.topics.add(make_topic(name="Finanzas, solidarias"))

    in_portuguese = said_in("pt-br", seminar)
    in_english = said_in("en", seminar)

    assert in_portuguese["SUMMARY"] == "Crédito, em português"
    assert in_portuguese["URL"] == f"http://testserver/pt-br/seminarios/{seminar.slug}/"
    assert in_english["SUMMARY"] == "Crédito; y más, aquí"
    assert in_english["LOCATION"] == "Sede"
    assert in_english["CATEGORIES"].cats == ["Finanzas, solidarias"]


def said_in(language, seminar):
    with translation.override(language):
        return only(ical.of_seminar(seminar))


def test_a_place_says_whether_one_may_come_from_afar():
    places = [
        only(ical.of_seminar(make_day(format=format, place=place)))["LOCATION"]
        for format, place in ((SeminarFormat.VIRTUAL, "Sede"), (SeminarFormat.HYBRID, "Sede"), (SeminarFormat.IN_PERSON, "Sede"))
    ]

    assert places == ["Online", "Sede, and online", "Sede"]


def test_what_is_typed_cannot_break_out_of_its_line():
    seminar = make_day(title="Título\x07\r\nEND:VEVENT\r\nX: y", summary_es="á" * 100 + "\nEND:VEVENT\nX: y")

    content = ical.of_seminar(seminar)

    assert only(content)["SUMMARY"] == "Título END:VEVENT X: y"
    assert max(map(len, content.split(b"\r\n"))) <= 75  # octets, RFC 5545 §3.1


# What stays and what changes


def test_the_same_seminar_keeps_its_name_for_calendars_whatever_changes():
    seminar = make_day(slug="antes")
    before = only(ical.of_seminar(seminar))["UID"]
    seminar.slug, seminar.title_es, seminar.starts_on = "despues", "Otro título", date(2027, 3, 9)
    seminar.save()

    first, second = read(ical.of_seminar(seminar))

    assert before == first["UID"] == f"seminar-{seminar.pk}@testserver"
    assert second["UID"] == f"seminar-{seminar.pk}-2@testserver"


def test_an_entry_stays_the_same_when_its_hours_are_known():
    seminar = make_seminar(starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 10), time_zone="Europe/Madrid")
    before = only(ical.of_seminar(seminar))
    make_timed_panel(seminar, date(2027, 3, 10), "10:00", "11:00")

    after = only(ical.of_seminar(fresh(seminar)))

    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], after["SEQUENCE"] - 1)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_downloading_again_changes_nothing():
    seminar = make_day()
    panel = seminar.panels.get()

    assert ical.of_seminar(seminar) == ical.of_seminar(fresh(seminar))
    assert ical.of_panel(panel) == ical.of_panel(fresh(panel))
    assert only(ical.of_panel(panel))["SEQUENCE"] == 0


CHANGES = {
    "title": lambda seminar, panel: rewrite(seminar, title_es="Otro"),
    "another language": lambda seminar, panel: rewrite(seminar, title_en="Other"),
    "day": lambda seminar, panel: rewrite(seminar, starts_on=date(2027, 3, 9)),
    "place": lambda seminar, panel: rewrite(seminar, place_es="Otro lugar"),
    "address": lambda seminar, panel: rewrite(seminar, slug="otra-direccion"),
    "cancelled": lambda seminar, panel: rewrite(seminar, cancelled_on=date(2027, 3, 1)),
    "hour": lambda seminar, panel: rewrite(panel, ends_at=panel.ends_at + timedelta(hours=1)),
    "panel's title": lambda seminar, panel: rewrite(panel, title_es="Otra mesa"),
}


def rewrite(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_change_of_what_is_shown_counts_once(change):
    seminar = make_day()
    panel = seminar.panels.get()
    before = versions(seminar, panel)

    change(fresh(seminar), fresh(panel))

    after = versions(seminar, panel)
    assert [number for number, _stamp in before] == [0, 0]
    assert [number for number, _stamp in after] == [1, 1]
    assert after == versions(seminar, panel)


def versions(*rows):
    """Which version calendars show of a seminar and of a panel, and since when."""
    contents = [write(fresh(row)) for write, row in zip((ical.of_seminar, ical.of_panel), rows, strict=True)]
    return [(read(content)[0]["SEQUENCE"], read(content)[0]["DTSTAMP"].dt) for content in contents]


def test_what_calendars_do_not_show_counts_for_nothing():
    seminar = make_day()
    ical.of_seminar(seminar)
    rewrite(seminar, description_es="Texto largo", conclusions_es="Conclusiones", is_milestone=True)

    assert only(ical.of_seminar(fresh(seminar)))["SEQUENCE"] == 0


def test_of_two_who_see_the_same_change_one_counts_it():
    entry = CalendarEntry.objects.create(seminar=make_seminar(), fingerprint="as it was")
    one, another = fresh(entry), fresh(entry)
    one.change_to("as it is")
    another.change_to("as it is")

    assert (fresh(entry).sequence, fresh(entry).fingerprint) == (1, "as it is")


def test_a_cancelled_seminar_says_so_and_frees_the_time():
    event = only(ical.of_seminar(make_day(cancelled_on=date(2027, 3, 1))))

    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


# Registrations


def of(registration):
    calendar = Calendar.from_ical(ical.of_registration(registration))
    return calendar["METHOD"], calendar.events[0]["STATUS"]


def test_who_has_no_seat_yet_is_not_certain_and_who_cancelled_is_called_off():
    seminar = make_coming_seminar()
    found = {
        state: of(make_registration(seminar, state=state, **more))
        for state, more in (
            (RegistrationState.CONFIRMED, {}),
            (RegistrationState.WAITING, {"place_in_line": 1}),
            (RegistrationState.CANCELLED, {}),
        )
    }

    assert found == {
        RegistrationState.CONFIRMED: ("PUBLISH", "CONFIRMED"),
        RegistrationState.WAITING: ("PUBLISH", "TENTATIVE"),
        RegistrationState.CANCELLED: ("CANCEL", "CANCELLED"),
    }


def test_a_cancelled_seminar_is_called_off_for_whoever_registered():
    seminar = make_coming_seminar()
    registration = make_registration(seminar)
    before = only(ical.of_registration(registration))
    rewrite(seminar, cancelled_on=date(2027, 3, 1))

    after = only(ical.of_registration(registration))

    assert of(registration) == ("CANCEL", "CANCELLED")
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)


def test_a_registration_is_the_same_entry_as_its_seminar_and_tells_nothing_of_the_person(client):
    seminar = make_coming_seminar(format="hybrid", place="Sede")
    registration = make_registration(seminar, name="Ana Secreta", email="ana@example.org", form=AttendanceForm.IN_PERSON)
    signed = registration.get_absolute_url().rstrip("/").rpartition("/")[2]

    response = client.get(reverse("events:registration-calendar", args=[signed]))

    content, event = response.content, only(response.content)
    assert event["UID"] == only(ical.of_seminar(seminar))["UID"]
    assert event["LOCATION"] == "Sede"
    assert not [word for word in ("Ana", "ana@example.org", registration.code, signed) if word.encode() in content]
    assert ("no-store" in response["Cache-Control"], response["X-Robots-Tag"]) == (True, "noindex")


def test_nobody_finds_the_calendar_of_a_registration_without_its_address(client):
    registration = make_registration()

    assert client.get(reverse("events:registration-calendar", args=[registration.code])).status_code == 404


def attached_to(registration, kind):
    return [(file.name, file.content_type, bytes(file.content)) for file in send.tell(registration, kind).attachments.all()]


def test_letters_that_say_when_it_is_carry_the_entry_in_the_persons_language():
    seminar = make_coming_seminar(slug="credito", title="Crédito", title_pt_br="Crédito português")
    registration = make_registration(seminar, language="pt-br")

    with_entry = {kind for kind in LetterKind if attached_to(registration, kind)}
    ((name, content_type, content),) = attached_to(registration, LetterKind.CONFIRMED)

    says_when = {LetterKind.CONFIRMED, LetterKind.CHANGED, LetterKind.WEEK_BEFORE}
    assert with_entry == says_when | {LetterKind.CALLED_OFF, LetterKind.REINSTATED}
    assert (name, content_type, only(content)["SUMMARY"]) == ("credito.ics", "text/calendar", "Crédito português")


def test_the_letter_that_calls_it_off_takes_the_entry_out():
    registration = make_registration(make_coming_seminar(cancelled_on=date(2026, 1, 1)))

    ((_name, _type, content),) = attached_to(registration, LetterKind.CALLED_OFF)

    assert (Calendar.from_ical(content)["METHOD"], only(content)["STATUS"]) == ("CANCEL", "CANCELLED")


def test_a_letter_says_the_hour_at_the_seminar_and_where_the_person_is():
    seminar = make_coming_seminar(time_zone="America/Mexico_City", starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 10))
    make_timed_panel(seminar, date(2027, 3, 10), "18:00", "19:00")
    offer = {"state": RegistrationState.OFFERED, "offer_expires_at": datetime(2027, 3, 9, 18, tzinfo=UTC)}

    said = send.placeholders_of(make_registration(seminar, country="ES", **offer))

    assert said["when"] == "10 March 2027, 18:00 Mexico City time, 01:00 Madrid time (next day)"
    assert said["until"] == "9 March 2027, 12:00 Mexico City time, 19:00 Madrid time"


# Doors


def feed(client, *subject, **asked):
    address = reverse("events:calendar-of", args=subject) if subject else reverse("events:calendar")
    return client.get(address, **asked)


def titles(response):
    return [event["SUMMARY"] for event in read(response.content)]


def test_the_portals_calendar_has_what_visitors_may_see_and_is_recent(client):
    make_coming_seminar(days=10, title="Próximo")
    make_coming_seminar(days=20, title="Cancelado", cancelled_on=date(2026, 1, 1))
    make_coming_seminar(days=-300, title="Reciente")
    make_coming_seminar(days=-400, title="Antiguo")
    make_coming_seminar(title="Borrador", published_at=None)
    make_coming_seminar(title="Reunión", audience=Audience.MEMBERS)
    client.force_login(make_secretary())

    response = feed(client)

    assert titles(response) == ["Reciente", "Próximo", "Cancelado"]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="rifess.ics"'


def test_a_calendar_to_follow_says_its_name_and_how_often_to_look(client):
    calendar = Calendar.from_ical(feed(client).content)

    assert (calendar["NAME"], calendar["X-WR-CALNAME"], calendar["METHOD"]) == (
        "Seminars · RIFESS",
        "Seminars · RIFESS",
        "PUBLISH",
    )
    assert calendar["SOURCE"] == "http://testserver/en/seminars/calendar.ics"
    assert calendar["REFRESH-INTERVAL"].to_ical() == calendar["X-PUBLISHED-TTL"].to_ical() == b"PT1H"


def test_topics_and_countries_have_calendars_of_their_own(client):
    topic, institution = make_topic(name="Crédito, y más", slug="credito"), make_institution(country="CO")
    of_seminar, of_panel = make_coming_seminar(days=1, title="A"), make_coming_seminar(days=2, title="B")
    of_seminar.topics.add(topic)
    make_panel(seminar=of_panel).topics.add(topic)
    of_panel.institutions.create(institution=institution, role="takes-part")
    make_coming_seminar(title="Otro")

    about, from_there = feed(client, "topic", "credito"), feed(client, "country", "co")

    assert (titles(about), titles(from_there)) == (["A", "B"], ["B"])
    assert "\r\nNAME:Seminars: Crédito\\, y más · RIFESS\r\n" in about.content.decode()


def test_there_is_no_calendar_of_what_visitors_do_not_know(client):
    make_seminar(published_at=None).topics.add(make_topic(slug="oculto"))
    make_topic(slug="callado")

    for subject in (("topic", "oculto"), ("topic", "callado"), ("country", "zz"), ("country", "co"), ("person", "ana")):
        assert feed(client, *subject).status_code == 404


def test_a_former_address_leads_to_the_present_one(client):
    topic, seminar = make_topic(slug="antes"), make_seminar(slug="antes")
    panel = make_panel(seminar=seminar, slug="mesa")
    seminar.topics.add(topic)
    for row in (topic, seminar):
        rewrite(row, slug="despues")

    answers = [
        client.get(reverse("events:seminar-calendar", args=["antes"])),
        client.get(reverse("events:panel-calendar", args=["antes", panel.slug])),
        feed(client, "topic", "antes"),
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (301, reverse("events:seminar-calendar", args=["despues"])),
        (301, reverse("events:panel-calendar", args=["despues", "mesa"])),
        (301, reverse("events:calendar-of", args=["topic", "despues"])),
    ]


def test_a_calendar_that_has_not_changed_is_not_sent_again(client):
    seminar = make_coming_seminar()
    for address in (reverse("events:calendar"), reverse("events:seminar-calendar", args=[seminar.slug])):
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        rewrite(seminar, title_es=f"{seminar.title_es} otra vez")
        assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_asking_again_costs_the_same_for_any_number_of_seminars(client, number, django_assert_num_queries):
    for _each in range(number):
        make_timed_panel(make_coming_seminar(), date(2027, 3, 10), "10:00", "11:00")
    feed(client)

    with django_assert_num_queries(4):
        feed(client)


def test_the_language_of_the_address_is_that_of_the_calendar(client):
    make_coming_seminar(title="Crédito", title_pt_br="Crédito português")
    with translation.override("pt-br"):
        response = feed(client)

    assert titles(response) == ["Crédito português"]
