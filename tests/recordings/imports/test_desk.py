"""Importing at the secretariat's desk: what is shown is what is done, by those who may."""

import json
import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from recordings.imports.forms import LARGEST_AT_THE_DESK
from recordings.models import Recording
from tests import make

pytestmark = pytest.mark.django_db
WATCH = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
TABLE = f"seminario,título,fecha,personas,enlace\nEncuentro,Cooperativas,05/09/2024,Ana Díaz,{WATCH}\n"
PAGE = "admin:recordings_recording_import"


def bring(desk, content=TABLE, name="tabla.csv", **typed):
    data = content if isinstance(content, bytes) else content.encode()
    return desk.post(reverse(PAGE), {"file": SimpleUploadedFile(name, data)} | typed)


def paste(desk, addresses, seminar):
    return desk.post(reverse(PAGE), {"addresses": addresses, "seminar": seminar.pk})


def accept(desk, preview):
    return desk.post(reverse(PAGE), {"kept": preview.context["kept"]})


def codes(answer):
    """Codes of what the form refused, by field."""
    errors = answer.context["adminform"].form.errors.as_data()
    return {field: [error.code for error in refused] for field, refused in errors.items()}


def test_what_would_happen_is_shown_and_nothing_is_written(desk):
    page = bring(desk)

    assert not Recording.objects.exists()
    assert [text in page.content.decode() for text in ("Cooperativas", "Encuentro", "Ana Díaz", WATCH)] == [True] * 4


def test_what_was_shown_is_done(desk):
    answer = accept(desk, bring(desk))

    assert answer.url == reverse("admin:recordings_recording_changelist")
    recording = Recording.objects.get()
    assert (recording.title_es, recording.published_at) == ("Cooperativas", None)
    assert [source.url for source in recording.sources.all()] == [WATCH]


def test_addresses_are_pasted_for_a_seminar(desk):
    seminar = make.make_seminar()

    accept(desk, paste(desk, f"# de la jornada\n{WATCH} Apertura\n", seminar))

    assert [(row.title_es, row.seminar) for row in Recording.objects.all()] == [("Apertura", seminar)]


def test_one_talk_of_pyvideo_is_brought_for_a_seminar(desk):
    seminar = make.make_seminar()
    talk = {"title": "Una charla", "recorded": "2024-09-05", "language": "spa", "videos": [{"url": WATCH}]}

    accept(desk, bring(desk, json.dumps(talk), "charla.json", seminar=seminar.pk))

    assert [(row.title_es, row.seminar) for row in Recording.objects.all()] == [("Una charla", seminar)]


def test_more_than_one_can_look_at_are_not_imported_at_once(desk, monkeypatch):
    monkeypatch.setattr("recordings.admin.imports.MOST", 1)
    page = bring(desk, TABLE + "Encuentro,Otra,05/09/2024,,\n")

    accept(desk, page)

    assert (len(page.context["shown"]), page.context["not_shown"]) == (1, 1)
    assert not Recording.objects.exists()


def test_signs_of_wrong_reading_are_confirmed_before_anything_is_imported(desk):
    page = bring(desk, TABLE.replace("Cooperativas", "Mu¤oz"))

    unconfirmed = accept(desk, page)

    assert (unconfirmed.status_code, Recording.objects.count()) == (400, 0)
    assert "Revise las observaciones sobre esta lista" in unconfirmed.content.decode()
    desk.post(reverse(PAGE), {"kept": unconfirmed.context["kept"], "looked": "on"})
    assert Recording.objects.get().title_es == "Mu¤oz"


def test_of_many_refused_rows_the_first_are_shown_and_the_others_counted(desk):
    page = bring(desk, "seminario,título,fecha\n" + "Encuentro,,05/09/2024\n" * 103)

    assert (len(page.context["refused"]), page.context["refused_left"]) == (100, 3)
    assert page.content.decode().count('class="warning"') == 100


def test_more_rows_than_are_planned_in_a_request_are_refused_before_they_are_read(desk, monkeypatch):
    monkeypatch.setattr("recordings.admin.imports.MOST_ROWS", 1)
    tables = {
        "tabla.csv": TABLE + "Encuentro,Otra,05/09/2024,,\n",
        "lista.txt": f"{WATCH}\n{WATCH}2\n",
        "lista.toml": '[[recording]]\ntitle = "Una"\n' * 2,
    }

    plans = [bring(desk, content, name).context["plan"] for name, content in tables.items()]

    assert [(plan.steps, len(plan.refused)) for plan in plans] == [([], 1)] * 3


def test_a_line_that_no_table_can_have_is_refused_and_not_an_error(desk):
    page = bring(desk, "a" * 200_000, "tabla.csv")

    assert (page.status_code, len(page.context["plan"].refused)) == (200, 1)


