"""The recording's page at the secretariat's desk: addresses, ranges, chapters, captions, permissions, poster."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from members.models import Audience
from recordings.models import Caption, CaptionKind, CaptionOrigin, Clip, Recording, TrustedHost
from rifess.base.models import Language
from tests import make
from tests.desk import address, filled, new_row

pytestmark = pytest.mark.django_db
SAID = "WEBVTT\n\n00:01.000 --> 00:04.000\nEconomía social y solidaria\n"
SRT = "1\n00:00:01,000 --> 00:00:04,000\nEconomía social\n"
WATCH = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
HOSTILE = [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
    "http://127.0.0.1/a.mp4",
    "http://10.0.0.8/a.mp4",
    "http://[::1]/a.mp4",
    "http://2130706433/a.mp4",
    "https://intranet.local/a.mp4",
]


@pytest.fixture
def desk(client):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    return client


def send(desk, row, **typed):
    return desk.post(address(row), filled(desk.get(address(row)), **typed))


def add(desk, row, prefix, *rows, start=0, **typed):
    """Send the page of `row` with more rows in the inline `prefix`."""
    for number, each in enumerate(rows, start=start):
        typed |= new_row(prefix, number, **each)
    return send(desk, row, **{f"{prefix}-TOTAL_FORMS": start + len(rows)}, **typed)


def errors(answer):
    """Codes of what was refused, by field; those of inlines under the inline's name."""
    if answer.status_code == 302:
        return {}
    form = answer.context["adminform"].form
    found = {name: codes(refused) for name, refused in form.errors.as_data().items()}
    for inline in answer.context["inline_admin_formsets"]:
        for each in inline.formset.forms:
            for name, refused in each.errors.as_data().items():
                found[f"{inline.formset.prefix}.{name}"] = codes(refused)
    return found


def codes(refused):
    return [error.code for error in refused]


def sentences(answer, field):
    return [str(sentence) for sentence in answer.context["adminform"].form.errors[field]]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def file(name, content=SAID, encoding="utf-8"):
    return SimpleUploadedFile(name, content.encode(encoding) if isinstance(content, str) else content)


def heard(recording, *languages):
    recording.languages.set(Language.objects.filter(pk__in=languages))
    return recording


# Addresses


def test_a_pasted_address_is_recognized_and_shown_as_it_plays(desk):
    recording = make.make_recording()

    answer = add(
        desk, recording, "sources", {"url": "https://youtu.be/dQw4w9WgXcQ?si=x&t=90", "position": 1, "offset": "0:05:00"}
    )

    assert errors(answer) == {}
    source = recording.sources.get()
    assert (source.url, source.offset) == (WATCH, timedelta(minutes=5))
    assert "YouTube" in desk.get(address(recording)).content.decode()


def test_the_page_tells_trusted_sites_from_others_and_what_no_longer_answers(desk):
    make.make_trusted("videos.example.org")
    addresses = [f"https://{site}.example.org/w/abcDEF12345" for site in ("videos", "otros")]
    recordings = [make.make_recording(url=each) for each in addresses]
    make.make_dead(addresses[1])

    pages = [desk.get(address(each)).context["inline_admin_formsets"][0] for each in recordings]

    players = [_shown(page, "player") for page in pages]
    assert "videos.example.org" not in players[0] and "otros.example.org" in players[1]
    assert [date_in(_shown(page, "answer")) for page in pages] == [False, True]


def _shown(inline, field):
    [form] = [form for form in inline if form.original]
    return next(
        each.contents()
        for fieldset in form
        for line in fieldset
        for each in line
        if each.is_readonly and each.field["name"] == field
    )


def date_in(words):
    return "2026" in words


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_addresses_are_refused_with_a_sentence(desk, hostile):
    recording = make.make_recording()

    answer = add(desk, recording, "sources", {"url": hostile, "position": 1, "offset": "0"})

    assert list(errors(answer)) == ["sources.url"]
    assert not recording.sources.exists()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_they_are_refused_on_the_seminars_page_too(desk, hostile):
    seminar = make.make_seminar()

    answer = add(desk, seminar, "recordings", {"title_es": "Día 1", "link": hostile, "track": "floor", "part": 1})

    assert list(errors(answer)) == ["recordings.link"]
    assert not Recording.objects.exists()


