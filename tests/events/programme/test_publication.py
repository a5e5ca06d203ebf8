"""A seminar before the public, and its clock."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from events.models import Seminar
from events.programme.time_zone_change import move_zone, to_clock
from events.publication import publish, unpublish
from recordings import publication as recordings
from tests.make import make_panel, make_recording, make_secretary, make_seminar

pytestmark = pytest.mark.django_db


def test_a_seminar_with_a_panel_is_published_by_someone():
    seminar, secretary = make_seminar(published_at=None), make_secretary()
    make_panel(seminar=seminar)

    publish(seminar, by=secretary)

    assert list(Seminar.objects.public()) == [seminar]
    assert seminar.published_by == secretary


def test_a_seminar_without_panels_is_not_published():
    seminar = make_seminar(published_at=None)

    with pytest.raises(ValidationError) as refusal:
        publish(seminar, by=make_secretary())

    assert refusal.value.code == "empty_programme"
    assert list(Seminar.objects.public()) == []


def test_publishing_again_keeps_when_and_by_whom():
    first = make_secretary()
    seminar = make_seminar(published_at=datetime(2024, 9, 1, tzinfo=UTC), published_by=first)
    make_panel(seminar=seminar)

    publish(seminar, by=make_secretary())

    seminar.refresh_from_db()
    assert (seminar.published_at, seminar.published_by) == (datetime(2024, 9, 1, tzinfo=UTC), first)


def test_a_seminar_taken_back_is_a_draft():
    seminar = make_seminar()

    unpublish(seminar)

    assert (list(Seminar.objects.public()), list(Seminar.objects.drafts())) == ([], [seminar])


def test_a_withdrawn_recording_disappears_and_comes_back_when_published():
    recording = make_recording()

    recordings.withdraw(recording)
    hidden = list(type(recording).objects.public())
    recordings.publish(recording)

    assert (hidden, list(type(recording).objects.public())) == ([], [recording])


def make_timed_panel(**given):
    seminar = make_seminar(time_zone="America/Mexico_City")
    moments = {"starts_at": datetime(2024, 9, 5, 16, tzinfo=UTC), "ends_at": datetime(2024, 9, 5, 18, tzinfo=UTC)}
    return make_panel(seminar=seminar, **{"held_on": date(2024, 9, 5)} | moments | given)


def test_a_new_zone_that_keeps_the_clock_moves_the_moments():
    panel = make_timed_panel()

    move_zone(panel.seminar, "Europe/Madrid", keep="clock")

    panel.refresh_from_db()
    assert (panel.starts_at, panel.ends_at) == (datetime(2024, 9, 5, 8, tzinfo=UTC), datetime(2024, 9, 5, 10, tzinfo=UTC))
    assert to_clock(panel.starts_at, Seminar.objects.get().zone) == time(10)


def test_a_new_zone_that_keeps_the_moments_moves_the_clock_and_maybe_the_day():
    panel = make_timed_panel(starts_at=datetime(2024, 9, 6, 2, tzinfo=UTC), ends_at=None)

    move_zone(panel.seminar, "Europe/Madrid", keep="instant")

    panel.refresh_from_db()
    assert (panel.starts_at, panel.held_on) == (datetime(2024, 9, 6, 2, tzinfo=UTC), date(2024, 9, 6))
    assert to_clock(panel.starts_at, Seminar.objects.get().zone) == time(4)


def test_no_panel_is_moved_out_of_its_seminar():
    panel = make_timed_panel(held_on=date(2024, 9, 6), starts_at=datetime(2024, 9, 7, 2, tzinfo=UTC), ends_at=None)

    with pytest.raises(ValidationError) as refusal:
        move_zone(panel.seminar, "Europe/Madrid", keep="instant")

    assert refusal.value.code == "outside_seminar"
    assert Seminar.objects.get().time_zone == "America/Mexico_City"
