"""A page of the desk takes so many rows: what a request says of their number costs no more than those."""

import pytest
from django.contrib import admin
from django.urls import reverse

from events.models import Seminar
from rifess.base.admin.pages import MOST_ROWS, SecretariatInline
from tests.make import make_secretary, make_seminar

pytestmark = pytest.mark.django_db


def test_a_request_that_claims_a_huge_number_of_rows_is_refused_with_a_sentence(client, rf):
    seminar = make_seminar(title="Economía social")
    request = rf.get("/")
    request.user = make_secretary()
    client.force_login(request.user)
    page = reverse("admin:events_seminar_change", args=[seminar.pk])
    prefix, claimed = "panels", "9" * 30

    back = client.post(page, {"title_es": "Otro título", f"{prefix}-TOTAL_FORMS": claimed, f"{prefix}-INITIAL_FORMS": "0"})

    formsets = [each.formset for each in back.context["inline_admin_formsets"] if each.formset.prefix == prefix]
    assert [len(formset.forms) for formset in formsets] == [MOST_ROWS]
    assert f"{MOST_ROWS} filas" in back.content.decode()
    assert back.context["adminform"].form["title_es"].value() == "Otro título"
    assert Seminar.objects.get().title_es == "Economía social"


def test_every_inline_of_the_desk_is_bounded(rf):
    request = rf.get("/")
    request.user = make_secretary()
    inlines = [inline(model, admin.site) for model, page in admin.site._registry.items() for inline in page.inlines]

    assert len(inlines) > 20 and all(isinstance(inline, SecretariatInline) for inline in inlines)
    assert {inline.get_formset(request).absolute_max for inline in inlines} == {MOST_ROWS}