def test_on_the_seminars_page_an_address_is_not_written_twice(desk):
    recording = make.make_recording(url="https://vimeo.com/123456789")
    recording.sources.create(url=WATCH, host="youtube", video_id="dQw4w9WgXcQ", position=2)

    answer = send(desk, recording.seminar, **{"recordings-0-link": "https://youtu.be/dQw4w9WgXcQ"})

    assert errors(answer) == {"recordings.link": ["twice"]}


@pytest.mark.parametrize("name", ["https://videos.example.org", "videos.example.org/w/1", "vídeos ejemplo", ""])
def test_a_trusted_site_is_a_name_and_no_address(desk, name):
    answer = desk.post(address(TrustedHost, "add"), {"name": name})

    assert list(errors(answer)) == ["name"]


def test_a_trusted_site_is_kept_as_names_are_compared(desk):
    desk.post(address(TrustedHost, "add"), {"name": " Videos.Example.ORG. ", "note": "De la universidad"})
    again = desk.post(address(TrustedHost, "add"), {"name": "videos.example.org"})

    assert TrustedHost.objects.get().name == "videos.example.org"
    assert errors(again) == {"name": ["unique"]}


# Ranges


def of_a_panel(**given):
    """A recording of a panel in which one person speaks."""
    recording = make.make_recording(panel=make.make_panel(), **given)
    return recording, make.make_intervention(panel=recording.panel)


@pytest.mark.parametrize(
    ("start", "end", "range_"),
    [
        ("1:02:03", "1:10:00", (3723, 4200)),
        ("62:03", "", (3723, None)),
        ("3723", "3724,5", (3723, 3724.5)),
    ],
)
def test_ranges_are_typed_as_players_show_them(desk, start, end, range_):
    recording, ana = of_a_panel()

    answer = add(desk, recording, "clips", {"intervention": ana.pk, "start": start, "end": end})

    assert errors(answer) == {}
    clip = Clip.objects.get()
    assert (clip.start, clip.end) == tuple(make.seconds(each) for each in range_)
    assert desk.get(address(recording)).context["inline_admin_formsets"][1].formset.forms[0]["start"].value()[-5:] == "02:03"


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        ("una hora", "", {"clips.start": ["invalid"]}),
        ("1:75:00", "", {"clips.start": ["invalid"]}),
        ("20:00", "10:00", {"clips.__all__": ["clip_ends_after_it_starts"]}),
        ("", "10:00", {"clips.__all__": ["clip_with_an_end_has_a_start"]}),
        ("-5", "", {"clips.__all__": ["clip_starts_within_the_recording"]}),
        ("2:00:00", "", {"clips.start": ["beyond_the_end"]}),
        ("1:00:00", "2:00:01", {"clips.end": ["beyond_the_end"]}),
    ],
)
def test_ranges_that_cannot_be_are_refused_with_a_sentence(desk, start, end, refused):
    recording, ana = of_a_panel(duration=timedelta(hours=2))

    answer = add(desk, recording, "clips", {"intervention": ana.pk, "start": start, "end": end})

    assert list(errors(answer)) == list(refused)
    assert not Clip.objects.exists()


def test_each_speaker_of_the_panel_has_a_row_and_those_without_times_are_not_kept(desk):
    recording, ana = of_a_panel()
    luis = make.make_intervention(panel=recording.panel, position=2)
    page = desk.get(address(recording))

    rows = page.context["inline_admin_formsets"][1].formset.forms
    answer = send(desk, recording, **{"clips-1-start": "10:00"})

    assert [form["intervention"].value() for form in rows] == [ana.pk, luis.pk]
    assert errors(answer) == {}
    assert [clip.intervention for clip in Clip.objects.all()] == [luis]


def test_only_interventions_of_the_panel_can_be_chosen(desk):
    recording, _ana = of_a_panel()
    elsewhere = make.make_intervention(panel=make.make_panel(seminar=recording.seminar))

    answer = add(desk, recording, "clips", {"intervention": elsewhere.pk, "start": "10:00"})

    assert list(errors(answer)) == ["clips.intervention"]


