"""Unlikely values are asked about once, beside their field; who may read a meeting of the Network by default."""

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Panel, Seminar, SeminarKind
from members.models import Audience, Delegate
from tests.desk import address, filled
from tests.make import make_delegate, make_panel, make_seminar

pytestmark = pytest.mark.django_db


def save(desk, row, **typed):
    return desk.post(address(row), filled(desk.get(address(row)), **typed))


def box_of(page):
    """What ticking the box of the page sends."""
    form = page.context["adminform"].form
    return form.fields["confirmed"].widget.asked_about


def codes(page, name):
    return [error.code for error in page.context["adminform"].form.errors.as_data().get(name, [])]


def test_unlikely_dates_are_asked_about_once_and_taken_when_confirmed(desk):
    seminar = make_seminar(starts_on=date(2027, 1, 9), ends_on=date(2027, 1, 10))

    asked = save(desk, seminar, ends_on="2027-09-09")
    unchanged = Seminar.objects.get().ends_on
    taken = desk.post(address(seminar), filled(asked, confirmed=box_of(asked)))
    again = save(desk, seminar, place="Bogotá")

    assert (codes(asked, "ends_on"), codes(asked, "confirmed")) == (["unlikely"], ["unlikely"])
    assert unchanged == date(2027, 1, 10)
    assert f'type="checkbox" name="confirmed" value="{box_of(asked)}"' in asked.content.decode()
    assert (taken.status_code, again.status_code) == (302, 302)
    assert Seminar.objects.get().ends_on == date(2027, 9, 9)


def test_a_tick_confirms_only_the_values_it_was_shown_beside(desk):
    seminar = make_seminar(starts_on=date(2027, 1, 9), ends_on=date(2027, 1, 10))
    asked = save(desk, seminar, ends_on="2027-09-09")

    other = desk.post(address(seminar), filled(asked, ends_on="2028-09-09", confirmed=box_of(asked)))

    assert codes(other, "ends_on") == ["unlikely"]
    assert box_of(other) != box_of(asked)


def test_unlikely_values_of_every_form_are_asked_about(desk):
    panel = make_panel(seminar=make_seminar(starts_on=date(2027, 1, 9), ends_on=date(2027, 1, 10)), held_on=date(2027, 1, 9))
    mandate = make_delegate()
    table = [
        (panel.seminar, "starts_on", {"starts_on": "1927-01-09"}),
        (panel.seminar, "ends_on", {"ends_on": "2072-01-10"}),
        (panel.seminar, "cancelled_on", {"cancelled_on": "1926-12-01"}),
        (panel, "ends", {"starts": "09:00", "ends": "08:00"}),
        (mandate, "mandate_due_on", {"starts_on": "2024-01-01", "mandate_due_on": "2064-01-01"}),
    ]

    found = [codes(save(desk, row, **typed), name) for row, name, typed in table]

    assert found == [["unlikely"]] * len(table)
    assert Panel.objects.get().starts_at is None
    assert Delegate.objects.get().mandate_due_on == mandate.mandate_due_on


def test_likely_values_are_taken_without_a_question(desk):
    panel = make_panel(seminar=make_seminar(starts_on=date(2027, 1, 9), ends_on=date(2027, 2, 8)), held_on=date(2027, 1, 9))

    saved = [save(desk, panel.seminar, place="Quito"), save(desk, panel, starts="20:00", ends="02:00")]

    assert [page.status_code for page in saved] == [302, 302]
    assert timezone.localtime(Panel.objects.get().ends_at, panel.seminar.zone).time() == time(2)


def test_network_meeting_is_for_members_unless_somebody_decides(client, desk):
    meeting = make_seminar(kind=SeminarKind.MEETING, audience="", published_at=timezone.now())
    seminar = make_seminar(audience="", published_at=timezone.now())
    client.logout()

    assert (meeting.audience, seminar.audience) == (Audience.MEMBERS, Audience.EVERYONE)
    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert client.get(seminar.get_absolute_url()).status_code == 200


def test_desk_asks_before_a_network_meeting_is_for_everyone(desk):
    seminar = make_seminar()
    texts = {"title_es": "Reunión", "starts_on": "2027-05-03", "kind": SeminarKind.MEETING}

    new = desk.post(address(Seminar, "add"), filled(desk.get(address(Seminar, "add")), **texts))
    became = save(desk, seminar, kind=SeminarKind.MEETING)
    confirmed = desk.post(address(seminar), filled(became, confirmed=box_of(became)))

    assert new.status_code == 302
    assert Seminar.objects.exclude(pk=seminar.pk).get().audience == Audience.MEMBERS
    assert codes(became, "audience") == ["unlikely"]
    assert confirmed.status_code == 302
    assert Seminar.objects.get(pk=seminar.pk).audience == Audience.EVERYONE


def test_days_are_said_in_one_way_on_tiles_and_pages(client):
    seminar = make_seminar(title="Jornadas", starts_on=date(2027, 1, 29), ends_on=date(2027, 1, 30), published_at=timezone.now())

    pages = [
        client.get(url).content.decode() for url in (reverse("home"), reverse("events:seminars"), seminar.get_absolute_url())
    ]

    said = "29 y 30 de enero de 2027"
    assert [said in page.replace("<b>", "").replace("</b>", "") for page in pages] == [True, True, True]
