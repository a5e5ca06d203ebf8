"""The file of a document on its way to whoever may read it: whole, in part, unchanged, gone, and what no trick gets."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from django.views.static import serve

from members.models import Audience
from recordings.models import Document, DocumentVersion
from rifess import env, urls
from rifess.base.streaming import BLOCK, asked_part, blocks, disposition
from tests.base.samples import PDF, docx, picture
from tests.make import make_delegate_user, make_document, make_secretary, make_version

pytestmark = pytest.mark.django_db
ACTIVE = PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>")
SECOND = PDF + b"%2\n"
SIZE = len(PDF)


def file_of(document, **asked):
    return reverse("document_file", args=[document.slug], query=asked)


def ask(client, document, **headers):
    return client.get(file_of(document), headers=headers)


def content(answer):
    return b"".join(answer.streaming_content)


@pytest.fixture
def document():
    return make_version(make_document(url="", slug="acta", language="pt-BR"), name="Acta de la reunión.pdf").document


# How it is given


def test_a_pdf_opens_in_a_page_that_can_do_nothing(client, document):
    answer = ask(client, document)

    assert content(answer) == PDF
    assert dict(answer.items()) | {"Vary": "", "Content-Disposition": ""} == {
        "Content-Type": "application/pdf",
        "Content-Language": "pt-BR",
        "Content-Length": str(SIZE),
        "Content-Disposition": "",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cache-Control": "public, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": f'"{document.current.sha256}"',
        "Last-Modified": answer["Last-Modified"],
        "Permissions-Policy": answer["Permissions-Policy"],
        "X-Request-ID": answer["X-Request-ID"],
        "Vary": "",
    }


def test_the_name_keeps_its_accents_in_both_forms(client, document):
    shown, saved = client.get(file_of(document)), client.get(file_of(document, download=""))

    name = "filename=\"Acta de la reunion.pdf\"; filename*=UTF-8''Acta%20de%20la%20reuni%C3%B3n.pdf"
    assert shown["Content-Disposition"] == f"inline; {name}"
    assert saved["Content-Disposition"] == f"attachment; {name}"
    assert saved["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acta.pdf", 'attachment; filename="acta.pdf"'),
        ('a"; filename=x.html', "attachment; filename=\"a filename=x.html\"; filename*=UTF-8''a%22%3B%20filename%3Dx.html"),
        ("a\r\nX: y.pdf", "attachment; filename=\"aX y.pdf\"; filename*=UTF-8''a%0D%0AX%3A%20y.pdf"),
        ("協定", "attachment; filename=\"file\"; filename*=UTF-8''%E5%8D%94%E5%AE%9A"),
        ("../../x.pdf", "attachment; filename=\"x.pdf\"; filename*=UTF-8''..%2F..%2Fx.pdf"),
    ],
)
def test_no_name_breaks_its_header(name, said):
    assert disposition(name, attached=True) == said


@pytest.mark.parametrize(
    ("kept", "name", "how", "media_type"),
    [
        (PDF, "a.pdf", "inline", "application/pdf"),
        (picture(), "a.png", "inline", "image/png"),
        (picture("JPEG"), "a.jpg", "inline", "image/jpeg"),
        (docx(), "a.docx", "attachment", "application/octet-stream"),
        (ACTIVE, "a.pdf", "attachment", "application/octet-stream"),
    ],
)
def test_only_pdf_and_pictures_that_do_nothing_are_opened(client, kept, name, how, media_type):
    version = make_version(content=kept, name=name)

    answer = ask(client, version.document)

    assert (answer["Content-Disposition"].partition(";")[0], answer["Content-Type"]) == (how, media_type)


def test_what_was_kept_as_something_else_is_only_saved(client, document):
    for media_type in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"):
        DocumentVersion.objects.update(media_type=media_type)
        answer = ask(client, document)
        assert (answer["Content-Type"], answer["Content-Disposition"][:10]) == ("application/octet-stream", "attachment")


def test_it_is_never_compressed(client, document):
    answer = ask(client, document, accept_encoding="gzip, br")

    assert "Content-Encoding" not in answer
    assert (answer["Content-Length"], answer["ETag"][0]) == (str(SIZE), '"')


def test_a_large_file_comes_in_small_blocks():
    file = make_document(url="").versions.model(document=make_document(url=""), number=1).file
    file.save("grande.bin", ContentFile(b"0" * (3 * BLOCK + 5)), save=False)

    assert [len(block) for block in blocks(file, 0, 3 * BLOCK + 5)] == [BLOCK, BLOCK, BLOCK, 5]
    assert [len(block) for block in blocks(file, BLOCK - 1, BLOCK + 1)] == [BLOCK, 1]


def test_a_closed_file_is_kept_by_no_cache_on_the_way(client):
    document = make_version(make_document(url="", audience=Audience.MEMBERS)).document
    client.force_login(make_delegate_user())

    assert ask(client, document)["Cache-Control"] == "private, no-cache"


def test_only_reading_is_answered(client, document):
    assert [client.generic(method, file_of(document)).status_code for method in ("POST", "PUT", "DELETE", "TRACE")] == [405] * 4


# Parts


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, SIZE - 1),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        ("bytes=-99999", 0, SIZE - 1),
        (f"bytes=0-{10**25}", 0, SIZE - 1),
        ("bytes= 3 - 4", 3, 4),
    ],
)
def test_a_part_is_given(client, document, asked, first, last):
    answer = ask(client, document, range=asked)

    assert (answer.status_code, content(answer)) == (206, PDF[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", ["bytes=-0", f"bytes={SIZE}-", "bytes=99999-", f"bytes={10**25}-{10**26}"])
def test_a_part_that_is_not_there_is_refused(client, document, asked):
    answer = ask(client, document, range=asked)

    assert (answer.status_code, answer["Content-Range"], answer.getvalue()) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-1",
        "bytes=a-b",
        "bytes=0x1-0x2",
        "bytes=1.5-2",
        "bytes=--5",
        "bytes=٣-٤",
        "items=0-5",
        "bytes=0-0,2-2",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(10_000)),
        f"bytes=0-{'9' * 5000}",
    ],
)
def test_nonsense_and_many_parts_at_once_give_the_whole_file(asked):
    assert asked_part(asked, SIZE) is None


def test_a_request_for_nonsense_gets_the_whole_file(client, document):
    answer = ask(client, document, range="bytes=5-1")

    assert (answer.status_code, content(answer)) == (200, PDF)


def test_a_head_says_what_there_is_and_sends_nothing(client, document):
    answer = client.head(file_of(document), headers={"range": "bytes=0-4"})

    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, str(SIZE), b"")
    assert (answer["Accept-Ranges"], answer["ETag"]) == ("bytes", f'"{document.current.sha256}"')


# Conditions


def test_what_a_browser_has_is_not_sent_again(client, document):
    first = ask(client, document)

    assert ask(client, document, if_none_match=first["ETag"]).status_code == 304
    assert ask(client, document, if_modified_since=first["Last-Modified"]).status_code == 304
    assert ask(client, document, if_none_match='"another"').status_code == 200
    assert ask(client, document, if_match='"another"').status_code == 412


def test_a_new_version_is_another_file(client, document):
    before = ask(client, document)["ETag"]
    make_version(document, content=SECOND)

    whole = ask(client, document, if_none_match=before)
    rest = ask(client, document, range="bytes=10-", if_range=before)

    assert (whole.status_code, content(whole)) == (200, SECOND)
    assert (rest.status_code, content(rest)) == (200, SECOND)


def test_the_rest_of_the_same_file_is_a_part(client, document):
    first = ask(client, document)

    for known in (first["ETag"], first["Last-Modified"]):
        assert ask(client, document, range="bytes=10-", if_range=known).status_code == 206
    assert ask(client, document, range="bytes=10-", if_range=f"W/{first['ETag']}").status_code == 200


# Who gets it


def test_an_audience_made_narrower_acts_on_the_next_request(client, document):
    etag = ask(client, document)["ETag"]

    Document.objects.update(audience=Audience.MEMBERS)

    for headers in ({}, {"if_none_match": etag}, {"range": "bytes=0-4"}, {"if_range": etag, "range": "bytes=5-"}):
        assert ask(client, document, **headers).status_code == 404
    assert client.head(file_of(document)).status_code == 404


def test_older_versions_are_the_secretariats_unless_the_document_says_otherwise(client, document):
    make_version(document, content=SECOND)
    older, last = (reverse("document_version", args=["acta", number]) for number in (1, 2))

    closed = [client.get(door).status_code for door in (older, last)]
    Document.objects.update(shows_versions=True)
    opened = client.get(older)
    Document.objects.update(shows_versions=False)
    client.force_login(make_secretary())

    assert (closed, opened.status_code, content(opened)) == ([404, 200], 200, PDF)
    assert client.get(older).status_code == 200
    assert client.get(reverse("document_version", args=["acta", 3])).status_code == 404


def test_the_page_lists_the_versions_one_may_read(client, document):
    make_version(document, content=SECOND, changes="Con las firmas")
    older = reverse("document_version", args=["acta", 1])

    for_all = client.get(document.get_absolute_url()).content.decode()
    client.force_login(make_secretary())

    assert ("Con las firmas" in for_all, older in for_all) == (True, False)
    assert older in client.get(document.get_absolute_url()).content.decode()


def test_a_file_that_is_gone_is_said_to_be_so(client, document, caplog):
    document.current.file.storage.delete(document.current.file.name)

    for answer in (ask(client, document), client.head(file_of(document)), ask(client, document, range="bytes=0-1")):
        assert answer.status_code == 404
    assert "The file is not in its place" in ask(client, document, accept_language="en").content.decode()
    assert "is gone" in caplog.text


def test_a_document_without_a_file_has_no_address_for_one(client):
    assert ask(client, make_document(url="")).status_code == 404


def test_a_path_out_of_the_folder_is_never_opened(tmp_path, settings, client, document):
    (tmp_path / "secreto.txt").write_text("secreto")
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    DocumentVersion.objects.update(file="../secreto.txt")

    assert ask(client, document).status_code in {400, 404}


# The web server in front


def test_the_web_server_in_front_is_told_where_the_file_is(client, document):
    DocumentVersion.objects.update(file="documents/2026/reunión 1.pdf")
    DocumentVersion.objects.get().file.storage.save("documents/2026/reunión 1.pdf", ContentFile(PDF))

    with override_settings(FILES_THROUGH="/kept/"):
        answer = ask(client, document, range="bytes=0-4")
        Document.objects.update(audience=Audience.SECRETARIAT)
        closed = ask(client, document)

    assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert answer["X-Accel-Redirect"] == "/kept/documents/2026/reuni%C3%B3n%201.pdf"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert (closed.status_code, "X-Accel-Redirect" in closed) == (404, False)


def test_the_place_is_a_path(monkeypatch):
    for value in ("kept/", "/kept", "/", "/kept/../", "https://example.org/"):
        monkeypatch.setenv("FILES_THROUGH", value)
        with pytest.raises(ImproperlyConfigured):
            env.place_within("FILES_THROUGH")
    monkeypatch.setenv("FILES_THROUGH", "/kept/files/")
    assert env.place_within("FILES_THROUGH") == "/kept/files/"


def test_the_place_is_none_of_the_portals_addresses(monkeypatch, settings):
    first_parts = {str(each.pattern).split("/")[0] for each in urls.urlpatterns} - {""}  # robots.txt is no place
    languages = {code for code, _name in settings.LANGUAGES}
    taken = {part for part in {*first_parts, *languages, settings.STATIC_URL.strip("/")} if re.fullmatch(r"[\w-]+", part)}

    assert {"static", "media", "health", "es", "pt-br"} <= taken
    for part in (*taken, "Static", "media/kept"):
        monkeypatch.setenv("FILES_THROUGH", f"/{part}/")
        with pytest.raises(ImproperlyConfigured, match="begins like an address of the portal"):
            env.place_within("FILES_THROUGH")


# Never a public folder


def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from views(pattern.url_patterns)


def test_no_address_serves_a_folder(client):
    kept = Path(settings.MEDIA_ROOT)

    assert serve not in set(views(get_resolver().url_patterns))
    assert settings.MEDIA_URL in ("", "/")
    for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        assert not kept.is_relative_to(folder)
        assert not Path(folder).is_relative_to(kept)
    assert not getattr(settings, "WHITENOISE_ROOT", None)


def test_the_path_of_a_file_is_no_address(client, document):
    for path in (f"/media/{document.current.file.name}", f"/{document.current.file.name}", "/media/documents/acta", "/media/"):
        assert client.get(path, follow=False).status_code in {301, 404}, path


def test_last_modified_is_when_it_was_added(client, document):
    DocumentVersion.objects.update(added_at=timezone.now() - timedelta(days=400))

    assert str(timezone.now().year) not in ask(client, document)["Last-Modified"]