def test_the_page_asks_no_more_for_many_speakers(desk, django_assert_max_num_queries):
    recording, ana = of_a_panel()
    make.make_clip(recording, ana, start=0)
    desk.get(address(recording))
    with django_assert_max_num_queries(100) as for_one:
        desk.get(address(recording))
    for number in range(5):
        make.make_clip(recording, make.make_intervention(panel=recording.panel), start=number)

    with django_assert_max_num_queries(len(for_one)):
        desk.get(address(recording))


# Chapters


def test_chapters_are_pasted_as_youtube_writes_them(desk):
    recording = make.make_recording()
    make.make_chapter(recording, 0, "Inicio")
    make.make_chapter(recording, 60, "Otro")

    answer = send(desk, recording, pasted_chapters="Programa:\r\n0:00 Apertura\r\n1:02:03 – Cierre")  # noqa: RUF001

    assert errors(answer) == {}
    assert list(recording.chapters.values_list("start", "title_es")) == [
        (timedelta(0), "Apertura"),
        (timedelta(minutes=1), "Otro"),
        (timedelta(seconds=3723), "Cierre"),
    ]
    assert "1:02:03 Cierre" in desk.get(address(recording)).content.decode()


def test_pasted_chapters_may_take_the_place_of_all(desk):
    recording = make.make_recording()
    make.make_chapter(recording, 60, "Otro")

    send(desk, recording, pasted_chapters="0:00 Apertura", replace_chapters="on")

    assert list(recording.chapters.values_list("title_es", flat=True)) == ["Apertura"]


def test_pasted_chapters_take_the_place_of_those_on_the_page_and_not_of_others_added_since(desk):
    recording = make.make_recording()
    make.make_chapter(recording, 60, "Otro")
    page = filled(desk.get(address(recording)))
    make.make_chapter(recording, 90, "De una colega")

    desk.post(address(recording), page | {"pasted_chapters": "0:00 Apertura", "replace_chapters": "on"})

    assert list(recording.chapters.values_list("title_es", flat=True)) == ["Apertura", "De una colega"]


def test_pasted_chapters_that_are_wrong_change_nothing_and_stay_in_the_form(desk):
    recording = make.make_recording(duration=timedelta(hours=1), title="Uno")

    wrong = send(desk, recording, pasted_chapters="0:00 Uno\n9:99 Dos", title_es="Dos")
    late = send(desk, recording, pasted_chapters="0:00 Uno\n1:00:00 Dos")

    assert errors(wrong) == {"pasted_chapters": ["time"]} and "2" in sentences(wrong, "pasted_chapters")[0]
    assert errors(late) == {"pasted_chapters": ["beyond_the_end"]}
    assert wrong.context["adminform"].form["pasted_chapters"].value() == "0:00 Uno\n9:99 Dos"
    recording.refresh_from_db()
    assert recording.title_es == "Uno" and not recording.chapters.exists()


def test_typed_chapters_are_checked_too(desk):
    recording = make.make_recording(duration=timedelta(hours=1))

    late = add(desk, recording, "chapters", {"start": "1:00:00", "title_es": "Tarde"})
    twice = add(desk, recording, "chapters", {"start": "5:00", "title_es": "Uno"}, {"start": "300", "title_es": "Dos"})

    assert errors(late) == {"chapters.start": ["beyond_the_end"]}
    assert errors(twice) != {} and not recording.chapters.exists()


def test_a_recording_is_not_made_shorter_than_what_is_in_it(desk):
    recording = make.make_recording(duration=timedelta(hours=1))
    make.make_chapter(recording, 1800, "Mitad")

    answer = send(desk, recording, duration="20:00")

    assert errors(answer)["duration"] == ["ranges_beyond"]


# Captions


