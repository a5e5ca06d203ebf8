"""What the portal keeps of a person: copied, erased, and not kept too long."""

import json
import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from events.models import (
    Alert,
    Certificate,
    ListedParticipant,
    PanelQuestion,
    PlatformList,
    Registration,
    RegistrationAttempt,
    SigningKey,
    Survey,
    SurveyResponse,
)
from events.models.registrations import SIGNER
from events.surveys.responses import answer
from members.models import (
    Application,
    ApplicationState,
    ContactDetails,
    DataRequest,
    DataRequestKind,
    DeclinedNotice,
    Delegate,
    Enquiry,
    Invitation,
    Message,
    MessageState,
    NameVariant,
    Person,
    User,
)
from members.notices import decline
from recordings.models import DocumentOpening
from rifess.base.models import FormerSlug
from rifess.base.personal_data import NAMELESS, Fate
from rifess.portal.personal_data import retention, subjects
from rifess.portal.personal_data.erasure import erase, foresee
from rifess.portal.personal_data.export import copy_of
from rifess.portal.personal_data.pages import SHOWN_OTHERWISE
from rifess.portal.personal_data.tables import TABLES
from tests.make import (
    make_alert,
    make_coming_seminar,
    make_consent,
    make_delegate,
    make_document,
    make_editor,
    make_institution,
    make_intervention,
    make_membership,
    make_person,
    make_recording,
    make_registration,
    make_secretary,
    make_seminar,
    make_user,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("copy and erasure reach every table"),
    pytest.mark.usefixtures("history_follows"),
]
MARKS = ("Quiroga", "quiroga", "5555 0001", "Clave secreta", "oficina de Quiroga")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def somebody():
    """A delegate who left a trace in every table that keeps one."""
    user = make_user(email="berta.quiroga@example.org", name="Berta Quiroga")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    person = Person.objects.create(
        name="Berta Quiroga",
        slug="berta-quiroga",
        biography_es="Vida de Quiroga",
        website="https://example.org/quiroga",
        user=user,
    )
    NameVariant.objects.create(person=person, name="B. Quiroga")
    ContactDetails.objects.create(person=person, phone="+52 5555 0001", position="Jefa de la oficina de Quiroga")
    seat = make_membership(institution=make_institution())
    make_delegate(person=person, membership=seat)
    Invitation.objects.create(email=user.email, person=person, membership=seat, role="titular")
    make_message(to="Berta.Quiroga@example.org", subject="Para Quiroga")
    Enquiry.objects.create(name="Berta Quiroga", email=user.email, text="Soy Quiroga", language="es")
    make_application(contact_email=user.email, contact_name="Berta Quiroga")
    DocumentOpening.objects.create(document=make_document(), number=1, user=user, name="Berta Quiroga", membership=seat)
    with set_actor(user):
        make_institution(name="Cambiada")
    return person


def make_message(**given):
    defaults = {"kind": "x", "to": "a@example.org", "language": "es", "subject": "x", "state": "sent", "sent_at": timezone.now()}
    return Message.objects.create(**defaults | given)


def make_application(**given):
    now = timezone.now()
    defaults = {
        "category": "observer",
        "institution_name": "Universidad",
        "kind": "academic",
        "work": "…",
        "reasons": "…",
        "contact_position": "Decana",
        "language": "es",
        "state": ApplicationState.RECEIVED,
        "confirmed_at": now,
    }
    return Application.objects.create(**defaults | given)


def everything_kept():
    """All that the database says, as one text."""
    from django.apps import apps

    rows = (f"{model.__name__} {row}" for model in apps.get_models() for row in model._base_manager.values())
    return "\n".join(str(row) for row in rows)


def test_a_copy_holds_what_is_kept_and_no_secret(somebody):
    user = somebody.user
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(user).get_unused_codes()
    make_consent(make_recording(), somebody)
    make_intervention(person=somebody)

    copy = json.dumps(copy_of(subjects.of_user(user)))

    for kept in ("berta.quiroga@example.org", "5555 0001", "Vida de Quiroga", "B. Quiroga", "Para Quiroga", "titular"):
        assert kept in copy
    for secret in ("JBSWY3DPEHPK3PXP", user.password, *codes):
        assert secret not in copy


