from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Audience
from recordings.models import Document, Recording
from tests.make import (
    make_delegate_user,
    make_document,
    make_intervention,
    make_panel,
    make_recording,
    make_secretary,
    make_seminar,
)

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_visitors_see_published_recordings_of_public_seminars_only():
    shown = make_recording()
    hidden = {
        make_recording(published_at=None),
        make_recording(withdrawn_on=date(2024, 10, 1)),
        make_recording(seminar=make_seminar(published_at=None)),
        make_recording(seminar=make_seminar(audience="members")),
    }

    assert list(Recording.objects.public()) == [shown] == list(Recording.objects.visible_to(VISITOR))
    assert set(Recording.objects.visible_to(make_secretary())) == hidden | {shown}


def test_a_recording_may_have_no_source_yet():
    without = make_recording()
    make_recording(url="https://youtu.be/abcdefghijk")

    assert list(Recording.objects.without_source()) == [without]


def test_keys_are_short_and_never_the_same():
    keys = {make_recording().key for _ in range(20)}

    assert len(keys) == 20 and {len(key) for key in keys} == {8}


def test_panel_and_intervention_of_a_recording_are_its_own():
    intervention = make_intervention()
    panel = intervention.panel
    recording = make_recording(panel=panel)
    recording.full_clean()

    wrong = {"panel": {"panel": make_panel()}, "intervention": {"intervention": make_intervention()}}
    for field, given in wrong.items():
        with pytest.raises(ValidationError) as error:
            Recording(title_es="x", slug="x", seminar=panel.seminar, **{"panel": panel} | given).full_clean()
        assert error.value.error_dict[field][0].code in {"other_seminar", "other_panel"}


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(seconds=-1)])
def test_the_database_refuses_a_recording_of_no_length(duration):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recording(duration=duration)


def test_the_database_refuses_an_intervention_without_its_panel():
    intervention = make_intervention()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_recording(seminar=intervention.panel.seminar, intervention=intervention)


def test_each_source_is_written_once():
    recording = make_recording(url="https://youtu.be/abcdefghijk")

    with pytest.raises(IntegrityError), transaction.atomic():
        recording.sources.create(url="https://www.youtube.com/watch?v=abcdefghijk", host="youtube")


def test_a_new_document_is_the_secretariats():
    assert Document(title_es="Acta", kind="minutes").audience == Audience.SECRETARIAT


@pytest.mark.parametrize(
    ("category", "read"),
    [
        (None, {"everyone"}),
        ("partner", {"everyone"}),
        ("observer", {"everyone", "members-and-observers"}),
        ("member", {"everyone", "members-and-observers", "members"}),
    ],
)
def test_each_reads_the_documents_of_their_audience(category, read):
    for audience in Audience.values:
        make_document(audience=audience)
    user = make_delegate_user(category) if category else VISITOR

    assert {document.audience for document in Document.objects.visible_to(user)} == read
    assert Document.objects.visible_to(make_secretary()).count() == 4


def test_a_paper_of_a_draft_seminar_is_hidden_whatever_its_audience():
    make_document(seminar=make_seminar(published_at=None))
    shown = make_document(seminar=make_seminar())

    assert list(Document.objects.public()) == [shown] == list(Document.objects.visible_to(VISITOR))


def test_a_document_is_a_file_or_a_link():
    document = make_document()
    document.file = "documents/x.pdf"

    with pytest.raises(ValidationError) as error:
        document.full_clean()

    assert error.value.error_dict["url"][0].code == "file_and_link"