def test_several_caption_files_are_kept_at_once_as_they_came(desk):
    recording = heard(make.make_recording(), "es")
    files = [file("charla.es.vtt"), file("charla_pt-BR.srt", SRT), file("charla (interpretación) en.vtt", "\ufeff" + SAID)]

    answer = send(desk, recording, caption_files=files)

    assert errors(answer) == {}
    assert {(each.language, each.kind, each.original_name) for each in Caption.objects.all()} == {
        ("es", CaptionKind.FLOOR, "charla.es.vtt"),
        ("pt-BR", CaptionKind.TRANSLATION, "charla_pt-BR.srt"),
        ("en", CaptionKind.INTERPRETATION, "charla (interpretación) en.vtt"),
    }
    spanish = Caption.objects.get(language="es")
    assert (spanish.original.read(), spanish.cues) == (SAID.encode(), [[1000, 4000, "", "Economía social y solidaria", ""]])
    assert len(said(answer)) >= 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_captions_in_any_usual_encoding_are_read(desk, encoding):
    recording = make.make_recording()

    send(desk, recording, caption_files=[file("charla.es.vtt", SAID.replace("\n", "\r\n"), encoding)])

    caption = Caption.objects.get()
    assert caption.cues[0][3] == "Economía social y solidaria"
    assert caption.original.read() == SAID.replace("\n", "\r\n").encode(encoding)


def test_one_bad_file_among_several_changes_nothing(desk):
    recording = make.make_recording(title="Uno")
    bad = file("mala.pt.srt", SRT.replace("00:00:04,000", "00:00:00,500"))

    answer = send(desk, recording, caption_files=[file("charla.es.vtt"), bad], title_es="Dos")

    [sentence] = sentences(answer, "caption_files")
    assert "mala.pt.srt" in sentence and "2" in sentence
    recording.refresh_from_db()
    assert recording.title_es == "Uno" and not Caption.objects.exists()
    assert answer.context["adminform"].form["title_es"].value() == "Dos"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([file("charla.vtt")], "language"),
        ([file("el futuro que queremos por hacer es.hoy.vtt")], "language"),
        ([file("charla.es.vtt"), file("charla_es.srt", SRT)], "twice"),
        ([file("charla.es.txt")], "ending"),
        ([file("charla.es.srt.txt", SRT)], "ending"),
        ([file("charla.es.sbv", "0:00:01.000,0:00:04.000\nHola\n")], "sbv"),
        ([file("charla.es.ass", "[Script Info]\nTitle: a\n")], "ass"),
        ([file("charla.es.txt", "Hola")], "no_cues"),
        ([file("charla.es.vtt", "")], "empty"),
        ([file("charla.es.vtt", b"\x89PNG\r\n\x1a\n" + bytes(99))], "media"),
        ([file("charla.es.vtt", b"a" * (5 * 1024**2 + 1))], "too_large"),
        ([file(f"{number}.es.vtt") for number in range(31)], "too_many"),
    ],
)
def test_files_that_are_no_captions_or_say_no_language_are_refused(desk, files, code):
    recording = make.make_recording()
    for each in files:
        each.seek(0)

    answer = send(desk, recording, caption_files=files)

    assert set(errors(answer)["caption_files"]) == {code}
    assert not Caption.objects.exists()


def test_a_file_that_says_no_language_is_in_the_only_one_that_is_heard(desk):
    recording = heard(make.make_recording(), "pt-BR")

    send(desk, recording, caption_files=[file("palestra.vtt")])

    assert Caption.objects.get().language == "pt-BR"


def test_a_name_that_says_a_language_which_is_not_understood_is_asked_about_and_replaces_nothing(desk):
    recording = heard(make.make_recording(), "es")
    send(desk, recording, caption_files=[file("charla.es.vtt")])
    asked = [
        "charla.de.vtt",
        "charla.zz.vtt",
        "x_portuguese_community.srt",
        "Charla (German).vtt",
        "charla_de.srt",
        "Charla alemán 2.vtt",
    ]
    asked += ["charla.zh-Hans.vtt", "charla.eus.auto.vtt", "charla-it.vtt", "de.vtt"]

    found = [errors(send(desk, recording, caption_files=[file(name, SRT)])).get("caption_files") for name in asked]

    assert found == [["language"]] * len(asked)
    assert Caption.objects.get().original_name == "charla.es.vtt"


