"""Network meetings: the link near the time for those invited, attendance, and what nobody else ever reads."""

from datetime import UTC, date, datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from events.consultations.meetings import invited_to, private_part
from events.models import JoinLink, MeetingAttendance, SeminarInvitation
from members.models import Audience, DelegateRole
from tests.desk import address, filled, new_row
from tests.make import (
    make_delegate,
    make_delegate_user,
    make_editor,
    make_institution,
    make_membership,
    make_panel,
    make_secretary,
    make_seminar,
    make_user,
)

pytestmark = pytest.mark.django_db

JOIN = "https://sala.example/reunion-secreta"
DAY = date(2026, 6, 10)
ZONE = "America/Bogota"  # UTC−5
TEN = datetime(2026, 6, 10, 15, tzinfo=UTC)  # ten o'clock in Bogotá
NOON = TEN + timedelta(hours=2)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def make_meeting(join_url=JOIN, **given):
    """A meeting for members, with a link to join."""
    defaults = {"kind": "meeting", "audience": Audience.MEMBERS, "starts_on": DAY, "ends_on": DAY, "time_zone": ZONE}
    meeting = make_seminar(**defaults | given)
    JoinLink.objects.create(seminar=meeting, join_url=join_url)
    return meeting


def make_timed_meeting(**given):
    """From ten to noon in Bogotá."""
    meeting = make_meeting(**given)
    make_panel(seminar=meeting, held_on=DAY, starts_at=TEN, ends_at=NOON)
    return meeting


def make_delegate_of(membership, **given):
    user = make_user()
    make_delegate(user=user, membership=membership, **given)
    return user


def link(meeting, user, now):
    part = private_part(meeting, user, now=now)
    return part and part.join_url


def words(response):
    return response.content.decode()


# The link


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (TEN - timedelta(minutes=30) - SECOND, ""),
        (TEN - timedelta(minutes=30), JOIN),
        (NOON, JOIN),
        (NOON + timedelta(hours=1) - SECOND, JOIN),
        (NOON + timedelta(hours=1), ""),
    ],
)
def test_the_link_is_shown_from_half_an_hour_before_until_an_hour_after_the_end(moment, shown):
    assert link(make_timed_meeting(), make_delegate_user(), moment) == shown


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 6, 10, 4, 59, 59, tzinfo=UTC), ""),
        (datetime(2026, 6, 10, 5, tzinfo=UTC), JOIN),
        (datetime(2026, 6, 11, 4, 59, 59, tzinfo=UTC), JOIN),
        (datetime(2026, 6, 11, 5, tzinfo=UTC), ""),
    ],
)
def test_while_no_time_is_known_the_link_is_shown_on_the_day_in_its_own_zone(moment, shown):
    assert link(make_meeting(), make_delegate_user(), moment) == shown


def test_while_an_end_is_unknown_the_link_is_shown_until_the_day_is_over():
    meeting = make_timed_meeting()
    make_panel(seminar=meeting, held_on=DAY, starts_at=NOON)

    assert link(meeting, make_delegate_user(), NOON + timedelta(hours=8)) == JOIN


def test_a_cancelled_meeting_shows_no_link():
    assert link(make_timed_meeting(cancelled_on=DAY), make_delegate_user(), TEN) == ""


@pytest.mark.parametrize("role", DelegateRole)
def test_everybody_who_speaks_for_a_member_joins(role):
    assert link(make_timed_meeting(), make_delegate_user(role=role), TEN) == JOIN


def test_where_some_are_named_only_they_are_invited():
    meeting, invited, other = make_timed_meeting(), make_membership(country="CO"), make_membership(country="CL")
    SeminarInvitation.objects.create(seminar=meeting, membership=invited)

    assert link(meeting, make_delegate_of(invited), TEN) == JOIN
    assert link(meeting, make_delegate_of(other), TEN) == ""


def test_observers_join_what_is_for_them_and_partners_nothing():
    meeting = make_timed_meeting(audience=Audience.EVERYONE)

    assert link(meeting, make_delegate_user(category="observer"), TEN) == JOIN
    assert link(meeting, make_delegate_user(category="partner"), TEN) == ""


def test_a_mandate_that_ended_joins_nothing():
    assert link(make_timed_meeting(), make_delegate_user(ended_on=date(2025, 1, 1)), TEN) is None


def test_the_secretariat_sees_the_link_at_any_time():
    assert link(make_timed_meeting(), make_secretary(), TEN - timedelta(days=9)) == JOIN


def test_editors_see_no_link():
    assert link(make_timed_meeting(), make_editor(), TEN) is None


def test_a_seminar_that_is_no_meeting_has_no_private_part():
    assert private_part(make_seminar(), make_delegate_user()) is None


def test_the_page_says_when_the_link_comes(client):
    coming = datetime.now(UTC).date() + timedelta(days=9)
    meeting = make_meeting(starts_on=coming, ends_on=coming)
    client.force_login(make_delegate_user())

    page = words(client.get(meeting.get_absolute_url()))

    assert "The link to join appears here" in page and JOIN not in page


