"""The certificates at the secretariat's desk: who earns one, having them issued, revoking, issuing again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.certificates import jobs
from events.models import Certificate, CertificateRules, IssuingJob, Registration, TakingPart
from members.models import Message
from tests.desk import address
from tests.make import (
    make_attendance,
    make_certificate,
    make_editor,
    make_intervention,
    make_panel,
    make_person,
    make_registration,
    make_secretary,
    make_seminar,
)

pytestmark = pytest.mark.django_db


def make_seminar_with_rules(**rules):
    seminar = make_seminar()
    CertificateRules.objects.create(seminar=seminar, **rules)
    return seminar


def page_of(seminar, *more, name="certificates"):
    return reverse(f"admin:events_takingpart_{name}", args=[seminar.pk, *more])


def do(desk, url, **answers):
    """Answer what an act asks, read what will happen, and press its button. The sentences it showed, and the answer."""
    shown = desk.post(url, answers)
    assert shown.status_code == 200, shown.context["errors"]
    return shown.context["consequences"], desk.post(url, answers | {"shown": shown.context["shown"]})


def test_the_page_says_who_earns_one_who_has_it_and_who_does_not(desk):
    seminar = make_seminar_with_rules(measure="minutes", at_least=60)
    make_attendance(seminar, name="Poco")
    make_registration(seminar)
    registration = make_registration(seminar)
    registration.attendances.create(source="platform", minutes=90)
    make_certificate(registration)
    make_intervention(panel=make_panel(seminar=seminar))

    page = desk.get(page_of(seminar))

    rows = [(each["kind"].value, len(each["found"].candidates), each["valid"], each["missing"]) for each in page.context["kinds"]]
    assert rows == [("attendance", 1, 1, 0), ("intervention", 1, 0, 1), ("organization", 0, 0, 0)]
    assert "Poco" in page.content.decode()


def test_the_page_asks_no_more_for_three_people_than_for_one(desk):
    def queries():
        with CaptureQueriesContext(connection) as found:
            desk.get(page_of(seminar))
        return len(found)

    def more_people():
        make_certificate(make_attendance(seminar))
        make_attendance(seminar), make_registration(seminar), make_intervention(panel=make_panel(seminar=seminar))

    seminar = make_seminar_with_rules()
    more_people()
    queries()  # the first time, permissions and content types are remembered
    for_few = queries()
    more_people(), more_people()

    assert queries() == for_few


def test_what_will_happen_is_said_before_a_worker_issues_them(desk, django_capture_on_commit_callbacks):
    seminar = make_seminar_with_rules(measure="minutes", at_least=60)
    make_attendance(seminar, name="Poco")
    make_registration(seminar)
    for _person in range(2):
        make_registration(seminar).attendances.create(source="platform", minutes=90)
    make_certificate(Registration.objects.order_by("-pk")[0])

    with django_capture_on_commit_callbacks(execute=True):
        said, answer = do(desk, page_of(seminar, name="certificates-attendance"), tell="on")

    sentences = " ".join(said)
    assert all(words in sentences for words in ("Poco",)) and len(said) == 6
    assert answer.url == page_of(seminar)
    job = IssuingJob.objects.get()
    assert (job.total, job.issued, job.there_already, job.sends_mail) == (2, 1, 1, True)
    assert Message.objects.count() == 1
    assert "1" in desk.get(page_of(seminar)).content.decode()


def test_names_that_the_paper_cannot_show_are_said_before_anything_is_issued(desk):
    seminar = make_seminar_with_rules()
    for name in ("Ana Núñez", "Đặng Thị", "Ана Петрова", "李小龍", "Σωκράτης"):
        make_attendance(seminar, name=name)

    shown = desk.post(page_of(seminar, name="certificates-attendance"), {"tell": "on"}).context["consequences"]

    assert [each for each in shown if "李小龍" in each and "Ana" not in each and "Σ" not in each]


def test_titles_places_and_signers_that_the_paper_cannot_show_are_said_too(desk):
    seminar = make_seminar(title="Economía 社会", place="Sala 北京", format="in-person")
    CertificateRules.objects.create(seminar=seminar, signed_by="李小龍", signed_as="Secretaría 🎓")
    panel = make_panel(seminar=seminar, title="Mesa 団結")
    make_intervention(panel=panel, person=make_person(name="Ana"))
    make_attendance(seminar, name="Ana")
    organizer = make_person(name="Eva")
    asked = {
        "certificates-attendance": ({}, ["Economía 社会", "北京", "李小龍", "🎓"]),
        "certificates-intervention": ({}, ["Economía 社会", "団結"]),
        "certificates-organization": ({"people": [organizer.pk], "task": "通訳", "language": "es"}, ["通訳"]),
    }
    said = {}

    for name, (answers, texts) in asked.items():
        shown = desk.post(page_of(seminar, name=name), answers).context["consequences"]
        [sentence] = [each for each in shown if "recuadros" in each]
        said[name] = [text for text in texts if text not in sentence]

    assert said == dict.fromkeys(asked, [])


def test_without_rules_the_act_says_so_and_issues_none(desk):
    seminar = make_seminar()
    make_attendance(seminar)

    _said, answer = do(desk, page_of(seminar, name="certificates-attendance"))

    assert (answer.status_code, IssuingJob.objects.count()) == (400, 0)


def test_interventions_are_issued_and_organizers_chosen(desk, django_capture_on_commit_callbacks):
    seminar, person = make_seminar(), make_person(name="Ana")
    make_intervention(panel=make_panel(seminar=seminar), person=person)

    with django_capture_on_commit_callbacks(execute=True):
        do(desk, page_of(seminar, name="certificates-intervention"))
    do(desk, page_of(seminar, name="certificates-organization"), people=[person.pk], language="pt-br", task="Interpretação")

    kinds = Certificate.objects.order_by("kind").values_list("kind", "name", "language")
    assert list(kinds) == [("intervention", "Ana", "es"), ("organization", "Ana", "pt-br")]


def test_a_job_that_a_worker_left_is_gone_on_with(desk, django_capture_on_commit_callbacks):
    seminar = make_seminar_with_rules()
    make_attendance(seminar)
    job = jobs.start(seminar, "attendance")
    url = page_of(seminar, job.pk, name="certificates_go_on")

    with django_capture_on_commit_callbacks(execute=True):
        answers = [desk.get(url).status_code, desk.post(url).status_code]

    job.refresh_from_db()
    assert (answers, job.issued, job.done_at is None) == ([404, 302], 1, False)


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_a_sample_is_shown_in_each_language(desk, language):
    seminar = make_seminar()

    papers = [desk.get(page_of(seminar, kind, language, name="certificate_sample")) for kind in ("attendance", "organization")]

    assert [paper.content[:5] for paper in papers] == [b"%PDF-"] * 2
    assert desk.get(page_of(seminar, "doctorate", language, name="certificate_sample")).status_code == 404


def test_one_is_revoked_for_a_reason(desk):
    certificate = make_certificate()

    do(desk, address(certificate).replace("/change/", "/revoke/"), because="Un error")

    certificate.refresh_from_db()
    assert (certificate.revoked_at is None, certificate.revoked_because) == (False, "Un error")
    assert [str(act["route"]) for act in desk.get(address(certificate)).context["acts"]] == ["admin:events_certificate_reissue"]


def test_one_is_issued_again_after_the_name_is_corrected(desk):
    certificate = make_certificate(name="Lukasz")
    Registration.objects.update(name="Łukasz")

    said, answer = do(desk, address(certificate).replace("/change/", "/reissue/"), tell="on")

    new = Certificate.objects.valid().get()
    assert "Łukasz" in said[0] and answer.url == address(new)
    assert (new.name, new.replaces, Message.objects.count()) == ("Łukasz", certificate, 1)


def test_the_list_tells_those_that_hold_from_the_others(desk):
    held, old = make_certificate(), make_certificate()
    old.revoked_at = old.issued_at
    old.save()

    pages = [desk.get(address(Certificate, "changelist"), {"state": state}) for state in ("valid", "revoked", "replaced")]

    assert [[*page.context["cl"].result_list] for page in pages] == [[held], [old], []]


def test_nothing_is_written_into_one_by_hand(desk):
    certificate = make_certificate(name="Ana")

    desk.post(address(certificate), {"name": "Otra", "code": "AAAA"})

    certificate.refresh_from_db()
    assert certificate.name == "Ana"


@pytest.mark.parametrize("who", [make_editor, lambda: make_secretary(second_factor=False), None])
def test_nobody_else_comes_to_any_of_it(client, who):
    certificate = make_certificate()
    seminar = TakingPart.objects.get(pk=certificate.seminar_id)
    if who:
        client.force_login(who())

    doors = [page_of(seminar), page_of(seminar, "attendance", "es", name="certificate_sample")]
    doors += [page_of(seminar, name=f"certificates-{kind}") for kind in ("attendance", "intervention", "organization")]
    doors += [address(certificate), address(certificate).replace("/change/", "/revoke/"), address(Certificate, "changelist")]
    answers = {client.get(door).status_code for door in doors}

    assert 200 not in answers and 404 not in answers


def test_an_editor_sets_no_job_going_on(client):
    seminar = make_seminar_with_rules()
    make_attendance(seminar)
    job = jobs.start(seminar, "attendance")
    client.force_login(make_editor())

    assert client.post(page_of(seminar, job.pk, name="certificates_go_on")).status_code == 403


def test_before_a_certificate_is_issued_again_it_is_said_that_the_paper_cannot_show_the_name(desk):
    certificate = make_certificate(make_attendance(make_seminar_with_rules(), name="Li Xiaolong"))
    Registration.objects.update(name="李小龍")

    shown = desk.post(reverse("admin:events_certificate_reissue", args=[certificate.pk]), {"tell": "on"}).context["consequences"]

    assert any("李小龍" in each and "letras latinas" in each for each in shown)
