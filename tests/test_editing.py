"""Two people at one record: nobody's work is undone unknowingly, nothing typed is lost."""

import pytest
from django.contrib.auth.models import Group
from django.core import signing
from django.db import transaction

from events.models import Panel, Seminar
from events.registration.anonymize import forget
from members.accounts.dormant import lock
from members.models import Person
from rifess.base.groups import EDITORS
from tests.desk import address, filled
from tests.make import make_delegate, make_intervention, make_panel, make_person, make_registration, make_seminar, make_user

pytestmark = pytest.mark.django_db


def test_the_second_of_two_people_is_shown_what_the_first_one_saved(desk):
    person = make_person(name="Ana")
    page = desk.get(address(person))
    Person.objects.filter(pk=person.pk).update(name="Ana Ruiz")

    answer = desk.post(address(person), filled(page, name="Ana Paz"))

    person.refresh_from_db()
    [error] = answer.context["adminform"].form.errors.as_data()["name"]
    assert (error.code, person.name) == ("meanwhile", "Ana Ruiz")
    assert "Ana Ruiz" in error.messages[0] and "Ana Paz" in error.messages[0]


def test_what_was_typed_stays_in_the_form_and_saving_again_keeps_it(desk):
    person = make_person(name="Ana")
    page = desk.get(address(person))
    Person.objects.filter(pk=person.pk).update(name="Ana Ruiz")

    refused = desk.post(address(person), filled(page, name="Ana Paz", biography_es="Economista."))
    again = desk.post(address(person), filled(refused))

    person.refresh_from_db()
    assert again.status_code == 302
    assert (person.name, person.biography_es) == ("Ana Paz", "Economista.")


def test_a_third_change_between_the_two_savings_is_shown_too(desk):
    person = make_person(name="Ana")
    page = desk.get(address(person))
    Person.objects.filter(pk=person.pk).update(name="Ana Ruiz")
    refused = desk.post(address(person), filled(page, name="Ana Paz"))
    Person.objects.filter(pk=person.pk).update(name="Ana Ruiz Gil")

    answer = desk.post(address(person), filled(refused))

    assert "Ana Ruiz Gil" in str(answer.context["adminform"].form.errors["name"])


def test_a_field_that_only_the_other_person_changed_is_not_turned_back(desk):
    person = make_person(name="Ana")
    page = desk.get(address(person))
    Person.objects.filter(pk=person.pk).update(biography_es="Economista.")

    answer = desk.post(address(person), filled(page, name="Ana Paz"))

    assert list(answer.context["adminform"].form.errors) == ["biography_es"]


def test_two_people_who_write_the_same_do_not_disagree(desk):
    person = make_person(name="Ana")
    page = desk.get(address(person))
    Person.objects.filter(pk=person.pk).update(name="Ana Paz")

    answer = desk.post(address(person), filled(page, name="Ana Paz"))

    assert answer.status_code == 302


def test_an_old_page_of_an_account_does_not_give_back_what_a_colleague_took(desk):
    user = make_user(is_staff=True, name="Ana")
    user.groups.add(Group.objects.get(name=EDITORS))
    page = desk.get(address(user))
    lock(user)
    user.groups.clear()

    answer = desk.post(address(user), filled(page, name="Ana Ruiz"))

    user.refresh_from_db()
    errors = answer.context["adminform"].form.errors.as_data()
    assert {name: [error.code for error in found] for name, found in errors.items()} == {
        "is_active": ["meanwhile"],
        "groups": ["meanwhile"],
    }
    assert (user.is_active, user.groups.count(), user.name) == (False, 0, "Ana")


def test_nobody_else_means_no_question(desk):
    person = make_person(name="Ana")

    answer = desk.post(address(person), filled(desk.get(address(person)), name="Ana Paz"))

    person.refresh_from_db()
    assert (answer.status_code, person.name) == (302, "Ana Paz")


def test_a_forged_memory_of_the_page_is_as_none(desk):
    person = make_person(name="Ana")
    page = desk.get(address(person))

    answer = desk.post(address(person), filled(page, name="Ana Paz", seen=signing.dumps({"name": "x"}, salt="other")))

    assert answer.status_code == 302


