"""What a recording's page offers to hear next."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from recordings.related import related_to
from tests.make import (
    make_delegate_user,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
)

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def with_voice_of(person, **given):
    recording = make_recording(panel=make_panel(), **given)
    make_intervention(panel=recording.panel, person=person)
    return recording


def of_panel(panel, **given):
    """A recording of one intervention of `panel`."""
    return make_recording(panel=panel, intervention=make_intervention(panel=panel), **given)


def about(topic, **given):
    recording = make_recording(panel=make_panel(), **given)
    recording.panel.topics.add(topic)
    return recording


def test_the_panel_comes_first_then_people_then_topics():
    person, topic = make_person(), make_topic()
    recording = with_voice_of(person)
    recording.panel.topics.add(topic)
    of_topic = about(topic)
    of_person = with_voice_of(person)
    of_its_panel = of_panel(recording.panel)
    make_recording(panel=make_panel())

    assert list(related_to(recording, VISITOR)) == [of_its_panel, of_person, of_topic]


def test_there_are_four_at_most():
    recording = make_recording(panel=make_panel())
    others = [of_panel(recording.panel) for _each in range(6)]

    assert list(related_to(recording, VISITOR)) == others[:4]


def test_other_parts_and_the_other_sound_are_the_same_session():
    recording = make_recording(panel=make_panel())
    make_recording(panel=recording.panel, part=2)
    make_recording(panel=recording.panel, track="interpreted")

    assert list(related_to(recording, VISITOR)) == []


def test_two_recordings_without_a_panel_are_not_of_the_same_one():
    recording, _other = make_recording(), make_recording()

    assert list(related_to(recording, VISITOR)) == []


def test_only_whoever_is_heard_in_the_recording_leads_to_others():
    heard, silent = make_person(), make_person()
    recording = with_voice_of(heard)
    make_intervention(panel=recording.panel, person=silent, role="attends")
    of_heard, _of_silent = with_voice_of(heard), with_voice_of(silent)

    assert list(related_to(recording, VISITOR)) == [of_heard]


def test_a_panel_without_topics_has_those_of_its_seminar():
    topic = make_topic()
    recording = make_recording(panel=make_panel())
    recording.seminar.topics.add(topic)
    other = about(topic)

    assert list(related_to(recording, VISITOR)) == [other]


def test_what_one_may_not_see_is_not_related():
    panel = make_panel()
    recording = make_recording(panel=panel)
    draft = of_panel(panel, published_at=None)
    person = make_person()
    make_intervention(panel=panel, person=person)
    reserved = make_recording(panel=make_panel(seminar=make_seminar(audience="members")))
    make_intervention(panel=reserved.panel, person=person)

    assert list(related_to(recording, VISITOR)) == []
    assert list(related_to(recording, make_delegate_user())) == [reserved]
    assert list(related_to(recording, make_secretary())) == [draft, reserved]


def test_the_page_shows_them(client):
    panel = make_panel()
    recording, other = make_recording(panel=panel), of_panel(panel, title="La otra voz")

    with translation.override("en"):
        page = client.get(recording.get_absolute_url()).content.decode()
        address = other.get_absolute_url()

    assert "Related recordings" in page and f'<h3><a href="{address}"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_the_same_number_of_questions(django_assert_max_num_queries, rows):
    person, topic = make_person(), make_topic()
    recording = with_voice_of(person)
    recording.panel.topics.add(topic)
    for _each in range(rows):
        of_panel(recording.panel, url="https://vimeo.com/123456789")

    with django_assert_max_num_queries(7):
        for each in related_to(recording, VISITOR):
            assert each.seminar.title and not each.languages.all() and each.sources.all()
