"""Who is heard, who allowed it, and what the public sees of it."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from events.models import InterventionRole, Seminar
from members.models import Audience
from recordings.models import Consent, ConsentScope, Recording
from recordings.permissions import lacking, people_heard, people_missing, permission_counts
from recordings.publication import ask_permissions, publish, take_back, withdraw
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_clip,
    make_consent,
    make_delegate_user,
    make_document,
    make_intervention,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
)

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def waiting(audience=Audience.EVERYONE, **given):
    """A recording of a panel, in a seminar that waits for permissions."""
    return make_recording(panel=make_panel(seminar=make_seminar(waits_for_consent=True, audience=audience)), **given)


def speaker(recording, name="Ana", **given):
    return make_intervention(panel=recording.panel, person=make_person(name=name), **given).person


def refusals(recording):
    with pytest.raises(ValidationError) as refused:
        publish(recording)
    assert {error.code for error in refused.value.error_list} == {"missing_consent"}
    return [error.params["people"] for error in refused.value.error_list]


def test_publication_waits_for_everyone_who_is_heard():
    recording = waiting(published_at=None)
    ana, luis = speaker(recording, "Ana"), speaker(recording, "Luis")
    make_consent(recording, ana)

    assert refusals(recording) == ["Luis"]
    assert list(Recording.objects.public()) == []

    make_consent(recording, luis)
    publish(recording)

    assert list(Recording.objects.public()) == [recording]


@pytest.mark.parametrize(
    "given",
    [
        {"given_on": None, "evidence": ""},
        {"withdrawn_on": date(2024, 10, 1)},
        {"scope": ConsentScope.NETWORK},
    ],
)
def test_asked_for_taken_back_or_too_narrow_is_not_enough(given):
    recording = waiting(published_at=None)
    make_consent(recording, speaker(recording), **given)

    assert refusals(recording) == ["Ana"]


def test_what_is_missing_and_what_is_too_narrow_are_said_apart():
    recording = waiting(published_at=None)
    make_consent(recording, speaker(recording, "Ana"), scope=ConsentScope.NETWORK)
    speaker(recording, "Luis"), speaker(recording, "Eva")

    assert refusals(recording) == ["Eva, Luis", "Ana"]


def test_permission_within_the_network_is_enough_for_a_seminar_of_the_network():
    recording = waiting(audience=Audience.MEMBERS, published_at=None)
    make_consent(recording, speaker(recording), scope=ConsentScope.NETWORK)

    publish(recording)

    assert list(Recording.objects.visible_to(make_delegate_user())) == [recording]
    assert list(Recording.objects.visible_to(VISITOR)) == []


def test_a_seminar_that_does_not_wait_is_published_without_permissions():
    recording = make_recording(panel=make_panel(), published_at=None)
    speaker(recording)

    publish(recording)

    assert list(Recording.objects.public()) == [recording]


def test_permission_for_another_recording_is_none():
    recording = waiting(published_at=None)
    ana = speaker(recording)
    make_consent(make_recording(panel=recording.panel), ana)

    assert refusals(recording) == ["Ana"]


def test_those_who_are_silent_or_many_are_not_asked():
    recording = waiting(published_at=None)
    speaker(recording, role=InterventionRole.ATTENDS)
    make_intervention(panel=recording.panel, collective="Delegaciones")

    publish(recording)

    assert recording.is_published


def test_who_speaks_twice_is_asked_once():
    recording = waiting()
    ana = speaker(recording)
    make_intervention(panel=recording.panel, person=ana)

    assert list(people_heard(recording)) == [ana] == list(people_missing(recording))


def test_a_permission_taken_back_takes_the_recording_away_at_once():
    recording = waiting()
    consent = make_consent(recording, speaker(recording))
    before = list(Recording.objects.public())

    stays = take_back(consent, on=date(2024, 10, 1))

    assert (before, stays) == ([recording], False)
    assert list(Recording.objects.public()) == [] == list(Recording.objects.visible_to(make_delegate_user()))
    assert list(Recording.objects.visible_to(make_secretary())) == [recording]
    assert list(Recording.objects.withdrawn_from(VISITOR)) == [recording]


def test_a_seminar_opened_to_everyone_hides_what_was_allowed_to_the_network_only():
    recording = waiting(audience=Audience.MEMBERS)
    make_consent(recording, speaker(recording), scope=ConsentScope.NETWORK)
    delegate = make_delegate_user()
    before = list(Recording.objects.visible_to(delegate))

    Seminar.objects.update(audience=Audience.EVERYONE)

    assert before == [recording]
    assert not Recording.objects.public().exists() and not Recording.objects.visible_to(delegate).exists()
    assert not Recording.objects.withdrawn_from(VISITOR).exists()


def test_where_the_seminar_does_not_wait_the_secretariat_decides():
    recording = make_recording(panel=make_panel())
    consent = make_consent(recording, speaker(recording))

    stays = take_back(consent)

    assert stays and consent.withdrawn_on == today_in_the_network()
    assert list(Recording.objects.public()) == [recording]


def test_a_permission_is_not_taken_back_before_it_was_given():
    consent = make_consent(waiting(), given_on=date(2024, 9, 7))

    with pytest.raises(ValidationError):
        take_back(consent, on=date(2024, 9, 6))

    consent.refresh_from_db()
    assert consent.withdrawn_on is None


def test_the_database_refuses_it_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(make_recording(), given_on=date(2024, 9, 7), withdrawn_on=date(2024, 9, 6))


def test_a_person_has_one_permission_for_a_recording():
    consent = make_consent(make_recording())

    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(consent.recording, consent.person)


def test_a_permission_says_where_it_can_be_read():
    with pytest.raises(ValidationError) as error:
        Consent(recording=make_recording(), person=make_person(), given_on=date(2024, 9, 7)).full_clean()

    assert error.value.error_dict["evidence"][0].code == "no_evidence"


@pytest.mark.parametrize("audience", [each for each in Audience if each != Audience.SECRETARIAT])
def test_the_signed_paper_is_for_the_secretariat_only(audience):
    consent = make_consent(make_recording(), document=make_document(audience=Audience.SECRETARIAT))
    consent.full_clean()

    consent.document = make_document(audience=audience)
    with pytest.raises(ValidationError) as error:
        consent.full_clean()

    assert error.value.error_dict["document"][0].code == "open_document"


def test_the_missing_permissions_are_noted_as_asked_for_once():
    recording = waiting()
    make_consent(recording, speaker(recording, "Ana"))
    luis = speaker(recording, "Luis")

    assert ask_permissions(recording) == [luis]
    assert ask_permissions(recording) == []
    assert list(recording.consents.in_force().values_list("person__name", flat=True)) == ["Ana"]


def counted(recording):
    row = Recording.objects.annotate(**permission_counts()).get(pk=recording.pk)
    return row.people_who_allow, row.people_heard


def of_its_panel():
    recording = waiting()
    return recording, [speaker(recording, "Ana"), speaker(recording, "Luis")]


def of_one_intervention():
    recording = waiting()
    ana = make_intervention(panel=recording.panel)
    recording.intervention = ana
    recording.save()
    speaker(recording, "Luis")
    return recording, [ana.person]


def of_its_ranges():
    recording = waiting()
    ana, not_noted = make_clip(recording, start=0).intervention, speaker(recording, "Eva")
    make_clip(make_recording(panel=recording.panel, part=2, published_at=None), start=0)
    return recording, [ana.person, not_noted]


def of_its_seminar():
    seminar = make_seminar(waits_for_consent=True)
    people = [make_intervention(panel=make_panel(seminar=seminar)).person for _ in range(2)]
    return make_recording(seminar=seminar), people


@pytest.mark.parametrize("make", [of_its_panel, of_one_intervention, of_its_ranges, of_its_seminar])
def test_lists_count_the_same_people_as_the_page(make):
    recording, people = make()
    others = waiting()
    speaker(others)

    assert set(people_heard(recording)) == set(people)
    assert counted(recording) == (0, len(people))
    assert recording in lacking(Recording.objects.all())

    make_consent(recording, people[0])
    assert counted(recording) == (1, len(people))
    for person in people[1:]:
        make_consent(recording, person)

    assert counted(recording) == (len(people), len(people))
    assert others in lacking(Recording.objects.all()) and recording not in lacking(Recording.objects.all())
    assert list(people_missing(recording)) == []


@pytest.mark.parametrize(
    ("audience", "scope", "allowing"),
    [("everyone", "everyone", 1), ("everyone", "network", 0), ("members", "network", 1), ("members", "everyone", 1)],
)
def test_lists_count_only_what_is_enough(audience, scope, allowing):
    recording = waiting(audience=audience)
    make_consent(recording, speaker(recording), scope=scope)

    assert counted(recording) == (allowing, 1)
    assert people_missing(recording).count() == lacking(Recording.objects.all()).count() == 1 - allowing


def test_nothing_is_missing_of_what_nobody_waits_for():
    calm = make_recording(panel=make_panel())
    speaker(calm)
    gone = waiting()
    speaker(gone)
    withdraw(gone)

    assert list(lacking(Recording.objects.all())) == []


def test_counting_permissions_reads_interventions_of_the_seminar_only():
    asked = str(Recording.objects.annotate(**permission_counts()).values("people_heard", "people_who_allow").query)

    assert asked.count('FROM "events_intervention"') == 2  # a third would be read whole, once for each recording