def test_names_that_say_no_language_are_taken_and_what_they_replace_is_named(desk):
    recording = heard(make.make_recording(), "es")
    names = [
        "charla.vtt",
        "charla-final.vtt",
        "Panel 2.v2.vtt",
        "charla_1.srt",
        "Sesión de apertura.vtt",
        "charla.final.auto.vtt",
    ]

    for before, name in zip([None, *names], names, strict=False):
        send(desk, recording, caption_files=[file(name, SRT)])
        told = desk.get(reverse("admin:recordings_recording_changelist")).content.decode()
        assert (f"tomó el lugar de {before}" in told) == (before is not None)

    assert Caption.objects.get().original_name == names[-1]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("charla.es.vtt", "es"),
        ("charla.es-419.vtt", "es"),
        ("charla.es-orig.vtt", "es"),
        ("CHARLA_PT_BR.SRT", "pt-BR"),
        ("Palestra [abc] (Português).vtt", "pt-BR"),
        ("Charla - Spanish (auto).vtt", "es"),
        ("charla.eng.srt", "en"),
        ("es.vtt", "es"),
        ("charla.fr.vtt", "fr"),
    ],
)
def test_names_of_files_say_the_language(desk, name, language):
    recording = make.make_recording()

    send(desk, recording, caption_files=[file(name, SRT)])

    assert Caption.objects.get().language == language


def test_captions_of_an_interpreted_track_are_what_the_interpreters_said(desk):
    recording = heard(make.make_recording(track="interpreted"), "pt-BR")

    send(desk, recording, caption_files=[file("palestra.pt.vtt")])

    assert Caption.objects.get().kind == CaptionKind.INTERPRETATION


@pytest.mark.usefixtures("history_follows")
def test_a_newer_file_takes_the_place_of_the_one_there_was(desk):
    recording = make.make_recording()
    send(desk, recording, caption_files=[file("charla.es.vtt")])
    before = Caption.objects.get()
    Caption.objects.update(origin=CaptionOrigin.PERSON, reviewed_by="Inés", reviewed_on=date(2024, 10, 1))

    send(desk, recording, caption_files=[file("mejor.es.vtt", SAID.replace("social", "popular"))])

    after = Caption.objects.get()
    assert (after.pk, after.origin, after.reviewed_by) == (before.pk, CaptionOrigin.PERSON, "")
    assert after.cues[0][3] == "Economía popular y solidaria"
    assert before.original.storage.exists(before.original.name)
    last = LogEntry.objects.get_for_object(after).order_by("-pk").first()
    assert last.changes_dict["original"] == [before.original.name, after.original.name]
    assert "cues" not in last.changes_dict


def test_who_made_and_who_reviewed_is_written_on_the_recordings_page(desk):
    caption = make.make_caption(make.make_recording(), (0, 1, "Hola"))

    half = send(desk, caption.recording, **{"captions-0-reviewed_by": "Inés"})
    whole = send(desk, caption.recording, **{"captions-0-reviewed_by": "Inés", "captions-0-reviewed_on": "2024-10-01"})

    assert list(errors(half)) == ["captions.__all__"] and errors(whole) == {}
    caption.refresh_from_db()
    assert (caption.reviewed_by, caption.cues) == ("Inés", [[0, 1000, "", "Hola", ""]])


def test_another_file_on_the_captions_own_page_is_read_again(desk):
    caption = make.make_caption(make.make_recording(), (0, 1, "Hola"))

    bad = send(desk, caption, original=file("otra.vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nNo\n"))
    there = Caption.objects.get().cues
    good = send(desk, caption, original=file("otra.vtt"))

    assert errors(bad) == {"original": ["order"]} and there == [[0, 1000, "", "Hola", ""]]
    assert errors(good) == {}
    caption.refresh_from_db()
    assert (caption.original_name, caption.cues[0][3]) == ("otra.vtt", "Economía social y solidaria")


# Permissions


def test_publication_is_refused_with_the_names_of_those_who_are_missing(desk):
    recording, ana = of_a_panel(published_at=None)
    recording.seminar.waits_for_consent = True
    recording.seminar.save()

    answer = desk.post(address(Recording, "changelist"), {"action": "publish", "_selected_action": recording.pk})

    assert list(Recording.objects.public()) == []
    assert [ana.person.name in sentence for sentence in said(answer)] == [True]
    assert ana.person.name in desk.get(address(recording)).content.decode()


