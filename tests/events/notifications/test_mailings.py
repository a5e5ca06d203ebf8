"""E-mails of the secretariat to part of those who take part: who gets them, once, in their language; and how they end them."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from events.models import LetterTold, Mailing, RegistrationState, Segment
from events.notifications import mailings
from events.registration.anonymize import forget
from members.models import Message, MessageState
from members.outbox.delivery import as_mail
from tests.desk import address, filled
from tests.elsewhere import asked, at_once, environment
from tests.make import make_coming_seminar, make_editor, make_registration, make_secretary, make_user

pytestmark = pytest.mark.django_db
WAITING = {"state": RegistrationState.WAITING, "place_in_line": 1}
OFFERED = {"state": RegistrationState.OFFERED, "offer_expires_at": timezone.now() + timedelta(days=1)}


@pytest.fixture
def desk(client):
    with translation.override("en"):
        client.force_login(make_secretary(email="secretaria@example.org"))
        yield client


def make_mailing(seminar=None, **given):
    defaults = {"subject_es": "Material de {seminar}", "text_es": "Hola, {name}.\n\nEstá en línea."}
    return Mailing.objects.create(seminar=seminar or make_coming_seminar(), **defaults | given)


def page_of(mailing, page):
    return reverse(f"admin:events_mailing_{page}", args=[mailing.pk])


def names(found):
    return sorted(registration.name for registration in found)


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (Segment.CONFIRMED, ["came", "missed"]),
        (Segment.WAITING, ["offered", "waits"]),
        (Segment.TO_APPROVE, ["to look at"]),
        (Segment.ATTENDED, ["came"]),
        (Segment.MISSED, ["missed"]),
    ],
)
def test_each_segment_is_those_it_says(segment, expected):
    seminar = make_coming_seminar()
    came = make_registration(seminar, name="came")
    came.attendances.create(source="door")
    came.attendances.create(source="platform")
    make_registration(seminar, name="missed")
    make_registration(seminar, name="waits", **WAITING)
    make_registration(seminar, name="offered", **OFFERED)
    make_registration(seminar, name="to look at", state="to-approve")
    make_registration(seminar, name="cancelled", state="cancelled")
    make_registration(seminar, name="unconfirmed", state="unconfirmed", confirmed_at=None)
    make_registration(name="of another")

    assert names(mailings.recipients_of(make_mailing(seminar, segment=segment))) == expected


def test_a_segment_is_narrowed_by_country_and_form_of_attendance():
    seminar = make_coming_seminar()
    make_registration(seminar, name="Montevideo")
    make_registration(seminar, name="Madrid", country="ES")
    make_registration(seminar, name="Madrid, there", country="ES", form="in-person")

    assert names(mailings.recipients_of(make_mailing(seminar, country="ES"))) == ["Madrid", "Madrid, there"]
    assert names(mailings.recipients_of(make_mailing(seminar, country="ES", form="in-person"))) == ["Madrid, there"]


def test_who_cannot_or_will_not_be_written_to_is_left_out_and_counted():
    seminar = make_coming_seminar()
    make_registration(seminar, language="pt-br"), make_registration(seminar)
    make_registration(seminar, email="", origin="list")
    make_registration(seminar, mailings_ended_at=timezone.now())
    forget(make_registration(seminar, state="cancelled", ended_at=timezone.now()))

    reach = mailings.reach_of(make_mailing(seminar))

    assert reach == mailings.Reach(2, {"es": 1, "pt-br": 1}, ended=1, no_address=1)


def test_each_person_gets_one_message_in_their_language_and_as_many_as_were_counted():
    seminar = make_coming_seminar(title="Compras")
    people = [make_registration(seminar, name=f"Ana {code}", language=code) for code in ("es", "pt-br", "en")]
    mailing = make_mailing(seminar, subject_pt_br="Materiais de {seminar}", text_pt_br="Olá, {name}.")
    counted, by = mailings.reach_of(mailing).count, make_secretary()

    sent = mailings.send(mailing, by=by)

    found = list(mailings.messages_of(mailing).order_by("pk"))
    assert counted == sent == mailing.recipients == 3
    assert (mailing.sent_by, mailing.sent_at is not None) == (by, True)
    assert [(each.to, each.language) for each in found] == [(each.email, each.language) for each in people]
    assert [each.subject for each in found] == ["Material de Compras", "Materiais de Compras", "Material de Compras"]
    assert ["Hola, Ana es." in found[0].text, "Olá, Ana pt-br." in found[1].text] == [True, True]
    assert '<div lang="es">' in found[2].html  # there are no English words, and it says so
    assert {each.is_bulk for each in found} == {True}
    assert {each.reply_to for each in found} == {settings.SECRETARIAT_EMAIL}
    assert [each.next_try_at for each in found] == sorted(each.next_try_at for each in found)
    assert len({each.message_id for each in found}) == len({each.next_try_at for each in found}) == 3


def test_what_each_one_is_told_of_is_their_own():
    seminar = make_coming_seminar()
    ana, eva = make_registration(seminar, name="Ana"), make_registration(seminar, name="Eva")
    mailing = make_mailing(seminar, text_es="{name} {number}")

    mailings.send(mailing, by=None)

    for mine, other in ((ana, eva), (eva, ana)):
        message = Message.objects.get(letters_told__registration=mine)
        assert f"{mine.name} {mine.code}" in message.text
        assert other.code not in message.text + message.html + message.unsubscribe_url


def test_nothing_is_sent_twice():
    mailing = make_mailing()
    make_registration(mailing.seminar)
    again = Mailing.objects.get(pk=mailing.pk)
    mailings.send(mailing, by=None)

    for tried in (mailing, again):  # the second still believes it a draft
        with pytest.raises(ValidationError) as refused:
            mailings.send(tried, by=None)
        assert refused.value.code == "sent"
    assert Message.objects.count() == LetterTold.objects.count() == 1


def test_without_anybody_to_write_to_it_stays_a_draft():
    mailing = make_mailing()

    with pytest.raises(ValidationError) as refused:
        mailings.send(mailing, by=None)

    assert refused.value.code == "nobody"
    assert Mailing.objects.get().sent_at is None


def test_what_was_sent_says_to_how_many():
    with pytest.raises(IntegrityError):
        make_mailing(sent_at=timezone.now())


def test_who_ends_them_while_they_are_written_gets_none(monkeypatch):
    mailing = make_mailing()
    stays, leaves = make_registration(mailing.seminar), make_registration(mailing.seminar)
    written = mailings._drafts

    def while_written(given):
        drafts = written(given)
        mailings.end(leaves)
        return drafts

    monkeypatch.setattr(mailings, "_drafts", while_written)

    assert mailings.send(mailing, by=None) == 1
    assert Message.objects.get().to == stays.email


READING = """
from django.core.exceptions import ValidationError
from events.models import Mailing
from events.notifications import mailings
mailing = Mailing.objects.get(pk=sys.argv[1])
"""
SENDING = """
try:
    print(mailings.send(mailing, by=None))
