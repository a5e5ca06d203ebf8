"""What is refused after a form was checked: the page comes back with the sentence and what was typed; nothing is saved."""

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from members.models import Enquiry
from rifess.search.models import Concept
from tests.desk import address, filled
from tests.make import make_document, make_institution, make_panel, make_person, make_registration, make_seminar, make_user

pytestmark = pytest.mark.django_db

SENTENCE = "Entre tanto alguien cerró esto."
# how to make the row, its field that is typed
PAGES = {
    "a seminar": (make_seminar, "title_es"),
    "a panel": (make_panel, "title_es"),
    "a person": (make_person, "name"),
    "an institution": (make_institution, "name_es"),
    "a document": (make_document, "title_es"),
    "a participant": (make_registration, "notes"),
    "an account": (make_user, "name"),
    "a concept": (lambda: Concept.objects.create(es="coche, auto"), "en"),
}
# what is raised when all had been saved, the field beside which its sentence is shown ("": the typed one), the sentence
REFUSALS = {
    "a sentence": (lambda _name: ValidationError(SENTENCE), "__all__", SENTENCE),
    "beside its field": (lambda name: ValidationError({name: SENTENCE}), "", SENTENCE),
    "beside a field that the page lacks": (lambda _name: ValidationError({"nowhere": SENTENCE}), "__all__", SENTENCE),
    "the database": (lambda _name: IntegrityError("x"), "__all__", "contradice algo que ya está guardado"),
}


def test_a_save_that_is_refused_twice_shows_its_page_again_with_what_was_typed(desk, monkeypatch):
    rows = {what: (make(), name) for what, (make, name) in PAGES.items()}
    pages = {what: desk.get(address(row)) for what, (row, _name) in rows.items()}
    raised = []

    def refuse(page, request, form, formsets, change):
        page.message_user(request, "Se guardó el archivo.")
        raise raised[-1]

    monkeypatch.setattr(admin.ModelAdmin, "save_related", refuse)
    wrong = {}
    for what, (row, name) in rows.items():
        for how, (error, field, sentence) in REFUSALS.items():
            raised.append(error(name))
            answer = desk.post(address(row), filled(pages[what], **{name: "palabra, otra"}))
            form = answer.context["adminform"].form
            shown = (sentence in str(form.errors.get(field or name, "")), form[name].value(), "Se guardó" in answer.text)
            saved = getattr(type(row).objects.get(pk=row.pk), name) == "palabra, otra"
            if (answer.status_code, *shown, saved) != (200, True, "palabra, otra", False, False):
                wrong[what, how] = (answer.status_code, *shown, saved)

    assert wrong == {}


def test_an_act_that_refuses_what_its_view_had_checked_says_so_and_keeps_what_was_typed(client, monkeypatch):
    def refuse(enquiry, *args, **kwargs):
        raise ValidationError(SENTENCE)

    monkeypatch.setattr(Enquiry, "save", refuse)
    typed = {"name": "Ana", "email": "ana@example.org", "text": "Tengo una pregunta larga."}

    answer = client.post(reverse("contact"), typed)

    assert answer.status_code == 409
    assert SENTENCE in answer.text
    assert 'value="Tengo una pregunta larga."' in answer.text
