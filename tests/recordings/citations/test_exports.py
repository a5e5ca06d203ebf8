"""What one takes along of a recording: captions and chapters as files, for whoever may see it."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from tests.make import make_caption, make_chapter, make_delegate_user, make_recording, make_secretary
from tests.recordings.unseen import knocking, make_unseen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(response):
    return response.content.decode()


def captions_at(recording, ending="vtt", language="es", kind="floor"):
    return reverse("recordings:captions", args=[recording.slug, language, kind, ending])


def with_words(**given):
    recording = make_recording(**given)
    make_caption(recording, (1, 2.5, "Economía & cooperación", "Ana Núñez"), (2.5, 4, "Sí."))
    return recording


@pytest.mark.parametrize(
    ("ending", "media_type", "text"),
    [
        (
            "vtt",
            "text/vtt",
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Ana Núñez>Economía &amp; cooperación</v>\n\n"
            "00:00:02.500 --> 00:00:04.000\nSí.\n",
        ),
        (
            "srt",
            "application/x-subrip",
            "1\n00:00:01,000 --> 00:00:02,500\nAna Núñez: Economía & cooperación\n\n2\n00:00:02,500 --> 00:00:04,000\nSí.\n",
        ),
        ("txt", "text/plain", "Ana Núñez: Economía & cooperación\n\nSí.\n"),
    ],
)
def test_captions_are_given_in_three_forms(client, ending, media_type, text):
    recording = with_words(slug="apertura")

    answer = client.get(captions_at(recording, ending))

    assert (words(answer), answer["Content-Type"]) == (text, f"{media_type}; charset=utf-8")
    assert answer["Content-Disposition"] == f'inline; filename="apertura.es.{ending}"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-cache")


def test_what_has_not_changed_is_not_sent_again(client):
    recording = with_words()
    first = client.get(captions_at(recording))

    again = client.get(captions_at(recording), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_captions_that_do_not_exist_are_not_found(client):
    recording = with_words()

    for asked in ({"language": "pt-BR"}, {"kind": "translation"}, {"ending": "exe"}, {"ending": "original"}):
        assert client.get(captions_at(recording, **asked)).status_code == 404


def test_a_former_address_leads_to_the_same_file(client):
    recording = with_words(slug="antes")
    recording.slug = "ahora"
    recording.save()

    answer = client.get(reverse("recordings:captions", args=["antes", "es", "floor", "srt"]))

    assert (answer.status_code, answer["Location"]) == (301, captions_at(recording, "srt"))


def test_the_uploaded_file_is_for_the_secretariat_as_it_was(client):
    recording = make_recording()
    caption = make_caption(recording, original_name="sesión «única».srt")
    caption.original.save("a.srt", ContentFile(b"\xef\xbb\xbf1\r\n"))

    assert client.get(captions_at(recording, "original")).status_code == 404
    client.force_login(make_secretary())
    answer = client.get(captions_at(recording, "original"))

    assert (answer.content, answer["Content-Type"]) == (b"\xef\xbb\xbf1\r\n", "application/octet-stream")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''sesi%C3%B3n%20%C2%AB%C3%BAnica%C2%BB.srt"
    caption.original.storage.delete(caption.original.name)
    assert client.get(captions_at(recording, "original")).status_code == 404


def test_chapters_are_given_in_three_forms(client):
    recording = make_recording(slug="apertura", duration=timedelta(minutes=1))
    make_chapter(recording, 0, "Apertura")
    make_chapter(recording, 30.5, "Economía")

    answers = {ending: client.get(reverse("recordings:chapters", args=["apertura", ending])) for ending in ("vtt", "txt", "json")}

    assert {ending: words(answer) for ending, answer in answers.items()} == {
        "vtt": "WEBVTT\n\n00:00:00.000 --> 00:00:30.500\nApertura\n\n00:00:30.500 --> 00:01:00.000\nEconomía\n",
        "txt": "0:00 Apertura\n0:30 Economía\n",
        "json": '{"version": "1.2.0", "chapters": [{"startTime": 0.0, "title": "Apertura", "endTime": 30.5}, '
        '{"startTime": 30.5, "title": "Economía", "endTime": 60.0}]}',
    }
    assert answers["json"]["Content-Type"] == "application/json+chapters; charset=utf-8"


def test_without_chapters_there_is_no_file(client):
    recording = make_recording(slug="apertura")

    assert client.get(reverse("recordings:chapters", args=["apertura", "vtt"])).status_code == 404
    make_chapter(recording, 0, "Apertura")
    assert client.get(reverse("recordings:chapters", args=["apertura", "exe"])).status_code == 404


@pytest.mark.parametrize(
    ("ending", "media_type", "begins"),
    [
        ("bib", "application/x-bibtex", "@misc{rifess-abcd2345,"),
        ("ris", "application/x-research-info-systems", "TY  - VIDEO\r\n"),
        ("csl.json", "application/vnd.citationstyles.csl+json", "["),
    ],
)
def test_a_citation_is_given_for_the_programs_that_keep_them(client, ending, media_type, begins):
    make_recording(slug="apertura", key="abcd2345")

    answer = client.get(reverse("recordings:citation", args=["apertura", ending]), {"t": "1m5s,70"})

    assert words(answer).startswith(begins) and "http://testserver/g/abcd2345?t=65,70" in words(answer)
    assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer["Content-Disposition"] == f'inline; filename="apertura.{ending}"'


def test_there_is_no_citation_for_other_programs(client):
    make_recording(slug="apertura")

    assert client.get(reverse("recordings:citation", args=["apertura", "doc"])).status_code == 404


@pytest.mark.slow
def test_files_of_what_one_may_not_see_are_not_found(client):
    unseen = make_unseen()
    may = {("member", "for members")} | {("secretary", name) for name in unseen}

    for asker in knocking(client, member=make_delegate_user()):
        for name, recording in unseen.items():
            chapters = reverse("recordings:chapters", args=[recording.slug, "json"])
            citation = reverse("recordings:citation", args=[recording.slug, "bib"])
            answers = {client.get(door).status_code for door in (captions_at(recording), chapters, citation)}
            assert (asker, name, answers) == (asker, name, {200} if (asker, name) in may else {404})


def test_the_uploaded_file_is_not_for_members(client):
    reserved = make_unseen()["for members"]
    client.force_login(make_delegate_user())

    assert client.get(captions_at(reserved, "original")).status_code == 404
