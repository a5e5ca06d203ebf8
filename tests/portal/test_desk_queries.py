"""Every list and every page of the desk asks the database as often for several rows as for one."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import count

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.auth.models import Group
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
    LetterTold,
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
from rifess.base.admin.deletion import MOST_NAMED
from rifess.base.admin.pages import MOST_OFFERED, LatestRelated
from rifess.base.models import Language
from rifess.links.models import Address
from rifess.portal import admin_site
from rifess.search.models import Concept
from tests import make
from tests.desk import address

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("lists of the desk are searched and counted"),
    pytest.mark.usefixtures("history_follows"),
]
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
    """One in which members vote."""
    now = timezone.now()
    moments = {"published_at": now, "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=next(NUMBER))}
    return Consultation.objects.create(question_es="¿Se aprueba?", **moments)


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
        email=f"i{next(NUMBER)}@example.org", person=make.make_person(), membership=make_seat(), role="titular"
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


def make_invited(seminar):
    seminar.invitations.create(membership=make_seat())


def make_whole_recording(seminar):
    make.make_recording(
        url=f"https://videos.example.org/{next(NUMBER)}",
        seminar=seminar,
        panel=make_speech(make.make_panel(seminar=seminar)).panel,
    )


def make_file_of(seminar):
    make.make_version(make.make_document(url="", seminar=seminar, institution=make.make_institution()), pdf_of_its_own())


def pdf_of_its_own():
    return make.PDF + f"% {next(NUMBER)}".encode()


def make_heard(recording):
    speech = make_speech(recording.panel)
    make.make_clip(recording, speech, start=next(NUMBER))
    make.make_consent(recording, speech.person, document=make.make_document())


def make_vote(consultation):
    mandate = make.make_delegate(membership=make_seat(), user=make.make_user())
    option = consultation.options.first() or consultation.options.create(text_es="Sí", meaning="for", position=1)
    mandated = {"membership": mandate.membership, "mandate": mandate, "role": mandate.role, "cast_at": timezone.now()}
    consultation.log.create(option=option, **mandated)


def make_answered(registration):
    question = make.make_question(registration.seminar, "Sí", "No", position=next(NUMBER))
    make.make_answer(registration, question, "Sí")


def make_letter(registration):
    message = Message.objects.create(to="a@example.org", subject="Hola", text="Hola")
    LetterTold.objects.create(registration=registration, kind="reminder", about=str(next(NUMBER)), message=message)


def make_channel(seminar):
    used = seminar.channels.values("language")
    seminar.channels.create(language=Language.objects.exclude(pk__in=used)[0], note_es="Canal")


# What is written on a record's page below it: for each model of rows, how one more is made.
BELOW = {
    Address: {"Check": lambda row: row.checks.create(checked_at=timezone.now(), outcome="works")},
    Agreement: {"AgreementNote": lambda row: row.notes.create(noted_on=date(2026, 3, 3), text="Se hizo.")},
    Consultation: {
        "ConsultationOption": lambda row: row.options.create(text_es="Sí", meaning="for", position=next(NUMBER)),
        "VoteCast": make_vote,
    },
    Document: {"DocumentVersion": lambda row: make.make_version(row, pdf_of_its_own())},
    Intervention: {
        "PrintedPosition": lambda row: row.positions.create(
            text_es="Directora", institution=make.make_institution(), country="UY", position=next(NUMBER)
        )
    },
    Membership: {"Delegate": lambda row: make.make_delegate(membership=row, role="technical")},
    Panel: {
        "Intervention": make_speech,
        "PanelInstitution": lambda row: row.institutions.create(institution=make.make_institution()),
    },
    Person: {"NameVariant": lambda row: row.variants.create(name=f"Ana {next(NUMBER)}")},
    Recording: {
        "Source": lambda row: row.sources.create(url=f"https://videos.example.org/{next(NUMBER)}", position=next(NUMBER)),
        "Clip": make_heard,
        "Consent": make_heard,
        "Chapter": lambda row: make.make_chapter(row, next(NUMBER), "Apertura"),
        "Caption": lambda row: make.make_caption(row, (0, 1, "Hola"), kind="translation", language=f"x-{next(NUMBER)}"),
    },
    Registration: {
        "RegistrationAnswer": make_answered,
        "Attendance": lambda row: row.attendances.create(panel=make.make_panel(seminar=row.seminar), source="door"),
        "LetterTold": make_letter,
    },
    RegistrationQuestion: {"RegistrationOption": lambda row: row.options.create(text_es="Sí", position=next(NUMBER))},
    Seminar: {
        "SeminarInstitution": lambda row: row.institutions.create(institution=make.make_institution()),
        "Panel": lambda row: make_speech(make.make_panel(seminar=row)),
        "SeminarInvitation": make_invited,
        "Recording": make_whole_recording,
        "Document": make_file_of,
    },
    TakingPart: {
        "RegistrationQuestion": lambda row: make.make_question(row, "Sí", "No", position=next(NUMBER)),
        "InterpretationChannel": make_channel,
    },
}
ONE_ROW = {"JoinLink", "Stream", "RegistrationTerms", "CertificateRules", "Survey", "Seats", "Certificate"}


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


def test_filters_offer_only_the_latest_related_rows_and_the_one_asked_for(desk):
    seminars = [make.make_seminar(starts_on=date(2020, 1, 1) + timedelta(days=n), ends_on=None) for n in range(MOST_OFFERED + 2)]
    panels = [make.make_panel(seminar=seminar) for seminar in seminars]

    latest = desk.get(address(Panel, "changelist")).context["cl"]
    oldest = desk.get(address(Panel, "changelist"), {"seminar__id__exact": seminars[0].pk}).context["cl"]

    assert offered(latest, "seminar") == {seminar.pk for seminar in seminars[2:]}
    assert offered(oldest, "seminar") == {seminar.pk for seminar in [seminars[0], *seminars[2:]]}
    assert list(oldest.result_list) == [panels[0]]


def offered(change_list, column):
    """The keys of related rows that the filter by `column` offers."""
    found = [each for each in change_list.filter_specs if isinstance(each, LatestRelated) and each.field_path == column]
    return {key for key, _label in found[0].lookup_choices}


def test_no_filter_of_the_desk_offers_every_row_of_a_table_that_grows():
    small = {"Topic", "Language", "Group"}
    plain = [
        (model._meta.label, each)
        for model, page in admin.site._registry.items()
        for each in page.list_filter
        if isinstance(each, str) and (column := get_fields_from_path(model, each)[-1]).is_relation
        if column.related_model.__name__ not in small
    ]
    by_class = [each for page in admin.site._registry.values() for each in page.list_filter if isinstance(each, tuple)]

    assert plain == []
    assert {each for _column, each in by_class} == {LatestRelated, admin.EmptyFieldListFilter}


def test_every_kind_of_rows_below_a_record_is_tried_here(rf):
    request = rf.get("/")
    request.user = make.make_user(is_staff=True, is_superuser=True)
    below = {
        model: {inline.model.__name__ for inline in page.get_inline_instances(request, ROWS[model]())} - ONE_ROW
        for model, page in admin.site._registry.items()
        if model in ROWS
    }

    assert {model: rows for model, rows in below.items() if rows} == {model: {*rows} for model, rows in BELOW.items()}


def test_pages_ask_as_often_for_four_rows_below_as_for_one(desk):
    more = {}
    for model, kinds in BELOW.items():
        row = ROWS[model]()
        for make_below in kinds.values():
            make_below(row)
        queries(desk, address(row))  # content types and permissions are remembered
        for_one = queries(desk, address(row))
        for _n in range(3):
            for make_below in kinds.values():
                make_below(row)
        for_four = queries(desk, address(row))
        if len(for_four) > len(for_one):
            more[model.__name__] = (len(for_one), len(for_four), repeated(for_four))

    assert more == {}


def repeated(asked):
    """The statements that are asked most often, each once."""
    found = Counter(re.sub(r"\d+", "N", each.partition(" FROM ")[2])[:200] for each in asked)
    return [f"{times}× {statement}" for statement, times in found.most_common(8) if times > 1]


def test_forms_that_are_sent_begin_with_the_row_locked(rf):
    """Of two transactions at one record the second saves what the first one left: a form of the desk saves all columns."""
    request, loose = rf.post("/"), []
    request.user = make.make_user(is_staff=True, is_superuser=True)
    shown = {Application: {"state": "received", "confirmed_at": timezone.now()}}
    for model in ROWS.keys() - {Proposal}:  # those are rows of two tables, made by their kind
        row = ROWS[model]()
        model.objects.filter(pk=row.pk).update(**shown.get(model, {"id": row.pk}))
        with CaptureQueriesContext(connection) as asked:
            found = admin.site._registry[model].get_object(request, str(row.pk))
        is_locked = any(query["sql"].endswith(" FOR NO KEY UPDATE") for query in asked)
        if not found or is_locked != connection.features.has_select_for_update:  # SQLite has one writer at a time
            loose.append(model.__name__)

    assert loose == []


def test_pages_that_ask_before_deleting_ask_as_often_for_four_rows_below_as_for_one(desk):
    more = {}
    for model, kinds in BELOW.items():
        row = ROWS[model]()
        for make_below in kinds.values():
            make_below(row)
        page = address(row).replace("/change/", "/delete/")
        if desk.get(page).status_code == 403:  # never deleted
            continue
        for_one = queries(desk, page)
        for _n in range(3):
            for make_below in kinds.values():
                make_below(row)
        for_four = queries(desk, page)
        if len(for_four) > len(for_one):
            more[model.__name__] = (len(for_one), len(for_four), repeated(for_four))

    assert more == {}


def test_a_page_that_asks_before_deleting_names_the_first_rows_and_counts_all(desk, monkeypatch):
    seminar = make.make_seminar()
    for _n in range(MOST_NAMED):
        seminar.panels.create(title_es="Mesa", position=next(NUMBER))

    page = desk.get(address(seminar).replace("/change/", "/delete/"))

    shown = page.content.decode()
    assert (shown.count(">Mesa<"), page.context["deleted_objects"][1].count("")) == (MOST_NAMED - 1, 1)
    assert "más" in shown.partition('id="deleted-objects"')[2].partition("</ul>\n")[2]


def test_an_action_of_a_list_is_done_to_so_many_rows_at_most(desk, monkeypatch):
    monkeypatch.setattr(admin_site, "MOST_AT_ONCE", 1)
    whole = {"action": "publish", "_selected_action": make.make_recording().pk, "select_across": "1"}
    first = desk.post(address(Recording, "changelist"), whole)
    Recording.objects.update(published_at=None)
    make.make_recording(published_at=None)

    refused = desk.post(address(Recording, "changelist"), whole, follow=True)
    again = desk.post(address(Message, "changelist"), whole | {"action": "try_again"}, follow=True)

    assert first.status_code == 302 and not Recording.objects.exclude(published_at=None).exists()
    assert [said.level_tag for said in refused.context["messages"]] == ["success", "error"]
    assert [said.level_tag for said in again.context["messages"]] == ["warning"]  # it would be done to any number


@pytest.mark.parametrize("model", [Group, LogEntry, Recording])
def test_a_key_that_no_row_has_is_no_row_of_any_list(model, desk):
    sent = {"action": "delete_selected", "_selected_action": ["abc", "\0", "9" * 30, "", "1.5"], "index": "0"}

    assert desk.post(address(model, "changelist"), sent).status_code in {200, 302, 403}
