"""The lists of meeting platforms: read as their documentation describes them. No real file was at hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from events.attendance.platform_reports import commit
from events.attendance.platform_reports.columns import platform_of
from events.attendance.platform_reports.match import Participants, Reason
from events.attendance.platform_reports.parse import read
from events.attendance.platform_reports.reader import LARGEST, MOST_ROWS, text_of
from events.attendance.platform_reports.sessions import Join, people_of
from events.attendance.platform_reports.timestamps import length
from events.models import Attendance, AttendanceSource, ListedParticipant, PlatformList, RegistrationState, Sureness
from tests.make import make_delegate_user, make_panel, make_registration, make_secretary, make_seminar

MEXICO = ZoneInfo("America/Mexico_City")
DAY = date(2026, 3, 12)

ZOOM_MEETING = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
812 3456 7890,Seminario,03/12/2026 08:55:00 AM,03/12/2026 11:00:00 AM,host@example.org,125,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room
Ana Núñez,ana@example.org,03/12/2026 08:58:00 AM,03/12/2026 08:59:00 AM,1,Yes,,Yes
Ana Núñez,ana@example.org,03/12/2026 09:00:00 AM,03/12/2026 09:30:00 AM,30,Yes,,No
Ana Núñez,ana@example.org,03/12/2026 09:20:00 AM,03/12/2026 09:50:00 AM,30,Yes,,No
Ana Núñez,,03/12/2026 10:30:00 AM,03/12/2026 11:00:00 AM,30,Yes,,No
iPhone (Benito Juárez García),,03/12/2026 09:00:00 AM,03/12/2026 11:00:00 AM,120,Yes,,No
"""
ZOOM_SPANISH = """Nombre (nombre original);E-mail del usuario;Hora para unirse;Hora para salir;Duración (minutos);Invitado
Ana Núñez;ana@example.org;12/03/2026 09:00:00 a. m.;12/03/2026 01:15:00 p. m.;255;Sí
"""
ZOOM_WEBINAR = """Attendee Report
Report Generated:,"Mar 12, 2026 11:30:00 AM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered
Seminario,812 3456 7890,"Mar 12, 2026 08:55:00 AM",125,3
Host Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Secretaría,host@example.org,"Mar 12, 2026 09:00:00 AM","Mar 12, 2026 11:00:00 AM",120,No,Mexico
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)
Yes,ana,Ana,Núñez,ana@example.org,"Mar 01, 2026 10:00:00 AM","Mar 12, 2026 09:00:00 AM","Mar 12, 2026 10:00:00 AM",60
No,Ausente,Ausente,Pérez,ausente@example.org,"Mar 01, 2026 10:00:00 AM",--,--,--
"""
TEAMS = """1. Summary
Meeting title\tSeminario
Attended participants\t2
Start time\t3/12/26, 9:00:00 AM
End time\t3/12/26, 11:00:00 AM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Ana Núñez (Guest)\t3/12/26, 9:00:05 AM\t3/12/26, 10:30:05 AM\t1h 0m 0s\t\tana@example.org\tPresenter
Benito Juárez\t3/12/26, 9:00:00 AM\t3/12/26, 9:01:13 AM\t1m 13s\tbenito@example.org\tbenito@example.org\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Ana Núñez (Guest)\t3/12/26, 9:00:05 AM\t3/12/26, 9:30:05 AM\t30m\t\tPresenter
Ana Núñez (Guest)\t3/12/26, 10:00:05 AM\t3/12/26, 10:30:05 AM\t30m\t\tPresenter
"""
TEAMS_PORTUGUESE = """1. Resumo
Título da reunião\tSeminário

2. Participantes
Nome\tPrimeiro ingresso\tÚltima saída\tDuração na reunião\tEmail\tID do participante (UPN)\tFunção
Ana Núñez\t12/03/26, 09:00:00\t12/03/26, 10:02:00\t1 h 2 min\tana@example.org\tana@example.org\tParticipante
"""
TEAMS_OLD = """Nombre completo\tAcción del usuario\tMarca de tiempo
Ana Núñez\tSe unió antes\t12/3/2026, 9:00:00
Ana Núñez\tSe fue\t12/3/2026, 9:30:00
Ana Núñez\tSe unió\t12/3/2026, 10:00:00
Benito Juárez\tSe unió\t12/3/2026, 9:00:00
Benito Juárez\tSe fue\t12/3/2026, 10:15:00
"""
MEET = """First name,Last name,Email,Duration,Time joined,Time exited
Ana,Núñez,ana@example.org,1 hr 2 min,9:00 AM,11:02 AM
Benito,Juárez,,45 min,11:30 PM,12:15 AM
"""
WEBEX = (
    "Event Name\tEvent Start Time\tName\tAttendee Email\tJoin Time\tLeave Time\tAttendance Duration\tConnection Type\n"
    'Seminario\t"=""2026-03-12 09:00:00"""\tAna Núñez\tana@example.org\t"=""2026-03-12 09:02:00"""\t"=""2026-03-12 09:37:00"""\t'
    "35 mins\tDesktop\n"
)


