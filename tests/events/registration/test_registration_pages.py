"""Registering for a seminar, as whoever registers sees it: the form, the mail's link, and what each button does."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import (
    AttendanceForm,
    PrivacyNotice,
    QuestionKind,
    Registration,
    RegistrationOption,
    RegistrationState,
    RegistrationTerms,
    Seats,
)
from events.models.registrations import SIGNER
from members.models import Audience, Message
from rifess.base.dates import today_in_the_network
from rifess.base.models import Language
from tests.make import (
    make_coming_seminar,
    make_delegate_user,
    make_institution,
    make_membership,
    make_question,
    make_registration,
    make_seminar,
)

pytestmark = pytest.mark.django_db
ANA = {"name": "Ana Łukasz Ñandú", "email": "ana@example.org", "country": "UY", "sector": "academia", "agrees": "on"}
MAY_BE_CHANGED = {name: ANA[name] for name in ("name", "country", "sector")}


def form_of(seminar):
    return reverse("events:register", args=[seminar.slug])


def send(client, seminar, **typed):
    return client.post(form_of(seminar), ANA | typed)


def words(response):
    return response.content.decode()


def main_of(response):
    """What a page says, without the token that differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words(response).partition("<main")[2])


def act_on(client, registration, act):
    signed = registration.get_absolute_url().rstrip("/").rpartition("/")[2]
    return client.post(reverse(f"events:registration-{act}", args=[signed]), follow=True)


def make_hybrid_seminar(here=1, **given):
    """A seminar one may attend from afar, without end of seats, or in person."""
    seminar = make_coming_seminar(**given)
    Seats.objects.create(seminar=seminar, form=AttendanceForm.IN_PERSON, capacity=here)
    return seminar


# The form


def test_at_most_six_things_are_asked_of_everyone(client):
    form = client.get(form_of(make_hybrid_seminar())).context["form"]

    assert [name for name, field in form.fields.items() if field.required] == [
        "form",
        "name",
        "email",
        "country",
        "sector",
        "agrees",
    ]


def test_what_is_not_asked_is_not_seen(client):
    """Where there is one way to attend, a hidden field says which; a hidden field has no label."""
    page = client.get(form_of(make_coming_seminar()))

    hidden = [field for field in page.context["form"] if field.is_hidden]
    assert {field.name for field in hidden} >= {"form", "shown_notice"}
    assert [field.name for field in hidden if "<label" in field.as_field_group()] == []
    assert ">Form" not in page.content.decode()


def test_what_was_typed_is_kept_and_a_letter_asks_whether_the_address_is_theirs(client):
    seminar, known = make_coming_seminar(), make_institution(name="Instituto Nacional de la Economía Social")

    answer = send(client, seminar, institution_name="instituto nacional de la economia social", needs="Subtítulos")

    registration = Registration.objects.get()
    assert answer.url == reverse("events:register-sent", args=[seminar.slug])
    assert (registration.name, registration.country, registration.language) == ("Ana Łukasz Ñandú", "UY", "es")
    assert (registration.institution, registration.needs) == (known, "Subtítulos")
    assert (registration.notice, registration.state) == (PrivacyNotice.objects.get(), "unconfirmed")
    assert Message.objects.get().to == "ana@example.org"


@pytest.mark.parametrize("missing", ["name", "email", "country", "sector", "agrees"])
def test_without_what_is_needed_nothing_is_kept_and_what_was_typed_stays(client, missing):
    page = send(client, make_coming_seminar(), **{missing: ""}, position="Directora")

    assert list(page.context["form"].errors) == [missing]
    assert 'value="Directora"' in words(page)
    assert not Registration.objects.exists()


def test_the_answer_is_the_same_whether_or_not_the_address_is_registered(client):
    seminar, other = make_coming_seminar(), make_coming_seminar()
    make_registration(seminar, email="ana@example.org", name="Otra")

    new, known = send(client, other), send(client, seminar, email="ANA@example.org")

    assert (new.status_code, known.status_code) == (302, 302)
    assert main_of(client.get(new.url)).replace(str(other), "") == main_of(client.get(known.url)).replace(
        str(seminar), ""
    ).replace(seminar.slug, other.slug)
    assert Registration.objects.get(seminar=seminar).name == "Otra"


def test_the_sixth_registration_of_an_address_on_one_day_is_refused(client):
    seminar = make_coming_seminar()
    for _ in range(5):
        assert send(client, seminar).status_code == 302

    page = send(client, seminar)

    assert "mañana" in words(page) or "tomorrow" in words(page)
    assert Message.objects.count() == 1  # those that repeat the last one are not written


