"""Personal data: every table that can hold some is declared, and nothing is left of those who were erased or are too old."""

import json
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry as AdminLog
from django.core.management import call_command
from django.db import models
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from events.models import Certificate, Registration, Seminar
from members.models import Application, Enquiry, Message, Person, User
from rifess.base.personal_data import Fate, Subject, Words
from rifess.base.text.accent_folding import fold
from rifess.portal.personal_data import retention, subjects, tables
from rifess.portal.personal_data.erasure import erase, foresee
from rifess.portal.personal_data.export import copy_of
from rifess.portal.search import sync
from rifess.search.models import Entry, KnownWord
from tests.make import make_person, make_registration, make_secretary, make_user
from tests.portal import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]
EMAIL, NAME, WORDS = "quirquincho.o'neal+red@example.org", "Ñusta Quirquincho d'Ávila", "Palabras zorzaleñas sobre bucles"
MARKS = [form for text in (EMAIL, NAME, WORDS) for form in (text, fold(text), json.dumps(text)[1:-1])]
MARKS += ["quirquincho", "zorzale"]
KINDS = {
    "writer of the contact form": everything.leave_an_enquiry,
    "applicant": everything.leave_an_application,
    "subscriber": everything.leave_an_alert,
    "participant": everything.leave_a_registration,
    "delegate": everything.leave_a_delegate,
}


@pytest.fixture(autouse=True)
def following():
    everything.remove_files()
    sync.follow()
    yield
    sync.rest()


# Every table is somebody's to think of


def test_each_table_is_declared_or_said_to_hold_nothing_of_persons():
    assert tables.undeclared() == []


def test_tables_said_to_hold_nothing_have_no_address_and_lead_to_persons_only_by_stamps():
    """A stamp says who of the secretariat acted: it is emptied when the account goes."""
    found = []
    for label in {*tables.NOTHING_OF_PERSONS} - {"admin.LogEntry", "members.User_groups", "members.User_user_permissions"}:
        app, name = label.split(".")
        model = apps.get_model(app, name)
        found += [f"{label}.{column.name}" for column in model._meta.local_fields if leads_to_a_person(column)]

    assert sorted(found) == []


def leads_to_a_person(column):
    if column.related_model is User:
        return column.remote_field.on_delete is not models.SET_NULL
    is_address = isinstance(column, models.EmailField | models.GenericIPAddressField)
    return is_address or column.related_model in {Person, Registration, Application}


def test_each_declaration_says_what_erasure_does_and_how_long_rows_are_kept():
    for kept in tables.TABLES:
        assert kept.why and kept.what
        assert kept.lasts in settings.RETENTION or not str(kept.lasts).islower() or " " in str(kept.lasts), kept.key
        assert {*kept.addresses, *kept.hidden} <= {column.name for column in kept.model._meta.get_fields()}, kept.key
        assert [tables.target_of(kept.model, path) for path in kept.ties] or kept.find or kept.addresses


def test_each_rule_of_retention_is_named_by_a_setting_and_each_setting_is_a_rule():
    assert {rule.name for rule in retention.RULES} == {*settings.RETENTION}


def test_one_of_each_leaves_a_row_in_every_table_and_a_copy_tells_what_is_declared():
    """A new table that declares itself is asked here for a row of its own, and so for what becomes of it."""
    person = everything.leave_a_delegate(EMAIL, NAME, WORDS)
    everything.leave_a_public_person(person)
    for leave in (everything.leave_an_enquiry, everything.leave_an_application):
        leave(email=EMAIL, name=NAME, words=WORDS)
    everything.leave_an_alert(EMAIL)
    subject = subjects.of_address(EMAIL.upper())

    without_rows = [kept.key for kept in tables.TABLES if not tables.rows_of(kept, subject).exists()]
    copy = copy_of(subject)

    assert without_rows == ["survey_responses", "represented"]  # which nobody can find
    assert [kept.key for kept in tables.TABLES if kept.tell and not copy[kept.key]] == []
    assert WORDS in json.dumps(copy["enquiries"], ensure_ascii=False)


# Nothing is left


@pytest.mark.parametrize("kind", KINDS)
def test_a_dump_holds_nothing_of_whom_was_erased_by_address(kind):
    leave = KINDS[kind]
    with TestCase.captureOnCommitCallbacks(execute=True):
        leave(email=EMAIL, name=NAME, words=WORDS)
        leave(email="otra.persona@example.org", name="Otra Persona Distinta", words="Otras palabras")
    assert everything.told_of(EMAIL) and everything.told_of("otra.persona@example.org")

    with TestCase.captureOnCommitCallbacks(execute=True):
        erase(subjects.of_address(EMAIL.upper()))

    assert everything.told_of(*MARKS) == []
    assert everything.told_of("otra.persona@example.org")
    assert foresee(subjects.of_address(EMAIL)) == []


