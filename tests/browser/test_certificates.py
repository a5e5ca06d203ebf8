"""A certificate from the desk to whoever is shown it: issued, checked by its code, saved, and checked as a signed file."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from events.certificates import issue
from events.models import Certificate, CertificateRules
from tests.browser.looking import RULES_OF_COLOUR, look_at_each_width_in_both_schemes
from tests.make import make_attendance, make_certificate, make_registration, make_seminar

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

PHONE = {"width": 375, "height": 700}
LONG = "María de los Ángeles Fernández-Villanueva y Sánchez de la Concepción Domínguez Echeverría de Álvarez-Núñez Ortiz"


def at(name, *args, language="en"):
    with translation.override(language):
        return reverse(name, args=args)


@pytest.mark.parametrize("page", ["valid", "unknown", "file"])
def test_the_pages_that_check_are_sound_at_each_width_in_both_schemes(looker, page):
    code = make_certificate(name=LONG).code if page == "valid" else "7KQ2-M4XD-88PA"
    name, given = ("events:verify-file", []) if page == "file" else ("events:certificate", [code])

    status = 404 if page == "unknown" else 200
    assert look_at_each_width_in_both_schemes(looker, at(name, *given, language="es"), "es", status) == []


def test_without_javascript_a_code_leads_to_the_paper_and_a_signed_file_is_checked(visit, tmp_path):
    certificate = make_certificate(name="Łukasz Šimić")
    visitor = visit(locale="en-US", viewport=PHONE, java_script_enabled=False)
    page = visitor.open("/verificar/")

    page.get_by_label("Verification code").fill(certificate.code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is authentic")
    expect(page.get_by_text("Łukasz Šimić")).to_be_visible()
    with page.expect_download() as paper:
        page.get_by_role("link", name="Save the certificate").click()
    with page.expect_download() as signed:
        page.get_by_role("link", name="Signed file (Open Badges 3.0)").click()
    signed.value.save_as(tmp_path / "credential.jwt")
    page.get_by_role("link", name="Check a signed file").click()
    page.get_by_label("Signed file").set_input_files(tmp_path / "credential.jwt")
    page.get_by_role("button", name="Check the code").click()

    expect(page.get_by_role("status")).to_contain_text("Łukasz Šimić")
    assert paper.value.suggested_filename.endswith(f"{certificate.code}.pdf")
    assert visitor.problems == []


def test_the_desk_sees_what_will_happen_and_issues_them(visit, secretary):
    seminar = make_seminar(title="Políticas públicas para la economía social")
    CertificateRules.objects.create(seminar=seminar)
    make_certificate(make_attendance(seminar, name=LONG))
    make_registration(seminar)
    window = visit(locale="en-US")
    window.sign_in(secretary)
    page = window.open(at("admin:events_takingpart_certificates", seminar.pk))
    found = [*window.barriers()]
    window.darken()
    found += window.barriers(RULES_OF_COLOUR)

    make_attendance(seminar, name="Ana Núñez")
    page.get_by_role("link", name="Issue the certificates of attendance").click()
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_role("region", name="What will happen")).to_contain_text("1 person gets a certificate.")
    page.get_by_role("button", name="Issue the certificates").click()
    expect(page.get_by_text("The certificates are being issued")).to_be_visible()

    assert (found, window.problems) == ([], [])
    job = seminar.issuing_jobs.get()
    issue.carry_out(job.pk)  # as a worker does, if the page's own process has not
    assert Certificate.objects.filter(seminar=seminar).count() == 2