def test_a_copy_holds_the_notes_of_the_secretariat_and_what_waits_to_be_confirmed(client):
    registration = make_registration(email="ana@example.org", notes="Pide intérprete")
    typed = {"name": "Ana Nueva", "institution_name": "Otra"}
    RegistrationAttempt.objects.create(registration=registration, typed=typed)

    copy = copy_of(subjects.of_address("ana@example.org"))

    assert copy["registrations"][0]["notes_of_the_secretariat"] == "Pide intérprete"
    assert [each["typed"] for each in copy["attempts"]] == [typed]


def test_the_page_of_an_account_shows_what_is_kept_without_the_accounts_of_others(somebody, client):
    secretary = make_secretary(email="clara.secretaria@example.org")
    make_registration(email=somebody.user.email, user=somebody.user, decided_by=secretary, notes="Pide intérprete")
    client.force_login(somebody.user)

    page = client.get(reverse("delegation:data"))

    shown, keys = page.content.decode(), {section.what for section in page.context["sections"]}
    assert "5555 0001" in shown and "Vida de Quiroga" in shown and {"Registrations for seminars", "Mandates"} <= keys
    assert secretary.email not in shown and "Pide intérprete" not in shown
    link = reverse("registration-data", args=[SIGNER.sign(Registration.objects.get().code)])
    assert secretary.email not in client.get(link).content.decode()


def test_no_page_shows_what_would_let_somebody_in():
    lets_in = re.compile(r"key|nonce|token|secret\b|password|signature|credential")
    shown = {
        f"{kept.model._meta.label}.{column.name}"
        for kept in TABLES
        for column in kept.model._meta.concrete_fields
        if lets_in.search(column.name) and column.name not in kept.hidden and not isinstance(column, SHOWN_OTHERWISE)
    }

    assert shown == {"members.Message.is_secret"}  # says that it lets in, and not how


def test_a_copy_of_an_account_without_a_person_is_given_too():
    assert copy_of(subjects.of_user(make_user()))["person"] is None


def test_the_copy_is_downloaded_and_written_down(somebody, client):
    client.force_login(somebody.user)

    answer = client.post(reverse("delegation:data-copy"))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.json()["account"]["email"] == "berta.quiroga@example.org"
    assert DataRequest.objects.get().kind == DataRequestKind.EXPORT


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_alone_downloads_nothing(method, somebody, client):
    client.force_login(somebody.user)

    assert getattr(client, method)(reverse("delegation:data-copy")).status_code == 405


def test_visitors_are_led_to_sign_in(client):
    for name in ("delegation:data", "delegation:data-copy"):
        assert client.post(reverse(name)).url.startswith(reverse("account_login"))


def test_erasure_is_asked_for_once_and_the_secretariat_hears_of_it(somebody, client):
    client.force_login(somebody.user)

    for _time in range(2):
        client.post(reverse("delegation:data"), {"words": "Por favor"})

    assert list(DataRequest.objects.values_list("kind", "person")) == [("erasure", somebody.pk)]
    assert Message.objects.filter(kind="erasure_asked", to=settings.SECRETARIAT_EMAIL).count() == 1


def test_whose_mandate_ended_still_reaches_their_data(client):
    user = make_user()
    make_delegate(user=user, ended_on=date(2024, 6, 1))
    client.force_login(user)

    assert client.get(reverse("delegation:data")).status_code == 200


def test_erasure_leaves_nothing_of_whom_nothing_public_names(somebody):
    erase(subjects.of_person(somebody))

    assert [row for row in everything_kept().splitlines() if any(mark in row for mark in MARKS)] == []
    assert Delegate.objects.get().person.name == NAMELESS
    assert not User.objects.filter(email__icontains="quiroga").exists()