def test_a_notice_that_is_not_in_force_yet_is_not_agreed_to(client):
    tomorrow = today_in_the_network() + timedelta(days=1)
    PrivacyNotice.objects.create(version=2, text_es="Otra cosa", in_force_since=tomorrow)

    send(client, make_coming_seminar())

    assert Registration.objects.get().notice.version == 1


@pytest.mark.parametrize(
    "terms",
    [{"opens_at": timedelta(days=1)}, {"closes_at": timedelta(days=-1), "opens_at": timedelta(days=-2)}],
    ids=["not yet", "not any more"],
)
def test_nobody_registers_when_registration_is_not_open(client, terms):
    seminar = make_coming_seminar()
    RegistrationTerms.objects.filter(seminar=seminar).update(**{name: timezone.now() + away for name, away in terms.items()})

    page = send(client, seminar)

    assert page.status_code == 200
    assert "events/registration_closed.html" in [template.name for template in page.templates]
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"days": -3},
        {"cancelled_on": today_in_the_network()},
    ],
    ids=["over", "cancelled"],
)
def test_the_page_says_that_a_seminar_is_over_or_cancelled(client, given):
    page = client.get(form_of(make_coming_seminar(**given)))

    assert "events/registration_closed.html" in [template.name for template in page.templates]


@pytest.mark.parametrize("given", [{"published_at": None}, {"audience": Audience.MEMBERS}], ids=["draft", "for members"])
def test_there_is_no_registering_for_what_one_may_not_see(client, given):
    seminar = make_coming_seminar(**given)

    assert client.get(form_of(seminar)).status_code == 404
    assert send(client, seminar).status_code == 404
    assert client.get(reverse("events:register-sent", args=[seminar.slug])).status_code == 404


def test_there_is_no_registering_without_terms(client):
    assert client.get(form_of(make_seminar())).status_code == 404


def test_the_questions_of_a_seminar_are_answered_by_words_one_line_or_several(client):
    seminar = make_coming_seminar()
    text = make_question(seminar, is_required=True)
    choice = make_question(seminar, "Mañana", "Tarde")
    several = make_question(seminar, "Finanzas", "Vivienda", "Cuidados", kind=QuestionKind.SEVERAL)
    keys = {option.text_es: option.pk for option in RegistrationOption.objects.all()}

    without = send(client, seminar)
    answers = {f"question-{text.pk}": "Aprender", f"question-{choice.pk}": keys["Tarde"]}
    answers[f"question-{several.pk}"] = [keys["Finanzas"], keys["Cuidados"]]
    send(client, seminar, **answers)

    assert list(without.context["form"].errors) == [f"question-{text.pk}"]
    kept = [(each.question, each.in_words()) for each in Registration.objects.get().answers.all()]
    assert kept == [(text, "Aprender"), (choice, "Tarde"), (several, "Finanzas; Cuidados")]


def test_the_form_says_which_seats_are_left_and_where_one_waits(client):
    seminar = make_hybrid_seminar(here=1)
    make_registration(seminar, form=AttendanceForm.IN_PERSON)

    choices = dict(client.get(form_of(seminar)).context["form"].fields["form"].choices)

    assert str(choices["virtual"]) == "Virtual"
    assert "1" not in str(choices["in-person"]) and ":" in str(choices["in-person"])


def test_one_listens_in_a_language_in_which_the_seminar_is_held_or_interpreted(client):
    spanish, portuguese, _english = [Language.objects.get_or_create(code=code)[0] for code in ("es", "pt-BR", "en")]
    seminar = make_coming_seminar()
    seminar.languages.add(spanish)
    seminar.interpreted_languages.add(portuguese)

    send(client, seminar, listens_in=portuguese.pk)

    form = client.get(form_of(seminar)).context["form"]
    assert {*form.fields["listens_in"].queryset} == {spanish, portuguese}
    assert Registration.objects.get().listens_in == portuguese


def test_the_members_countries_come_first(client):
    make_membership(country="MX")

    groups = dict(client.get(form_of(make_coming_seminar())).context["form"].fields["country"].choices[1:])

    first, every = groups.values()
    assert "MX" in dict(first) and "FR" not in dict(first)
    assert len(every) > 240


# The page behind the mail's link