def people_in(text, days=(DAY,)):
    return {person.name: person for person in read(text, zone=MEXICO, days=days).people}


def in_mexico(hour, minute=0, second=0, day=12):
    return datetime(2026, 3, day, hour, minute, second, tzinfo=MEXICO)


@pytest.mark.parametrize(
    ("text", "platform", "minutes", "came_at"),
    [
        (ZOOM_MEETING, "zoom", 80, in_mexico(9)),
        (ZOOM_SPANISH, "zoom", 255, in_mexico(9)),
        (ZOOM_WEBINAR, "zoom", 60, in_mexico(9)),
        (TEAMS_PORTUGUESE, "teams", 62, in_mexico(9)),
        (TEAMS_OLD, "teams", 45, in_mexico(9)),
        (MEET, "meet", 62, in_mexico(9)),
        (WEBEX, "webex", 35, in_mexico(9, 2)),
    ],
    ids=["Zoom", "Zoom in Spanish", "Zoom, webinar", "Teams in Portuguese", "Teams as it was", "Meet", "Webex"],
)
def test_each_platform_s_list_tells_who_came_when_and_for_how_long(text, platform, minutes, came_at):
    ana = people_in(text)["Ana Núñez"]

    assert (platform_of(text), ana.minutes, ana.came_at) == (platform, minutes, came_at)
    assert ana.email == ("" if text is TEAMS_OLD else "ana@example.org")


def test_in_the_list_of_teams_single_joins_count_and_not_their_sum():
    people = people_in(TEAMS)

    assert [(name, person.minutes) for name, person in people.items()] == [("Ana Núñez (Guest)", 60), ("Benito Juárez", 1)]
    assert people["Ana Núñez (Guest)"].lines == [14, 15]


def test_who_was_not_there_or_only_in_the_waiting_room_did_not_come():
    assert [*people_in(ZOOM_WEBINAR)] == ["Secretaría", "Ana Núñez"]
    assert people_in(ZOOM_MEETING)["Ana Núñez"].lines == [6, 7, 8]


def test_a_meeting_may_go_on_past_midnight():
    benito = people_in(MEET)["Benito Juárez"]

    assert (benito.came_at, benito.left_at, benito.minutes) == (in_mexico(23, 30), in_mexico(0, 15, day=13), 45)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_list_is_read_in_each_encoding(encoding):
    assert "Ana Núñez" in text_of(ZOOM_SPANISH.encode(encoding))


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("1h 2m 30s", 62.5), ("1 h 2 min", 62), ("1 hr 2 min", 62), ("35 mins", 35), ("57", 57), ("01:02:30", 62.5), ("45s", 0.75)],
)
def test_durations_are_understood_as_each_platform_writes_them(said, minutes):
    assert length(said) == timedelta(minutes=minutes)


def test_durations_that_no_meeting_has_and_numbers_that_are_no_times_are_refused():
    for said in ["62:15:00", "25h", "1500", "1:75:00", "1:60", "1:2:3:4", "-5", "1:-5", "3 weeks", "2 d"]:
        with pytest.raises(ValueError):
            length(said)


def test_short_clocks_are_minutes_where_one_of_them_would_last_a_day_and_the_list_says_how_they_are_read():
    both = [f"Name,Duration\nAna,{first}\nBeto,1:30\n" for first in ("62:15", "1:02")]

    with translation.override("en"):
        found = [read(each, zone=UTC, days=[date(2026, 3, 12)]) for each in both]

    assert [[person.minutes for person in each.people] for each in found] == [[62, 2], [62, 90]]
    assert [each.notices for each in found] == [
        ["Durations such as “62:15” are read as minutes and seconds: one of them would be a day or more in hours."],
        ["Durations such as “1:02” are read as hours and minutes. Is that right?"],
    ]


