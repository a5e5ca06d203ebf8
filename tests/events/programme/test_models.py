from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from events.models import Intervention, Panel, Seminar
from tests.make import (
    make_delegate_user,
    make_editor,
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_seminar,
)

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "ended"),
    [
        ("America/Bogota", at(2024, 9, 7, 4, 59), False),
        ("America/Bogota", at(2024, 9, 7, 5, 0), True),
        ("Europe/Madrid", at(2024, 9, 6, 21, 59), False),
        ("Europe/Madrid", at(2024, 9, 6, 22, 0), True),
        ("", at(2024, 9, 7, 5, 59), False),
        ("", at(2024, 9, 7, 6, 0), True),
    ],
)
def test_a_seminar_is_past_when_its_last_day_is_over_where_it_is_held(zone, now, ended):
    seminar = make_seminar(time_zone=zone)

    assert seminar.has_ended(now) is ended
    assert (seminar in Seminar.objects.past(now)) is ended
    assert (seminar in Seminar.objects.upcoming(now)) is not ended


def test_a_seminar_whose_last_day_is_unknown_is_past_after_the_first():
    seminar = make_seminar(ends_on=None)

    assert seminar not in Seminar.objects.past(at(2024, 9, 5, 12))
    assert seminar in Seminar.objects.past(at(2024, 9, 6, 12))


@pytest.mark.parametrize(
    ("now", "under_way"),
    [(at(2024, 9, 5, 4), False), (at(2024, 9, 5, 6), True), (at(2024, 9, 7, 4), True), (at(2024, 9, 7, 6), False)],
)
def test_a_seminar_is_under_way_from_its_first_day_to_its_last(now, under_way):
    assert make_seminar(time_zone="America/Bogota").is_under_way(now) is under_way


def test_drafts_and_closed_meetings_are_hidden_from_visitors_with_all_they_hold():
    shown = make_intervention()
    draft = make_intervention(panel=make_panel(seminar=make_seminar(published_at=None)))
    closed = make_intervention(panel=make_panel(seminar=make_seminar(audience="members")))

    assert list(Seminar.objects.visible_to(VISITOR)) == [shown.panel.seminar] == list(Seminar.objects.public())
    assert list(Panel.objects.visible_to(VISITOR)) == [shown.panel] == list(Panel.objects.public())
    assert list(Intervention.objects.visible_to(VISITOR)) == [shown] == list(Intervention.objects.public())
    assert {draft, closed} == set(Intervention.objects.visible_to(make_editor())) - {shown}


def test_a_members_meeting_opens_to_their_delegates_and_not_to_observers():
    meeting = make_seminar(audience="members", kind="meeting")

    assert list(Seminar.objects.visible_to(make_delegate_user("member"))) == [meeting]
    assert list(Seminar.objects.visible_to(make_delegate_user("observer"))) == []


def test_a_cancelled_seminar_keeps_its_page():
    cancelled = make_seminar(cancelled_on=date(2024, 9, 1))

    assert list(Seminar.objects.public()) == [cancelled]


def refused(write, **given):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(**given)


def test_the_database_refuses_a_seminar_that_ends_before_it_starts():
    refused(make_seminar, ends_on=date(2024, 9, 4))


@pytest.mark.parametrize(
    "given",
    [
        {"held_on": date(2024, 9, 5), "starts_at": at(2024, 9, 5, 15), "ends_at": at(2024, 9, 5, 15)},
        {"held_on": date(2024, 9, 5), "ends_at": at(2024, 9, 5, 15)},
        {"starts_at": at(2024, 9, 5, 15)},
    ],
    ids=["ends when it starts", "an end without a start", "a time without a day"],
)
def test_the_database_refuses_a_panel_with_broken_times(given):
    refused(make_panel, **given)


def test_the_database_wants_a_person_or_a_collective_and_not_both():
    refused(make_intervention, person=make_person(), collective_es="Delegaciones")
    with pytest.raises(IntegrityError), transaction.atomic():
        Intervention.objects.create(panel=make_panel())


def test_each_role_of_an_institution_is_written_once():
    seminar, panel, institution = make_seminar(), make_panel(), make_institution()

    for roles in (seminar.institutions, panel.institutions):
        roles.create(institution=institution)
        with pytest.raises(IntegrityError), transaction.atomic():
            roles.create(institution=institution)


def test_a_panel_is_held_on_one_of_the_seminars_days():
    panel = make_panel()

    for day in (date(2024, 9, 4), date(2024, 9, 7)):
        panel.held_on = day
        with pytest.raises(ValidationError) as error:
            panel.full_clean()
        assert error.value.error_dict["held_on"][0].code == "outside_seminar"
    panel.held_on = date(2024, 9, 6)
    panel.full_clean()


def test_the_time_of_a_panel_falls_on_its_day_where_it_is_held():
    seminar = make_seminar(time_zone="America/Bogota")
    panel = make_panel(seminar=seminar)
    panel.held_on, panel.starts_at = date(2024, 9, 6), at(2024, 9, 6, 4, 59)

    with pytest.raises(ValidationError) as error:
        panel.full_clean()

    assert error.value.error_dict["held_on"][0].code == "other_day"


def test_undated_panels_come_after_the_dated_ones():
    seminar = make_seminar()
    undated = make_panel(seminar=seminar, position=1)
    second = make_panel(seminar=seminar, position=2, held_on=date(2024, 9, 5))
    first = make_panel(seminar=seminar, position=1, held_on=date(2024, 9, 5))

    assert list(seminar.panels.all()) == [first, second, undated]
    assert list(seminar.panels.undated()) == [undated]


def test_one_person_speaks_several_times_and_under_two_positions():
    institutions = [make_institution(), make_institution()]
    first = make_intervention(positions=[("Copresidenta", institutions[0]), ("Jefa", institutions[1])])
    second = make_intervention(panel=first.panel, person=first.person, name_as_printed="Chantal")

    assert [position.institution for position in first.positions.all()] == institutions
    assert [each.printed_name for each in first.panel.interventions.all()] == [first.person.name, "Chantal"]
    assert second.person == first.person


def test_a_later_name_changes_nothing_that_was_printed():
    intervention = make_intervention(name_as_printed="Jaime Sánchez-Cervera")
    intervention.person.name = "Jaime Iglesias Sánchez-Cervera"
    intervention.person.save()

    assert Intervention.objects.get().printed_name == "Jaime Sánchez-Cervera"