def test_opening_the_link_does_nothing_and_its_button_confirms(client):
    registration = make_registration(state=RegistrationState.UNCONFIRMED, confirmed_at=None)

    client.get(registration.get_absolute_url())
    registration.refresh_from_db()
    before = registration.state
    page = act_on(client, registration, "confirm")

    registration.refresh_from_db()
    assert (before, registration.state) == ("unconfirmed", "confirmed")
    assert registration.code in words(page)


@pytest.mark.parametrize("act", ["confirm", "accept"])
def test_whoever_comes_to_a_buttons_address_sees_the_page(client, act):
    registration = make_registration()
    signed = registration.get_absolute_url().rstrip("/").rpartition("/")[2]

    assert client.get(reverse(f"events:registration-{act}", args=[signed])).url == registration.get_absolute_url()


def test_the_page_is_kept_nowhere_found_by_nobody_and_told_to_no_other_site(client):
    registration = make_registration()

    page = client.get(registration.get_absolute_url())

    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")
    assert registration.name not in registration.get_absolute_url()


def test_a_link_that_is_made_up_or_cut_leads_nowhere(client):
    registration = make_registration()
    cut = registration.get_absolute_url()[:-3] + "/"
    plain = reverse("events:registration", args=[registration.code])

    assert [client.get(address).status_code for address in (cut, plain)] == [404, 404]
    assert registration.name not in words(client.get(cut))


@pytest.mark.parametrize("state", RegistrationState)
def test_each_state_is_said_in_words(client, state):
    now = timezone.now()
    registration = make_registration(state=state, place_in_line=4, offer_expires_at=now + timedelta(hours=2))

    page = client.get(registration.get_absolute_url())

    accept = reverse("events:registration-accept", args=[SIGNER.sign(registration.code)])
    assert words(page).count("<h1>") == 1
    assert (f'action="{accept}"' in words(page)) == (state == "offered")


def test_whoever_waits_is_told_how_many_are_before_them(client):
    seminar = make_coming_seminar(capacity=0)
    for place in (1, 2):
        make_registration(seminar, state=RegistrationState.WAITING, place_in_line=place)
    last = make_registration(seminar, state=RegistrationState.WAITING, place_in_line=3)

    assert client.get(last.get_absolute_url()).context["before"] == 2


def test_the_seat_that_is_offered_is_accepted_with_a_button(client):
    until = timezone.now() + timedelta(hours=2)
    registration = make_registration(state=RegistrationState.OFFERED, offer_expires_at=until)

    act_on(client, registration, "accept")

    registration.refresh_from_db()
    assert registration.state == "confirmed"


def test_too_late_an_acceptance_is_answered_with_a_sentence(client):
    gone = timezone.now() - timedelta(minutes=1)
    registration = make_registration(state=RegistrationState.OFFERED, offer_expires_at=gone)

    page = act_on(client, registration, "accept")

    assert page.status_code == 200
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_cancelling_is_asked_once_more_and_gives_the_seat_back(client):
    registration = make_registration()
    signed = registration.get_absolute_url().rstrip("/").rpartition("/")[2]

    client.get(reverse("events:registration-cancel", args=[signed]))
    taken = registration.seminar.seats.get().taken
    act_on(client, registration, "cancel")

    registration.refresh_from_db()
    assert (taken, registration.seminar.seats.get().taken, registration.state) == (1, 0, "cancelled")


def test_all_but_the_address_can_be_corrected(client):
    seminar = make_coming_seminar()
    question = make_question(seminar)
    registration = make_registration(seminar, email="ana@example.org")
    signed = registration.get_absolute_url().rstrip("/").rpartition("/")[2]
    address = reverse("events:registration-change", args=[signed])

    client.post(address, MAY_BE_CHANGED | {"email": "otra@example.org", f"question-{question.pk}": "Aprender"})
    page = client.get(address)

    registration.refresh_from_db()
    assert (registration.name, registration.email) == ("Ana Łukasz Ñandú", "ana@example.org")
    assert "Aprender</textarea>" in words(page)


def test_another_form_of_attendance_asks_for_a_seat_there(client):
    seminar = make_hybrid_seminar(here=1)
    first, second = make_registration(seminar), make_registration(seminar)
    addresses = [reverse("events:registration-change", args=[each.get_absolute_url().split("/")[-2]]) for each in (first, second)]

    taken, refused = [client.post(address, MAY_BE_CHANGED | {"form": "in-person"}) for address in addresses]

    assert (taken.status_code, refused.status_code) == (302, 200)
    assert [*Registration.objects.order_by("pk").values_list("form", flat=True)] == ["in-person", "virtual"]