def test_a_name_in_published_programmes_stays_and_the_rest_goes(somebody):
    said = make_intervention(person=somebody)

    erase(subjects.of_person(somebody))

    said.refresh_from_db()
    assert (said.person.name, said.person.biography_es) == ("Berta Quiroga", "")
    assert not User.objects.filter(email__icontains="quiroga").exists()
    assert "5555 0001" not in everything_kept()


def test_a_name_in_published_programmes_goes_when_that_is_decided(somebody, client):
    said = make_intervention(person=somebody, name_as_printed="Lcda. Quiroga")
    page = somebody.get_absolute_url()

    erase(subjects.without_public_name(subjects.of_person(somebody)))

    assert [mark for mark in MARKS if mark in everything_kept()] == []
    assert client.get(page).status_code == 404
    assert NAMELESS in client.get(said.panel.get_absolute_url()).content.decode()


def test_former_addresses_of_the_name_lead_nowhere(somebody):
    somebody.slug = "quiroga-berta"
    somebody.save()

    erase(subjects.of_person(somebody))

    assert not FormerSlug.objects.filter(slug__icontains="quiroga").exists()
    assert not FormerSlug.objects.filter(current__icontains="quiroga").exists()


def test_erasure_takes_no_address_that_another_person_has(somebody):
    other = make_person(name=f"Persona {somebody.pk}", slug=f"persona-{somebody.pk}")

    erase(subjects.without_public_name(subjects.of_person(somebody)))

    somebody.refresh_from_db()
    other.refresh_from_db()
    assert somebody.name == NAMELESS
    assert (somebody.slug.startswith("person-"), other.slug) == (True, f"persona-{somebody.pk}")


def test_the_preview_tells_what_the_erasure_does(somebody):
    make_consent(make_recording(), somebody)
    told = foresee(subjects.of_person(somebody))

    done = erase(subjects.of_person(somebody))

    assert done == told
    fates = {str(line.what): line.fate for line in told}
    assert fates["Account: addresses, password, second factor, sessions"] == Fate.DELETED
    assert fates["Consent to show recordings"] == Fate.KEPT
    assert fates["Name"] == Fate.ANONYMIZED


def test_sessions_of_an_erased_account_are_over(somebody, client):
    client.force_login(somebody.user)

    erase(subjects.of_person(somebody))

    assert client.get(reverse("delegation:data")).status_code == 302


def test_the_last_secretary_is_not_erased():
    user = make_secretary(email="quiroga@example.org")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    person = Person.objects.create(name="Quiroga", user=user)

    with pytest.raises(ValidationError) as refused:
        erase(subjects.of_person(person))

    assert refused.value.code == "last_secretary"
    assert User.objects.filter(pk=user.pk).exists()


def test_the_secretariat_erases_by_a_guided_page(somebody, client):
    asked = DataRequest.objects.create(kind=DataRequestKind.ERASURE, user=somebody.user, person=somebody, words="Soy Quiroga")
    client.force_login(make_secretary())
    address = reverse("admin:members_datarequest_erase", args=[asked.pk])

    shown = client.post(address, {"answer": "Hecho"}).context
    client.post(address, {"answer": "Hecho", "shown": shown["shown"]})

    asked.refresh_from_db()
    assert any("Invitations (1)" in line for line in shown["consequences"])
    assert (asked.answered_at is not None, asked.answer, asked.words) == (True, "Hecho", "")
    assert not User.objects.filter(email__icontains="quiroga").exists()


def test_the_page_of_erasure_answers_no_other_request(desk):
    now = timezone.now()
    asked = [
        DataRequest.objects.create(kind=DataRequestKind.EXPORT, email="copia@example.org"),
        DataRequest.objects.create(kind=DataRequestKind.ERASURE, email="fuera@example.org", answered_at=now, answer="Se borró"),
    ]
    for each in asked:
        address = reverse("admin:members_datarequest_erase", args=[each.pk])
        shown = desk.post(address, {"answer": "Otra cosa"}).context["shown"]

        assert desk.post(address, {"answer": "Otra cosa", "shown": shown}).status_code == 400
        before, after = each, DataRequest.objects.get(pk=each.pk)
        assert (after.email, after.answer, after.answered_at) == (before.email, before.answer, before.answered_at)


