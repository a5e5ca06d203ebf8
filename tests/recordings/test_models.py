from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from events.models import InterventionRole
from members.models import Audience
from recordings.models import Caption, CaptionKind, CaptionOrigin, Document, Recording, Source, TrustedHost
from tests.make import (
    make_caption,
    make_chapter,
    make_clip,
    make_consent,
    make_dead,
    make_delegate_user,
    make_document,
    make_intervention,
    make_panel,
    make_recording,
    make_secretary,
    make_seminar,
    make_trusted,
    make_version,
    seconds,
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


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)//", "data:text/html,x", "file:///etc/passwd", "//sitio.example", "\x01javascript:x"]
)
def test_the_database_refuses_an_address_that_is_not_of_the_web(url):
    recording = make_recording()

    with pytest.raises(IntegrityError), transaction.atomic():
        recording.sources.create(url=url, host="link")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_document(url=url)


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
    document = make_version(make_document(url="")).document
    document.url = "https://example.org/informe.pdf"

    with pytest.raises(ValidationError) as error:
        document.full_clean()

    assert error.value.error_dict["url"][0].code == "file_and_link"


# Ranges, chapters, captions, sources: what the database refuses, and what is said before it has to


def refused_codes(row):
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    return {name: [each.code for each in mistakes] for name, mistakes in error.value.error_dict.items()}


@pytest.mark.parametrize(("start", "end"), [(None, None), (0, None), (0, 0.001), (59.5, 60)])
def test_a_range_may_be_known_in_part(start, end):
    clip = make_clip(make_recording(duration=seconds(60)), start=start, end=end)

    clip.full_clean()


@pytest.mark.parametrize(("start", "end"), [(-1, None), (10, 10), (10, 9), (None, 10)])
def test_the_database_refuses_ranges_that_cannot_be(start, end):
    recording = make_recording()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_clip(recording, start=start, end=end)


@pytest.mark.parametrize(("start", "end", "field"), [(60, None, "start"), (61, None, "start"), (10, 60.001, "end")])
def test_a_range_lies_within_the_recording(start, end, field):
    clip = make_clip(make_recording(duration=seconds(60)), start=start, end=end)

    assert refused_codes(clip) == {field: ["beyond_the_end"]}


def test_an_intervention_has_one_range_in_a_recording():
    clip = make_clip(make_recording(), start=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_clip(clip.recording, clip.intervention, start=10)


@pytest.mark.parametrize("elsewhere", [lambda recording: make_panel(seminar=recording.seminar), lambda recording: make_panel()])
def test_a_range_is_of_an_intervention_of_the_recordings_panel(elsewhere):
    recording = make_recording(panel=make_panel())
    clip = make_clip(recording, make_intervention(panel=elsewhere(recording)))

    assert refused_codes(clip) == {"intervention": ["other_panel"]}


def test_in_a_recording_of_the_whole_seminar_all_its_panels_have_ranges():
    recording = make_recording()

    make_clip(recording, make_intervention(panel=make_panel(seminar=recording.seminar)), start=0).full_clean()


def test_ranges_come_in_their_order_and_those_not_known_last():
    recording = make_recording(panel=make_panel())
    unknown, second, first = (make_clip(recording, start=start) for start in (None, 60, 5))

    assert list(recording.clips.all()) == [first, second, unknown]


@pytest.mark.parametrize("start", [-1, 30])
def test_the_database_refuses_chapters_before_the_start_or_twice_at_a_second(start):
    recording = make_recording()
    make_chapter(recording, 30, "Debate")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_chapter(recording, start, "Otro")


def test_a_chapter_starts_before_the_recording_is_over():
    recording = make_recording(duration=seconds(60))
    make_chapter(recording, 59, "Cierre").full_clean()

    assert refused_codes(make_chapter(recording, 60, "Tarde")) == {"start": ["beyond_the_end"]}


@pytest.mark.parametrize(
    "make_part",
    [
        lambda recording: make_chapter(recording, 60, "Cierre"),
        lambda recording: make_clip(recording, start=60),
        lambda recording: make_clip(recording, start=0, end=61),
    ],
)
def test_a_recording_is_as_long_as_what_is_in_it(make_part):
    recording = make_recording()
    make_part(recording)

    recording.duration = seconds(60)
    refused = refused_codes(recording)
    recording.duration = seconds(61)
    recording.full_clean()

    assert refused == {"duration": ["ranges_beyond"]}


def test_captions_of_a_kind_are_kept_once_per_language():
    caption = make_caption(make_recording(), (0, 1, "Hola"))
    make_caption(caption.recording, (0, 1, "Hola"), kind=CaptionKind.TRANSLATION)
    make_caption(caption.recording, (0, 1, "Olá"), language="pt-BR")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_caption(caption.recording, (0, 1, "Hola otra vez"))


@pytest.mark.parametrize("given", [{"reviewed_by": "Inés"}, {"reviewed_on": date(2024, 10, 1)}])
def test_a_review_says_who_and_when(given):
    recording = make_recording()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_caption(recording, **given)


def test_readers_are_told_of_machines_reviewed_or_not():
    reviewed = make_caption(make_recording(), reviewed_by="Inés", reviewed_on=date(2024, 10, 1))
    typed = make_caption(make_recording(), origin=CaptionOrigin.PERSON)

    assert (reviewed.is_machine, typed.is_machine) == (True, False)


def test_lists_do_not_read_whole_transcripts():
    make_caption(make_recording(), (0, 1, "Hola"))

    assert Caption.objects.without_text().get().get_deferred_fields() == {"cues"}


def test_what_can_be_read_is_told_from_what_cannot():
    withdrawn = make_recording(url="https://vimeo.com/123456789", withdrawn_on=date(2024, 10, 1))
    seen, unknown = make_recording(url="https://vimeo.com/123456789"), make_recording()
    read = make_caption(make_recording(url="https://vimeo.com/123456789"), (0, 1, "Hola")).recording

    assert list(Recording.objects.with_transcript()) == [read]
    assert list(Recording.objects.without_transcript()) == [seen]
    assert not {withdrawn, unknown} & set(Recording.objects.without_transcript())


def test_a_dead_address_is_found_by_its_recording():
    dead = make_recording(url=make_dead("https://vimeo.com/123456789").url)
    make_recording(url="https://vimeo.com/987654321")
    make_recording(url="https://vimeo.com/123456789", withdrawn_on=date(2024, 10, 1))

    assert list(Recording.objects.with_dead_address()) == [dead]


@pytest.mark.parametrize("name", ["https://videos.example.org", "videos.example.org/w", "dos palabras", "localhost:8000"])
def test_a_trusted_site_is_written_as_a_name(name):
    assert refused_codes(TrustedHost(name=name)) == {"name": ["host_name"]}


def test_a_site_is_trusted_once():
    make_trusted("videos.example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_trusted("videos.example.org")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://user@example.org/a.mp4", "http://127.0.0.1/"]
)
def test_a_source_leads_where_everyone_may_go(url):
    source = Source(recording=make_recording(), url=url)

    assert "url" in refused_codes(source)