def test_missing_permissions_are_asked_for_and_written_when_they_come(desk):
    recording, ana = of_a_panel(published_at=None)
    recording.seminar.waits_for_consent = True
    recording.seminar.save()
    actions = address(Recording, "changelist")

    desk.post(actions, {"action": "ask_permissions", "_selected_action": recording.pk})
    refused = send(desk, recording, **{"consents-0-given_on": "2024-09-07"})
    send(desk, recording, **{"consents-0-given_on": "2024-09-07", "consents-0-evidence": "Mensaje"})
    desk.post(actions, {"action": "publish", "_selected_action": recording.pk})

    assert recording.consents.get().person == ana.person
    assert errors(refused) == {"consents.evidence": ["no_evidence"]}
    assert list(Recording.objects.public()) == [recording]


@pytest.mark.parametrize(("waits", "seen"), [(True, 0), (False, 1)])
def test_a_permission_taken_back_is_answered_with_what_comes_of_it(desk, waits, seen):
    recording = make.make_recording(seminar=make.make_seminar(waits_for_consent=waits))
    make.make_consent(recording, make.make_person(name="Ana"))

    answer = send(desk, recording, **{"consents-0-withdrawn_on": "2024-10-01"})

    assert Recording.objects.public().count() == seen
    assert ["Ana" in sentence for sentence in said(answer)][:1] == [True]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, 1),
        ({"withdrawn_on": date(2024, 10, 1)}, 1),
        ({"given_on": None, "withdrawn_on": date(2024, 10, 1)}, 1),
        ({"given_on": None}, 0),
    ],
)
def test_only_a_permission_that_nobody_gave_is_deleted(desk, given, left):
    recording = make.make_recording()
    make.make_consent(recording, **given)

    answer = send(desk, recording, **{"consents-0-DELETE": "on"})

    assert recording.consents.count() == left
    assert answer.status_code == (200 if left else 302)


def test_a_signed_permission_stays_with_the_secretariat(desk):
    paper = make.make_document(audience=Audience.SECRETARIAT)
    make.make_consent(make.make_recording(), document=paper)

    answer = send(desk, paper, audience="members")

    assert errors(answer) == {"audience": ["permission"]}


def test_what_was_withdrawn_comes_back_only_through_publication(desk):
    recording = make.make_recording(withdrawn_on=date(2024, 10, 1))

    answer = send(desk, recording, withdrawn_on="")
    other_day = send(desk, recording, withdrawn_on="2024-10-02")

    assert errors(answer) == {"withdrawn_on": ["publish"]} and errors(other_day) == {}
    recording.refresh_from_db()
    assert recording.withdrawn_on == date(2024, 10, 2)


def test_the_seminars_page_says_whether_publication_waits(desk):
    seminar = make.make_seminar()

    send(desk, seminar, waits_for_consent="on")

    seminar.refresh_from_db()
    assert seminar.waits_for_consent


# Posters


def picture(kind="JPEG", size=(2000, 1500), name="foto.jpg", **options):
    drawn = BytesIO()
    Image.new("RGB" if kind == "JPEG" else "RGBA", size, "#0f4c43").save(drawn, kind, **options)
    return SimpleUploadedFile(name, drawn.getvalue())


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "foto.jpg"), ("PNG", "foto.png"), ("WEBP", "foto.webp"), ("PNG", "foto.jpg")]
)
def test_a_poster_is_drawn_again_small_and_bare(desk, kind, name):
    recording = make.make_recording()
    exif = Image.Exif()
    exif[0x010E] = "Plaza de la Constitución"

    answer = send(desk, recording, poster=picture(kind, name=name, exif=exif))

    assert errors(answer) == {}
    recording.refresh_from_db()
    with Image.open(recording.poster) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (960, 720), {})
    assert f"{recording.key}" in recording.poster.name


def test_a_photograph_taken_upright_stays_upright(desk):
    recording = make.make_recording()
    exif = Image.Exif()
    exif[0x0112] = 6

    send(desk, recording, poster=picture(size=(1600, 800), exif=exif))

    recording.refresh_from_db()
    assert recording.poster.height > recording.poster.width