def test_on_its_day_the_page_has_the_link(client):
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    meeting = make_meeting(starts_on=yesterday, ends_on=yesterday + timedelta(days=2))
    client.force_login(make_delegate_user())

    assert f'href="{JOIN}"' in words(client.get(meeting.get_absolute_url()))


@pytest.mark.parametrize("url", ["http://sala.example/abierta", "javascript:alert(1)"])
def test_a_link_to_join_is_secure(url):
    row = JoinLink(seminar=make_seminar(), join_url=url)

    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.usefixtures("history_follows")
def test_the_history_says_nothing_of_the_link():
    meeting = make_meeting()
    meeting.join_link.join_url = "https://sala.example/otra-secreta"
    meeting.join_link.save()

    entries = LogEntry.objects.filter(changes__icontains="sala.example")

    assert not entries.exists()


# Who else reads of it


OUTSIDE = ["visitor", "observer", "partner"]


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_meeting_for_members_is_invisible_at_every_door(client, index_follows, who):
    institution, panel = make_institution(name="Cooperadora"), make_panel(seminar=make_meeting(title="Cónclave zafiro"))
    meeting = panel.seminar
    meeting.institutions.create(institution=institution)
    agreement = meeting.agreements.create(number="2026/1", dated_on=DAY, title_es="Cónclave zafiro acordado")
    if who != "visitor":
        client.force_login(make_delegate_user(category=who))

    doors = [reverse("home"), reverse("events:seminars"), reverse("network"), "/sitemap.xml"]
    doors += [
        f"{reverse('search')}?q=conclave",
        f"{reverse('search-suggestions')}?q=zaf",
        f"{reverse('events:seminars')}?q=conc",
    ]

    for door in doors:
        assert "zafiro" not in words(client.get(door)), door
    for closed in (meeting, panel, institution, agreement):
        assert client.get(closed.get_absolute_url()).status_code in {302, 404}


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_the_link_stands_at_no_door_but_the_meetings_page(client, index_follows, who):
    today = datetime.now(UTC).date()
    meeting = make_meeting(starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=1), title="Cónclave zafiro")
    make_panel(seminar=meeting)
    client.force_login(make_delegate_user() if who == "member" else make_secretary())
    doors = [
        reverse("home"),
        reverse("events:seminars"),
        f"{reverse('search')}?q=conclave",
        f"{reverse('search')}?q=sala.example",
    ]

    for door in doors:
        assert "sala.example/" not in words(client.get(door)), door
    assert "reunion-secreta" in words(client.get(meeting.get_absolute_url()))


def test_members_find_their_meetings_on_one_page(client):
    coming = datetime.now(UTC).date() + timedelta(days=9)
    past, next_one = make_meeting(starts_on=date(2024, 3, 1), ends_on=None), make_meeting(starts_on=coming, ends_on=None)
    make_seminar(title="Público")
    client.force_login(make_delegate_user())

    page = client.get(reverse("delegation:meetings"))

    assert (list(page.context["coming"]), list(page.context["past"])) == ([next_one], [past])


def queries(client, *addresses):
    """How many questions these pages ask of the database."""
    with CaptureQueriesContext(connection) as asked:
        for each in addresses:
            client.get(each)
    return len(asked)


def test_the_list_asks_as_much_for_one_meeting_as_for_three(client):
    make_meeting().institutions.create(institution=make_institution())
    client.force_login(make_delegate_user())
    for_one = queries(client, reverse("delegation:meetings"))

    for _ in range(2):
        make_meeting().institutions.create(institution=make_institution())

    assert queries(client, reverse("delegation:meetings")) == for_one


def test_a_meeting_asks_as_much_for_one_member_as_for_three(client):
    meeting = make_meeting()
    furnish(meeting, "CO")
    client.force_login(make_delegate_user())
    for_one = queries(client, meeting.get_absolute_url())

    furnish(meeting, "CL")
    furnish(meeting, "BR")

    assert queries(client, meeting.get_absolute_url()) == for_one


def furnish(meeting, country):
    """The member of `country` came, and something was agreed."""
    MeetingAttendance.objects.create(seminar=meeting, membership=make_membership(country=country), state="present")
    meeting.agreements.create(number=f"2026/{country}", dated_on=DAY, title_es="Acuerdo", institution=make_institution())


# Who came


def test_members_read_who_came_and_observers_do_not(client):
    meeting = make_meeting(audience=Audience.MEMBERS_AND_OBSERVERS)
    seat = make_membership(country="CO")
    MeetingAttendance.objects.create(seminar=meeting, membership=seat, state="excused", represented_by="Ana Ruiz")

    client.force_login(make_delegate_of(seat))
    as_member = words(client.get(meeting.get_absolute_url()))
    client.force_login(make_delegate_user(category="observer"))
    as_observer = words(client.get(meeting.get_absolute_url()))

    assert "Ana Ruiz" in as_member and "Excused" in as_member
    assert "Ana Ruiz" not in as_observer


