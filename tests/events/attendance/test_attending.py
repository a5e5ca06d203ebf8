"""Who came is written once for each way in which it is known, and nothing is counted twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.attendance import records
from events.attendance.records import Total
from events.models import Attendance, AttendanceSource
from tests.make import make_coming_seminar, make_panel, make_registration

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


def test_the_earliest_coming_the_latest_leaving_and_the_longest_stay_are_kept():
    person, link = make_registration(), AttendanceSource.PLATFORM

    records.record(person, source=link, came_at=NOW, left_at=NOW + HOUR, minutes=40)
    records.record(person, source=link, came_at=NOW - HOUR, left_at=NOW, minutes=30)
    records.record(person, source=link)

    row = Attendance.objects.get()
    assert (row.came_at, row.left_at, row.minutes) == (NOW - HOUR, NOW + HOUR, 40)


def test_each_way_and_each_panel_has_its_own_row():
    person = make_registration()
    panel = make_panel(seminar=person.seminar)

    for source in [AttendanceSource.JOIN_LINK, AttendanceSource.DOOR]:
        for where in [panel, None, panel]:
            records.record(person, source=source, panel=where)

    assert Attendance.objects.count() == 4


def test_what_two_ways_tell_of_a_panel_counts_once():
    person = make_registration()
    first, second = make_panel(seminar=person.seminar), make_panel(seminar=person.seminar)

    records.record(person, source=AttendanceSource.PLATFORM, panel=first, minutes=50)
    records.record(person, source=AttendanceSource.SECRETARIAT, panel=first, minutes=60)
    records.record(person, source=AttendanceSource.PLATFORM, panel=second, came_at=NOW, left_at=NOW + HOUR / 2)
    records.record(person, source=AttendanceSource.PLATFORM, minutes=70)

    assert records.total_of(person) == Total(minutes=90, panels=2, came=True)


def test_all_of_a_seminar_are_added_up_with_one_query(django_assert_num_queries):
    seminar = make_coming_seminar()
    here, absent, elsewhere = make_registration(seminar), make_registration(seminar), make_registration()
    for each in [here, elsewhere]:
        records.record(each, source=AttendanceSource.DOOR)

    with django_assert_num_queries(1):
        found = records.totals(seminar)

    assert found == {here.pk: Total(came=True)}
    assert records.total_of(absent) == Total()