# Delegates


def test_nobody_attends_in_another_form_than_the_page_said_when_it_was_opened(client):
    seminar = make_coming_seminar(form="in-person")
    page = client.get(form_of(seminar))
    seminar.seats.update(form="virtual")

    refused = send(client, seminar, form=page.context["form"]["form"].value())
    sent = send(client, seminar, form=refused.context["form"]["form"].value())

    assert "ahora es solo «virtual»" in words(refused) and ANA["name"] in words(refused)
    assert (sent.status_code, Registration.objects.get().form) == (302, "virtual")


def test_of_several_forms_of_attendance_none_is_guessed_for_a_delegate(client):
    seminar = make_coming_seminar(form="in-person")
    client.force_login(make_delegate_user())
    page = words(client.get(seminar.get_absolute_url()))
    Seats.objects.create(seminar=seminar, form="virtual")
    button = reverse("events:register-delegate", args=[seminar.slug])

    client.post(button)
    assert not Registration.objects.exists()
    client.post(button, {"form": re.search('name="form" value="([^"]+)"', page)[1]})
    assert Registration.objects.get().form == "in-person"


def test_a_delegate_registers_with_one_button_and_has_a_seat_at_once(client):
    seminar, user = make_coming_seminar(), make_delegate_user()
    client.force_login(user)

    offered = client.get(seminar.get_absolute_url())
    page = client.post(reverse("events:register-delegate", args=[seminar.slug]), follow=True)

    registration = Registration.objects.get()
    assert reverse("events:register-delegate", args=[seminar.slug]) in words(offered)
    assert (registration.user, registration.email, registration.state) == (user, user.email, "confirmed")
    assert (registration.origin, registration.notice) == ("delegate", PrivacyNotice.objects.get())
    assert page.context["registration"] == registration
    assert registration.get_absolute_url() in words(client.get(seminar.get_absolute_url()))
    assert registration.get_absolute_url() in words(client.get(reverse("delegation:desk")))


def test_a_delegate_is_asked_the_questions_of_the_seminar_after_the_button(client):
    seminar = make_coming_seminar()
    make_question(seminar, is_required=True)
    client.force_login(make_delegate_user())

    page = client.post(reverse("events:register-delegate", args=[seminar.slug]), follow=True)

    assert "events/registration_change.html" in [template.name for template in page.templates]
    assert Registration.objects.get().state == "confirmed"


def test_nobody_else_registers_with_one_button(client):
    seminar = make_coming_seminar()

    assert client.post(reverse("events:register-delegate", args=[seminar.slug])).status_code == 404
    assert not Registration.objects.exists()


def test_a_delegate_who_comes_late_is_told_so(client):
    seminar = make_coming_seminar()
    RegistrationTerms.objects.filter(seminar=seminar).update(closes_at=timezone.now() - timedelta(minutes=1))
    client.force_login(make_delegate_user())

    page = client.post(reverse("events:register-delegate", args=[seminar.slug]), follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["error"]


# The call, on the seminar's page and at home


def test_the_seminars_page_and_home_call_to_register_while_it_is_open(client):
    seminar = make_coming_seminar(capacity=50)

    pages = [words(client.get(address)) for address in (seminar.get_absolute_url(), reverse("home"))]
    RegistrationTerms.objects.filter(seminar=seminar).update(closes_at=timezone.now() - timedelta(minutes=1))
    later = [words(client.get(address)) for address in (seminar.get_absolute_url(), reverse("home"))]

    assert [form_of(seminar) in page for page in pages + later] == [True, True, False, False]
    assert '<meter class="meter" min="0" max="50" value="0"' in pages[0]


def test_a_seminar_without_terms_calls_nobody(client):
    seminar = make_coming_seminar()
    RegistrationTerms.objects.filter(seminar=seminar).delete()

    assert client.get(seminar.get_absolute_url()).context["call"] is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_and_the_page_ask_the_same_number_of_questions(client, rows, django_assert_num_queries):
    seminar = make_hybrid_seminar(here=10)
    for _ in range(rows):
        make_question(seminar)
        make_institution()
        registration = make_registration(seminar)

    with django_assert_num_queries(FORM):
        client.get(form_of(seminar))
    with django_assert_num_queries(PAGE):
        client.get(registration.get_absolute_url())


FORM, PAGE = 9, 4  # queries