def test_editors_reach_no_personal_data(somebody, client):
    asked = DataRequest.objects.create(kind=DataRequestKind.ERASURE, user=somebody.user, person=somebody)
    client.force_login(make_editor())
    page = reverse("admin:members_datarequest_changelist")

    assert [client.get(address).status_code for address in (page, f"{page}{asked.pk}/erase/")] == [403, 403]


def old(days):
    return timezone.now() - timedelta(days=days)


def keep_some(days):
    """A row of each kind that is `days` old."""
    make_message(written_at=old(days))
    Enquiry.objects.create(name="A", email="a@example.org", text="x", language="es", answered_on=old(days).date())
    Invitation.objects.create(email="a@example.org", person=Person.objects.create(name="A"), role="editor", expires_at=old(days))
    contact = {"contact_email": "a@example.org", "contact_name": "A"}
    make_application(**contact, state="unconfirmed", confirmed_at=None, applied_at=old(days))
    make_application(**contact, state="accepted", decided_at=old(days))
    DocumentOpening.objects.create(document=make_document(), number=1, name="A", opened_at=old(days))
    day = old(days).date()
    past = make_seminar(starts_on=day, ends_on=day)
    make_registration(past, state="cancelled")
    SurveyResponse.objects.create(survey=Survey.objects.create(seminar=past), liked="Lo dicho")
    Enquiry.objects.create(name="A", email="a@example.org", text="x", language="es").delete()
    LogEntry.objects.filter(pk=LogEntry.objects.latest("pk").pk).update(timestamp=old(days))
    make_registration(make_coming_seminar(), state="unconfirmed", confirmed_at=None, written_at=old(days))
    Alert.objects.create(email=f"a{days}@example.org", asked_at=old(days))
    seminar = make_coming_seminar()
    DataRequest.objects.create(kind="export", email="a@example.org", confirmed_at=None, asked_at=old(days))
    DataRequest.objects.create(kind="export", answered_at=old(days))
    make_message(kind="erasure_done", written_at=old(min(days, 3)) if days > 6 else timezone.now())
    listed = PlatformList.objects.create(seminar=seminar, platform="zoom", file_name="a", fingerprint="a", brought_at=old(days))
    ListedParticipant.objects.create(list=listed, name="A")


def test_what_is_too_old_goes_and_what_is_not_stays():
    keep_some(days=6)
    assert sum(count for _rule, count in retention.apply()) == 0
    keep_some(days=731)

    done = {rule.name: count for rule, count in retention.apply()}

    assert done == dict.fromkeys(settings.RETENTION, 1)
    assert Application.objects.filter(contact_name="A", state="accepted").count() == 1
    assert sum(count for _rule, count in retention.apply()) == 0


def test_what_waits_for_an_answer_is_never_too_old():
    Enquiry.objects.create(name="A", email="a@example.org", text="x", language="es", received_at=old(5000))
    make_application(contact_email="a@example.org", contact_name="A", applied_at=old(5000))
    make_message(state=MessageState.WAITING, written_at=old(5000))

    assert sum(count for _rule, count in retention.foresee()) == 0


def test_the_command_says_what_it_would_do_and_does_it(capsys):
    keep_some(days=731)

    call_command("apply_retention", dry_run=True)
    assert Message.objects.count() == 2
    call_command("apply_retention")

    assert Message.objects.count() == 0
    assert "emails sent (after 365 days)" in capsys.readouterr().out


def test_what_is_forgotten_is_in_no_history_either():
    enquiry = Enquiry.objects.create(name="Quiroga", email="q@example.org", text="x", language="es", answered_on=old(731).date())
    key = enquiry.pk

    retention.apply()

    assert not LogEntry.objects.get_for_model(Enquiry).filter(object_pk=str(key)).exists()


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_the_privacy_page_says_the_days_that_hold(language, client):
    with translation.override(language):
        page = client.get(reverse("privacy")).content.decode()

    for name in ("messages", "enquiries", "unconfirmed_applications", "openings", "registrations", "unconfirmed_registrations"):
        assert f" {settings.RETENTION[name].days} d" in page