except ValidationError as refused:
    print(refused.code)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_sends(tmp_path):
    mailing = make_mailing()
    make_registration(mailing.seminar), make_registration(mailing.seminar)

    outcomes = at_once(READING, SENDING, mailing.pk, environment=environment(tmp_path))

    assert sorted(outcomes) == ["2", "sent"]
    assert asked(tmp_path, "select count(*) from members_message") == [(2,)]


def test_asks_no_more_of_the_database_for_ten_people_than_for_two(django_assert_max_num_queries):
    seminar = make_coming_seminar()
    for _each in range(10):
        make_registration(seminar)
    mailing = make_mailing(seminar)

    with django_assert_max_num_queries(16):
        mailings.send(mailing, by=None)


# Ending them


def test_one_click_of_a_mail_program_ends_them_for_this_seminar_only():
    seminar = make_coming_seminar()
    ana = make_registration(seminar, email="ana@example.org")
    make_registration(seminar)
    elsewhere = make_registration(email="ana@example.org")
    mailings.send(make_mailing(seminar), by=None)
    message = Message.objects.get(to="ana@example.org")
    ending = message.unsubscribe_url

    answer = Client(enforce_csrf_checks=True).post(ending, {"List-Unsubscribe": "One-Click"})

    headers = as_mail(message).message()
    assert headers["List-Unsubscribe"] == f"<{ending}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    ana.refresh_from_db()
    assert (answer.status_code, ana.state, ana.mailings_ended_at is not None) == (200, "confirmed", True)
    assert mailings.send(make_mailing(seminar), by=None) == 1
    assert mailings.send(make_mailing(elsewhere.seminar), by=None) == 1


