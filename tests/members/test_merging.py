"""Two records of one human being become one."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.merging import merge
from members.models import ContactDetails, NameVariant, Person
from rifess.base.models import FormerSlug
from tests.make import (
    make_consent,
    make_delegate,
    make_editor,
    make_intervention,
    make_membership,
    make_person,
    make_recording,
    make_secretary,
    make_term,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


@pytest.fixture
def two():
    return make_person(name="Héctor Dada"), make_person(name="Héctor Dada Sánchez")


def test_all_that_hangs_on_it_moves(two):
    duplicate, person = two
    rows = [
        make_intervention(person=duplicate),
        make_delegate(person=duplicate),
        make_consent(make_recording(), duplicate),
        ContactDetails.objects.create(person=duplicate, phone="+503 1"),
    ]
    term = make_term(coordinator=duplicate)

    merge(duplicate, into=person)

    for row in (*rows, term):
        row.refresh_from_db()
    assert {row.person for row in rows} | {term.coordinator} == {person}
    assert list(Person.objects.all()) == [person]


def test_every_table_that_points_to_people_is_known_here():
    """A new one is moved without being told to; here it is seen, so that somebody thinks of what may not be there twice."""
    pointing = {relation.related_model._meta.model_name for relation in Person._meta.related_objects}

    assert pointing == {
        "certificate",  # of one seminar and kind there is one: two are refused, and the secretariat revokes one
        "consent",
        "contactdetails",
        "coordinationterm",
        "datarequest",
        "delegate",
        "intervention",
        "invitation",
        "namevariant",
    }


def test_the_name_that_goes_stays_as_a_variant_and_its_variants_too(two):
    duplicate, person = two
    NameVariant.objects.create(person=duplicate, name="H. Dada")
    NameVariant.objects.create(person=person, name="H. Dada")

    merge(duplicate, into=person)

    assert sorted(person.variants.values_list("name", flat=True)) == ["H. Dada", "Héctor Dada"]


def test_former_addresses_lead_to_the_one_that_stays(two, client):
    duplicate, person = two
    make_intervention(person=duplicate)
    first, old = duplicate.get_absolute_url(), duplicate.slug
    duplicate.slug = "dada"
    duplicate.save()
    second = duplicate.get_absolute_url()

    merge(duplicate, into=person)

    assert dict(FormerSlug.objects.values_list("slug", "current")) == {old: person.slug, "dada": person.slug}
    for address in (first, second):
        assert client.get(address).url == person.get_absolute_url()


def test_what_the_stayer_does_not_say_is_taken_from_the_other(two):
    duplicate, person = two
    duplicate.biography_es, duplicate.website = "Economista", "https://example.org/a"
    duplicate.save()
    person.website = "https://example.org/b"
    person.save()

    merge(duplicate, into=person)

    person.refresh_from_db()
    assert (person.biography_es, person.website) == ("Economista", "https://example.org/b")


def test_how_to_reach_them_is_filled_in_from_the_other_and_shows_nothing_that_was_not_shown(two):
    duplicate, person = two
    ContactDetails.objects.create(person=duplicate, position="Asesor", phone="+503 2222")
    ContactDetails.objects.create(person=person, position="Director")
    hidden, shown = make_person(), make_person()
    ContactDetails.objects.create(person=hidden, phone="+503 3333")
    ContactDetails.objects.create(person=shown, shares_phone=True)

    merge(duplicate, into=person)
    merge(hidden, into=shown)

    kept = ContactDetails.objects.order_by("pk").values_list("position", "phone")
    assert [*kept] == [("Director", "+503 2222"), ("", "")]


def test_the_account_moves(two):
    duplicate, person = two
    user = make_user()
    duplicate.user = user
    duplicate.save()

    merge(duplicate, into=person)

    person.refresh_from_db()
    assert person.user == user


def with_two_accounts(duplicate, person):
    for each in (duplicate, person):
        each.user = make_user()
        each.save()


def with_two_permissions(duplicate, person):
    recording = make_recording()
    for each in (duplicate, person):
        make_consent(recording, each)


@pytest.mark.parametrize(("given", "code"), [(with_two_accounts, "two_accounts"), (with_two_permissions, "twice")])
def test_what_cannot_be_twice_is_refused_and_nothing_moves(given, code, two):
    duplicate, person = two
    said = make_intervention(person=duplicate)
    given(duplicate, person)

    with pytest.raises(ValidationError) as refused:
        merge(duplicate, into=person)

    said.refresh_from_db()
    assert (refused.value.code, said.person, Person.objects.count()) == (code, duplicate, 2)


def test_mandates_of_one_seat_that_follow_each_other_become_one_persons(two):
    (duplicate, person), seat = two, make_membership()
    make_delegate(membership=seat, person=duplicate, starts_on=date(2024, 1, 1), ended_on=date(2025, 1, 1))
    make_delegate(membership=seat, person=person, starts_on=date(2025, 1, 1))

    merge(duplicate, into=person)

    assert person.mandates.filter(membership=seat).count() == 2


def test_nobody_is_merged_with_themselves(two):
    with pytest.raises(ValidationError) as refused:
        merge(two[0], into=two[0])

    assert refused.value.code == "same"


def test_the_history_tells_what_moved(two):
    duplicate, person = two
    said, key = make_intervention(person=duplicate), duplicate.pk

    merge(duplicate, into=person)

    latest = LogEntry.objects.get_for_object(said).latest("timestamp", "pk")
    assert latest.changes_dict["person"] == [str(key), str(person.pk)]


def test_the_desk_tells_what_will_move_and_moves_it(two, client):
    duplicate, person = two
    make_intervention(person=duplicate)
    client.force_login(make_secretary())
    address = reverse("admin:members_person_merge", args=[person.pk])

    shown = client.post(address, {"duplicate": duplicate.pk}).context
    client.post(address, {"duplicate": duplicate.pk, "shown": shown["shown"]})

    assert any("1" in str(sentence) for sentence in shown["consequences"])
    assert list(Person.objects.all()) == [person]


def test_an_editor_merges_nobody_since_mandates_would_move(two, client):
    duplicate, person = two
    make_delegate(person=duplicate)
    client.force_login(make_editor())
    address = reverse("admin:members_person_merge", args=[person.pk])

    answer = client.post(address, {"duplicate": duplicate.pk})

    assert answer.status_code == 403
    assert Person.objects.filter(pk=duplicate.pk).exists()