def gif_named_png():
    drawn = BytesIO()
    Image.new("P", (9, 9)).save(drawn, "GIF")
    return SimpleUploadedFile("foto.png", drawn.getvalue())


@pytest.mark.parametrize(
    "poster",
    [
        lambda: SimpleUploadedFile("foto.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        lambda: SimpleUploadedFile("foto.jpg", b"<svg/>"),
        lambda: SimpleUploadedFile("foto.jpg", picture().read()[:900]),
        gif_named_png,
        lambda: picture("PNG", size=(6000, 6000), name="foto.png"),
        lambda: SimpleUploadedFile("foto.jpg", picture().read() + bytes(10 * 1024**2)),
    ],
    ids=["svg", "svg as jpg", "damaged", "gif as png", "too many pixels", "too large"],
)
def test_what_is_no_small_picture_is_refused(desk, poster):
    recording = make.make_recording()

    answer = send(desk, recording, poster=poster())

    assert list(errors(answer)) == ["poster"]
    recording.refresh_from_db()
    assert not recording.poster


def test_a_poster_stays_when_the_page_is_saved_again(desk):
    recording = make.make_recording()
    send(desk, recording, poster=picture())
    recording.refresh_from_db()
    name = recording.poster.name

    send(desk, recording, title_es="Otro título")

    recording.refresh_from_db()
    assert (recording.poster.name, recording.title_es) == (name, "Otro título")


# Lists, deletion, roles


def test_what_was_once_published_is_not_deleted(desk):
    published, draft = make.make_recording(), make.make_recording(published_at=None)

    answers = [desk.post(address(each, "change").replace("change", "delete"), {"post": "yes"}) for each in (published, draft)]
    both = {"action": "delete_selected", "_selected_action": [published.pk], "post": "yes"}
    desk.post(address(Recording, "changelist"), both)
    send(desk, published.seminar, **{"recordings-0-DELETE": "on"})

    assert [answer.status_code for answer in answers] == [403, 302]
    assert list(Recording.objects.all()) == [published]


@pytest.mark.parametrize(
    ("query", "make_found"),
    [
        ("transcript=with", lambda: make.make_caption(make.make_recording(), (0, 1, "Hola")).recording),
        ("transcript=without", lambda: make.make_recording(url=WATCH)),
        ("addresses=dead", lambda: make.make_recording(url=make.make_dead(WATCH).url)),
        ("permissions=missing", lambda: missing_permission()),
    ],
)
def test_the_list_is_narrowed_to_what_needs_work(desk, query, make_found):
    found = make_found()
    make.make_recording()

    assert list(desk.get(f"{address(Recording, 'changelist')}?{query}").context["cl"].queryset) == [found]


def missing_permission():
    recording, _ana = of_a_panel()
    recording.seminar.waits_for_consent = True
    recording.seminar.save()
    return recording


def test_the_list_says_how_many_permissions_there_are(desk):
    recording, ana = of_a_panel()
    make.make_intervention(panel=recording.panel)
    make.make_consent(recording, ana.person)

    assert "1/2" in desk.get(address(Recording, "changelist")).content.decode()


@pytest.mark.parametrize(("group", "sites"), [(make.make_secretary, 200), (make.make_editor, 403)])
def test_both_groups_work_on_recordings_and_the_secretariat_trusts_sites(client, group, sites):
    caption = make.make_caption(make.make_recording(), (0, 1, "Hola"))
    client.force_login(group())

    opened = [
        client.get(page).status_code for page in (address(caption.recording), address(caption), address(Caption, "changelist"))
    ]

    assert opened == [200, 200, 200]
    assert client.get(address(TrustedHost, "changelist")).status_code == sites
    assert errors(send(client, caption.recording, pasted_chapters="0:00 Apertura")) == {}


@pytest.mark.parametrize("make_user", [make.make_user, make.make_delegate_user])
def test_nobody_else_opens_them(client, make_user):
    recording = make.make_recording()
    client.force_login(make_user())

    pages = [address(recording), address(Caption, "changelist"), reverse("admin:recordings_trustedhost_changelist")]

    assert [client.get(page).status_code for page in pages] == [302, 302, 302]