def test_search_and_its_suggestions_forget_a_name():
    person = everything.leave_a_delegate(EMAIL, NAME, WORDS)
    make_person(name="Ávila Distinta")
    assert KnownWord.objects.filter(word="quirquincho").exists()

    erase(subjects.of_person(person))

    assert not KnownWord.objects.filter(word="quirquincho").exists()
    assert KnownWord.objects.filter(word="avila").exists()
    assert Entry.objects.get(kind="person", object_id=person.pk).titles == "Nombre retirado"


def test_a_name_that_is_public_stays_and_all_else_goes():
    person = everything.leave_a_delegate(EMAIL, NAME, WORDS)
    everything.leave_a_public_person(person)

    told = {line.key: line.fate for line in erase(subjects.of_address(EMAIL))}

    person.refresh_from_db()
    assert (person.name, told["name"], told["interventions"]) == (NAME, Fate.KEPT, Fate.KEPT)
    assert everything.told_of(EMAIL, WORDS) == []


@pytest.mark.parametrize("kind", ["writer of the contact form", "applicant", "participant"])
def test_a_dump_holds_nothing_of_what_retention_forgot(kind):
    with TestCase.captureOnCommitCallbacks(execute=True):
        KINDS[kind](email=EMAIL, name=NAME, words="Otras palabras")
        grow_old()

    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("apply_retention")

    assert everything.told_of(EMAIL, fold(NAME), NAME, json.dumps(NAME)[1:-1]) == []


def grow_old():
    """All of it is three years old."""
    then = timezone.now() - timedelta(days=1100)
    Enquiry.objects.update(answered_on=then.date())
    Application.objects.update(decided_at=then)
    Seminar.objects.update(starts_on=then.date(), ends_on=then.date())
    Message.objects.update(written_at=then, state="sent", sent_at=then)
    everything.PlatformList.objects.update(brought_at=then)


def test_history_of_rows_deleted_by_hand_is_forgotten_in_time():
    enquiry = Enquiry.objects.create(name=NAME, email=EMAIL, text=WORDS, language="es")
    kept = Enquiry.objects.create(name="Otra", email="otra@example.org", text="x", language="es")
    enquiry.delete()
    LogEntry.objects.update(timestamp=timezone.now() - timedelta(days=400))

    retention.apply()

    assert [entry.object_pk for entry in LogEntry.objects.get_for_model(Enquiry)] == [str(kept.pk)]


def test_whom_the_secretariat_deleted_by_hand_is_found_in_the_history_by_their_address():
    Enquiry.objects.create(name=NAME, email=EMAIL, text="x", language="es").delete()

    erase(subjects.of_address(EMAIL))

    assert everything.told_of(EMAIL) == []


# Only what is proved to be theirs


def test_an_address_that_an_account_only_typed_leads_to_nobody_elses_data():
    user = make_user()
    user.emailaddress_set.create(email="victima@example.org", verified=False)
    registration = make_registration(email="victima@example.org")

    assert copy_of(subjects.of_user(user))["registrations"] == []
    erase(subjects.of_user(user))

    registration.refresh_from_db()
    assert registration.email == "victima@example.org"
    assert subjects.of_address("victima@example.org").user is None


def test_homonyms_keep_their_rows_and_a_single_name_is_taken_out_of_nothing():
    everything.leave_an_enquiry(EMAIL, "Rosario", "x")
    other = make_registration(name=NAME)
    make_person(name="Rosario Otra")

    erase(subjects.of_address(EMAIL))

    other.refresh_from_db()
    assert other.name == NAME
    assert LogEntry.objects.get_for_model(Person).filter(object_repr="Rosario Otra").exists()


def test_words_are_found_whole_in_any_case_and_however_they_are_written():
    subject = Subject(frozenset({"ana@example.org"}), names=frozenset({"Ana d'Ávila", "Ana"}))
    words = Words.of(subject)

    assert words.taken_out_of("ANA@example.org, mariana@example.org, ana@example.org.mx") == (
        "–, mariana@example.org, ana@example.org.mx"
    )
    assert words.taken_out_of(["ana%40example.org", {"x": "Ana d&#x27;Ávila"}, None, 3]) == ["–", {"x": "–"}, None, 3]
    assert words.taken_out_of("Ana y Mariana d'Ávila") == "Ana y Mariana d'Ávila"


# One history


def test_the_administration_writes_no_log_of_its_own(client):
    client.force_login(make_secretary())
    client.post(reverse("admin:members_person_add"), {"name": NAME})
    for page in site._registry.values():
        page.log_addition(None, None, ""), page.log_change(None, None, ""), page.log_deletions(None, None)

    assert AdminLog.objects.count() == 0


def test_certificates_keep_their_name_and_code_and_lose_the_address():
    everything.leave_a_registration(EMAIL, NAME, WORDS)

    erase(subjects.of_address(EMAIL))

    assert [*Certificate.objects.values_list("name", "email", "registration__name")] == [("Como consta en el papel", "", "")]