def test_a_second_time_there_is_nothing_to_import(desk):
    accept(desk, bring(desk))

    page = bring(desk)

    assert page.context["plan"].to_do == []
    assert 'name="kept"' not in page.content.decode()


def test_what_changed_meanwhile_is_shown_again_before_it_is_done(desk):
    preview = bring(desk)
    make.make_seminar(title="Encuentro")

    answer = accept(desk, preview)

    assert not Recording.objects.exists()
    accept(desk, answer)
    assert Recording.objects.count() == 1


def test_accepting_twice_imports_once(desk):
    preview = bring(desk)

    accept(desk, preview)
    accept(desk, preview)

    assert Recording.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1/a.mp4", "https://a@b.example/"]
)
def test_hostile_addresses_are_refused_with_a_sentence(address, desk):
    page = paste(desk, address, make.make_seminar())

    assert [refused.spot.line for refused in page.context["plan"].refused] == [1]
    assert f'href="{address}"' not in page.content.decode()


def test_what_a_file_says_is_shown_as_text(desk):
    page = bring(desk, TABLE.replace("Cooperativas", "<script>alert(1)</script>"))

    assert "<script>alert(1)" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, {"__all__": ["one_of_two"]}),
        ({"addresses": "   "}, {"__all__": ["one_of_two"]}),
        ({"addresses": WATCH, "file": SimpleUploadedFile("a.csv", TABLE.encode())}, {"__all__": ["one_of_two"]}),
        ({"addresses": WATCH, "seminar": "999"}, {"seminar": ["invalid_choice"]}),
        ({"file": SimpleUploadedFile("a.csv", b"")}, {"file": ["empty"]}),
        ({"file": SimpleUploadedFile("a.csv", b"x" * (LARGEST_AT_THE_DESK + 1))}, {"file": ["size"]}),
    ],
)
def test_what_is_brought_is_checked(typed, expected, desk):
    assert codes(desk.post(reverse(PAGE), typed)) == expected


@pytest.mark.parametrize("name", ["tabla.xlsx", "tabla.zip", "tabla.json", "tabla.toml", "tabla.csv"])
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(name, desk):
    page = bring(desk, b"PK\x03\x04\x00\x00", name)

    assert [refused.spot.file for refused in page.context["plan"].refused] == [name]
    assert page.context["plan"].to_do == []


# The signatures tell the second they were made in: they are made inside the test, so that every process names it alike.
@pytest.mark.parametrize(
    "write",
    [
        lambda: "",
        lambda: "nada",
        lambda: signing.dumps({"user": 1}),
        lambda: signing.dumps({}, salt="recordings.admin.imports"),
    ],
    ids=["nothing", "no signature", "another salt", "empty"],
)
def test_what_was_not_shown_is_not_done(write, desk):
    kept = write()
    answer = desk.post(reverse(PAGE), {"kept": kept})

    assert answer.url == reverse(PAGE)
    assert len(list(get_messages(answer.wsgi_request))) == 1


def test_what_was_shown_to_another_is_not_done(desk, client):
    preview = bring(desk)
    client.force_login(make.make_secretary())

    accept(client, preview)

    assert not Recording.objects.exists()


def test_the_form_is_protected_against_other_sites():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.make_secretary())

    assert bring(strict).status_code == 403


def test_editors_import_too(client):
    client.force_login(make.make_editor())

    accept(client, bring(client))

    assert Recording.objects.count() == 1


def test_whoever_may_not_add_recordings_may_not_import(client):
    colleague = make.make_user(is_staff=True)
    colleague.user_permissions.add(Permission.objects.get(codename="view_recording"))
    client.force_login(colleague)

    assert (client.get(reverse(PAGE)).status_code, bring(client).status_code) == (403, 403)


def test_whoever_may_only_add_recordings_makes_no_seminars_or_people(client):
    colleague = make.make_user(is_staff=True)
    colleague.user_permissions.add(Permission.objects.get(codename="add_recording"))
    client.force_login(colleague)

    page = bring(client)
    accept(client, page)

    assert len(page.context["lacking"]) == 4
    assert not Recording.objects.exists()


def test_visitors_and_delegates_are_asked_to_sign_in(client):
    visitor = client.get(reverse(PAGE))
    client.force_login(make.make_delegate_user())
    delegate = client.get(reverse(PAGE))

    assert (visitor.status_code, delegate.status_code) == (302, 302)


def test_the_list_of_recordings_leads_there(desk):
    page = desk.get(reverse("admin:recordings_recording_changelist")).content.decode()

    assert f'href="{reverse(PAGE)}"' in page


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_the_page_is_shown_in_each_language(language, desk):
    desk.cookies["django_language"] = language
    make.make_seminar(title="Encuentro", starts_on=date(2024, 9, 5))

    page = bring(desk, TABLE + "Encuentro,Sin día,ayer,,\n", follow=True).content.decode()

    assert re.search(r"tabla\.csv", page)
