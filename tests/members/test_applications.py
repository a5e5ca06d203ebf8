"""An institution asks to join: confirmed first, read then, decided with a reason."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.applications import accept, confirm, decline, take_up, token_of
from members.models import (
    Application,
    ApplicationState,
    Institution,
    InstitutionKind,
    Invitation,
    InvitedAs,
    Membership,
    Message,
    Person,
    User,
)
from rifess.base.dates import today_in_the_network
from rifess.portal.personal_data import retention
from tests.base.samples import PDF, docx, upload
from tests.desk import address
from tests.make import make_delegate_user, make_editor, make_institution, make_membership, make_person, make_secretary

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("rows are locked")]

TODAY = today_in_the_network()


@pytest.fixture(autouse=True)
def letters_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def typed(**other):
    """What the form of a member sends."""
    return {
        "institution_name": "Dirección General de Economía Solidaria",
        "country": "UY",
        "legal_basis": "Ley 19.848",
        "work": "Acompaña a las cooperativas.",
        "reasons": "Aprender de las demás.",
        "contact_name": "Lucía Ñandú",
        "contact_position": "Directora",
        "contact_email": "lucia@example.org",
        "agrees": "on",
    } | other


def make_application(state=ApplicationState.RECEIVED, **given):
    defaults = {"category": "member", "institution_name": "Dirección Nacional", "kind": "government", "country": "UY"}
    contact = {"contact_name": "Lucía Ñandú", "contact_position": "Directora", "contact_email": "lucia@example.org"}
    waiting = {"confirmed_at": None if state == ApplicationState.UNCONFIRMED else timezone.now()}
    texts = {"work": "Mucho", "reasons": "Varias", "language": "es"}
    return Application.objects.create(state=state, **defaults | contact | waiting | texts | given)


def states_of(application):
    return list(application.steps.values_list("state", flat=True))


# The form


def test_an_application_waits_for_its_address_to_be_confirmed(client):
    answer = client.post(reverse("members:join-member"), typed())

    application = Application.objects.get()
    assert answer.url == reverse("members:join-sent")
    assert (application.state, application.category, application.kind) == ("unconfirmed", "member", InstitutionKind.GOVERNMENT)
    assert (application.language, application.consented_at is None) == ("es", False)
    assert [(sent.kind, sent.to) for sent in Message.objects.all()] == [("application_confirm", "lucia@example.org")]
    assert token_of(application) in Message.objects.get().text
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("category", "needed"),
    [
        ("member", ["institution_name", "country", "legal_basis", "work", "reasons"]),
        ("observer", ["institution_name", "kind", "website", "work", "reasons"]),
        ("partner", ["institution_name", "kind", "website", "work", "reasons"]),
    ],
)
def test_each_category_asks_what_it_needs_beside_the_field(client, category, needed):
    page = client.post(reverse(f"members:join-{category}"), {})

    contact = ["contact_name", "contact_position", "contact_email", "agrees"]
    assert sorted(page.context["form"].errors) == sorted([*needed, *contact])
    assert not Application.objects.exists()


def test_what_was_typed_is_kept_and_a_chosen_letter_is_to_be_chosen_again(client):
    page = client.post(reverse("members:join-member"), typed(contact_email="nadie", letter=upload()))

    assert list(page.context["form"].errors) == ["contact_email", "letter"]
    assert 'value="Lucía Ñandú"' in page.content.decode()


def test_a_letter_is_kept_under_a_name_of_our_own(client):
    client.post(reverse("members:join-member"), typed(letter=upload(docx(), "../Petición formal.docx", "text/html")))

    application = Application.objects.get()
    assert application.letter.name == f"applications/{timezone.now():%Y}/{application.key}.docx"
    assert application.letter_name == "Petición formal.docx"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script>", "carta.pdf"),
        (PDF + b"<script>alert(1)</script>", "carta.pdf"),
        (PDF, "carta.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "carta.svg"),
        (docx(**{"word/vbaProject.bin": "x"}), "carta.docx"),
        (PDF + bytes(10 * 1024**2), "carta.pdf"),
    ],
)
def test_a_letter_that_is_none_is_refused_beside_its_field(client, data, name):
    page = client.post(reverse("members:join-member"), typed(letter=upload(data, name)))

    assert list(page.context["form"].errors) == ["letter"]
    assert not Application.objects.exists()


def test_five_an_hour_are_taken_from_one_address_whatever_it_says_of_itself(client):
    for number in range(6):
        sent = typed(contact_email=f"persona{number}@example.org")
        page = client.post(reverse("members:join-member"), sent, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")

    assert Application.objects.count() == 5
    assert len(page.context["form"].non_field_errors()) == 1


def test_three_a_day_are_taken_for_one_e_mail_address_from_one_network(client):
    for _time in range(4):
        client.post(reverse("members:join-member"), typed(contact_email="Lucia@example.org"))

    assert Application.objects.count() == 3


def test_no_line_of_a_name_becomes_a_header(client):
    client.post(reverse("members:join-member"), typed(institution_name="Instituto\r\nBcc: otra@example.org"))
    application = Application.objects.get()
    confirm(application)

    subjects = Message.objects.values_list("subject", flat=True)
    assert not any("\n" in subject or "\r" in subject for subject in subjects)


# The applicant's page


@pytest.mark.parametrize("language", ["es", "pt-br", "en"])
def test_the_link_only_opens_a_page_and_its_button_confirms(client, language):
    application = make_application(ApplicationState.UNCONFIRMED, language=language)
    page = reverse("members:application", args=[token_of(application)])

    shown = client.get(page)
    application.refresh_from_db()
    before = application.state
    client.post(page)
    application.refresh_from_db()

    assert (shown.status_code, before, application.state) == (200, "unconfirmed", "received")
    assert states_of(application) == ["received"]
    assert "no-store" in shown["Cache-Control"]


def test_confirming_twice_tells_the_secretariat_once(client, settings):
    application = make_application(ApplicationState.UNCONFIRMED)

    confirm(application)
    confirm(application)

    sent = Message.objects.get()
    assert (sent.to, sent.reply_to, states_of(application)) == (settings.SECRETARIAT_EMAIL, "lucia@example.org", ["received"])


def test_a_tampered_link_and_one_that_was_forgotten_say_the_same(client):
    application = make_application()
    token = token_of(application)
    links = [token[:-1] + "x", application.key, f"{application.key}.", "x" * 5000, "..", "%00"]
    answers = [client.get(reverse("members:application", args=[link])) for link in links]
    application.delete()
    answers.append(client.get(reverse("members:application", args=[token])))

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.templates[0].name for answer in answers} == {"members/application_unknown.html"}


def test_the_page_shows_the_reason_and_not_who_decided(client):
    application = make_application()
    decline(application, by=make_secretary(name="Funcionaria Secreta"), reason="No es un organismo público.")

    page = client.get(reverse("members:application", args=[token_of(application)])).content.decode()

    assert "No es un organismo público." in page
    assert "Funcionaria Secreta" not in page


def test_what_nobody_confirms_is_erased_with_its_letter(client, settings, django_capture_on_commit_callbacks):
    client.post(reverse("members:join-member"), typed(letter=upload()))
    application, kept = Application.objects.get(), make_application()
    letter, limit = application.letter, application.applied_at + settings.RETENTION["unconfirmed_applications"]

    retention.apply(limit)
    early = Application.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        retention.apply(limit + timedelta(seconds=1))

    assert (early, list(Application.objects.all())) == (2, [kept])
    assert not letter.storage.exists(letter.name)


# The secretariat's decision


def test_accepting_makes_the_membership_and_invites_the_contact():
    application, secretary = make_application(), make_secretary()
    take_up(application, by=secretary)

    accept(application, by=secretary, joined_on=date(2026, 2, 1), source_note="Acuerdo de febrero")

    seat, invitation = Membership.objects.get(), Invitation.objects.get()
    application.refresh_from_db()
    assert (seat.country.code, seat.category, seat.institution.name_es) == ("UY", "member", "Dirección Nacional")
    assert (seat.joined_on, seat.source_note_es) == (date(2026, 2, 1), "Acuerdo de febrero")
    assert (invitation.email, invitation.person.name, invitation.role) == ("lucia@example.org", "Lucía Ñandú", "titular")
    assert (application.state, application.membership, application.decided_by) == ("accepted", seat, secretary)
    assert states_of(application) == ["in-review", "accepted"]
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["application_accepted", "invitation"]
    assert not User.objects.exclude(pk=secretary.pk).exists()


def test_accepting_takes_the_institution_and_person_the_network_knows():
    application = make_application(category="observer")
    institution, person = make_institution(), make_person()

    accept(application, by=make_secretary(), joined_on=TODAY, institution=institution, person=person, role=InvitedAs.ALTERNATE)

    seat = Membership.objects.get()
    assert (seat.institution, seat.country.code or "", Invitation.objects.get().person) == (institution, "", person)
    assert (Institution.objects.count(), Person.objects.count()) == (1, 1)


def refused(act, *args, **answers):
    """The codes and sentences with which `act` is refused; nothing of it is left."""
    before = [model.objects.count() for model in (Institution, Membership, Person, Invitation, Message)]
    with pytest.raises(ValidationError) as refusal:
        act(*args, **answers)
    assert [model.objects.count() for model in (Institution, Membership, Person, Invitation, Message)] == before
    return " ".join(refusal.value.messages)


def test_a_country_that_has_a_seat_gets_no_second_one():
    application, secretary = make_application(country="MX"), make_secretary()
    make_membership(country="MX", joined_on=date(2024, 1, 1))

    sentence = refused(accept, application, by=secretary, joined_on=TODAY)

    application.refresh_from_db()
    assert "México" in sentence
    assert application.state == "received"


def test_one_joins_today_or_joined_before_for_the_invitation_opens_at_once():
    application = make_application()

    assert refused(accept, application, by=make_secretary(), joined_on=TODAY + timedelta(days=1))


def test_what_is_decided_or_unconfirmed_cannot_be_decided():
    secretary = make_secretary()
    declined = make_application(ApplicationState.DECLINED, reason="No")
    unconfirmed = make_application(ApplicationState.UNCONFIRMED)

    assert refused(accept, declined, by=secretary, joined_on=TODAY)
    assert refused(decline, unconfirmed, by=secretary, reason="No")
    assert refused(take_up, declined, by=secretary)


def test_declining_needs_a_reason_and_the_applicant_reads_it():
    application, secretary = make_application(language="pt-br"), make_secretary()

    assert refused(decline, application, by=secretary, reason="")
    decline(application, by=secretary, reason="Ainda não há acordo.")

    sent = Message.objects.get()
    assert (sent.kind, sent.language, "Ainda não há acordo." in sent.text) == ("application_declined", "pt-br", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": ""},
        {"state": "declined", "reason": ""},
        {"confirmed_at": None},
        {"state": "unconfirmed"},
        {"website": "javascript:alert(1)"},
    ],
)
def test_the_database_holds_the_rules_of_an_application(wrong):
    application = make_application()

    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(**wrong)


# The desk


def test_the_desk_does_not_show_what_is_not_confirmed(client):
    shown, hidden = make_application(), make_application(ApplicationState.UNCONFIRMED)
    client.force_login(make_secretary())

    page = client.get(address(Application, "changelist") + "?state=waiting")

    assert list(page.context["cl"].result_list) == [shown]
    assert client.get(address(hidden)).status_code == 302
    assert client.get(reverse("admin:index")).content.decode().count("?state=waiting") == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(client, number, django_assert_num_queries):
    for _each in range(number):
        make_application()
    client.force_login(make_secretary())
    client.get(address(Application, "changelist"))

    with django_assert_num_queries(9):
        client.get(address(Application, "changelist"))


def guided(client, application, word, **answers):
    """Answer what the act asks, look at what will happen, and press the button. Returns both pages."""
    page = reverse(f"admin:members_application_{word}", args=[application.pk])
    assert client.get(page).status_code == 200
    shown = client.post(page, answers)
    return shown, client.post(page, answers | {"shown": shown.context.get("shown", "")})


def test_accepting_says_first_what_will_happen(client):
    application = make_application()
    client.force_login(make_secretary())

    shown, done = guided(client, application, "accept", joined_on=str(TODAY), role="titular")

    assert len(shown.context["consequences"]) >= 4
    assert done.status_code == 302
    assert Membership.objects.get().applications.get() == application


def test_the_guided_page_refuses_a_taken_seat_before_anything_happens(client):
    make_membership(country="UY")
    application = make_application()
    client.force_login(make_secretary())

    shown, _done = guided(client, application, "accept", joined_on=str(TODAY), role="titular")

    assert (shown.status_code, "Uruguay" in shown.content.decode()) == (400, True)
    assert Membership.objects.count() == 1


def test_declining_and_taking_up_are_guided_too(client):
    application = make_application()
    client.force_login(make_secretary())

    guided(client, application, "take-up")
    guided(client, application, "decline", reason="No es nacional.")

    application.refresh_from_db()
    assert (application.state, application.reason, states_of(application)) == (
        "declined",
        "No es nacional.",
        ["in-review", "declined"],
    )
    assert client.get(address(application)).context["acts"] == []


def test_the_letter_is_an_attachment_for_the_secretariat_alone(client):
    client.post(reverse("members:join-member"), typed(letter=upload(PDF, "Petición.pdf")))
    confirm(Application.objects.get())
    letter = reverse("admin:members_application_letter", args=[Application.objects.get().pk])

    others = []
    for user in [None, make_delegate_user(), make_editor(), make_secretary(second_factor=False)]:
        client.logout() if user is None else client.force_login(user)
        others.append(client.get(letter).status_code)
    client.force_login(make_secretary())
    answer = client.get(letter)

    assert all(status in {302, 403, 404} for status in others)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == "attachment; filename=\"Peticion.pdf\"; filename*=UTF-8''Petici%C3%B3n.pdf"
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    assert "no-store" in answer["Cache-Control"]


def test_a_letter_that_is_lost_is_a_page_not_found(client):
    client.post(reverse("members:join-member"), typed(letter=upload()))
    application = confirm(Application.objects.get())
    application.letter.storage.delete(application.letter.name)
    client.force_login(make_secretary())

    statuses = [
        client.get(reverse("admin:members_application_letter", args=[pk])).status_code for pk in (application.pk, 10**6, "x")
    ]

    assert statuses == [404, 404, 404]


@pytest.mark.parametrize("path", ["join", "join-member", "join-observer", "join-partner", "join-sent"])
def test_the_public_pages_answer_in_a_constant_number_of_queries(client, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert client.get(reverse(f"members:{path}")).status_code == 200


def test_the_page_of_an_application_says_who_did_what(client):
    application, secretary = make_application(), make_secretary(name="Ana Lectora")
    take_up(application, by=secretary)
    client.force_login(secretary)

    page = client.get(address(application)).content.decode()

    assert "Ana Lectora" in page
    assert "_save" not in page and "deletelink" not in page


def test_two_who_decide_at_once_decide_once():
    application, secretary = make_application(), make_secretary()
    seen_by_another = Application.objects.get(pk=application.pk)
    accept(application, by=secretary, joined_on=TODAY)

    assert refused(decline, seen_by_another, by=secretary, reason="No")
    assert refused(accept, seen_by_another, by=secretary, joined_on=TODAY)


def test_an_application_has_no_address_that_can_be_guessed(client):
    application = make_application()

    answers = [client.get(reverse("members:application", args=[guess])) for guess in (application.pk, application.key)]

    assert [answer.status_code for answer in answers] == [404, 404]