def test_names_in_a_wrong_encoding_are_said():
    with translation.override("en"):
        found = read("Name,Duration\nJosÃ© Gil,5\nAna,5\n", zone=UTC, days=[date(2026, 3, 12)])

        said = [str(sign) for sign in found.signs]

    sentence = (
        "Line 2, column “Name”: “JosÃ© Gil” seems to be read in a wrong encoding. Save the file as UTF-8 and upload it again."
    )
    assert said == [sentence]


def test_the_unit_in_the_name_of_the_column_counts():
    units = {"Duration (seconds)": 62, "Duración (minutos)": 3720, "Duração (em horas)": 62, "Duration": 3720}
    numbers = {"Duration (seconds)": "3720", "Duración (minutos)": "62", "Duração (em horas)": "1,5", "Duration": "62"}

    found = {name: read(f"Name;{name}\nAna;{numbers[name]}\n", zone=UTC, days=[date(2026, 3, 12)]).people[0] for name in units}

    assert [person.minutes for person in found.values()] == [62, 62, 90, 62]


@pytest.mark.parametrize(
    ("moments", "days", "hour_and_day"),
    [
        (["13/03/2026 09:00", "12/03/2026 10:00"], [DAY], (9, 13)),
        (["03/13/2026 09:00", "03/12/2026 10:00"], [DAY], (9, 13)),
        (["04/03/2026 09:00"], [date(2026, 3, 4)], (9, 4)),
        (["03/04/2026 09:00"], [date(2026, 3, 4)], (9, 4)),
        (["2026-03-12T15:00:00Z"], [DAY], (9, 12)),
        (["12 de marzo de 2026 09:00"], [DAY], (9, 12)),
    ],
)
def test_the_order_of_day_and_month_is_judged_by_the_whole_list_and_by_the_day_of_the_seminar(moments, days, hour_and_day):
    text = "Name,Email,Join Time\n" + "".join(f"P{number},,{moment}\n" for number, moment in enumerate(moments))

    came = people_in(text, days)["P0"].came_at.astimezone(MEXICO)

    assert (came.hour, came.day, came.month) == (*hour_and_day, 3)


