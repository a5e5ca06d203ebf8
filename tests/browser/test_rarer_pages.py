"""Pages that few meet, each as its reader meets it: after an error, from a link in a message, before an act that reaches far."""

import os
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from events.models import JoinLink, MissedReminder, PrivacyNotice, SeminarLetter
from events.models.registrations import SIGNER
from events.registration import workflow
from members.models import DataRequest, DataRequestKind, Enquiry, HoldReason, MailHold, Message
from tests.browser.looking import look_as_it_stands_at_each_width_in_both_schemes
from tests.desk import address
from tests.events.registration.test_participant_lists import hiding
from tests.make import (
    make_alert,
    make_coming_seminar,
    make_delegate_user,
    make_panel,
    make_question,
    make_registration,
    make_seminar,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db, pytest.mark.urls("tests.portal.failing_urls")]

LANGUAGE = os.environ.get("LOOK_IN", "es")
EMAIL = "una.persona.de.nombre.largo@fomento-de-la-economia-solidaria.example.org"
TITLE = "Políticas públicas y compras responsables para la economía social y solidaria de Iberoamérica"


def at(name, *args):
    return reverse(name, args=args)


def signed(registration):
    return SIGNER.sign(registration.code)


def send(page, form="main form.form"):
    """Send a form whatever the browser thinks of its fields."""
    with page.expect_navigation():
        page.locator(form).last.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")


# What went wrong


def server_failed(visitor):
    visitor.open("/wrong/", 500)


def page_refused_to_this_account(visitor):
    visitor.open("/forbidden/", 403)


def body_too_large(visitor):
    visitor.open("/too-large/", 413)


def too_many_attempts(visitor):
    visitor.open("/too-often/", 429)


def cookies_lost_while_writing(visitor):
    write_and_lose(visitor)


def session_that_ended_while_writing(visitor):
    write_and_lose(visitor, name=settings.SESSION_COOKIE_NAME)


def write_and_lose(visitor, **cookies):
    """Write a proposal, lose cookies, and send the form."""
    visitor.sign_in(make_delegate_user())
    page = visitor.open(at("delegation:propose", "seminar"))
    page.locator("main form.form input[type=text]").first.fill("Seminario sobre compras públicas responsables")
    page.locator("main form.form textarea").first.fill("Dos días para quienes compran y quienes venden.\n" + "x" * 200)
    visitor.context.clear_cookies(**cookies)
    send(page)
    visitor.problems[:] = [problem for problem in visitor.problems if "status of 403" not in problem]


# Personal data


def personal_data(visitor):
    visitor.open(at("my-data"))


def personal_data_with_errors(visitor):
    send(visitor.open(at("my-data")))


def personal_data_asked_for(visitor):
    visitor.open(at("my-data-sent"))


def link_behind(kind, **given):
    given = {"confirmed_at": None} | given
    return at("my-data-link", DataRequest.objects.create(kind=kind, email=EMAIL, language="es", **given).signed)


def kept_in_many_places():
    seminar = make_coming_seminar(title=TITLE)
    make_registration(seminar, email=EMAIL, name="Ana Núñez", needs="Silla de ruedas")
    make_alert(email=EMAIL)
    Enquiry.objects.create(name="Ana Núñez", email=EMAIL, text=f"Hola: https://example.org/{'x' * 120}", language="es")


def copy_of_personal_data(visitor):
    kept_in_many_places()
    visitor.open(link_behind(DataRequestKind.EXPORT))


def deletion_of_personal_data(visitor):
    kept_in_many_places()
    visitor.open(link_behind(DataRequestKind.ERASURE))


def deletion_asked_for(visitor):
    kept_in_many_places()
    visitor.open(link_behind(DataRequestKind.ERASURE, confirmed_at=timezone.now()))


def deletion_of_nothing(visitor):
    visitor.open(link_behind(DataRequestKind.ERASURE, answered_at=timezone.now()))


