"""Pages of what went wrong, as their readers see them; a form without its token is sent again from the page that refused it."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from members.models import Enquiry
from tests.browser.looking import NARROW, RULES_OF_COLOUR, look_at_each_width_in_both_schemes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db, pytest.mark.urls("tests.portal.failing_urls")]


@pytest.mark.parametrize(
    ("path", "status"), [("/busy/", 503), ("/refused/", 400), ("/es/accesibilidad/", 405), ("/refused-act/", 409)]
)
def test_page_of_an_error_is_sound(visit, path, status):
    visitor = visit()
    if status in {405, 409}:
        visitor.page.route(f"**{path}", lambda route: route.continue_(method="POST"))

    assert look_at_each_width_in_both_schemes(visitor, path, "es", status) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_contact_form_is_sent_after_its_cookie_was_lost(visit, javascript):
    visitor, text = visit(java_script_enabled=javascript), f"Una pregunta: https://example.org/{'x' * 200}\ny otra línea"
    with translation.override("es"):
        page = visitor.open(reverse("contact"))
    page.locator("main [name=name]").fill("Ana")
    page.locator("main [name=email]").fill("ana@example.org")
    page.locator("main [name=text]").fill(text)
    visitor.context.clear_cookies()
    visitor.resize(NARROW)
    page.locator("main form [type=submit]").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("No pudimos enviar el formulario")
    expect(page.locator("main")).to_contain_text("y otra línea")
    if javascript:
        assert visitor.too_wide() <= 0 and visitor.barriers() == [] and visitor.barriers(RULES_OF_COLOUR) == []
    page.get_by_role("button", name="Enviar de nuevo").click()
    page.wait_for_url("**/contacto/gracias/")

    assert Enquiry.objects.get().text.replace("\r", "") == text