def test_what_is_not_understood_in_a_line_is_told_and_the_rest_counts():
    text = "Name,Email,Join Time,Duration\nAna,ana@example.org,ayer,30\nBeto,,2026-03-12 09:00,muchos\n"

    reading = read(text, zone=MEXICO, days=[DAY])

    assert [person.minutes for person in reading.people] == [30, None]
    assert [notice.partition(":")[0] for notice in reading.notices] == ["Línea 2", "Línea 3"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"x" * (LARGEST + 1), "size"),
        (b"PK\x03\x04\x00\x00", "not_text"),
        (b"Name,Email,Join Time\nAna\0,,\n", "not_text"),
        (b"title,day\nUna cosa,2026-03-12\n", "heading"),
        (b'Name,Email,Join Time\n"Ana,,2026-03-12 09:00\n', "table"),
        (b"Name,Email,Join Time\n", "nobody"),
        (b"Name,Email,Join Time\n" + b"Ana,,\n" * (MOST_ROWS + 1), "rows"),
        (b"\xff\xfeA", "not_text"),
    ],
    ids=[
        "nothing",
        "white",
        "large",
        "a workbook",
        "NUL",
        "another table",
        "an open quote",
        "nobody",
        "many rows",
        "half a letter",
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(data, code):
    with pytest.raises(ValidationError) as refused:
        read(text_of(data), zone=MEXICO, days=[DAY])

    assert refused.value.code == code


@pytest.fixture
def seminar(db):
    return make_seminar(starts_on=DAY, ends_on=DAY, time_zone="America/Mexico_City")


def known(seminar, *people):
    return [make_registration(seminar, name=name, email=email) for name, email in people]


@pytest.mark.parametrize(
    ("name", "email", "sureness", "reason"),
    [
        ("A.", "ANA@example.org", Sureness.SURE, Reason.ADDRESS),
        ("ana nunez", "", Sureness.SURE, Reason.NAME),
        ("Núñez, Ana", "", Sureness.UNSURE, Reason.ORDER),
        ("María López", "", Sureness.UNSURE, Reason.PART),
        ("Ana Nuñes", "", Sureness.UNSURE, Reason.ALIKE),
        ("José Pérez", "", Sureness.UNSURE, Reason.SEVERAL),
        ("Galaxy S21 (Ana Núñez)", "", Sureness.SURE, Reason.NAME),
        ("Ana", "", Sureness.NOBODY, None),
        ("Zoe Quispe", "zoe@example.org", Sureness.NOBODY, None),
        ("Rosa Vega", "rosa@example.org", Sureness.UNSURE, Reason.NOT_CONFIRMED),
    ],
)
def test_somebody_in_a_list_is_found_surely_perhaps_or_not(seminar, name, email, sureness, reason):
    known(seminar, ("Ana Núñez", "ana@example.org"), ("María José López Gómez", "maria@example.org"))
    known(seminar, ("José Pérez", "jose@example.org"), ("José Pérez", "otro.jose@example.org"))
    make_registration(seminar, name="Rosa Vega", email="rosa@example.org", state=RegistrationState.CANCELLED)

    match = Participants(seminar.registrations.order_by("pk")).match(name, email)

    assert (match.sureness, match.found[0][1] if match.found else None) == (sureness, reason)


def test_addresses_of_two_domains_that_differ_in_an_accent_are_two_people(seminar):
    one, other = known(seminar, ("Ana Núñez", "ana@peña.example"), ("Otra Persona", "ana@pena.example"))
    participants = Participants([one, other])

    assert [participants.match("A.", email).registration for email in ("ana@PEÑA.example", "ana@pena.example")] == [one, other]
    assert participants.match("A.", "ana@pèna.example").sureness == Sureness.NOBODY
    assert len(people_of([Join(1, "Ana", one.email), Join(2, "Ana", other.email)])) == 2


def bring(seminar, text, **given):
    defaults = {"file_name": "lista.csv", "zone": MEXICO, "by": None, "data": text.encode()}
    return commit.bring(seminar, **defaults | given).list


def test_a_list_becomes_attendance_and_forgets_who_did_not_register(seminar):
    [ana] = known(seminar, ("Ana Núñez", "ana@example.org"))
    listed = bring(seminar, ZOOM_MEETING)

    told = [commit.write_attendance(listed, by=None), commit.write_attendance(listed, by=None)]

    attendance = Attendance.objects.get()
    assert told == [1, 1]
    assert (attendance.registration, attendance.source, attendance.minutes) == (ana, AttendanceSource.PLATFORM, 80)
    assert attendance.came_at == in_mexico(9)
    assert [row.name for row in listed.rows.all()] == ["Ana Núñez"]


def test_nothing_is_written_while_it_is_not_decided_who_somebody_is(seminar):
    [benito] = known(seminar, ("Benito Pablo Juárez García", "benito@example.org"))
    listed = bring(seminar, ZOOM_MEETING)
    with pytest.raises(ValidationError) as refused:
        commit.write_attendance(listed, by=None)

    commit.decide(commit.undecided(listed).get(), benito)
    commit.write_attendance(listed, by=None)

    assert refused.value.code == "undecided"
    assert [each.registration for each in Attendance.objects.all()] == [benito]


def test_somebody_of_another_seminar_is_nobody_here(seminar):
    listed = bring(seminar, ZOOM_MEETING)

    with pytest.raises(ValidationError) as refused:
        commit.decide(listed.rows.first(), make_registration())

    assert refused.value.code == "elsewhere"


def test_the_same_list_is_brought_once_and_once_for_each_panel(seminar):
    panel = make_panel(seminar=seminar, held_on=DAY)
    bring(seminar, ZOOM_MEETING)
    bring(seminar, ZOOM_MEETING, panel=panel)

    with pytest.raises(ValidationError) as refused:
        bring(seminar, ZOOM_MEETING, panel=panel)

    assert (refused.value.code, PlatformList.objects.count()) == ("brought", 2)


def test_only_the_time_of_the_panel_counts_when_asked(seminar):
    panel = make_panel(seminar=seminar, held_on=DAY, starts_at=in_mexico(9, 40), ends_at=in_mexico(10, 40))
    without_times = make_panel(seminar=seminar, held_on=DAY)

    listed = bring(seminar, ZOOM_MEETING, panel=panel, only_within=True)

    ana = listed.rows.get(name="Ana Núñez")
    assert (ana.minutes, ana.came_at, ana.left_at) == (20, panel.starts_at, panel.ends_at)
    with pytest.raises(ValidationError, match="."):
        bring(seminar, ZOOM_MEETING, panel=without_times, only_within=True)
    with pytest.raises(ValidationError) as refused:
        bring(seminar, ZOOM_MEETING, only_within=True, zone=UTC)
    assert refused.value.code == "nobody"


def test_what_a_list_told_is_taken_back_and_what_another_told_stays(seminar):
    known(seminar, ("Ana Núñez", "ana@example.org"))
    morning, afternoon = bring(seminar, ZOOM_MEETING), bring(seminar, WEBEX.replace("09:", "16:"))
    for listed in (morning, afternoon):
        commit.write_attendance(listed, by=None)
    both = Attendance.objects.get().minutes

    commit.take_back(morning, by=None)
    one = Attendance.objects.get().minutes
    with pytest.raises(ValidationError) as refused:
        commit.throw_away(afternoon)
    commit.take_back(afternoon, by=None)
    commit.throw_away(afternoon)

    assert (both, one, refused.value.code) == (115, 35, "written")
    assert (Attendance.objects.count(), PlatformList.objects.get()) == (0, morning)


SIGNS = {
    "Name,Duration\n" + "".join(f"P{n},33\n" for n in range(5)): "repeated",
    "Name,Email,Duration\n" + "".join(f"Ana,a{n}@example.org,3{n}\n" for n in range(3)): "repeated",
    "Name,Email,Attendee Email,Duration\nAna,a@example.org,b@example.org,5\n": "second",
    "Name,Duration,Total Duration\nAna,5,50\n": "second",
    "Name,Participant,Duration\nAna,Beto,5\n": "second",
    "Name,Join Time\nAna,12/03/1900 09:00\n": "year",
    "Name,Join Time\nAna,12/03/2099 09:00\n": "year",
    "Name,Join Time\nAna,45123.4\n": "serial",
    "Name,Duration\n4.47E+11,5\n": "number",
    "Name,Duration\nMu¤oz,5\n": "misread",
}


def test_each_sign_of_wrong_reading_is_noticed_and_the_platforms_own_lists_have_none():
    good = [ZOOM_MEETING, ZOOM_SPANISH, ZOOM_WEBINAR, TEAMS_PORTUGUESE, TEAMS_OLD, MEET, WEBEX]
    good += ["Name,Email,Join Time,Duration\n" + f"Ana,a@example.org,2026-03-12 09:0{n},5\n" * 3 for n in range(2)]
    good += ["Name,Duration\n+34949112233,5\n34949112233,5\n"]

    def codes(text):
        return [sign.code for sign in read(text, zone=MEXICO, days=[DAY]).signs]

    assert {text: codes(text) for text in SIGNS} == {text: [code] for text, code in SIGNS.items()}
    assert [codes(text) for text in good] == [[]] * len(good)


def test_a_list_of_another_day_is_brought_only_when_that_is_confirmed(seminar):
    given = {"data": ZOOM_SPANISH.replace("12/03", "22/05").encode(), "file_name": "lista.csv", "zone": MEXICO, "by": None}

    right = commit.bring(seminar, **given | {"data": ZOOM_SPANISH.encode()})
    with pytest.raises(commit.Unlikely) as unlikely:
        commit.bring(seminar, **given)
    with pytest.raises(commit.Unlikely):
        commit.bring(
            seminar, **given, confirmed=unlikely.value.answer, only_within=False, panel=make_panel(seminar=seminar, held_on=DAY)
        )

    assert (right.notices, len(unlikely.value.remarks), PlatformList.objects.count()) == ([], 1, 1)
    assert len(commit.bring(seminar, **given, confirmed=unlikely.value.answer).notices) == 1


def test_remarks_on_a_list_are_confirmed_at_the_desk_without_choosing_the_file_again(client, seminar):
    client.force_login(make_secretary())
    file = SimpleUploadedFile("participantes.csv", ZOOM_SPANISH.replace("Núñez", "NÃºÃ±ez").encode())
    typed = {"zone": "America/Mexico_City"}

    asked = client.post(pages(seminar), typed | {"file": file})
    form = asked.context["asked"]
    unconfirmed = client.post(pages(seminar), typed | {"kept": form.kept})
    forged = client.post(pages(seminar), typed | {"kept": form.kept + "x", "confirmed": form.answer})

    assert [page.status_code for page in (asked, unconfirmed, forged)] == [400] * 3
    assert "NÃºÃ±ez" in asked.content.decode()
    assert not PlatformList.objects.exists()
    client.post(pages(seminar), typed | {"kept": form.kept, "confirmed": form.answer})
    assert PlatformList.objects.get().file_name == "participantes.csv"


def pages(seminar, listed=None, act=None):
    name = "admin:events_takingpart_platform_list"
    if act:
        return reverse(f"{name}_act", args=[seminar.pk, listed.pk, act])
    return reverse(name, args=[seminar.pk, listed.pk]) if listed else reverse(f"{name}s", args=[seminar.pk])


def test_the_secretariat_brings_a_list_decides_and_writes_the_attendance(client, seminar):
    ana, benito = known(seminar, ("Ana Núñez", "ana@example.org"), ("Benito Pablo Juárez García", "benito@example.org"))
    client.force_login(make_secretary())
    file = SimpleUploadedFile("participantes.csv", ZOOM_MEETING.encode("utf-16"))

    page = client.post(pages(seminar), {"file": file, "zone": "America/Mexico_City"}, follow=True)
    listed = PlatformList.objects.get()
    row = commit.undecided(listed).get()
    client.post(pages(seminar, listed), {"row": row.pk, f"row{row.pk}-who": benito.pk})
    client.post(pages(seminar, listed, "write"))

    assert (listed.platform, page.context["unsure"], page.context["found"]) == ("zoom", 1, 1)
    assert {each.registration for each in Attendance.objects.all()} == {ana, benito}


def test_somebody_who_is_not_suggested_is_typed(client, seminar):
    [zoe] = known(seminar, ("Zoe Quispe", "zoe@example.org"))
    listed, row = bring(seminar, ZOOM_SPANISH), ListedParticipant.objects.get()
    client.force_login(make_secretary())
    who = {"row": row.pk, f"row{row.pk}-who": "other"}

    refused = client.post(pages(seminar, listed), {**who, f"row{row.pk}-other": "Quispe"})
    client.post(pages(seminar, listed), {**who, f"row{row.pk}-other": f"Zoe Quispe · zoe@example.org · {zoe.code}"})

    row.refresh_from_db()
    assert (refused.status_code, row.registration, row.is_decided) == (400, zoe, True)


def test_whom_the_list_was_sure_of_can_be_doubted(client, seminar):
    known(seminar, ("Ana Núñez", "ana@example.org"))
    listed, row = bring(seminar, ZOOM_SPANISH), ListedParticipant.objects.get()
    client.force_login(make_secretary())

    client.post(pages(seminar, listed), {"doubt": row.pk})

    assert commit.undecided(listed).get() == row


def test_a_broken_list_is_refused_beside_its_field_and_a_name_like_a_formula_is_a_name(client, seminar):
    client.force_login(make_secretary())
    hostile = 'Name,Email,Join Time\n"=HYPERLINK(""http://x"")<script>alert(1)</script>",,2026-03-12 09:00\n'

    broken = client.post(pages(seminar), {"file": SimpleUploadedFile("a.csv", b"nada"), "zone": "UTC"})
    file = SimpleUploadedFile("<b>.csv", hostile.encode())
    page = client.post(pages(seminar), {"file": file, "zone": "UTC", "platform": "zoom"}, follow=True)

    assert (broken.status_code, [*broken.context["errors"]]) == (400, ["file"])
    assert ListedParticipant.objects.get().name.startswith("=HYPERLINK")
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("make_user", [make_delegate_user, None], ids=["delegate", "visitor"])
def test_nobody_but_the_secretariat_sees_a_list(client, seminar, make_user):
    listed = bring(seminar, ZOOM_MEETING)
    if make_user:
        client.force_login(make_user())

    answers = [client.get(pages(seminar)), client.get(pages(seminar, listed)), client.post(pages(seminar, listed, "write"))]

    assert all(answer.status_code in {302, 403} for answer in answers)
    assert PlatformList.objects.get().applied_at is None


def test_a_page_of_a_list_asks_as_much_for_three_people_as_for_one(client, seminar, django_assert_max_num_queries):
    client.force_login(make_secretary())
    counts = []
    for text in (ZOOM_SPANISH, ZOOM_MEETING.replace("Ana", "Eva") + "Otra,,03/12/2026 09:00:00 AM,,5,,,\n"):
        listed = bring(seminar, text)
        with django_assert_max_num_queries(40) as asked:
            client.get(pages(seminar, listed))
        counts.append(len(asked))

    assert counts[0] == counts[1]