def link_to_personal_data_that_ended(visitor):
    visitor.open(at("my-data-link", "1:x:y"), 404)


def data_of_a_registration(visitor):
    registration = make_registration(make_coming_seminar(title=TITLE), email=EMAIL, name="Ana Núñez", needs="Silla de ruedas")
    visitor.open(at("registration-data", signed(registration)))


def data_of_a_delegate(visitor):
    user = make_delegate_user()
    DataRequest.objects.create(kind=DataRequestKind.EXPORT, user=user, confirmed_at=timezone.now())
    visitor.sign_in(user)
    visitor.open(at("delegation:data"))


# Registration


def registration_typed_again(visitor):
    registration = make_registration(make_coming_seminar(title=TITLE), email=EMAIL, state="unconfirmed", confirmed_at=None)
    workflow.register(
        registration.seminar, form="virtual", email=EMAIL, name="Ana María Núñez", country="CL", sector="other", language="es"
    )
    visitor.open(at("events:registration", signed(registration)))


def registration_with_a_link_that_leads_nowhere(visitor):
    visitor.open(at("events:registration", "x:y"), 404)


def registration_of_a_cancelled_seminar(visitor):
    registration = make_registration(make_coming_seminar(title=TITLE, cancelled_on=date(2026, 3, 1)), email=EMAIL)
    visitor.open(at("events:registration", signed(registration)))


def registration_of_a_seminar_taken_off_the_site(visitor):
    registration = make_registration(make_coming_seminar(title=TITLE, published_at=None), email=EMAIL)
    visitor.open(at("events:registration", signed(registration)))


def way_into_a_cancelled_meeting(visitor):
    seminar = make_coming_seminar(title=TITLE, cancelled_on=date(2026, 3, 1))
    JoinLink.objects.create(seminar=seminar, join_url="https://example.org/reunion")
    visitor.open(at("events:registration-join", signed(make_registration(seminar))))


def registering_under_a_notice_that_changed(visitor):
    page = visitor.open(at("events:register", make_coming_seminar(title=TITLE).slug))
    PrivacyNotice.objects.create(version=90, text_es="Otro aviso.", text_pt_br="Outro aviso.", text_en="Another notice.")
    page.locator("main [name=name]").fill("Ana Núñez")
    page.locator("main [name=agrees]").check()
    send(page)


def registering_taken_for_a_program(visitor):
    page = visitor.open(at("events:register", make_coming_seminar(title=TITLE).slug))
    page.locator("main [name=nothing_here]").evaluate("field => { field.value = 'x'; }")
    send(page)


# The desk


def desk_where_nothing_ran(visitor):
    seminar = make_coming_seminar(title=TITLE)
    MissedReminder.objects.create(seminar=seminar, kind="day-before", about="2027-03-05", people=12)
    MailHold.objects.create(reason=HoldReason.RESTORED)
    Message.objects.create(kind="confirmed", to=EMAIL, subject="Inscripción", text="…")
    visitor.open(at("admin:index"))


def letters_of_which_one_is_behind(visitor):
    seminar = make_coming_seminar(title=TITLE)
    MissedReminder.objects.create(seminar=seminar, kind="day-before", about="2027-03-05", people=12)
    SeminarLetter.objects.create(seminar=seminar, kind="confirmed", subject_es="Hola", text_es="Hola", follows="pt-br,en")
    visitor.open(at("admin:events_takingpart_letters", seminar.pk))


def address_of_which_all_is_shown(visitor):
    kept_in_many_places()
    page = visitor.open(at("admin:members_datarequest_kept"))
    page.locator("#content-main [name=email]").fill(EMAIL)
    send(page, "#content-main form")


def address_of_which_nothing_is_kept(visitor):
    page = visitor.open(at("admin:members_datarequest_kept"))
    page.locator("#content-main [name=email]").fill("nadie@example.org")
    send(page, "#content-main form")


