"""Every list of the desk asks the database as often for several rows as for one."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_countries import countries

from events.models import (
    Agreement,
    Alert,
    Certificate,
    Consultation,
    Intervention,
    Mailing,
    Panel,
    PanelQuestion,
    Registration,
    RegistrationQuestion,
    Seminar,
    TakingPart,
    Topic,
)
from members.models import (
    Application,
    CoordinationTerm,
    DataRequest,
    Delegate,
    Enquiry,
    Institution,
    Invitation,
    Membership,
    Message,
    Person,
    Proposal,
    User,
)
from recordings.models import Caption, Document, Recording, TrustedHost
from rifess.links.models import Address
from rifess.search.models import Concept
from tests import make
from tests.desk import address

pytestmark = pytest.mark.django_db
NUMBER = count(1)
COUNTRIES = iter(countries.countries)  # one seat a country
NOT_OURS = {"auth", "django_tasks_database", "auditlog"}
ONE_ROW_AT_MOST = {"SigningKey"}


def make_seat():
    """Of a country, of which one person is the delegate."""
    return make.make_membership(country=next(COUNTRIES), institution=make.make_institution())


def make_speech(panel=None):
    return make.make_intervention(panel=panel, positions=[("Directora", make.make_institution())])


def make_proposal():
    user = make.make_user()
    mandate = make.make_delegate(user=user, membership=make_seat())
    return Proposal.objects.create(
        kind="document", membership=mandate.membership, mandate=mandate, made_by=user, title=f"Informe {next(NUMBER)}"
    )


def make_consultation():
    return Consultation.objects.create(
        question_es="¿Se aprueba?", opens_at=timezone.now(), closes_at=timezone.now() + timedelta(days=next(NUMBER))
    )


def make_address():
    return Address.objects.create(url=f"https://pagina.example/{next(NUMBER)}")


ROWS = {
    Address: make_address,
    Agreement: lambda: Agreement.objects.create(
        number=f"2026/{next(NUMBER)}", dated_on=date(2026, 3, 2), institution=make.make_institution(), seminar=make.make_seminar()
    ),
    Alert: lambda: make.make_alert(topic=make.make_topic()),
    Application: lambda: Application.objects.create(
        category="observer",
        institution_name=f"Instituto {next(NUMBER)}",
        contact_name="Rosa",
        contact_email=f"rosa{next(NUMBER)}@example.org",
        language="es",
    ),
    Caption: lambda: make.make_caption(make.make_recording(panel=make.make_panel()), (0, 1, "Hola")),
    Certificate: make.make_certificate,
    Concept: lambda: Concept.objects.create(es=f"ahorro{next(NUMBER)}", en="savings"),
    Consultation: make_consultation,
    CoordinationTerm: lambda: make.make_term(
        institution=make.make_institution(), coordinator=make.make_person(), starts_on=date(2000 + next(NUMBER), 1, 1)
    ),
    DataRequest: lambda: DataRequest.objects.create(kind="copy", user=make.make_user(), person=make.make_person()),
    Delegate: lambda: make.make_delegate(membership=make_seat()),
    Document: lambda: make.make_version(make.make_document(url="", institution=make.make_institution())).document,
    Enquiry: lambda: Enquiry.objects.create(name="Ana", email="a@example.org", text="?", language="es"),
    Institution: make.make_institution,
    Intervention: make_speech,
    Invitation: lambda: Invitation.objects.create(
        email=f"i{next(NUMBER)}@example.org", person=make.make_person(), membership=make_seat()
    ),
    Mailing: lambda: Mailing.objects.create(seminar=make.make_coming_seminar(), subject_es="Hola", text_es="Hola"),
    Membership: make_seat,
    Message: lambda: Message.objects.create(to="a@example.org", subject="Hola", text="Hola"),
    Panel: lambda: make_speech().panel,
    PanelQuestion: lambda: PanelQuestion.objects.create(
        seminar=(panel := make.make_panel()).seminar,
        panel=panel,
        registration=make.make_registration(panel.seminar),
        text="¿Cómo?",
        language="es",
    ),
    Person: lambda: make.make_person(user=make.make_user()),
    Proposal: make_proposal,
    Recording: lambda: make.make_recording(panel=make_speech().panel, url=f"https://videos.example.org/{next(NUMBER)}"),
    Registration: lambda: make.make_registration(institution=make.make_institution()),
    RegistrationQuestion: lambda: RegistrationQuestion.objects.create(seminar=make.make_coming_seminar(), text_es="¿Qué espera?"),
    Seminar: lambda: make_speech().panel.seminar,
    TakingPart: lambda: TakingPart.objects.get(pk=make.make_registration().seminar_id),
    Topic: make.make_topic,
    TrustedHost: lambda: make.make_trusted(f"videos{next(NUMBER)}.example.org"),
    User: make.make_user,
}


@pytest.fixture
def desk(client):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    return client


def queries(desk, url):
    """What a page asks; its session, which is kept now and then, is no part of it."""
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(url).status_code == 200, url
    said = [query["sql"] for query in asked]
    return [each for each in said if each.startswith("SELECT") and "django_session" not in each]


def test_every_model_of_the_desk_has_rows_here():
    ours = {model for model in admin.site._registry if model._meta.app_label not in NOT_OURS}

    assert {model.__name__ for model in ours - ROWS.keys()} == ONE_ROW_AT_MOST


def test_lists_ask_as_often_for_four_rows_as_for_one(desk):
    more = {}
    for model, make_row in ROWS.items():
        make_row()
        queries(desk, address(model, "changelist"))  # content types and permissions are remembered
        for_one = queries(desk, address(model, "changelist"))
        for _n in range(3):
            make_row()
        for_four = queries(desk, address(model, "changelist"))
        if len(for_four) > len(for_one):
            more[model.__name__] = (len(for_one), len(for_four), [each[:150] for each in for_four[-6:]])

    assert more == {}
