"""The register of agreements: who reads it, how it is narrowed down, what is overdue."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from events.models import Agreement, AgreementState
from members.models import Audience, DelegateRole, Membership
from rifess.base.dates import today_in_the_network
from tests.desk import address, filled, new_row
from tests.events.consultations.test_meetings import queries
from tests.make import (
    NUMBER,
    make_delegate_user,
    make_editor,
    make_institution,
    make_secretary,
    make_seminar,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def make_agreement(**given):
    given.setdefault("title_es", given.pop("title", f"Acuerdo {next(NUMBER)}"))
    return Agreement.objects.create(**{"number": f"2026/{next(NUMBER)}", "dated_on": date(2026, 3, 2)} | given)


def words(response):
    return response.content.decode()


def listed(client, **asked):
    return list(client.get(reverse("delegation:agreements"), asked).context["page_obj"])


READERS = {
    "visitor": (lambda: None, 302),
    "without mandate": (make_user, 404),
    "staff without a second factor": (lambda: make_user(is_staff=True, groups=["Secretaría"], second_factor=False), 404),
    "editor": (make_editor, 404),
    "partner": (lambda: make_delegate_user(category="partner"), 404),
    "observer": (lambda: make_delegate_user(category="observer"), 404),
    "alternate": (lambda: make_delegate_user(role=DelegateRole.ALTERNATE), 200),
    "technical contact": (lambda: make_delegate_user(role=DelegateRole.TECHNICAL), 200),
    "titular": (make_delegate_user, 200),
    "secretary": (make_secretary, 200),
}


@pytest.mark.parametrize("who", READERS)
def test_who_reads_an_agreement_of_the_members(client, who):
    agreement, (make, status) = make_agreement(title="Reservado"), READERS[who]
    user = make()
    if user:
        client.force_login(user)

    page = client.get(agreement.get_absolute_url())

    assert page.status_code == status
    assert ("Reservado" in words(page)) == (status == 200)


def test_observers_read_what_is_for_them_too(client):
    for_both = make_agreement(audience=Audience.MEMBERS_AND_OBSERVERS)
    make_agreement()
    client.force_login(make_delegate_user(category="observer"))

    assert listed(client) == [for_both]


def test_what_is_for_the_secretariat_is_not_the_members(client):
    make_agreement(audience=Audience.SECRETARIAT)
    client.force_login(make_delegate_user())

    assert listed(client) == []


def test_a_mandate_that_ended_reads_nothing_more(client):
    agreement = make_agreement()
    client.force_login(make_delegate_user(ended_on=today_in_the_network()))

    assert client.get(agreement.get_absolute_url()).status_code == 404


@pytest.mark.usefixtures("index_follows")
def test_agreements_are_narrowed_down_by_year_state_institution_and_words(client):
    institution = make_institution(name="Instituto de las Mutuales")
    older = make_agreement(dated_on=date(2025, 5, 5), title="Calendario")
    done = make_agreement(state=AgreementState.FULFILLED, title="Glosario")
    theirs = make_agreement(institution=institution, title="Mapa", number="2026/mapa")
    client.force_login(make_delegate_user())

    assert listed(client, year="2025") == [older]
    assert listed(client, state="fulfilled") == [done]
    assert listed(client, institution=institution.slug) == [theirs]
    assert listed(client, q="glosario") == [done]
    assert listed(client, q="2026/mapa") == [theirs]


def test_an_agreement_is_overdue_from_the_day_after(client):
    today = today_in_the_network()
    make_agreement(due_on=today, dated_on=today)
    late = make_agreement(due_on=today - timedelta(days=1), title="Tardío")
    make_agreement(due_on=today - timedelta(days=1), state=AgreementState.FULFILLED)
    client.force_login(make_delegate_user())

    assert list(Agreement.objects.overdue()) == listed(client, state="overdue") == [late]
    assert "overdue" in words(client.get(late.get_absolute_url()))


def test_its_page_says_where_it_was_agreed_and_what_came_of_it(client):
    meeting = make_seminar(kind="meeting", audience=Audience.MEMBERS, title="Tercera reunión")
    agreement = make_agreement(seminar=meeting, institution=make_institution(name="Instituto responsable"))
    agreement.notes.create(text="Se reunió el grupo.", noted_on=date(2026, 4, 1))
    client.force_login(make_delegate_user())

    page = words(client.get(agreement.get_absolute_url()))

    for said in ("Tercera reunión", "Instituto responsable", "Se reunió el grupo.", "1 April 2026"):
        assert said in page


def test_a_meeting_that_its_reader_may_not_see_is_not_named(client):
    meeting = make_seminar(kind="meeting", audience=Audience.MEMBERS, title="Tercera reunión")
    agreement = make_agreement(seminar=meeting, audience=Audience.MEMBERS_AND_OBSERVERS)
    client.force_login(make_delegate_user(category="observer"))

    assert "Tercera reunión" not in words(client.get(agreement.get_absolute_url()))


def test_pages_ask_as_much_for_one_agreement_as_for_three(client):
    agreement = make_agreement(institution=make_institution(), seminar=make_seminar())
    agreement.notes.create(text="Nota", by=make_user())
    client.force_login(make_delegate_user())
    pages = [reverse("delegation:agreements"), agreement.get_absolute_url()]
    for_one = queries(client, *pages)

    for _ in range(2):
        make_agreement(institution=make_institution(), seminar=make_seminar())
        agreement.notes.create(text="Otra nota", by=make_user())

    assert queries(client, *pages) == for_one


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"audience": Audience.EVERYONE}, "Agreements are read within the Network: members, or members and observers."),
        ({"due_on": date(2026, 3, 1)}, "It cannot be due before it was agreed."),
        ({"number": "2026/uno"}, "Another agreement has this number."),
    ],
)
def test_the_database_keeps_the_rules_of_an_agreement(given, sentence):
    make_agreement(number="2026/uno")
    agreement = Agreement(**{"number": "2026/dos", "dated_on": date(2026, 3, 2), "title_es": "Otro"} | given)

    with pytest.raises(ValidationError) as refused:
        agreement.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        agreement.save()

    assert {sentence} & {*refused.value.messages} or "audience" in refused.value.error_dict


# Found


def test_members_find_an_agreement_and_visitors_never(client, index_follows):
    make_agreement(title="Cartografía cooperativa")
    asked = {"q": "cartografía cooperativa"}

    as_visitor = client.get(reverse("search"), asked)
    suggested = client.get(reverse("search-suggestions"), {"q": "cartogr"})
    client.force_login(make_delegate_user())
    as_member = client.get(reverse("search"), asked)

    assert "Acuerdo" not in words(as_visitor) and "agreements/" not in words(as_visitor)
    assert "cartograf" not in words(suggested)
    assert "agreements/" in words(as_member)


def test_an_agreement_is_found_by_its_number(client, index_follows):
    agreement = make_agreement(number="2026/31")
    client.force_login(make_delegate_user())

    page = client.get(reverse("search"), {"q": "2026/31"})

    assert agreement.get_absolute_url() in words(page)


# At the desk


def test_the_secretariat_writes_an_agreement_and_what_came_of_it(client):
    agreement, secretary = make_agreement(), make_secretary()
    client.force_login(secretary)
    page = client.get(address(agreement))
    typed = filled(page, state="in-progress") | new_row("notes", 0, noted_on="2026-04-01", text="Comenzó.")

    client.post(address(agreement), typed | {"notes-TOTAL_FORMS": "1"})

    agreement.refresh_from_db()
    note = agreement.notes.get()
    assert (agreement.state, note.text, note.by) == ("in-progress", "Comenzó.", secretary)


def test_editors_have_no_register(client):
    client.force_login(make_editor())

    assert client.get(address(Agreement, "changelist")).status_code == 403
    assert client.get(address(make_agreement())).status_code == 403


def test_the_register_is_listed_at_the_desk_with_what_is_overdue(client):
    make_agreement(title="Tardío", due_on=date(2026, 3, 3))
    make_agreement(title="Hecho", state=AgreementState.FULFILLED)
    client.force_login(make_secretary())

    page = words(client.get(address(Agreement, "changelist"), {"due": "overdue"}))

    assert "Tardío" in page and "Hecho" not in page


def test_it_stays_when_its_member_left(client):
    agreement = make_agreement()
    Membership.objects.update(left_on=date(2026, 1, 1))

    assert list(Agreement.objects.visible_to(make_secretary())) == [agreement]