def test_all_of_the_audience_is_invited_while_nobody_is_named():
    member, observer = make_membership(country="CO"), make_membership(category="observer")
    make_membership(category="partner")
    left = make_membership(country="CL", left_on=date(2026, 1, 1))

    assert set(invited_to(make_meeting())) == {member}
    assert set(invited_to(make_meeting(audience=Audience.MEMBERS_AND_OBSERVERS))) == {member, observer}
    assert left not in invited_to(make_meeting())


def test_nobody_is_invited_who_may_not_see_it():
    invitation = SeminarInvitation(seminar=make_meeting(), membership=make_membership(category="observer"))

    with pytest.raises(ValidationError) as refused:
        invitation.full_clean()

    assert refused.value.error_dict["membership"][0].code == "outside_audience"


def test_a_member_is_invited_once_and_its_attendance_written_once():
    meeting, seat = make_meeting(), make_membership()
    SeminarInvitation.objects.create(seminar=meeting, membership=seat)
    MeetingAttendance.objects.create(seminar=meeting, membership=seat, state="present")

    for again in (
        SeminarInvitation(seminar=meeting, membership=seat),
        MeetingAttendance(seminar=meeting, membership=seat, state="absent"),
    ):
        with pytest.raises(ValidationError, match="already"):
            again.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()


def attendance_page(meeting):
    return reverse("admin:events_seminar_attendance", args=[meeting.pk])


def test_the_secretariat_types_who_came_on_one_page(client):
    meeting = make_meeting()
    colombia, chile, brazil = (make_membership(country=code) for code in ("CO", "CL", "BR"))
    MeetingAttendance.objects.create(seminar=meeting, membership=brazil, state="present")
    client.force_login(make_secretary())
    typed = {f"m{colombia.pk}-state": "present", f"m{colombia.pk}-represented_by": "Ana Ruiz", f"m{chile.pk}-state": "absent"}

    shown = words(client.get(attendance_page(meeting)))
    client.post(attendance_page(meeting), typed)

    assert "Colombia" in shown
    rows = MeetingAttendance.objects.order_by("pk").values_list("membership", "state", "represented_by")
    assert set(rows) == {(colombia.pk, "present", "Ana Ruiz"), (chile.pk, "absent", "")}


def test_an_old_page_of_attendance_undoes_nothing_that_a_colleague_wrote(client):
    meeting, colombia = make_meeting(), make_membership(country="CO")
    client.force_login(make_secretary())
    forms = client.get(attendance_page(meeting)).context["forms"]
    page = {field.html_name: field.value() or "" for form in forms for field in form}
    chile = make_membership(country="CL")  # not on that page
    for seat in (colombia, chile):
        MeetingAttendance.objects.create(seminar=meeting, membership=seat, state="present", note="Llegó tarde")

    answer = client.post(attendance_page(meeting), page | {f"m{colombia.pk}-state": "absent"})

    assert answer.status_code == 400 and "present" in words(answer)
    assert [*MeetingAttendance.objects.values_list("state", "note")] == [("present", "Llegó tarde")] * 2


def test_of_a_cancelled_meeting_no_attendance_is_kept(client):
    meeting, seat = make_meeting(cancelled_on=date(2026, 1, 1)), make_membership(country="CO")
    client.force_login(make_secretary())

    page = client.post(attendance_page(meeting), {f"m{seat.pk}-state": "present"})

    assert (page.status_code, MeetingAttendance.objects.exists()) == (400, False)


def test_a_name_without_a_state_is_asked_about(client):
    meeting, seat = make_meeting(), make_membership(country="CO")
    client.force_login(make_secretary())

    page = client.post(attendance_page(meeting), {f"m{seat.pk}-represented_by": "Ana Ruiz"})

    assert "Say whether this member was there." in words(page)
    assert not MeetingAttendance.objects.exists()


def test_editors_neither_write_attendance_nor_see_the_link(client):
    meeting = make_meeting()
    client.force_login(make_editor())

    assert client.get(attendance_page(meeting)).status_code == 403
    assert JOIN not in words(client.get(address(meeting)))


def test_the_secretariat_writes_the_link_and_who_is_invited(client):
    meeting, seat = make_seminar(kind="meeting", audience=Audience.MEMBERS), make_membership(country="CO")
    client.force_login(make_secretary())
    page = client.get(address(meeting))
    typed = filled(page) | new_row("join_link", 0, join_url=JOIN) | new_row("invitations", 0, membership=seat.pk)

    sent = client.post(address(meeting), typed | {"join_link-TOTAL_FORMS": "1", "invitations-TOTAL_FORMS": "1"})

    assert sent.status_code == 302, sent.context["errors"]
    assert (JoinLink.objects.get(seminar=meeting).join_url, list(invited_to(meeting))) == (JOIN, [seat])
