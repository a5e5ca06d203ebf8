"""Two people at the desk at the same moment: what PostgreSQL refuses at the last is said as the form would have said it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from threading import Barrier, local

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_save
from django.test import Client

from members.mandates.coordination import hand_over
from members.models import CoordinationTerm, Membership, Person
from tests.desk import address, filled
from tests.make import make_institution, make_membership, make_secretary

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once():
    """Do two things so that each has looked before either writes a row; one after the other where there is one writer."""
    both, here = Barrier(2), local()

    def wait_for_the_other(**_):
        if connection.vendor == "postgresql" and not hasattr(here, "has_waited"):
            here.has_waited = True
            both.wait(timeout=20)

    def do(act, *things, writes=Membership):
        pre_save.connect(wait_for_the_other, sender=writes)
        if connection.vendor != "postgresql":
            return [act(thing) for thing in things]
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda thing: _and_hang_up(act, thing), things))

    yield do
    for model in (Membership, Person):
        pre_save.disconnect(wait_for_the_other, sender=model)


def _and_hang_up(act, thing):
    try:
        return act(thing)
    finally:
        connection.close()


def test_of_two_who_enter_one_seat_the_second_reads_why_not(at_once):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(make_secretary())
    page = address(Membership, "add")
    typed = filled(clients[0].get(page)) | {"category": "member", "country": "UY", "joined_on": "2026-01-01"}

    answers = at_once(lambda client: client.post(page, typed), *clients)

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert "ya tiene una membresía" in refused.content.decode()
    assert Membership.objects.filter(country="UY").count() == 1


def test_of_two_who_give_one_address_to_two_people_the_second_reads_why_not(at_once):
    """No period: what refuses is the unique address."""
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(make_secretary())
    page = address(Person, "add")
    typed = filled(clients[0].get(page)) | {"name": "Ana Ruiz", "slug": "ana-ruiz"}

    answers = at_once(lambda client: client.post(page, typed), *clients, writes=Person)

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert "Otra persona ya tiene esta dirección." in next(each for each in answers if each.status_code == 200).content.decode()
    assert Person.objects.filter(name="Ana Ruiz").count() == 1


def test_a_coordination_handed_over_twice_is_handed_over_once():
    make_membership()
    term = CoordinationTerm.objects.create(country="CO", institution=make_institution(), starts_on=date(2024, 9, 1))
    stale = CoordinationTerm.objects.get(pk=term.pk)
    hand_over(term, country="BR", institution=make_institution(), starts_on=date(2026, 9, 1))

    with pytest.raises(ValidationError) as refused, transaction.atomic():
        hand_over(stale, country="CL", institution=make_institution(), starts_on=date(2026, 9, 1))

    assert refused.value.code == "changed"


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 8, 1)])
def test_a_coordination_that_was_handed_over_is_not_handed_over_again(day):
    term = CoordinationTerm.objects.create(country="CO", institution=make_institution(), starts_on=date(2024, 9, 1))
    hand_over(term, country="BR", institution=make_institution(), starts_on=date(2026, 9, 1))
    before = list(CoordinationTerm.objects.values_list("starts_on", "ends_on"))

    with pytest.raises(ValidationError) as refused:
        hand_over(CoordinationTerm.objects.get(pk=term.pk), country="CL", institution=make_institution(), starts_on=day)

    assert refused.value.code in {"overlap", "ended"}
    assert list(CoordinationTerm.objects.values_list("starts_on", "ends_on")) == before


def test_the_database_keeps_one_open_coordination_from_a_day():
    CoordinationTerm.objects.create(country="CO", institution=make_institution(), starts_on=date(2026, 9, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        CoordinationTerm.objects.create(country="BR", institution=make_institution(), starts_on=date(2026, 9, 1))


def test_the_migration_names_coordinations_that_begin_on_one_day_without_an_end():
    check = import_module("members.migrations.0011_one_open_coordination_from_a_day").Migration.operations[0]
    given = {"institution": make_institution(), "starts_on": date(2026, 1, 1)}
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_open_coordination_from_a_day")  # as it was before
    ended = CoordinationTerm.objects.create(country="MX", ends_on=date(2026, 3, 1), **given)
    terms = [CoordinationTerm.objects.create(country=country, **given) for country in ("CL", "BR")]

    with pytest.raises(CommandError, match=f"in the way: {terms[0].pk}, {terms[1].pk}[.]"):
        check.code(apps, connection.schema_editor())
    terms[0].delete()

    assert check.code(apps, connection.schema_editor()) is None and ended.pk