def test_rows_of_an_inline_are_guarded_too(desk):
    panel = make_panel(title="Apertura", seminar=make_seminar(title="Seminario"))
    page = desk.get(address(panel.seminar))
    Panel.objects.filter(pk=panel.pk).update(title_es="Inauguración")

    answer = desk.post(address(panel.seminar), filled(page, **{"panels-0-title_es": "Bienvenida"}))

    panel.refresh_from_db()
    [inline] = [each.formset for each in answer.context["inline_admin_formsets"] if each.formset.prefix == "panels"]
    assert list(inline.errors[0]) == ["title_es"]
    assert panel.title_es == "Inauguración"
    assert desk.post(address(panel.seminar), filled(answer)).status_code == 302
    panel.refresh_from_db()
    assert panel.title_es == "Bienvenida"


def test_a_refused_page_has_changed_nothing_of_the_record(desk):
    seminar = make_seminar(title="Uno")
    page = desk.get(address(seminar))
    Seminar.objects.filter(pk=seminar.pk).update(title_es="Dos")

    with transaction.atomic():
        desk.post(address(seminar), filled(page, title_es="Tres", place_es="Bogotá"))

    seminar.refresh_from_db()
    assert (seminar.title_es, seminar.place_es or "") == ("Dos", "")


def test_rows_deleted_meanwhile_come_back_as_new_with_a_sentence_and_the_page_is_taken(desk):
    panel = make_panel()
    stays, goes, marked = (make_intervention(panel=panel) for _each in range(3))
    page, rows = desk.get(address(panel)), "interventions"
    goes.delete(), marked.delete()
    typed = {f"{rows}-1-title_es": "Lo escrito aquí", f"{rows}-2-DELETE": "on", "title_es": "Otro título"}

    refused = desk.post(address(panel), filled(page, **typed))
    again = desk.post(address(panel), filled(refused))

    assert "alguien eliminó algunas de estas filas" in refused.content.decode()
    assert "Lo escrito aquí" in refused.content.decode() and again.status_code == 302
    panel.refresh_from_db()
    assert (panel.title_es, panel.interventions.count()) == ("Otro título", 2)
    assert panel.interventions.exclude(pk=stays.pk).get().title_es == "Lo escrito aquí"


def test_rows_that_two_people_delete_are_simply_gone(desk):
    panel = make_panel()
    row = make_intervention(panel=panel)
    page = desk.get(address(panel))
    row.delete()

    assert desk.post(address(panel), filled(page, **{"interventions-0-DELETE": "on"})).status_code == 302


def test_what_was_typed_about_a_record_deleted_meanwhile_stays_in_the_answer(desk):
    person = make_person()
    page = desk.get(address(person))
    person.delete()

    answer = desk.post(address(person), filled(page, biography_es="Una vida larga contada despacio."))

    assert (answer.status_code, "Una vida larga contada despacio." in answer.content.decode()) == (404, True)


def test_what_was_typed_stays_in_the_answer_when_the_record_may_only_be_read_by_now(desk):
    registration = make_registration()
    page = desk.get(address(registration))
    forget(registration)

    answer = desk.post(address(registration), filled(page, notes="Una nota larga escrita despacio."))

    registration.refresh_from_db()
    assert (answer.status_code, registration.notes) == (403, "")
    assert "Una nota larga escrita despacio." in answer.content.decode()


def test_a_rule_that_ties_a_field_to_a_column_beyond_the_page_is_a_sentence(desk):
    registration = make_registration(email="ana@example.org")
    doubled = {make_registration(registration.seminar): "ANA@example.org", registration: ""}

    for row, email in doubled.items():
        page = desk.get(address(row))
        refused = desk.post(address(row), filled(page, email=email))

        assert refused.context["adminform"].form.errors, row
        before = row.email
        row.refresh_from_db()
        assert row.email == before


def test_a_membership_whose_first_day_was_emptied_is_refused_beside_the_field(desk):
    membership = make_delegate().membership

    refused = desk.post(address(membership), filled(desk.get(address(membership)), joined_on=""))

    assert (refused.status_code, bool(refused.context["errors"])) == (200, True)