def erasure_to_carry_out(visitor):
    kept_in_many_places()
    asked = DataRequest.objects.create(kind="erasure", email=EMAIL, language="es", confirmed_at=timezone.now())
    send(visitor.open(at("admin:members_datarequest_erase", asked.pk)), "#content-main form")


def second_factor_to_reset(visitor):
    visitor.open(at("admin:members_user_second-factor", make_user(email=EMAIL, second_factor=True).pk))


def list_with_hidden_rows(visitor):
    rows = [["Nombre", "Correo"], ["Ana", "ana@example.org"], ["Beto", "beto@example.org"]]
    data = hiding(("Lista", rows), ("Vieja", rows), rows=[3], hidden_sheets=["Vieja"])
    page = visitor.open(at("admin:events_takingpart_participant_list", make_coming_seminar(title=TITLE).pk))
    page.locator("[type=file]").set_input_files({"name": "lista.xlsx", "mimeType": "application/zip", "buffer": data})
    send(page, "#content-main form")


def question_with_its_options(visitor):
    seminar = make_coming_seminar(title=TITLE)
    make_question(seminar, "Compras públicas", "Finanzas solidarias", kind="several", text_es="¿Qué le interesa?")
    visitor.open(at("admin:events_takingpart_change", seminar.pk))


def seminar_with_unlikely_days(visitor):
    seminar = make_seminar(title=TITLE, starts_on=date(2027, 1, 9), ends_on=date(2027, 1, 10))
    page = visitor.open(address(seminar))
    page.locator("[name=ends_on]").fill(page.locator("[name=ends_on]").input_value().replace("01", "09"))
    send(page, "#seminar_form")


def panel_at_an_hour_that_comes_twice(visitor):
    day = date(2027, 10, 31)
    panel = make_panel(seminar=make_seminar(time_zone="Europe/Madrid", starts_on=day, ends_on=day), held_on=day)
    page = visitor.open(address(panel))
    page.locator("[name=starts]").fill("02:30")
    page.locator("[name=ends]").fill("02:45")
    send(page, "#panel_form")


VISITORS = [
    server_failed,
    page_refused_to_this_account,
    body_too_large,
    too_many_attempts,
    cookies_lost_while_writing,
    session_that_ended_while_writing,
    personal_data,
    personal_data_with_errors,
    personal_data_asked_for,
    copy_of_personal_data,
    deletion_of_personal_data,
    deletion_asked_for,
    deletion_of_nothing,
    link_to_personal_data_that_ended,
    data_of_a_registration,
    data_of_a_delegate,
    registration_typed_again,
    registration_with_a_link_that_leads_nowhere,
    registration_of_a_cancelled_seminar,
    registration_of_a_seminar_taken_off_the_site,
    way_into_a_cancelled_meeting,
    registering_under_a_notice_that_changed,
    registering_taken_for_a_program,
]
DESK = [
    desk_where_nothing_ran,
    letters_of_which_one_is_behind,
    address_of_which_all_is_shown,
    address_of_which_nothing_is_kept,
    erasure_to_carry_out,
    second_factor_to_reset,
    list_with_hidden_rows,
    question_with_its_options,
    seminar_with_unlikely_days,
    panel_at_an_hour_that_comes_twice,
]


def as_name(reach):
    return reach.__name__


@pytest.mark.parametrize("reach", VISITORS, ids=as_name)
def test_page_that_few_meet_is_sound_at_each_width_in_both_schemes(looker, reach):
    with translation.override(LANGUAGE):
        reach(looker)

    assert look_as_it_stands_at_each_width_in_both_schemes(looker, reach.__name__, LANGUAGE) == []


@pytest.mark.parametrize("reach", DESK, ids=as_name)
def test_page_of_the_desk_that_few_meet_is_sound_in_both_schemes(looker, secretary, reach):
    looker.sign_in(secretary)
    with translation.override(LANGUAGE):
        reach(looker)

    assert look_as_it_stands_at_each_width_in_both_schemes(looker, reach.__name__, LANGUAGE) == []
