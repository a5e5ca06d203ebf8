"""Certificates: who earns one, issuing each once, taking one back, issuing one again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from events.attendance import records
from events.certificates import issue, jobs
from events.certificates.eligibility import earning, without
from events.certificates.text import sentences_of
from events.models import (
    Attendance,
    Certificate,
    CertificateKind,
    CertificateRules,
    Intervention,
    IssuingJob,
    LetterTold,
    Registration,
)
from members.models import Message
from rifess.base.dates import today_in_the_network
from rifess.portal.management.commands.daily import DAILY
from tests.make import (
    make_attendance,
    make_certificate,
    make_intervention,
    make_panel,
    make_person,
    make_registration,
    make_secretary,
    make_seminar,
    make_user,
)
from tests.refusals import refusal

pytestmark = pytest.mark.django_db
Kind = CertificateKind


def make_rules(seminar, **given):
    return CertificateRules.objects.create(seminar=seminar, **given)


def names_of(earned):
    return [each.name for each in earned.candidates]


def issue_all(seminar, kind=Kind.ATTENDANCE, **given):
    """Ask for them, and be the worker too."""
    job = jobs.start(seminar, kind, **given)
    issue.carry_out(job.pk)
    job.refresh_from_db()
    return job


def said_in(language, kind, seminar, **what):
    with translation.override(language):
        return issue.said_of(kind, seminar, issued_on=today_in_the_network(), **what)


def test_whoever_came_earns_one_and_whoever_did_not_is_told_apart():
    seminar = make_seminar()
    make_rules(seminar)
    make_attendance(seminar, name="Vino")
    make_registration(seminar, name="No vino")
    make_registration(seminar, name="Canceló", state="cancelled")

    earned = earning(seminar, Kind.ATTENDANCE)

    assert (names_of(earned), earned.too_little, [each.name for each in earned.absent]) == (["Vino"], [], ["No vino"])


@pytest.mark.parametrize(("at_least", "earns"), [(59, True), (60, True), (61, False)])
def test_minutes_are_asked_for_where_the_rules_say_so(at_least, earns):
    seminar = make_seminar()
    make_rules(seminar, measure="minutes", at_least=at_least)
    registration = make_registration(seminar)
    Attendance.objects.create(registration=registration, source="platform", minutes=60)

    earned = earning(seminar, Kind.ATTENDANCE)

    assert ([each.registration for each in earned.candidates], earned.too_little) == (
        ([registration], []) if earns else ([], [registration])
    )


def test_panels_are_asked_for_where_the_rules_say_so():
    seminar = make_seminar()
    make_rules(seminar, measure="panels", at_least=2)
    first, second = make_panel(seminar=seminar), make_panel(seminar=seminar)
    both, one = make_registration(seminar), make_registration(seminar)
    for registration, panel in [(both, first), (both, second), (one, first)]:
        Attendance.objects.create(registration=registration, panel=panel, source="door")

    earned = earning(seminar, Kind.ATTENDANCE)

    assert ([each.registration for each in earned.candidates], earned.too_little) == ([both], [one])


def test_without_rules_nobody_earns_one_for_attending():
    seminar = make_seminar()
    make_attendance(seminar)

    assert names_of(earning(seminar, Kind.ATTENDANCE)) == []
    assert refusal(jobs.start, seminar, Kind.ATTENDANCE) == "rules"


def test_nobody_is_certified_to_have_been_where_nobody_has_been_yet():
    coming = today_in_the_network() + timedelta(days=2)
    seminar = make_seminar(starts_on=coming, ends_on=coming)
    make_rules(seminar)
    make_attendance(seminar)

    assert refusal(jobs.start, seminar, Kind.ATTENDANCE) == "to_come"


def test_whoever_was_made_anonymous_earns_none():
    seminar = make_seminar()
    make_rules(seminar)
    registration = make_attendance(seminar)
    Registration.objects.filter(pk=registration.pk).update(name="", email="", anonymized_at=timezone.now())

    assert names_of(earning(seminar, Kind.ATTENDANCE)) == []


def test_whoever_took_the_floor_earns_one_however_often_and_whoever_listened_none():
    seminar = make_seminar()
    panel, person = make_panel(seminar=seminar, title="Compras"), make_person(name="Ana")
    for role in ("speaks", "moderates"):
        make_intervention(panel=panel, person=person, role=role)
    make_intervention(panel=panel, person=make_person(name="Oyente"), role="attends")
    make_intervention(panel=panel, collective="Delegaciones")

    [candidate] = earning(seminar, Kind.INTERVENTION).candidates

    said = said_in("en", Kind.INTERVENTION, seminar, **candidate.what)
    assert candidate.name == "Ana"
    assert said["details"] == ["Talk in the panel “Compras”", "Moderation in the panel “Compras”"]


def test_the_job_issues_to_all_who_earn_one_writes_to_each_and_says_how_many():
    seminar, secretary = make_seminar(), make_secretary()
    make_rules(seminar)
    people = [make_attendance(seminar), make_attendance(seminar)]

    job = issue_all(seminar, by=secretary)

    issued = list(Certificate.objects.order_by("pk"))
    assert {each.registration for each in issued} == {*people}
    assert {each.issued_by for each in issued} == {secretary}
    assert (job.total, job.issued, job.there_already, job.trouble, job.done_at is None) == (2, 2, 0, "", False)
    told = LetterTold.objects.filter(kind="certificate").values_list("about", "message__is_bulk")
    assert {*told} == {(each.code, True) for each in issued}
    assert all(f"/verificar/{each.code}/" in Message.objects.get(to=each.email).text for each in issued)


def test_issued_again_it_gives_nobody_a_second_one():
    seminar = make_seminar()
    make_rules(seminar)
    make_attendance(seminar)
    issue_all(seminar)
    late = make_attendance(seminar)

    job = issue_all(seminar)

    assert (job.issued, job.there_already) == (1, 1)
    assert Certificate.objects.filter(registration=late).count() == 1
    assert Certificate.objects.count() == Message.objects.count() == 2
    assert refusal(jobs.start, seminar, Kind.ATTENDANCE) == "nobody"


def test_a_job_done_twice_does_nothing_the_second_time():
    seminar = make_seminar()
    make_rules(seminar)
    make_attendance(seminar)
    job = issue_all(seminar)

    issue.carry_out(job.pk)

    assert Certificate.objects.count() == 1


def test_a_job_that_a_worker_left_is_finished_the_next_day_from_where_it_stopped():
    seminar, hours_ago = make_seminar(), timezone.now() - timezone.timedelta(hours=2)
    make_rules(seminar)
    make_attendance(seminar), make_attendance(seminar)
    job = jobs.start(seminar, Kind.ATTENDANCE)
    IssuingJob.objects.filter(pk=job.pk).update(asked_at=hours_ago, issued=1)
    issue.issue(seminar, Kind.ATTENDANCE, earning(seminar, Kind.ATTENDANCE).candidates[0])

    finished = issue.finish_what_was_left()

    job.refresh_from_db()
    assert (finished, issue.finish_what_was_left()) == (1, 0)
    assert issue.finish_what_was_left in [act for _name, act in DAILY]
    assert (Certificate.objects.count(), job.issued, job.there_already, job.done_at is None) == (2, 2, 0, False)


def test_one_that_another_worker_issues_in_the_same_moment_is_left_to_it(monkeypatch):
    seminar = make_seminar()
    make_rules(seminar)
    make_attendance(seminar)
    job = jobs.start(seminar, Kind.ATTENDANCE)
    issue.issue(seminar, Kind.ATTENDANCE, earning(seminar, Kind.ATTENDANCE).candidates[0])
    monkeypatch.setattr(issue, "without", as_it_was_a_moment_ago := lambda *given: given[2])

    issue.carry_out(job.pk)

    monkeypatch.undo()
    job.refresh_from_db()
    assert as_it_was_a_moment_ago and (Certificate.objects.count(), job.issued) == (1, 0)


def test_the_certificate_and_its_letter_are_both_there_or_neither(monkeypatch):
    seminar = make_seminar()
    make_rules(seminar)
    make_attendance(seminar, name="Quiroga")
    job = jobs.start(seminar, Kind.ATTENDANCE)
    monkeypatch.setattr(issue.send, "tell", lambda *given, **more: 1 / 0)

    issue.carry_out(job.pk)

    job.refresh_from_db()
    assert (Certificate.objects.count(), Message.objects.count(), job.issued) == (0, 0, 0)
    assert "Quiroga" in job.trouble and job.done_at


def test_nobody_is_written_to_when_the_secretariat_says_so():
    seminar = make_seminar()
    make_rules(seminar)
    make_attendance(seminar)

    issue_all(seminar, tells=False)

    assert (Certificate.objects.count(), Message.objects.count()) == (1, 0)


def test_a_person_with_an_account_is_told_in_its_language_and_one_without_is_not():
    seminar = make_seminar()
    panel = make_panel(seminar=seminar)
    reachable = make_person(name="Ana", user=make_user(email="ana@example.org", language="en"))
    for person in (reachable, make_person(name="Eva")):
        make_intervention(panel=panel, person=person)

    job = issue_all(seminar, Kind.INTERVENTION)

    [message] = Message.objects.all()
    assert job.issued == 2
    assert (message.to, message.language) == ("ana@example.org", "en")
    assert Certificate.objects.get(person=reachable).code in message.text


def test_whoever_organized_it_is_chosen_and_gets_one_once():
    seminar, person, other = make_seminar(), make_person(name="Ana"), make_person(name="Eva")

    jobs.issue_of_organization(seminar, [person], task="Interpretación", language="pt-br")
    [new] = jobs.issue_of_organization(seminar, [person, other])

    [first] = Certificate.objects.filter(person=person)
    assert (first.language, first.said["details"], new.person) == ("pt-br", ["Interpretación"], other)
    assert refusal(jobs.issue_of_organization, seminar, [person, other]) == "nobody"


@pytest.mark.parametrize("kind", [Kind.ATTENDANCE, Kind.ORGANIZATION])
def test_the_database_refuses_a_second_valid_one(kind):
    seminar = make_seminar()
    make_rules(seminar)
    if kind == Kind.ATTENDANCE:
        make_attendance(seminar)
        issue_all(seminar)
        again = lambda: issue.issue(seminar, kind, earning(seminar, kind).candidates[0])  # noqa: E731
    else:
        candidate = jobs.as_candidate(make_person())
        issue.issue(seminar, kind, candidate)
        again = lambda: issue.issue(seminar, kind, candidate)  # noqa: E731

    with pytest.raises(IntegrityError), transaction.atomic():
        again()


def test_the_database_refuses_one_without_a_name():
    certificate = make_certificate()
    certificate.name = ""

    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save()


def test_rules_ask_for_something():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rules(make_seminar(), at_least=0)


def test_what_is_printed_stays_when_the_seminar_and_its_rules_change():
    certificate = make_certificate(name="Ana")
    before = certificate.said
    certificate.seminar.title_es = "Otro título"
    certificate.seminar.save()
    certificate.seminar.certificate_rules.signed_by = "Otra persona"
    certificate.seminar.certificate_rules.save()
    Registration.objects.update(name="Otra")

    certificate.refresh_from_db()

    assert (certificate.said, certificate.name) == (before, "Ana")


def test_it_says_hours_minutes_and_panels_where_the_rules_say_so():
    seminar = make_seminar(title="Compras", place="Bogotá", format="in-person")
    total = issue.Total(minutes=125, panels=2, came=True)
    rules = make_rules(seminar, measure="minutes", at_least=60, hours=12)
    what = {"form": "in-person", "total": total, "panels": 3, "rules": rules}

    by_minutes = said_in("en", Kind.ATTENDANCE, seminar, **what)
    rules.measure, rules.hours = "panels", None
    by_panels = said_in("en", Kind.ATTENDANCE, seminar, **what)

    held = "Took part in Compras, held in Bogotá (5 and 6 September 2024)."
    assert sentences_of(by_minutes) == [held, "Length: 12 hours.", "Time attended: 2 h 5 min."]
    assert sentences_of(by_panels) == [held, "Panels attended: 2 of 3."]


def test_one_that_is_revoked_holds_no_more_and_only_once():
    certificate = make_certificate()

    issue.revoke(certificate, because="Un error")

    certificate.refresh_from_db()
    assert (certificate.revoked_because, Certificate.objects.valid().count()) == ("Un error", 0)
    assert refusal(issue.revoke, certificate, because="Otra vez") == "over"


def test_one_that_was_revoked_is_issued_again_by_hand_only():
    certificate = make_certificate()
    issue.revoke(certificate, because="Un error")
    candidates = earning(certificate.seminar, Kind.ATTENDANCE).candidates

    assert (len(candidates), without(certificate.seminar, Kind.ATTENDANCE, candidates)) == (1, [])
    new = issue.reissue(certificate)
    certificate.refresh_from_db()
    assert (new.replaces, certificate.revoked_because, [*Certificate.objects.valid()]) == (certificate, "Un error", [new])


def test_after_the_name_is_corrected_a_new_one_takes_its_place_and_they_are_told():
    old = make_certificate(name="Lukasz")
    Registration.objects.update(name="Łukasz")

    new = issue.reissue(Certificate.objects.get())

    old.refresh_from_db()
    assert (new.name, new.replaces, old.revoked_at is None, old.name) == ("Łukasz", old, False, "Lukasz")
    assert list(Certificate.objects.valid()) == [new]
    assert new.code in Message.objects.get().text
    assert refusal(issue.reissue, old) == "over"


def test_those_of_persons_are_issued_again_too():
    seminar, person = make_seminar(), make_person(name="Ana")
    make_intervention(panel=make_panel(seminar=seminar, title="Compras"), person=person)
    issue_all(seminar, Kind.INTERVENTION)
    jobs.issue_of_organization(seminar, [person], task="Interpretación", language="en")
    person.name = "Ana María"
    person.save()

    for certificate in list(Certificate.objects.all()):
        issue.reissue(certificate)

    now = Certificate.objects.valid().order_by("kind").values_list("kind", "name", "language")
    assert list(now) == [("intervention", "Ana María", "es"), ("organization", "Ana María", "en")]
    assert Certificate.objects.valid().get(kind="organization").said["details"] == ["Interpretación"]


def test_when_nobody_knows_any_more_whose_it_is_it_cannot_be_issued_again():
    certificate = make_certificate()
    Registration.objects.update(name="", email="", anonymized_at=timezone.now())
    Intervention.objects.all().delete()

    assert refusal(issue.reissue, Certificate.objects.get()) == "unknown"
    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_it_says_how_the_person_took_part_and_how_the_seminar_was_held():
    cases = {
        ("hybrid", "virtual", "Bogotá"): "Took part online in Compras, held in Bogotá and online",
        ("hybrid", "in-person", "Bogotá"): "Took part in person in Compras, held in Bogotá and online",
        ("hybrid", None, "Bogotá"): "Took part in Compras, held in Bogotá and online",
        ("hybrid", "virtual", ""): "Took part online in Compras, held in person and online",
        ("virtual", "virtual", ""): "Took part in Compras, held online",
        ("in-person", "in-person", "Bogotá"): "Took part in Compras, held in Bogotá",
        ("in-person", "virtual", "Bogotá"): "Took part online in Compras, held in Bogotá",
    }
    found = {}
    for held, form, place in cases:
        seminar = make_seminar(title="Compras", place=place, format=held)
        said = said_in("en", Kind.ATTENDANCE, seminar, form=form, total=issue.Total(came=True), panels=0, rules=None)
        found[held, form, place] = sentences_of(said)[0].partition(" (")[0]

    assert found == cases


def test_in_which_form_somebody_came_is_what_is_known_and_not_what_they_chose():
    found = []
    for sources in ([], ["platform"], ["door"], ["platform", "door"]):
        registration = make_registration(make_seminar(format="hybrid"), form="in-person")
        for source in sources:
            Attendance.objects.create(registration=registration, source=source)
        found.append(records.total_of(registration).form_of(registration))

    assert found == ["in-person", "virtual", "in-person", None]