def test_opening_the_address_ends_nothing_and_a_second_button_has_them_sent_again(client):
    ana = make_registration()
    page = mailings.address_that_ends(ana)

    opened = client.get(page)
    ana.refresh_from_db()
    after_opening = ana.mailings_ended_at
    client.post(page)
    ana.refresh_from_db()
    first = ana.mailings_ended_at
    client.post(page)
    ana.refresh_from_db()

    assert (opened.status_code, opened.headers["X-Robots-Tag"], "no-store" in opened.headers["Cache-Control"]) == (
        200,
        "noindex",
        True,
    )
    assert (after_opening, ana.mailings_ended_at) == (None, first)
    assert client.post(page, {"again": ""}).status_code == 302
    ana.refresh_from_db()
    assert ana.mailings_ended_at is None


def test_an_address_that_nobody_signed_ends_nothing(client):
    ana = make_registration()
    page = reverse("events:registration-mailings", args=[f"{ana.code}:falsa"])

    assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
    ana.refresh_from_db()
    assert ana.mailings_ended_at is None


# At the desk


def test_saving_a_draft_sends_nothing_and_leads_to_its_preview(desk):
    seminar = make_coming_seminar()
    make_registration(seminar)
    page = reverse("admin:events_mailing_add")
    typed = {"seminar": seminar.pk, "segment": "confirmed", "subject_es": "Hola", "text_es": "Hola, {name}", "_save": ""}

    answer = desk.post(page, typed)

    mailing = Mailing.objects.get()
    assert answer.url == page_of(mailing, "preview")
    assert (mailing.written_by.email, mailing.sent_at) == ("secretaria@example.org", None)
    assert not Message.objects.exists()


def test_a_mailing_knows_no_placeholder_of_one_kind_of_letter(desk):
    mailing = make_mailing()
    page = desk.get(address(mailing))

    answer = desk.post(address(mailing), filled(page, text_es="Hasta {until}", _save=""))

    assert list(answer.context["adminform"].form.errors) == ["text_es"]


def test_opening_the_page_that_sends_it_says_what_will_happen_and_sends_nothing(desk):
    mailing = make_mailing()
    make_registration(mailing.seminar)

    page = desk.get(page_of(mailing, "send"))

    assert page.status_code == 200
    assert page.context["consequences"]
    assert not Message.objects.exists()


def test_its_preview_counts_and_shows_three_languages(desk):
    mailing = make_mailing()
    make_registration(mailing.seminar, name="Persona Verdadera"), make_registration(mailing.seminar, language="en")

    page = desk.get(page_of(mailing, "preview"))

    assert page.context["reach"] == mailings.Reach(2, {"en": 1, "es": 1}, ended=0, no_address=0)
    assert [each.language for each in page.context["previews"]] == ["es", "pt-br", "en"]
    assert "Verdadera" not in page.content.decode()


def test_a_test_goes_to_oneself_and_neither_sends_it_nor_tells_anybody(desk):
    mailing = make_mailing()
    make_registration(mailing.seminar)

    desk.post(page_of(mailing, "preview"), {"_test": "es"})

    message = Message.objects.get()
    assert (message.to, message.kind, "Material de" in message.subject) == ("secretaria@example.org", "letter-test", True)
    assert message.subject != "Material de"
    assert not LetterTold.objects.exists()
    assert Mailing.objects.get().sent_at is None


