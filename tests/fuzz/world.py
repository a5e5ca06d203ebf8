"""A portal with rows behind as many addresses as the builders can make, and a session for each role."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone, translation

from events.alerts import subscriptions
from events.consultations.voting import add_usual_options
from events.models import (
    Agreement,
    Consultation,
    JoinLink,
    Mailing,
    PanelQuestion,
    QuestionKind,
    RegistrationQuestion,
    RegistrationTerms,
    SeminarKind,
    Stream,
    Survey,
)
from events.registration import workflow
from members.applications import apply
from members.enquiries import receive
from members.invitations import invite
from members.models import Application, Audience, DataRequest, Enquiry, InstitutionProposal, Invitation, Person
from rifess.base.models import FormerSlug
from tests import make

VISITOR, DELEGATE, SECRETARY = ROLES = ("visitor", "delegate", "secretary")


def build():
    """Fill the database; return the session key of each role, with None for the visitor."""
    with translation.override("es"):
        delegate = make.make_delegate_user()
        _the_record()
        _a_meeting()
        _coming_seminar()
        _what_is_decided(delegate)
        _what_is_sent(make.make_secretary())
        return {VISITOR: None, DELEGATE: _session(delegate), SECRETARY: _session(make.make_secretary())}


def _session(user):
    client = Client()
    client.force_login(user)
    return client.session.session_key


def _the_record():
    """A past seminar with everything that remains of it."""
    make.make_trusted("medios.example")
    topic = make.make_topic(name="Cooperativas")
    institution = make.make_institution(country="UY", website="https://instituto.example/")
    make.make_term(institution=institution)
    panel = make.make_panel(title="Mesa de apertura")
    panel.topics.add(topic)
    said = make.make_intervention([("Directora", institution)], panel=panel)
    recording = make.make_recording("https://medios.example/a.mp4", panel=panel, duration=timedelta(minutes=30))
    make.make_clip(recording, said, 0, 30)
    make.make_chapter(recording, 10, "Comienzo")
    make.make_caption(recording, (0, 2, "hola"), (3, 9, "bienvenidas todas"))
    make.make_consent(recording, said.person)
    make.make_version(make.make_document(url="", seminar=panel.seminar))
    make.make_document()
    make.make_dead("https://instituto.example/")
    for of_one in range(6):  # 60 people: their list has a second page, and no page of the desk has a form for each of them
        panel_of_ten = make.make_panel()
        for number in range(10):
            make.make_intervention(panel=panel_of_ten, person=make.make_person(name=f"Ponente {of_one}{number}"))
    FormerSlug.objects.create(kind=Person.slug_kind(), slug="antes", current=said.person.slug)
    make.make_certificate(make.make_attendance(panel.seminar))


def _a_meeting():
    held = {"kind": SeminarKind.MEETING, "audience": Audience.MEMBERS}
    meeting = make.make_coming_seminar(days=5, **held)
    JoinLink.objects.create(seminar=meeting, join_url="https://sala.example/a")


def _coming_seminar():
    """One that is on today, with a registration in each of several states, a question, a stream and a survey."""
    seminar = make.make_coming_seminar(days=0, capacity=2, title="Seminario en curso")
    panel = make.make_panel(seminar=seminar, held_on=seminar.starts_on)
    Stream.objects.create(seminar=seminar, url="https://medios.example/vivo")
    Survey.objects.create(seminar=seminar)
    for kind in QuestionKind.values:
        question = RegistrationQuestion.objects.create(seminar=seminar, kind=kind, text_es="¿Qué prefiere?")
        question.options.create(position=1, text_es="Uno"), question.options.create(position=2, text_es="Dos")
    registration = make.make_registration(seminar)
    make.make_registration(seminar, state="to-approve")
    make.make_registration(seminar, state="waiting", place_in_line=1)
    PanelQuestion.objects.create(
        seminar=seminar, panel=panel, registration=registration, text="¿Por qué?", language="es", asked_at=timezone.now()
    )
    Mailing.objects.create(seminar=seminar, subject_es="Material", text_es="Está en línea.")


def _what_is_decided(delegate):
    now, mandate = timezone.now(), delegate.person.mandates.get()
    days = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9), "published_at": now}
    add_usual_options(Consultation.objects.create(question_es="¿Se aprueba?", **days))
    Agreement.objects.create(number="2026/1", dated_on=now.date(), title_es="Acuerdo", audience=Audience.MEMBERS)
    about = {"membership": mandate.membership, "mandate": mandate, "made_by": delegate, "institution": make.make_institution()}
    for state in ("draft", "submitted"):
        InstitutionProposal.objects.create(kind="institution", state=state, submitted_at=now, **about)
    DataRequest.objects.create(person=delegate.person, kind=DataRequest._meta.get_field("kind").choices[0][0])


def _what_is_sent(secretary):
    """Acts that write a letter with a signed address in it."""
    seat = make.make_membership(country="AR")
    invite(Invitation(email="ana@example.org", person=make.make_person(), membership=seat, role="titular"), by=secretary)
    contact = {"contact_name": "Eva", "contact_position": "Rectora", "contact_email": "eva@example.org"}
    wishes = {"kind": "academic", "website": "https://universidad.example", "work": "Estudios", "reasons": "Colaborar"}
    apply(Application(category="partner", institution_name="Universidad", language="es", **wishes, **contact))
    receive(Enquiry(name="Eva", email="eva@example.org", text="¿Cuándo es?"))
    subscriptions.ask("lectora@example.org", language="es")
    subscriptions.confirm(subscriptions.ask("lector@example.org", language="es"))
    terms = RegistrationTerms.objects.exclude(seminar__kind=SeminarKind.MEETING).first()
    workflow.register(
        terms.seminar, form="virtual", email="luz@example.org", name="Luz", country="UY", sector="government", language="es"
    )
