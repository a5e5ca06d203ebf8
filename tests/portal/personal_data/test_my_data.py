"""Anyone asks for their data with an address: nobody learns whether it is known, and only its reader gets what was asked."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.models import Registration
from events.models.registrations import SIGNER
from members.models import DataRequest, Enquiry, Message, User
from members.models.reminders import LINK_LASTS
from rifess.base.personal_data import Subject
from rifess.portal.personal_data.pages import section_of_rows
from rifess.portal.personal_data.tables import TABLES
from tests.make import (
    make_alert,
    make_answer,
    make_coming_seminar,
    make_editor,
    make_question,
    make_registration,
    make_secretary,
)
from tests.portal import everything

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("copy and erasure reach every table")]
EMAIL = "participa@example.org"


def ask(client, kind="export", email=EMAIL, **more):
    return client.post(reverse("my-data"), {"email": email, "kind": kind, **more})


def link():
    """The address in the latest letter of this kind."""
    return reverse("my-data-link", args=[DataRequest.objects.latest("pk").signed])


def letters(kind):
    return [*Message.objects.filter(kind=kind).values_list("to", flat=True)]


def test_known_and_unknown_addresses_get_the_same_answer_and_a_letter(client):
    make_registration(email=EMAIL)

    known, unknown = ask(client), ask(client, email="nadie@example.org")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, reverse("my-data-sent"))
    assert sorted(letters("data_copy")) == ["nadie@example.org", EMAIL]
    assert not Message.objects.exclude(is_secret=True).exists()


def test_what_is_typed_wrongly_is_said_beside_the_field_and_nothing_is_kept(client):
    for sent in (
        {},
        {"email": "x", "kind": "export"},
        {"email": EMAIL, "kind": "todo"},
        {"email": "a\0@example.org", "kind": "export"},
    ):
        page = client.post(reverse("my-data"), sent)
        assert (page.status_code, bool(page.context["form"].errors)) == (200, True)

    assert (DataRequest.objects.count(), Message.objects.count()) == (0, 0)


def test_one_address_gets_three_letters_a_day_and_one_place_asks_for_twenty_an_hour(client):
    for _time in range(5):
        ask(client)
    ask(client, "erasure")
    assert (letters("data_copy"), letters("data_erasure")) == ([EMAIL] * 3, [EMAIL])

    answers = [ask(client, email=f"a{number}@example.org").status_code for number in range(15)]

    assert answers == [302] * 14 + [200]


def test_a_copy_is_given_by_the_button_of_the_link_and_holds_all_kinds(client):
    make_registration(email=EMAIL), make_alert(email=EMAIL.upper())
    Enquiry.objects.create(name="Ana", email=EMAIL, text="Hola", language="es")
    make_registration(email="otra@example.org")
    ask(client)

    page, copy = client.get(link()), client.post(link())

    assert "Descargar" in page.content.decode()
    assert copy["Content-Disposition"].startswith("attachment") and "no-store" in copy["Cache-Control"]
    told = copy.json()
    assert [len(told[key]) for key in ("registrations", "alerts", "enquiries")] == [1, 1, 1]
    assert "otra@example.org" not in copy.content.decode()
    assert DataRequest.objects.get().answered_at


@pytest.mark.parametrize("theirs", ["mike@k\u0131wi.example", "m\u0131ke@kiwi.example", "mike@\u212aiwi.example"])
def test_address_that_a_database_takes_for_another_is_refused(client, theirs):
    make_registration(email="mike@kiwi.example")

    page = ask(client, email=theirs)

    assert page.status_code == 200 and page.context["form"].has_error("email", "not_plain")
    assert not DataRequest.objects.exists()


def test_address_of_an_international_domain_is_found_in_any_case(client):
    make_registration(email="ana@MÜNCHEN.example")
    ask(client, email="Ana@München.example")

    copy = client.post(link())

    assert letters("data_copy") == ["Ana@münchen.example"]
    assert [each["email"] for each in copy.json()["registrations"]] == ["ana@münchen.example"]


def test_links_that_are_old_forged_or_of_rows_that_are_gone_open_nothing(client):
    ask(client)
    good, asked = link(), DataRequest.objects.get()
    forged = reverse("my-data-link", args=[TimestampSigner(salt="x").sign(asked.pk)])
    assert [client.post(address).status_code for address in (forged, f"{good[:-2]}x/")] == [404, 404]

    asked.delete()

    assert client.post(good).status_code == 404
    assert timedelta(days=1) < LINK_LASTS <= timedelta(days=7)


def test_a_link_ends_after_some_days(client, monkeypatch):
    ask(client)
    address, now = link(), timezone.now().timestamp()

    monkeypatch.setattr("django.core.signing.time.time", lambda: now + LINK_LASTS.total_seconds() + 60)

    assert client.post(address).status_code == 404


def test_erasure_is_shown_confirmed_and_then_the_secretariats(client):
    make_registration(email=EMAIL)
    ask(client, "erasure")
    assert "1" in client.get(link()).content.decode() and not DataRequest.objects.waiting().exists()

    for _time in range(2):
        client.post(link())

    assert DataRequest.objects.waiting().count() == 1
    assert letters("erasure_asked") == [settings.SECRETARIAT_EMAIL]
    assert EMAIL not in Message.objects.get(kind="erasure_asked").text
    assert Registration.objects.filter(email=EMAIL).exists()


def test_erasure_of_an_address_of_which_nothing_is_kept_asks_nobody(client):
    ask(client, "erasure")

    client.post(link())

    asked = DataRequest.objects.get()
    assert (asked.email, bool(asked.answered_at), letters("erasure_asked")) == ("", True, [])


def test_a_copy_by_letter_tells_not_what_staff_did_to_others(client):
    user = make_secretary(email=EMAIL)
    client.force_login(user)
    client.post(reverse("admin:members_person_add"), {"name": "Otra Persona"})
    client.logout()
    ask(client)

    copy = client.post(link()).json()

    assert (copy["account"]["email"], copy["changes"]) == (EMAIL, [])


def test_participants_see_what_is_kept_of_their_registration_and_ask_for_the_rest_by_letter(client):
    registration = make_registration(make_coming_seminar(), email=EMAIL, needs="Bucle magnético", notes="Nota interna")
    make_registration(email=EMAIL, needs="De otro seminario")
    page = reverse("registration-data", args=[SIGNER.sign(registration.code)])

    shown = client.get(page).content.decode()
    client.post(page, {"kind": "export"}), client.post(page, {"kind": "nada"})

    assert page in client.get(registration.get_absolute_url()).content.decode()
    assert "Bucle magnético" in shown and "De otro seminario" not in shown and "Nota interna" not in shown
    assert letters("data_copy") == [EMAIL]
    assert client.get(reverse("registration-data", args=["x:y"])).status_code == 404


def test_participants_see_each_kind_of_row_once_with_the_options_they_chose(client):
    registration = make_registration(make_coming_seminar(), email=EMAIL)
    question = make_question(registration.seminar, "Compras públicas", "Finanzas solidarias", kind="several")
    make_answer(registration, question, "Compras públicas", "Finanzas solidarias")
    for about in ("1", "2"):
        registration.told.create(kind="confirm", about=about)

    page = client.get(reverse("registration-data", args=[SIGNER.sign(registration.code)]))

    sections = [(section.what, len(section.rows)) for section in page.context["sections"]]
    answered = page.context["sections"][1].rows[0].lines
    assert [count for _what, count in sections] == [1, 1, 2]
    assert answered == [("Pregunta", "¿Qué espera?"), ("Elegidas", "Compras públicas, Finanzas solidarias")]


def test_the_desk_shows_all_that_is_kept_of_an_address_and_leads_to_both_acts(client):
    registration = make_registration(email=EMAIL, name="Ana Participante")
    Enquiry.objects.create(name="Ana", email=EMAIL, text="Palabras de Ana", language="es")
    client.force_login(make_secretary())
    page = reverse("admin:members_datarequest_kept")

    shown = client.post(page, {"email": EMAIL.upper()}).content.decode()
    copy = client.post(page, {"email": EMAIL, "kind": "export"})
    erasure = client.post(page, {"email": EMAIL, "kind": "erasure"})

    assert reverse("admin:events_registration_change", args=[registration.pk]) in shown and "Palabras de Ana" in shown
    do(client, copy.url)
    assert letters("data_copy") == [EMAIL]
    do(client, erasure.url, answer="Hecho")
    registration.refresh_from_db()
    assert (registration.email, Enquiry.objects.count()) == ("", 0)
    assert [*DataRequest.objects.values_list("email", flat=True)] == ["", ""]


def test_a_request_that_waits_is_not_written_down_twice(client):
    make_registration(email=EMAIL)
    client.force_login(make_secretary())

    begun = [
        client.post(reverse("admin:members_datarequest_kept"), {"email": EMAIL, "kind": "erasure"}).url for _time in range(2)
    ]

    assert (begun[0] == begun[1], DataRequest.objects.count()) == (True, 1)


def test_who_is_erased_may_be_told_once(client):
    make_registration(email=EMAIL)
    client.force_login(make_secretary())
    begun = client.post(reverse("admin:members_datarequest_kept"), {"email": EMAIL, "kind": "erasure"})

    do(client, begun.url, tells="on")

    assert letters("erasure_done") == [EMAIL]


def do(client, address, **answers):
    """Look at the consequences, and press the button."""
    shown = client.post(address, answers).context["shown"]
    assert client.post(address, {**answers, "shown": shown}).status_code == 302


def test_only_the_secretariat_sees_what_is_kept(client):
    page = reverse("admin:members_datarequest_kept")
    answers = [client.post(page, {"email": EMAIL}).status_code]
    client.force_login(make_editor())
    answers.append(client.post(page, {"email": EMAIL}).status_code)

    assert answers == [302, 403]
    assert re.search(r"@", page) is None and User.objects.exists()


def test_each_kind_of_data_costs_as_many_queries_for_three_rows_as_for_one(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for number in range(3):
        everything.leave_a_delegate(f"ana{number}@example.org", "Ana Ñandú", "palabras")
        everything.leave_an_application(f"ana{number}@example.org", "Ana Ñandú", "palabras")

    costs = {}
    for kept in TABLES:
        keys = list(kept.all().order_by("pk").values_list("pk", flat=True)[:3])
        costs[kept.key] = [len(keys), *(queries_of(kept, some) for some in (keys[:1], keys))]

    assert {key: cost for key, (_rows, *cost) in costs.items() if cost[0] != cost[1]} == {}
    assert sum(rows == 3 for rows, *_cost in costs.values()) > 25


def queries_of(kept, keys):
    with CaptureQueriesContext(connection) as queries:
        section_of_rows(kept, kept.all().filter(pk__in=keys), Subject())
        if kept.tell and kept.key != "attempts":  # one beside a registration, for the days until it is confirmed
            [kept.tell(row) for row in kept.all().filter(pk__in=keys)]
    return len(queries)


def test_a_stranger_who_asks_and_asks_keeps_nobody_from_their_own_data(client):
    registration = make_registration(email=EMAIL)
    for _time in range(5):
        ask(client)
    before = letters("data_copy")

    client.post(reverse("my-data"), {"email": EMAIL, "kind": "export"}, REMOTE_ADDR="198.51.100.7")
    by_link = [
        client.post(
            reverse("registration-data", args=[SIGNER.sign(registration.code)]),
            {"kind": "export"},
            follow=True,
            REMOTE_ADDR="198.51.100.8",
        )
        for _time in range(4)
    ]

    assert len(letters("data_copy")) - len(before) == 1 + 3
    assert "varias veces" in by_link[-1].content.decode() and "varias veces" not in by_link[0].content.decode()