def test_a_seminar_published_by_an_erased_account_stays():
    user = make_secretary(email="quiroga@example.org")
    make_secretary()
    person = Person.objects.create(name="Quiroga", user=user)
    seminar = make_seminar(published_by=user)

    erase(subjects.of_person(person))

    seminar.refresh_from_db()
    assert seminar.is_published


def test_a_participant_becomes_anonymous_and_the_figures_stay():
    day = old(731).date()
    registration = make_registration(
        make_seminar(starts_on=day, ends_on=day), name="Quiroga", email="quiroga@example.org", needs="Lengua de señas"
    )
    question = PanelQuestion.objects.create(seminar=registration.seminar, registration=registration, text="¿Y?", language="es")
    certificate = make_certificate(registration)

    retention.apply()

    registration.refresh_from_db()
    kept = (registration.state, registration.country.code, registration.sector)
    assert (registration.name, registration.email, registration.needs) == ("", "", "")
    assert kept == ("confirmed", "UY", "government") and registration.anonymized_at
    question.refresh_from_db()
    certificate.refresh_from_db()
    assert (question.registration, question.shows_name) == (None, False)
    assert (certificate.name, certificate.email) == ("Quiroga", "")


def make_certificate(registration):
    key = SigningKey.objects.create(name="prueba", public="A" * 43)
    given = {"name": registration.name, "email": registration.email, "key": key, "credential": "x"}
    return Certificate.objects.create(seminar=registration.seminar, registration=registration, **given)


def test_whoever_is_erased_frees_the_seat_they_had_and_is_copied_before():
    seminar, user = make_coming_seminar(capacity=1), make_user(email="quiroga@example.org")
    person = Person.objects.create(name="Quiroga", user=user)
    registration = make_registration(seminar, user=user, name="Quiroga", email="Quiroga@example.org")
    waiting = make_registration(seminar, state="waiting", place_in_line=1)

    copy = copy_of(subjects.of_user(user))
    erase(subjects.of_person(person))

    registration.refresh_from_db()
    waiting.refresh_from_db()
    assert [each["number"] for each in copy["registrations"]] == [registration.code]
    assert (registration.name, registration.email, registration.state, waiting.state) == ("", "", "cancelled", "offered")
    assert not LogEntry.objects.get_for_model(Registration).filter(object_repr__contains="Quiroga").exists()


def test_news_notices_and_surveys_are_in_the_copy_and_go_with_the_person():
    """That they answered a survey is told; what they answered nobody can find, and it stays."""
    user = make_user(email="quiroga@example.org")
    person = Person.objects.create(name="Berta Quiroga", user=user)
    make_alert(email="Quiroga@example.org", country="UY", of_recordings=False), make_alert(email="eva@example.org")
    decline(user.pk, "minutes_circulated")
    registration = make_registration(make_seminar(), user=user, email=user.email)
    Survey.objects.create(seminar=registration.seminar)
    answer(registration, liked="Lo dicho")

    copy = copy_of(subjects.of_user(user))
    told = {each.what: (each.fate, each.count) for each in erase(subjects.of_person(person))}

    assert [(each["country"], each["of"]) for each in copy["alerts"]] == [("UY", ["seminars"])]
    assert (copy["notices_declined"], copy["registrations"][0]["answered_the_survey"]) == (["minutes_circulated"], True)
    assert "Lo dicho" not in json.dumps(copy)
    assert told["Subscriptions to email updates"] == told["Notifications turned off"] == (Fate.DELETED, 1)
    assert told["Surveys answered"] == (Fate.ANONYMIZED, 1)
    assert ([*Alert.objects.values_list("email", flat=True)], DeclinedNotice.objects.count()) == (["eva@example.org"], 0)
    assert SurveyResponse.objects.get().liked == "Lo dicho"
