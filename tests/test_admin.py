"""The secretariat's pages: every list and form opens, a whole seminar can be typed, and its rules speak in sentences."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest
from auditlog.context import set_actor
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import (
    Alert,
    Certificate,
    Intervention,
    Panel,
    PanelQuestion,
    PrintedPosition,
    Registration,
    RegistrationQuestion,
    Seminar,
    SigningKey,
    TakingPart,
)
from members.models import Application, Audience, Enquiry, Message, Person, Proposal, User
from recordings.models import Document, Recording
from rifess.base.dates import today_in_the_network
from rifess.portal.secretariat_desk import WAITING
from tests import make
from tests.desk import address, filled, new_row

pytestmark = pytest.mark.django_db
COUNTRIES = cycle(["MX", "CO", "CL", "AR", "BR"])
MAKERS = {
    "institution": make.make_institution,
    "person": make.make_person,
    "delegate": lambda: make.make_delegate(membership=make.make_membership(country=next(COUNTRIES))),
    "coordinationterm": lambda: make.make_term(starts_on=date(2024, 1, 1) + timedelta(days=next(make.NUMBER))),
    "topic": make.make_topic,
    "seminar": make.make_seminar,
    "panel": make.make_panel,
    "takingpart": lambda: TakingPart.objects.get(pk=make.make_coming_seminar().pk),
    "registration": make.make_registration,
    "intervention": lambda: make.make_intervention(positions=[("Directora", make.make_institution())]),
    "recording": lambda: make.make_recording(panel=make.make_panel()),
    "document": make.make_document,
    "caption": lambda: make.make_caption(make.make_recording(), (0, 1, "Hola")),
    "trustedhost": lambda: make.make_trusted(f"videos{next(make.NUMBER)}.example.org"),
}
ROOMS = ("members", "events", "recordings")
# Nobody at the desk adds one.
WRITTEN_ELSEWHERE = {
    Alert,
    Application,
    Certificate,
    Enquiry,
    Message,
    PanelQuestion,
    Proposal,
    RegistrationQuestion,
    Registration,
    SigningKey,
    TakingPart,
    User,
}


def models_of_ours():
    return sorted((each for each in admin.site._registry if each._meta.app_label in ROOMS), key=lambda each: each._meta.label)


@pytest.fixture
def desk(client):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(answer):
    return {} if answer.status_code == 302 else answer.context["adminform"].form.errors


@pytest.mark.parametrize("model", models_of_ours(), ids=lambda model: model.__name__)
def test_every_list_opens_and_is_searched(desk, model):
    page = desk.get(address(model, "changelist"), {"q": "josé"})

    assert page.status_code == 200


def test_every_list_takes_as_many_words_as_somebody_sends(desk):
    lists = [model for model, page in admin.site._registry.items() if page.search_fields]

    answers = {
        (model, words[:3]): desk.get(address(model, "changelist"), {"q": words})
        for model in lists
        for words in ("a " * 3_000, "a" * 60_000)
    }

    assert {asked for asked, answer in answers.items() if answer.status_code != 200} == set()
    assert {said(answer)[-1] for (_model, words), answer in answers.items() if words == "a a"} == {
        "Solo se buscaron las primeras 12 palabras."
    }


@pytest.mark.parametrize("model", models_of_ours(), ids=lambda model: model.__name__)
def test_every_form_to_add_opens(desk, model):
    assert desk.get(address(model, "add")).status_code == (403 if model in WRITTEN_ELSEWHERE else 200)


@pytest.mark.parametrize("name", MAKERS)
def test_a_form_sent_back_as_it_came_changes_nothing(desk, name):
    row = MAKERS[name]()
    before = type(row).objects.filter(pk=row.pk).values().get()

    answer = desk.post(address(row), filled(desk.get(address(row))))

    assert errors(answer) == {} and answer.status_code == 302
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("name", MAKERS)
def test_lists_ask_no_more_for_three_rows_than_for_one(desk, name):
    row = MAKERS[name]()
    number_of_queries(desk, row)  # the first time, permissions and content types are remembered
    for_one = number_of_queries(desk, row)
    MAKERS[name](), MAKERS[name]()

    assert number_of_queries(desk, row) == for_one


def number_of_queries(desk, row):
    with CaptureQueriesContext(connection) as queries:
        desk.get(address(type(row), "changelist"))
    return len(queries)


def test_forms_ask_no_more_for_three_speakers_than_for_one(desk):
    panel = make.make_intervention(positions=[("Directora", make.make_institution())]).panel
    desk.get(address(panel))
    with CaptureQueriesContext(connection) as for_one:
        desk.get(address(panel))
    make.make_intervention(panel=panel, positions=[("Rectora", make.make_institution())])
    make.make_intervention(panel=panel, positions=[("Ministra", make.make_institution())])

    with CaptureQueriesContext(connection) as for_three:
        desk.get(address(panel))

    assert len(for_three) <= len(for_one) + 8


def test_a_seminar_is_typed_on_its_own_page_and_its_panels(desk):
    inaes, felipe = make.make_institution(name="INAES"), make.make_person(name="Felipe Correa")
    add = desk.get(address(Seminar, "add"))
    seminar_typed = {"title_es": "Economía social", "starts_on": "2024-09-05", "ends_on": "2024-09-06"}
    rows = new_row(
        "panels", 0, title_es="Apertura", kind="opening", position=1, held_on="2024-09-05", starts="10:00", ends="11:30"
    )
    rows |= new_row("panels", 1, title_es="Panel 1", kind="panel", position=2)
    rows |= new_row("institutions", 0, institution=inaes.pk, role="convenes", position=1)
    rows |= new_row("recordings", 0, title_es="Día 1", link="https://youtu.be/abcdefghijk", track="floor", part=1)
    rows |= new_row("documents", 0, title_es="Relatoría", kind="report", audience="secretariat", url="https://example.org/a")
    totals = {"panels-TOTAL_FORMS": 2, "institutions-TOTAL_FORMS": 1, "recordings-TOTAL_FORMS": 1, "documents-TOTAL_FORMS": 1}

    answer = desk.post(address(Seminar, "add"), filled(add, **seminar_typed, time_zone="America/Mexico_City", **rows, **totals))

    assert errors(answer) == {}
    opening, _first = Panel.objects.all()
    assert opening.starts_at == datetime(2024, 9, 5, 16, tzinfo=UTC)
    assert Recording.objects.get().sources.get().video_id == "abcdefghijk"
    page = desk.get(address(opening))
    typed = new_row("interventions", 0, person=felipe.pk, role="speaks", position=1, certainty="stated")
    typed |= new_row("interventions", 0, position_1_es="Director", position_1_en="Director", institution_1=inaes.pk)
    typed |= new_row("interventions", 0, position_2_es="Profesor", country_2="MX")
    answer = desk.post(address(opening), filled(page, **{"interventions-TOTAL_FORMS": 1}, **typed, _nextpanel="1"))

    assert errors(answer) == {}
    printed = PrintedPosition.objects.values_list("intervention__person__name", "text_es", "institution__name_es", "country")
    assert list(printed) == [("Felipe Correa", "Director", "INAES", ""), ("Felipe Correa", "Profesor", None, "MX")]
    assert answer.url == address(_first)


def test_after_the_last_panel_comes_a_new_one_of_the_same_seminar(desk):
    panel = make.make_panel(position=4)

    answer = desk.post(address(panel), filled(desk.get(address(panel)), _nextpanel="1"))

    assert answer.url == f"{address(Panel, 'add')}?seminar={panel.seminar_id}&position=5"
    assert desk.get(answer.url).context["adminform"].form.initial["seminar"] == str(panel.seminar_id)


def test_an_emptied_position_is_gone_and_others_stay(desk):
    said = make.make_intervention(positions=[("Directora", None), ("Profesora", None), ("Poeta", None)])
    page = desk.get(address(said.panel))

    desk.post(address(said.panel), filled(page, **{"interventions-0-position_1_es": ""}))

    assert [each.text_es for each in said.positions.all()] == ["Profesora", "Poeta"]


def test_a_position_is_not_written_without_its_words(desk):
    said, place = make.make_intervention(), make.make_institution()
    page = desk.get(address(said.panel))

    answer = desk.post(address(said.panel), filled(page, **{"interventions-0-institution_1": place.pk}))

    assert answer.context["inline_admin_formsets"][0].formset.errors[0].keys() == {"position_1_es"}


def timed_panel(**given):
    seminar = make.make_seminar(time_zone="America/Mexico_City")
    return make.make_panel(seminar=seminar, held_on=date(2024, 9, 5), starts_at=datetime(2024, 9, 5, 16, tzinfo=UTC), **given)


def test_times_are_shown_on_the_seminars_clock(desk):
    page = desk.get(address(timed_panel()))

    assert page.context["adminform"].form["starts"].value().hour == 10


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"starts": "", "ends": "12:00"}, "starts", "end_without_start"),
        ({"held_on": ""}, "held_on", "time_without_day"),
        ({"held_on": "2024-09-07"}, "held_on", "outside_seminar"),
    ],
)
def test_a_time_alone_says_nothing(desk, typed, field, code):
    panel = timed_panel()

    answer = desk.post(address(panel), filled(desk.get(address(panel)), **typed))

    assert [each.code for each in errors(answer).as_data()[field]] == [code]


def test_a_panel_may_end_after_midnight(desk):
    panel = timed_panel()

    desk.post(address(panel), filled(desk.get(address(panel)), starts="23:00", ends="00:30"))

    panel.refresh_from_db()
    assert panel.ends_at - panel.starts_at == timedelta(hours=1, minutes=30)


def test_a_new_zone_asks_what_stays_when_there_are_times(desk):
    seminar = timed_panel().seminar
    page = desk.get(address(seminar))

    refused = desk.post(address(seminar), filled(page, time_zone="Europe/Madrid"))
    done = desk.post(address(seminar), filled(page, time_zone="Europe/Madrid", keep="clock"))

    assert [each.code for each in errors(refused).as_data()["keep"]] == ["keep"]
    assert errors(done) == {}
    seminar.refresh_from_db()
    assert (seminar.time_zone, seminar.panels.get().starts_at) == ("Europe/Madrid", datetime(2024, 9, 5, 8, tzinfo=UTC))


def test_a_new_zone_is_not_asked_about_without_times(desk):
    seminar = make.make_seminar(time_zone="America/Mexico_City")

    desk.post(address(seminar), filled(desk.get(address(seminar)), time_zone="Europe/Madrid"))

    seminar.refresh_from_db()
    assert seminar.time_zone == "Europe/Madrid"


def test_a_panel_typed_with_its_seminar_falls_on_one_of_its_days(desk):
    typed = {"title_es": "Uno", "starts_on": "2024-09-05", "panels-TOTAL_FORMS": 1, "ends_on": "2024-09-06"}
    typed |= new_row("panels", 0, title_es="Dos", kind="panel", position=1, held_on="2024-09-09")

    answer = desk.post(address(Seminar, "add"), filled(desk.get(address(Seminar, "add")), **typed))

    assert "held_on" in answer.context["inline_admin_formsets"][1].formset.errors[0]


@pytest.mark.slow
def test_a_programme_of_sixty_panels_saves(desk):
    seminar = make.make_seminar()
    for number in range(60):
        make.make_panel(seminar=seminar, position=number + 1)
    page = desk.get(address(seminar))

    answer = desk.post(address(seminar), filled(page, **{"panels-59-title_es": "El último"}))

    assert errors(answer) == {} and answer.status_code == 302
    assert Panel.objects.filter(title_es="El último").count() == 1


@pytest.mark.parametrize("where", ["changelist", "change"])
def test_a_seminar_is_published_from_its_list_and_from_its_page(desk, where):
    seminar = make.make_panel(seminar=make.make_seminar(published_at=None)).seminar

    page = address(seminar) if where == "change" else address(Seminar, "changelist")
    name = desk.get(page).context["action_form"]["action"].html_name
    answer = desk.post(page, {name: "publish", "_selected_action": seminar.pk, "index": 0})

    assert answer.status_code == 302
    assert list(Seminar.objects.public()) == [seminar]


def test_an_empty_programme_is_refused_with_a_sentence(desk):
    seminar = make.make_seminar(published_at=None, title="Vacío")

    answer = desk.post(address(Seminar, "changelist"), {"action": "publish", "_selected_action": seminar.pk})

    assert list(Seminar.objects.public()) == []
    assert [message.startswith("Vacío: ") for message in said(answer)] == [True]


def test_a_seminar_is_taken_back_and_recordings_withdrawn_and_published(desk):
    recording = make.make_recording()
    lists = {model: address(model, "changelist") for model in (Seminar, Recording)}

    desk.post(lists[Recording], {"action": "withdraw", "_selected_action": recording.pk})
    withdrawn = list(Recording.objects.public())
    desk.post(lists[Recording], {"action": "publish", "_selected_action": recording.pk})
    published = list(Recording.objects.public())
    desk.post(lists[Seminar], {"action": "unpublish", "_selected_action": recording.seminar_id})

    assert (withdrawn, published, list(Seminar.objects.public())) == ([], [recording], [])


def test_a_document_is_opened_to_everyone_only_when_confirmed(desk):
    document = make.make_document(audience=Audience.SECRETARIAT)
    page = desk.get(address(document))

    refused = desk.post(address(document), filled(page, audience="everyone"))
    closed = list(Document.objects.public())
    desk.post(address(document), filled(page, audience="everyone", wider="on"))

    assert [each.code for each in errors(refused).as_data()["wider"]] == ["confirm"]
    assert (closed, list(Document.objects.public())) == ([], [document])


def test_what_history_needs_is_not_deleted(desk):
    person = make.make_intervention(person=make.make_person(name="Ana")).person

    page = desk.post(address(person).replace("change", "delete"), {"post": "yes"})

    assert Person.objects.get() == person
    assert page.context["protected"]


def test_drafts_have_a_way_to_their_page(desk):
    seminar = make.make_seminar(published_at=None)

    assert desk.get(address(seminar)).context["has_absolute_url"]


def make_recording_without_permission():
    panel = make.make_panel(seminar=make.make_seminar(waits_for_consent=True))
    make.make_intervention(panel=panel)
    return make.make_recording(panel=panel)


@pytest.mark.parametrize(
    ("make_row", "sentence_url"),
    [
        (lambda: make.make_seminar(published_at=None), "state=draft"),
        (make.make_panel, "held_on__isempty=1"),
        (make.make_recording, "state=no-source"),
        (make.make_membership, "institution__isempty=1"),
        (lambda: make.make_delegate(mandate_due_on=today_in_the_network()), "due=overdue"),
        (lambda: make.make_delegate(mandate_due_on=today_in_the_network() + timedelta(days=90)), "due=soon"),
        (
            lambda: Enquiry.objects.create(name="Ana", email="a@example.org", text="?", language="es"),
            "answered_on__isempty=1&is_suspected_spam__exact=0",
        ),
        (make.make_document, "missing=any"),
        (lambda: make.make_recording(url=make.make_dead("https://vimeo.com/123456789").url), "addresses=dead"),
        (make_recording_without_permission, "permissions=missing"),
        (lambda: make.make_recording(url="https://vimeo.com/123456789"), "transcript=without"),
    ],
)
def test_the_desk_says_what_waits_and_leads_to_it(desk, make_row, sentence_url):
    row = make_row()

    waiting = {each["url"]: each["count"] for each in desk.get(reverse("admin:index")).context["waiting"]}
    url = f"{address(type(row), 'changelist')}?{sentence_url}"

    assert waiting[url] == 1
    assert list(desk.get(url).context["cl"].queryset) == [row]


def test_a_mandate_due_later_waits_for_nobody(desk):
    make.make_delegate(mandate_due_on=today_in_the_network() + timedelta(days=91))

    assert not [each for each in desk.get(reverse("admin:index")).context["waiting"] if "due=" in each["url"]]


@pytest.mark.usefixtures("history_follows")
def test_the_desk_says_what_comes_and_what_changed_and_by_whom(desk):
    with set_actor(make.make_user(name="Inés")):
        seminar = make.make_seminar(title="Lo que viene", starts_on=today_in_the_network() + timedelta(days=9), ends_on=None)

    page = desk.get(reverse("admin:index"))

    assert [each["seminar"] for each in page.context["coming"]] == [seminar]
    change = next(each for each in page.context["changes"] if each["what"] == "Lo que viene")
    assert (change["who"], change["url"]) == ("Inés", address(seminar))


@pytest.mark.usefixtures("history_follows")
def test_the_desk_asks_the_same_number_of_questions_whatever_there_is(desk, django_assert_num_queries):
    def build():
        make.make_recording(panel=make.make_intervention().panel)
        make.make_document()

    build()
    desk.get(reverse("admin:index"))
    with django_assert_num_queries(9 + len(WAITING)):
        desk.get(reverse("admin:index"))
    build(), build()
    with django_assert_num_queries(9 + len(WAITING)):
        desk.get(reverse("admin:index"))


def test_editors_see_content_and_nothing_of_seats_or_people_who_write(client):
    make.make_delegate(mandate_due_on=today_in_the_network())
    Enquiry.objects.create(name="Secreto", email="a@example.org", text="?", language="es")
    make.make_seminar(published_at=None, title="Borrador")
    client.force_login(make.make_editor())

    page = client.get(reverse("admin:index"))

    addresses = [each["url"] for each in page.context["waiting"]]
    assert not [each for each in addresses if "/members/" in each]
    assert "Secreto" not in page.content.decode() and "membership" not in page.content.decode()
    assert [each for each in addresses if "state=draft" in each]
    assert client.get(address(Enquiry, "changelist")).status_code == 403


@pytest.mark.parametrize("make_user", [make.make_user, make.make_delegate_user])
def test_nobody_else_comes_to_the_desk(client, make_user):
    client.force_login(make_user())

    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(address(make.make_seminar())).status_code == 302


def test_the_secretariat_may_type_all_of_it(client):
    client.force_login(make.make_secretary())
    said = make.make_intervention()

    assert client.get(address(said.panel)).context["inline_admin_formsets"][0].formset.forms
    assert Intervention.objects.get() == said
    assert client.get(address(said.panel.seminar)).status_code == 200


@pytest.mark.parametrize("words", ["españa", "Espana", "ESP", "es"])
def test_a_seat_is_found_by_the_name_of_its_country(words, desk):
    spain, _brazil = make.make_membership(country="ES"), make.make_membership(country="BR")

    page = desk.get(address(type(spain), "changelist"), {"q": words})

    assert list(page.context["cl"].result_list) == [spain]
