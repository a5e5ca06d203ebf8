"""One click on an intervention, on any page that shows it, plays the right recording at the right second."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from members.models import Audience
from recordings.playback.interventions import bring_moments
from tests.make import (
    make_clip,
    make_dead,
    make_delegate_user,
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
)

pytestmark = pytest.mark.django_db
YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
VISITOR = AnonymousUser()


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def said_in(seminar=None, institution=None):
    """An intervention with a summary, so that the home page may show it too."""
    panel = make_panel(seminar=seminar)
    positions = [("Directora", institution or make_institution())]
    return make_intervention(positions, panel=panel, person=make_person(), summary_es="Dijo algo.")


def moments_of(intervention, user=VISITOR):
    bring_moments([intervention], user)
    return [moment.url for moment in intervention.moments]


def pages(intervention):
    """Every page that shows an intervention."""
    institution = intervention.positions.get().institution
    shown = (intervention.panel, intervention.panel.seminar, intervention.person, institution)
    return [reverse("home"), *(row.get_absolute_url() for row in shown)]


def test_every_page_that_shows_an_intervention_leads_to_its_second(client):
    intervention = said_in()
    recording = make_recording(url=YOUTUBE, panel=intervention.panel)
    make_clip(recording, intervention, 3723, 3800)

    for page in pages(intervention):
        shown = client.get(page).content.decode()
        assert f'href="{recording.get_absolute_url()}?t=3723#play"' in shown, page
        assert "Listen from 1:02:03 (youtube.com)" in shown, page


def test_a_range_nobody_has_noted_leads_to_the_recording_and_says_so(client):
    intervention = said_in()
    recording = make_recording(url=YOUTUBE, panel=intervention.panel)
    make_clip(recording, intervention)

    page = client.get(intervention.panel.get_absolute_url()).content.decode()

    assert moments_of(intervention) == [recording.get_absolute_url()]
    assert "In the recording, at a moment not noted yet" in page


def test_a_recording_of_one_intervention_begins_at_its_beginning(client):
    intervention = said_in()
    recording = make_recording(url=YOUTUBE, panel=intervention.panel, intervention=intervention)

    assert moments_of(intervention) == [f"{recording.get_absolute_url()}#play"]
    assert "Listen (youtube.com)" in client.get(intervention.person.get_absolute_url()).content.decode()


def test_what_cannot_play_promises_no_playing(client):
    intervention = said_in()
    recording = make_recording(url=YOUTUBE, panel=intervention.panel)
    make_clip(recording, intervention, 90)
    make_dead(YOUTUBE)

    assert moments_of(intervention) == [f"{recording.get_absolute_url()}?t=90"]
    assert "In the recording, at 1:30" in client.get(intervention.panel.get_absolute_url()).content.decode()


def test_what_was_spoken_comes_before_what_was_interpreted():
    intervention = said_in()
    interpreted = make_recording(url=YOUTUBE, panel=intervention.panel, track="interpreted")
    second, first = (make_recording(url=YOUTUBE, panel=intervention.panel, part=part) for part in (2, 1))
    for start, recording in enumerate([interpreted, second, first], start=1):
        make_clip(recording, intervention, start)

    assert moments_of(intervention) == [
        f"{first.get_absolute_url()}?t=3#play",
        f"{second.get_absolute_url()}?t=2#play",
        f"{interpreted.get_absolute_url()}?t=1#play",
    ]


def test_recordings_that_one_may_not_see_are_never_offered(client):
    intervention = said_in()
    seminar = intervention.panel.seminar
    for given in ({"published_at": None}, {"withdrawn_on": date(2025, 1, 1)}):
        make_clip(make_recording(url=YOUTUBE, panel=intervention.panel, **given), intervention, 90)

    for page in pages(intervention):
        assert "#play" not in client.get(page).content.decode(), page
    assert moments_of(intervention) == []
    assert len(moments_of(intervention, make_secretary())) == 2
    seminar.audience = Audience.MEMBERS
    seminar.save()
    shown = make_recording(url=YOUTUBE, panel=intervention.panel)
    make_clip(shown, intervention, 90)
    assert moments_of(intervention) == []
    assert moments_of(intervention, make_delegate_user()) == [f"{shown.get_absolute_url()}?t=90#play"]


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_much_for_many_as_for_one(django_assert_num_queries, number):
    seminar = make_seminar()
    said = [said_in(seminar) for _each in range(number)]
    for intervention in said:
        make_clip(make_recording(url=YOUTUBE, panel=intervention.panel), intervention, 90)

    with django_assert_num_queries(4):
        bring_moments(said, VISITOR)
    with django_assert_num_queries(0):
        bring_moments([], VISITOR)
