"""Texts that break software, in every text field: pages and administration show them, and nothing runs."""

import re
from datetime import date

import pytest
from django.db import models
from django.urls import reverse
from django_countries.fields import CountryField

from events.models import Topic
from rifess.base.cleaned import clean_text
from tests.make import (
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db

LISTS = ("events:seminars", "recordings:recordings", "recordings:documents", "people")
DATA_BLOCK = re.compile(r'<script type="application/ld\+json">[^<]*</script>')
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"' onmouseover=alert(1) x='",
    "closing": "</title></textarea></script><img src=x onerror=alert(1)>",
    "template": "{{ 7|add:7 }}{% now 'Y' %}${7*7}%(name)s %s %n",
    "direction": "\u202eabc\u202c \u200f\u2066 Ω≈ç√∫˜µ≤≥÷ 田中さん 🏳\u200d🌈",
    "combining": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033dA\u0338\u0325\u033b",
    "nothing": "\u200b\ufeff\u2060",
    "formula": "=cmd|' /C calc'!A0",
    "quotes": "\\' OR 1=1; -- \\",
    "names": "O’Brien-Núñez d'Ávila & Søns; Łukasz Żółć",
}
COUNTRIES = ["BR", "CL", "CO", "CR", "CU", "DO", "ES", "GT", "MX", "UY"]


def is_typed(field):
    """Whether people write free text in `field`."""
    kept = (models.SlugField, models.URLField, models.EmailField, CountryField)
    free = isinstance(field, (models.CharField, models.TextField)) and not isinstance(field, kept)
    return free and field.editable and not field.choices and not field.name.startswith("collective")


def fill(row, words):
    """Write `words` in every text field of `row` that people type, as far as they fit."""
    for field in filter(is_typed, row._meta.concrete_fields):
        setattr(row, field.name, words[: field.max_length])
    row.save()
    return row


def everything(words, country):
    """One of each, tied together, all filled with `words`. A country has one seat."""
    institution, topic = fill(make_institution(), words), fill(make_topic(), words)
    person, seminar = fill(make_person(), words), fill(make_seminar(), words)
    panel = fill(make_panel(seminar=seminar, held_on=date(2024, 9, 5)), words)
    said = fill(make_intervention(panel=panel, person=person, positions=[("x", institution)]), words)
    fill(said.positions.get(), words)
    fill(make_intervention(panel=panel, collective=clean_text(words) or "Delegaciones"), words)
    person.variants.create(name=words)
    seminar.topics.add(topic)
    seminar.institutions.create(institution=institution)
    recording = fill(make_recording(panel=panel, url="https://youtu.be/abcdefghijk"), words)
    document = fill(make_document(seminar=seminar, institution=institution), words)
    seat = fill(make_membership(country=country, institution=institution), words)
    term = fill(make_term(institution=institution, coordinator=person), words)
    return [institution, topic, person, seminar, panel, said, recording, document, seat, term]


@pytest.fixture
def rows():
    """One of each for every hostile text: lists show them all."""
    return [row for words, country in zip(HOSTILE.values(), COUNTRIES, strict=True) for row in everything(words, country)]


@pytest.mark.slow
def test_hostile_texts_break_no_page_and_run_nowhere(client, rows):
    pages = [row.get_absolute_url() for row in rows if hasattr(row, "get_absolute_url")]
    topics = [row.slug for row in rows if isinstance(row, Topic)]
    pages += [reverse(name) for name in ("home", "network", *LISTS)]
    pages += [f"{reverse('events:seminars')}?q=x&topic={topic}" for topic in topics]

    assert_harmless(client, [*pages, "/sitemap.xml"])


@pytest.mark.slow
def test_hostile_texts_break_no_page_of_the_administration_and_run_nowhere(client, rows):
    client.force_login(make_secretary())
    models = {type(row)._meta for row in rows}

    assert_harmless(client, [reverse("admin:index"), *(admin_page(model, "changelist") for model in models)])
    assert_harmless(client, [admin_page(row._meta, "change", row.pk) for row in rows])


def admin_page(model, name, *args):
    return reverse(f"admin:{model.app_label}_{model.model_name}_{name}", args=args)


def assert_harmless(client, pages):
    for address in pages:
        response = client.get(address.split("#")[0])
        page = DATA_BLOCK.sub("", response.content.decode())  # JSON has its own escapes
        assert response.status_code == 200, address
        for running in ("<script>alert", "<img src=x", "' onmouseover=alert(1) x='\"", '" onmouseover', "14{"):
            assert running not in page, address


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_searched_for_calmly(client, words):
    make_intervention()

    for name in LISTS:
        assert client.get(reverse(name), {"q": words, "year": words, "topic": words, "page": words}).status_code in {200, 404}