def test_it_goes_after_what_will_happen_was_shown_and_once(desk):
    mailing = make_mailing()
    make_registration(mailing.seminar)
    page = desk.get(page_of(mailing, "send"))
    shown = {"shown": page.context["shown"]}

    unseen = desk.post(page_of(mailing, "send"), {})
    before = Message.objects.count()
    first = desk.post(page_of(mailing, "send"), shown)
    second = desk.post(page_of(mailing, "send"), shown)

    assert (unseen.status_code, before) == (200, 0)
    assert (first.url, second.url) == (page_of(mailing, "log"), page_of(mailing, "log"))
    assert Message.objects.count() == 1


def test_when_it_reaches_others_by_now_that_is_shown_first(desk):
    mailing = make_mailing()
    make_registration(mailing.seminar)
    shown = {"shown": desk.get(page_of(mailing, "send")).context["shown"]}
    make_registration(mailing.seminar)

    answer = desk.post(page_of(mailing, "send"), shown)

    assert answer.context["shown"] != shown["shown"]
    assert not Message.objects.exists()


def test_what_was_sent_is_only_read(desk):
    mailing = make_mailing()
    make_registration(mailing.seminar)
    mailings.send(mailing, by=None)

    desk.post(address(mailing), {"subject_es": "Otro", "text_es": "Otro", "segment": "confirmed", "_save": ""})

    mailing.refresh_from_db()
    assert mailing.subject_es == "Material de {seminar}"
    assert desk.get(address(mailing)).status_code == 200
    assert desk.post(reverse("admin:events_mailing_delete", args=[mailing.pk]), {"post": "yes"}).status_code == 403


def test_the_log_tells_what_became_of_each_and_sends_again_those_in_trouble(desk):
    mailing = make_mailing()
    people = [make_registration(mailing.seminar) for _each in range(3)]
    mailings.send(mailing, by=make_secretary())
    Message.objects.filter(to=people[0].email).update(state=MessageState.FAILED, next_try_at=None, trouble="550 no")
    Message.objects.filter(to=people[1].email).delete()

    page = desk.get(page_of(mailing, "log"))
    answer = desk.post(page_of(mailing, "log"))

    assert [*page.context["fates"].values()] == [1, 1, 1]
    assert (page.context["trouble"], "550 no" in page.content.decode()) == (1, True)
    assert address(people[0]) in page.content.decode()
    assert answer.status_code == 302
    assert set(mailings.messages_of(mailing).values_list("state", flat=True)) == {"waiting"}


def test_the_log_asks_no_more_for_three_people_than_for_one(desk):
    def queries(people):
        mailing = make_mailing()
        for _each in range(people):
            make_registration(mailing.seminar)
        mailings.send(mailing, by=None)
        with CaptureQueriesContext(connection) as found:
            desk.get(page_of(mailing, "log"))
        return len(found)

    queries(1)  # the first time, permissions and content types are remembered
    assert queries(3) == queries(1)


def test_who_is_made_anonymous_takes_their_message_along():
    mailing = make_mailing()
    person = make_registration(mailing.seminar)
    mailings.send(mailing, by=None)

    forget(person)

    assert not Message.objects.exists()
    assert [*mailings.fate_of(mailing).values()] == [1]


def test_the_page_of_a_participant_names_what_they_were_sent(desk):
    mailing = make_mailing(subject_es="Material para leer")
    person = make_registration(mailing.seminar)
    mailings.send(mailing, by=None)

    assert "Material para leer" in desk.get(address(person)).content.decode()


@pytest.mark.parametrize("make", [None, make_user, make_editor])
def test_mailings_are_the_secretariats_only(client, make):
    mailing = make_mailing()
    make_registration(mailing.seminar)
    if make:
        client.force_login(make())

    pages = [page_of(mailing, page) for page in ("change", "preview", "log", "send")] + [address(Mailing, "changelist")]
    assert {client.get(page).status_code for page in pages} <= {302, 403, 404}
    assert {client.post(page, {"_test": "es"}).status_code for page in pages} <= {302, 403, 404}
    assert not Message.objects.exists()
