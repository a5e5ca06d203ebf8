"""One of each table that tells of a person, and all that a portal keeps as one text: every column, and every file."""

import json
from datetime import date, datetime

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.context import set_actor
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from events.alerts import subscriptions
from events.models import (
    Attendance,
    Certificate,
    Consultation,
    ConsultationOption,
    LetterTold,
    ListedParticipant,
    PanelQuestion,
    PanelQuestionVote,
    PlatformList,
    PrintedPosition,
    RegistrationAnswer,
    RegistrationAttempt,
    RegistrationQuestion,
    SigningKey,
    Survey,
    SurveyTaken,
    Vote,
    VoteCast,
)
from members.models import (
    Application,
    ApplicationStep,
    ContactDetails,
    DataRequest,
    DeclinedNotice,
    Enquiry,
    InstitutionProposal,
    Invitation,
    MandateReminder,
    Message,
    MessageAttachment,
    NameVariant,
    ProposalTurn,
)
from recordings.models import DocumentOpening
from tests.make import (
    make_coming_seminar,
    make_consent,
    make_delegate,
    make_document,
    make_institution,
    make_intervention,
    make_membership,
    make_person,
    make_recording,
    make_registration,
    make_term,
    make_user,
)


def everything_kept():
    """Every column of every table that the database has, whoever made it, and every file with its name, in small letters."""
    names = [name for name in connection.introspection.table_names() if name != "django_migrations"]
    said = [json.dumps(row, default=_as_text, ensure_ascii=False) for name in names for row in _rows(name)]
    return "\n".join([*said, *_files("")]).lower()


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        columns = [column[0] for column in cursor.description]
        return [[table, *zip(columns, row, strict=True)] for row in cursor.fetchall()]


def _as_text(value):
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def remove_files():
    """Files outlive the transaction of a test."""
    for line in [*_files("")]:
        default_storage.delete(line.partition(" ")[0])


def _files(folder):
    folders, names = default_storage.listdir(folder) if not folder or default_storage.exists(folder) else ([], [])
    for name in names:
        with default_storage.open(f"{folder}{name}") as file:
            yield f"{folder}{name} {file.read().decode('utf-8', 'replace')}"
    for name in folders:
        yield from _files(f"{folder}{name}/")


def told_of(*marks):
    """The lines of all that is kept in which one of `marks` stands."""
    lines = everything_kept().splitlines()
    return [line[:300] for line in lines if any(mark.lower() in line for mark in marks)]


def leave_an_enquiry(email, name, words):
    Enquiry.objects.create(name=name, email=email, text=words, language="es")
    leave_messages(email, name, words)


def leave_messages(email, name, words, user=None):
    """A letter to the person, one of theirs to the secretariat, and one to somebody else that names them."""
    sent = {"kind": "x", "language": "es", "subject": name, "state": "sent", "sent_at": timezone.now()}
    to_them = Message.objects.create(**sent, to=email.upper(), to_name=name, text=words, html=words, user=user)
    MessageAttachment.objects.create(message=to_them, name="a.ics", content_type="text/calendar", content=words.encode())
    Message.objects.create(**sent, to="secretaria@rifess.example", reply_to=email, text=words)
    Message.objects.create(**sent, to="otra@example.org", text=f"Escribió {name} ({email}).", trouble=f"<{email}> refused")
    return to_them


def leave_an_application(email, name, words):
    application = Application(
        category="observer",
        institution_name="Universidad",
        kind="academic",
        work=words,
        reasons=words,
        contact_name=name,
        contact_position=words,
        contact_email=email,
        contact_phone=words[:40],
        language="es",
        state="declined",
        reason=f"Estimada {name}: no.",
        confirmed_at=timezone.now(),
        letter_name=f"{name}.pdf",
    )
    application.letter.save("carta.pdf", ContentFile(f"%PDF {words}".encode()), save=False)
    application.save()
    ApplicationStep.objects.create(application=application, state="declined", note=f"Estimada {name}: no.")
    leave_messages(email, name, words)


def leave_an_alert(email, **_others):
    subscriptions.confirm(subscriptions.ask(email, language="es"))


