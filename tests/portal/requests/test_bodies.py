"""How much a request may bring, and what is looked at before a file is."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from members.models import Application, Enquiry
from rifess import request_limits
from rifess.base.uploads import files
from tests.base import hostile
from tests.base.samples import PDF, upload
from tests.make import make_delegate_user, make_secretary

pytestmark = pytest.mark.django_db
MEGABYTE = 1024**2


def large(megabytes):
    return {"letter": SimpleUploadedFile("a.pdf", PDF + bytes(megabytes * MEGABYTE))}


def test_more_than_a_page_takes_is_answered_413_in_the_readers_language(client):
    answers = {language: client.post(f"/{language}/", {"q": "a" * 2 * MEGABYTE}) for language in ("es", "pt-br", "en")}

    assert {answer.status_code for answer in answers.values()} == {413}
    assert all(f'lang="{language}"' in answer.content.decode().lower() for language, answer in answers.items())


def test_each_page_takes_what_it_declares_from_those_who_may_send_it(client):
    delegate, staff = make_delegate_user(), make_secretary()
    contact, join, desk = reverse("contact"), reverse("members:join-partner"), reverse("admin:recordings_document_add")
    propose = reverse("delegation:propose", args=["document"])
    asked = [(None, contact, 2), (None, join, 9), (None, join, 14), (None, propose, 9), (None, desk, 9)]
    asked += [(delegate, propose, 9), (delegate, propose, 40), (delegate, contact, 2), (delegate, desk, 9), (staff, desk, 9)]

    found = []
    for user, address, megabytes in asked:
        client.logout()
        if user:
            client.force_login(user)
        found.append(client.post(address, large(megabytes)).status_code == 413)

    assert found == [True, False, True, True, True, False, True, True, True, False]
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(("megabytes", "is_taken"), [(0, True), (2, False)])
def test_a_body_in_pieces_is_bounded_and_read(rf: RequestFactory, megabytes, is_taken):
    body = BytesIO(b"q=" + b"a" * (megabytes * MEGABYTE + 5))
    request = rf.post("/", data="x", content_type="application/x-www-form-urlencoded")
    request.META |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body}
    del request.META["CONTENT_LENGTH"]

    taken = request_limits._gather(request, request_limits.TYPED)

    assert taken is is_taken
    assert body.tell() <= request_limits.TYPED + 2 * request_limits.BLOCK
    assert request.POST.get("q", "") == ("aaaaa" if is_taken else "")


def test_many_fields_are_for_the_desk_only(client):
    many = {f"f{number}": "" for number in range(1100)}
    client.force_login(make_secretary())

    codes = [client.post(address, many).status_code for address in (reverse("contact"), reverse("admin:members_person_add"))]

    assert codes == [400, 200]


# What comes before the file


APPLICATION = {
    "institution_name": "Universidad",
    "kind": "academic",
    "website": "https://universidad.example",
    "work": "Estudios",
    "reasons": "Colaborar",
    "contact_name": "Ana",
    "contact_position": "Rectora",
    "contact_email": "ana@example.org",
    "agrees": "on",
}


@pytest.fixture
def examined(monkeypatch):
    """The files that were examined."""
    seen = []
    examine = files.examine
    monkeypatch.setattr(files, "examine", lambda file, task: seen.append(file.name) or examine(file, task))
    return seen


def apply(client, **typed):
    scans = SimpleUploadedFile("carta.jpg", hostile.jpeg_of_scans(200, size=(64, 64)))
    return client.post(reverse("members:join-partner"), APPLICATION | {"letter": scans} | typed)


def test_a_letter_is_examined_only_when_all_the_rest_is_right(client, examined):
    wrong = apply(client, work="", agrees="")
    spam = apply(client, nothing_here="x")
    right = apply(client)

    assert "Estudios" not in wrong.content.decode()
    assert "Colaborar" in wrong.content.decode()
    assert (wrong.status_code, spam.status_code, right.status_code) == (200, 200, 200)
    assert examined == ["carta.jpg"]
    assert [*right.context["form"].errors] == ["letter"]


def test_who_has_sent_enough_has_no_letter_examined(client, examined):
    for number in range(5):
        client.post(reverse("members:join-partner"), APPLICATION | {"contact_email": f"a{number}@example.org"})
    kept = Application.objects.count()

    answer = apply(client, contact_email="otra@example.org")

    assert (kept, examined) == (5, [])
    assert "Colaborar" in answer.content.decode()
    assert [*answer.context["form"].errors] == ["__all__", "letter"]


def test_a_delegates_file_is_examined_when_the_rest_is_right(client, examined):
    client.force_login(make_delegate_user())
    address = reverse("delegation:propose", args=["document"])

    answer = client.post(address, {"url": "no es", "title_es": "Informe", "send": "1", "file": upload(PDF)})

    assert answer.status_code == 200
    assert "Informe" in answer.content.decode()
    assert examined == []
