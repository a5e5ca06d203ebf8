"""Hours that clocks skip or show twice, wherever a time is typed or moved."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from events.models import Panel, RegistrationTerms, Seminar
from events.programme.copy_seminar import copy
from events.programme.time_zone_change import RepeatedHour, move_zone, to_instant
from rifess.time_zone_data import version_in
from tests.desk import address, filled
from tests.make import make_panel, make_seminar

pytestmark = pytest.mark.django_db

# Day, clock, zone. Cuba has changed its clocks no more since the summer of 2026.
SKIPPED = [
    (date(2027, 3, 28), time(2, 30), "Europe/Madrid"),
    (date(2026, 3, 8), time(0, 0), "America/Havana"),
    (date(2026, 9, 6), time(0, 30), "America/Santiago"),
    (date(2027, 3, 28), time(1, 0), "Europe/Lisbon"),
]
REPEATED = [
    (date(2027, 10, 31), time(2, 30), "Europe/Madrid"),
    (date(2025, 11, 2), time(0, 15), "America/Havana"),
    (date(2027, 4, 3), time(23, 30), "America/Santiago"),
]


def test_hours_follow_the_newest_rules_at_hand_and_not_the_machines_older_ones(tmp_path):
    versions = {}
    for beginning in ("# version 2025b\n", "# version 2026f\n", "something else\n", ""):
        (tmp_path / "tzdata.zi").write_text(beginning)
        versions[beginning] = version_in([str(tmp_path / "none"), str(tmp_path)])

    assert [*versions.values()] == ["2025b", "2026f", "", ""]
    assert version_in([str(tmp_path / "none")]) == ""
    assert datetime(2026, 12, 15, tzinfo=ZoneInfo("America/Havana")).utcoffset() == timedelta(hours=-4)


def type_times(desk, panel, **typed):
    url = address(panel)
    return desk.post(url, filled(desk.get(url), **typed))


def undated_panel(day, zone):
    return make_panel(seminar=make_seminar(time_zone=zone, starts_on=day, ends_on=day), held_on=day)


def test_skipped_hours_do_not_exist_and_repeated_hours_need_a_choice():
    codes = []
    for day, clock, zone in [*SKIPPED, *REPEATED]:
        with pytest.raises(ValidationError) as refusal:
            to_instant(day, clock, ZoneInfo(zone))
        codes.append(refusal.value.code)

    assert codes == ["skipped_hour"] * len(SKIPPED) + ["repeated_hour"] * len(REPEATED)
    assert to_instant(date(2027, 10, 31), time(2, 30), ZoneInfo("Europe/Madrid"), RepeatedHour.FIRST) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )
    assert to_instant(date(2027, 10, 31), time(2, 30), ZoneInfo("Europe/Madrid"), RepeatedHour.SECOND) == datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )


def test_panel_at_a_skipped_hour_is_refused_beside_the_field_and_keeps_what_was_typed(desk):
    for day, clock, zone in SKIPPED:
        panel = undated_panel(day, zone)

        page = type_times(desk, panel, starts=clock.strftime("%H:%M"), title_en="Typed in the same form")

        form = page.context["adminform"].form
        assert page.status_code == 200
        assert form.errors.as_data()["starts"][0].code == "skipped_hour"
        assert (form["title_en"].value(), form["starts"].value()) == ("Typed in the same form", clock.strftime("%H:%M"))
        assert Panel.objects.get(pk=panel.pk).starts_at is None


def test_end_at_a_skipped_hour_is_refused_rather_than_shortened(desk):
    panel = undated_panel(date(2026, 3, 7), "America/Havana")

    page = type_times(desk, panel, starts="22:00", ends="00:30")

    assert [error.code for error in page.context["adminform"].form.errors.as_data()["ends"]] == ["skipped_hour"]


def test_panel_at_a_repeated_hour_asks_which_and_lasts_as_long_as_typed(desk):
    for day, clock, zone in REPEATED:
        panel = undated_panel(day, zone)
        typed = {"starts": clock.strftime("%H:%M"), "ends": clock.replace(minute=clock.minute + 15).strftime("%H:%M")}

        asked = type_times(desk, panel, **typed)
        answered = desk.post(address(panel), filled(asked, repeated="second"))

        panel.refresh_from_db()
        assert "repeated_hour" in [error.code for error in asked.context["adminform"].form.errors.as_data()["starts"]]
        assert '<select name="repeated"' in asked.content.decode()
        assert answered.status_code == 302
        assert (panel.ends_at - panel.starts_at).seconds == 15 * 60
        assert panel.starts_at == to_instant(day, clock, ZoneInfo(zone), RepeatedHour.SECOND)
        shown = desk.get(address(panel))
        assert '<option value="second" selected' in shown.content.decode()


def test_zone_that_skips_an_hour_of_a_panel_is_refused_in_the_form(desk):
    panel = make_panel(
        seminar=make_seminar(time_zone="America/Bogota", starts_on=date(2027, 3, 28), ends_on=date(2027, 3, 28)),
        held_on=date(2027, 3, 28),
        starts_at=datetime(2027, 3, 28, 7, 30, tzinfo=UTC),
    )

    url = address(panel.seminar)
    page = desk.post(url, filled(desk.get(url), time_zone="Europe/Madrid", keep="clock"))

    assert [error.code for error in page.context["adminform"].form.errors.as_data()["keep"]] == ["skipped_hour"]
    assert Seminar.objects.get().time_zone == "America/Bogota"


def test_zone_that_keeps_the_clock_moves_the_opening_and_closing_of_registration(desk):
    seminar = make_seminar(time_zone="America/Mexico_City")
    RegistrationTerms.objects.create(
        seminar=seminar,
        opens_at=datetime(2024, 8, 1, 15, tzinfo=UTC),
        closes_at=datetime(2024, 9, 1, 5, 59, tzinfo=UTC),
    )

    url = address(seminar)
    asked = desk.post(url, filled(desk.get(url), time_zone="Europe/Madrid"))
    desk.post(url, filled(asked, keep="clock"))

    terms = RegistrationTerms.objects.get()
    assert [error.code for error in asked.context["adminform"].form.errors.as_data()["keep"]] == ["keep"]
    assert Seminar.objects.get().time_zone == "Europe/Madrid"
    assert (terms.opens_at, terms.closes_at) == (
        datetime(2024, 8, 1, 7, tzinfo=UTC),
        datetime(2024, 8, 31, 21, 59, tzinfo=UTC),
    )


def test_zone_that_keeps_the_moments_leaves_registration_as_it_is():
    seminar = make_seminar(time_zone="America/Mexico_City")
    opens_at = datetime(2024, 8, 1, 15, tzinfo=UTC)
    RegistrationTerms.objects.create(seminar=seminar, opens_at=opens_at)

    move_zone(seminar, "Europe/Madrid", keep="instant")

    assert RegistrationTerms.objects.get().opens_at == opens_at


def test_copy_to_a_day_on_which_an_hour_is_skipped_is_refused():
    panel = make_panel(
        seminar=make_seminar(time_zone="Europe/Madrid", starts_on=date(2027, 3, 21), ends_on=date(2027, 3, 21)),
        held_on=date(2027, 3, 21),
        starts_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC),
    )

    with pytest.raises(ValidationError) as refusal:
        copy(panel.seminar, starts_on=date(2027, 3, 28))

    assert refusal.value.code == "skipped_hour"
    assert Seminar.objects.count() == 1


def test_what_lies_in_a_repeated_hour_is_never_turned_round_nor_moved_into_the_other_one(desk):
    night, moments = date(2026, 10, 25), [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)]
    seminar = make_seminar(time_zone="Europe/Madrid", starts_on=night, ends_on=night)  # from 02:30 to 02:10, clocks set back
    RegistrationTerms.objects.create(seminar=seminar, opens_at=moments[0], closes_at=moments[1])

    page = desk.get(address(seminar))
    refused = desk.post(address(seminar), filled(page, time_zone="America/Mexico_City", keep="clock"))
    assert [each.code for each in refused.context["adminform"].form.errors.as_data()["keep"]] == ["turned_round"]
    with pytest.raises(ValidationError) as refusal:
        copy(seminar, starts_on=date(2026, 11, 25))
    assert refusal.value.code == "turned_round"

    move_zone(seminar, "Europe/Paris")  # where clocks repeat the same hour
    terms = RegistrationTerms.objects.get()
    assert [terms.opens_at, terms.closes_at] == moments