def leave_a_registration(email, name, words, user=None):
    """Somebody who registered, came, asked, answered, and got a certificate, with one attendance that was deleted since."""
    seminar = make_coming_seminar()
    given = {"email": email, "name": name, "user": user}
    registration = make_registration(seminar, **given, needs=words, position=words, institution_name=words, notes=words)
    question = RegistrationQuestion.objects.create(seminar=seminar, text_es="¿Qué?")
    RegistrationAnswer.objects.create(registration=registration, question=question, text=words)
    RegistrationAttempt.objects.create(registration=registration, typed={"name": name, "needs": words}, answers=[[1, words, []]])
    Attendance.objects.create(registration=registration, source="door")
    Attendance.objects.create(registration=registration, source="platform").delete()
    asked = PanelQuestion.objects.create(seminar=seminar, registration=registration, text=words, language="es")
    PanelQuestionVote.objects.create(question=asked, registration=registration)
    SurveyTaken.objects.create(survey=Survey.objects.create(seminar=seminar), registration=registration)
    listed = PlatformList.objects.create(seminar=seminar, platform="zoom", file_name="lista.csv", fingerprint=str(seminar.pk))
    ListedParticipant.objects.create(list=listed, name=name, email=email, registration=registration)
    ListedParticipant.objects.create(list=listed, name=name, email=email)
    LetterTold.objects.create(registration=registration, kind="confirm", message=leave_messages(email, name, words))
    key = SigningKey.objects.get_or_create(name="prueba", defaults={"public": "A" * 43})[0]
    given = {"name": "Como consta en el papel", "email": email, "key": key, "credential": "x"}
    Certificate.objects.create(seminar=seminar, registration=registration, **given)
    return registration


def leave_a_delegate(email, name, words):
    """A delegate whom nothing public names, with an account, and a row in every table that hangs on either."""
    user = make_user(email=email, name=name)
    address = EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    EmailConfirmation.objects.create(email_address=address, key=email)
    Authenticator.objects.create(user=user, type="totp", data={"secret": words})
    UserSession.objects.create(user=user, ip="203.0.113.9", session_key=email[:32], user_agent=words)
    person = make_person(name=name, user=user, biography_es=words, website="https://example.org/x")
    NameVariant.objects.create(person=person, name=f"Lic. {name}")
    ContactDetails.objects.create(person=person, phone=words[:40], position=words)
    seat = make_membership(category="observer")
    mandate = make_delegate(person=person, membership=seat)
    MandateReminder.objects.create(delegate=mandate, due_on=date(2027, 1, 1), days_before=30)
    Invitation.objects.create(email=email, person=person, membership=seat, role="titular")
    DeclinedNotice.objects.create(user=user, kind="consultation_result")
    proposal = InstitutionProposal.objects.create(
        kind="institution", membership=seat, mandate=mandate, made_by=user, institution=seat.institution
    )
    ProposalTurn.objects.create(proposal=proposal, by=user, state="draft")
    _leave_votes(user, mandate, seat)
    make_consent(make_recording(), person)
    DocumentOpening.objects.create(document=make_document(), number=1, user=user, name=name, membership=seat)
    DataRequest.objects.create(kind="erasure", user=user, person=person, email=email, words=words)
    leave_messages(email, name, words, user=user)
    leave_a_registration(email, name, words, user=user)
    with set_actor(user):
        make_institution(name="Cambiada")
    return person


def date_of(day):
    return timezone.make_aware(datetime(2024, 5, day))


def _leave_votes(user, mandate, seat):
    consultation = Consultation.objects.create(question_es="¿Sí?", opens_at=date_of(1), closes_at=date_of(2))
    option = ConsultationOption.objects.create(consultation=consultation, text_es="Sí", position=1)
    cast = {
        "consultation": consultation,
        "membership": seat,
        "mandate": mandate,
        "option": option,
        "by": user,
        "cast_at": date_of(1),
    }
    Vote.objects.create(**cast, role=mandate.role)
    VoteCast.objects.create(**cast, role=mandate.role)


def leave_a_public_person(person):
    """What is published and names `person`."""
    make_term(coordinator=person)
    intervention = make_intervention(person=person)
    PrintedPosition.objects.create(intervention=intervention, text_es="Directora", position=1)