# Who sees what, and who is heard


@pytest.mark.parametrize("user", [lambda: VISITOR, make_delegate_user])
def test_what_was_withdrawn_is_known_to_those_who_could_see_it(user):
    withdrawn = make_recording(withdrawn_on=date(2024, 10, 1))
    taken_back = make_recording(seminar=make_seminar(waits_for_consent=True))
    make_consent(taken_back, withdrawn_on=date(2024, 10, 1))
    make_recording()
    make_recording(published_at=None, withdrawn_on=date(2024, 10, 1))
    make_recording(seminar=make_seminar(published_at=None), withdrawn_on=date(2024, 10, 1))

    assert set(Recording.objects.withdrawn_from(user())) == {withdrawn, taken_back}


def test_what_was_withdrawn_from_the_members_is_nothing_to_visitors():
    make_recording(seminar=make_seminar(audience=Audience.MEMBERS), withdrawn_on=date(2024, 10, 1))

    assert not Recording.objects.withdrawn_from(VISITOR).exists()
    assert Recording.objects.withdrawn_from(make_delegate_user()).exists()


def test_a_permission_taken_back_hides_only_where_the_seminar_waits():
    shown = make_recording()
    make_consent(shown, withdrawn_on=date(2024, 10, 1))

    assert list(Recording.objects.public()) == [shown]


def test_a_recording_of_one_intervention_holds_that_voice():
    ana, luis = make_intervention(), make_intervention()
    recording = make_recording(panel=ana.panel, intervention=ana)
    make_recording(panel=luis.panel, intervention=luis)

    assert list(Recording.objects.with_voice_of(ana.person)) == [recording]
    assert list(recording.interventions_heard()) == [ana]


def test_while_nobody_has_noted_when_all_of_the_panel_are_heard():
    panel = make_panel()
    ana, silent = make_intervention(panel=panel), make_intervention(panel=panel, role=InterventionRole.ATTENDS)
    recording = make_recording(panel=panel)

    assert list(recording.interventions_heard()) == [ana]
    assert list(Recording.objects.with_voice_of(ana.person)) == [recording]
    assert not Recording.objects.with_voice_of(silent.person).exists()


def test_a_voice_with_a_range_is_heard_there_and_not_in_the_other_part():
    panel = make_panel()
    ana = make_intervention(panel=panel)
    first, _second = make_recording(panel=panel), make_recording(panel=panel, part=2)
    make_clip(first, ana, start=0)

    assert list(Recording.objects.with_voice_of(ana.person)) == [first]
    assert list(first.interventions_heard()) == [ana]


def test_ranges_in_the_sound_as_spoken_say_nothing_of_the_interpreters():
    panel = make_panel()
    ana = make_intervention(panel=panel)
    floor, interpreted = make_recording(panel=panel), make_recording(panel=panel, track="interpreted")
    make_clip(floor, ana, start=0)

    assert set(Recording.objects.with_voice_of(ana.person)) == {floor, interpreted}
    assert list(interpreted.interventions_heard()) == [ana]


def test_in_a_recording_of_a_whole_seminar_its_panels_are_heard():
    seminar = make_seminar()
    ana = make_intervention(panel=make_panel(seminar=seminar))
    make_intervention()
    recording = make_recording(seminar=seminar)

    assert list(recording.interventions_heard()) == [ana]
    assert list(Recording.objects.with_voice_of(ana.person)) == [recording]


def test_parts_and_tracks_of_a_session_belong_together():
    panel = make_panel()
    floor = make_recording(panel=panel)
    second, interpreted = make_recording(panel=panel, part=2), make_recording(panel=panel, track="interpreted")
    make_recording(seminar=panel.seminar)

    assert list(Recording.objects.recorded_with(floor)) == [interpreted, second]
