"""What one command sees to every few minutes for those who take part."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from events.models import LetterTold, Seats
from rifess.base.dates import today_in_the_network
from tests.make import make_coming_seminar, make_registration

pytestmark = pytest.mark.django_db


def test_a_seat_that_nobody_accepted_goes_to_the_next_and_one_that_became_free_is_offered(capsys):
    seminar = make_coming_seminar(capacity=1)
    late = make_registration(seminar, state="offered", offer_expires_at=timezone.now() - timedelta(minutes=1))
    first, second = (make_registration(seminar, state="waiting", place_in_line=place) for place in (1, 2))
    other = make_coming_seminar(capacity=1)
    waits = make_registration(other, state="waiting", place_in_line=1)

    call_command("remind")

    for registration in (late, first, second, waits):
        registration.refresh_from_db()
    assert [late.state, first.state, second.state, waits.state] == ["lapsed", "offered", "waiting", "offered"]
    assert list(Seats.objects.order_by("pk").values_list("taken", "in_line")) == [(1, 1), (1, 0)]
    said = capsys.readouterr().out
    assert "     1  seats that nobody accepted in time, given to the next" in said
    assert "     1  free seats offered to those who wait" in said


def test_those_who_take_part_hear_of_what_is_called_off():
    make_registration(make_coming_seminar(cancelled_on=today_in_the_network()))

    call_command("remind", verbosity=0)
    call_command("daily", verbosity=0)

    assert list(LetterTold.objects.values_list("kind", flat=True)) == ["called-off"]
