import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from members.models import Person
from rifess.base.models import FormerSlug
from tests.make import make_intervention, make_panel, make_person, make_recording, make_seminar

pytestmark = pytest.mark.django_db


def test_a_missing_slug_is_made_from_the_name_and_stays_free():
    assert [make_person(name="Héctor Dada Sánchez").slug for _ in range(3)] == [
        "hector-dada-sanchez",
        "hector-dada-sanchez-2",
        "hector-dada-sanchez-3",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łukasz Ørsted", "lukasz-orsted"),
        ("Weiß Æsir Œuvre Þór", "weiss-aesir-oeuvre-thor"),
        ("Đorđe Iıdır", "dorde-iidir"),
        ("Пётр Чайковский", "petr-chaykovskiy"),
        ("Ελληνική Δημοκρατία", "elliniki-dimokratia"),
        ("田中 Ana María", "ana-maria"),
        ("A\u0301na", "ana"),
    ],
)
def test_letters_of_other_alphabets_are_written_in_the_address(name, slug):
    assert make_person(name=name).slug == slug


@pytest.mark.parametrize("name", ["田中", "محمد", "日本 A", "…"])
def test_a_name_that_cannot_be_written_in_plain_letters_has_a_key_of_its_own_in_its_address(name):
    slugs = [make_person(name=name).slug for _ in range(2)]

    assert all(re.fullmatch(r"person-[2-9a-z]{8}", slug) for slug in slugs)
    assert len({*slugs}) == 2


def test_former_addresses_all_lead_to_the_present_one():
    person = make_person(slug="uno")
    for slug in ("dos", "tres"):
        person.slug = slug
        person.save()

    ways = dict(FormerSlug.objects.values_list("slug", "current"))
    assert ways == {"uno": "tres", "dos": "tres"}


def test_an_address_taken_back_no_longer_redirects():
    person = make_person(slug="uno")
    for slug in ("dos", "uno"):
        person.slug = slug
        person.save()

    assert dict(FormerSlug.objects.values_list("slug", "current")) == {"dos": "uno"}


def test_panels_of_two_seminars_may_share_an_address_and_of_one_may_not():
    seminar = make_seminar()
    make_panel(seminar=seminar, slug="apertura")
    make_panel(slug="apertura")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_panel(seminar=seminar, slug="apertura")


def test_what_history_needs_is_not_deleted():
    intervention = make_intervention()
    recording = make_recording(panel=intervention.panel)

    for needed in (intervention.person, recording.seminar):
        with pytest.raises(ProtectedError):
            needed.delete()


def test_a_taken_address_is_refused_with_a_sentence():
    make_person(slug="uno")

    with override("en"), pytest.raises(ValidationError) as error:
        Person(name="Otra", slug="uno").full_clean()

    assert "Another person has this address." in error.value.messages
