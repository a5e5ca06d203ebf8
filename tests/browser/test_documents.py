"""Papers as a delegate finds and opens them, and as the secretariat brings them on their way."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from members.models import Audience
from recordings.documents import note_opening
from recordings.models import Document, DocumentOpening
from tests.base.samples import PDF
from tests.make import make_delegate, make_document, make_institution, make_person, make_user, make_version

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def delegate():
    user = make_user(name="Ana Peña")
    make_delegate(person=make_person(user=user, name="Ana Peña"))
    return user


def make_minutes():
    document = make_document(
        title="Acta de la reunión de coordinación",
        kind="minutes",
        state="circulated",
        audience=Audience.MEMBERS,
        shows_versions=True,
        language="es",
        url="",
        slug="acta-de-la-reunion",
        institution=make_institution(name="Instituto Nacional de la Economía Social"),
        summary_es="Acuerdos sobre el plan de trabajo y el próximo seminario.",
    )
    make_version(document, name="Acta de la reunión.pdf")
    make_version(document, content=PDF + b"%2\n", name="Acta de la reunión (firmada).pdf", changes="Con las firmas.")
    return document


def address(name, *args):
    with translation.override("es"):
        return reverse(name, args=args)


@pytest.mark.parametrize("width", [375, 1280])
def test_a_delegate_finds_minutes_is_told_and_takes_them_along(visit, delegate, width):
    document = make_minutes()
    visitor = visit()
    visitor.resize(width)
    visitor.sign_in(delegate)
    page = visitor.open(address("recordings:documents"))
    said = (visitor.too_wide(), visitor.barriers())

    page.get_by_role("link", name="Acta de la reunión de coordinación", exact=True).click()
    button = page.get_by_role("link", name="Descargar", exact=True)
    expect(button).to_have_attribute("aria-describedby", "told")
    said_there = (visitor.too_wide(), visitor.barriers())
    with page.expect_download() as download:
        button.click()

    assert (said, said_there) == ((0, []), (0, []))
    assert download.value.suggested_filename == "Acta de la reunión (firmada).pdf"
    assert DocumentOpening.objects.get(user=delegate).number == document.current.number
    assert visitor.problems == []


def test_the_secretariat_adds_a_file_and_circulates_minutes(visit, secretary, delegate, tmp_path):
    document = make_document(title="Acta nueva", kind="minutes", state="draft", audience=Audience.SECRETARIAT, url="")
    file = tmp_path / "Acta de la reunión.pdf"
    file.write_bytes(PDF)
    visitor = visit()
    visitor.sign_in(secretary)
    page = visitor.open(address("admin:recordings_document_change", document.pk))

    page.locator("#id_file").set_input_files(file)
    page.locator("[name=_continue]").click()
    expect(page.get_by_role("link", name="Acta de la reunión.pdf")).to_be_visible()
    page.locator(f"a[href$='/{document.pk}/circulate/']").click()
    page.locator(".submit-row .default").click()
    expect(page.locator(".guided")).to_be_visible()
    barriers = visitor.barriers()
    page.locator(".submit-row .default").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    assert (Document.objects.get(pk=document.pk).state, barriers) == ("circulated", [])
    assert visitor.problems == []


def test_the_secretariat_reads_who_opened_a_paper_and_that_a_file_is_gone(visit, secretary, delegate):
    document = make_minutes()
    note_opening(document.current, by=delegate)
    visitor = visit()
    visitor.sign_in(secretary)
    page = visitor.open(address("admin:recordings_document_openings", document.pk))
    expect(page.get_by_role("rowheader", name="Ana Peña")).to_be_visible()
    of_openings = visitor.barriers()

    document.current.file.storage.delete(document.current.file.name)
    page = visitor.open(reverse("document_file", args=[document.slug]), status=404)

    assert (of_openings, visitor.barriers(), visitor.too_wide()) == ([], [], 0)
