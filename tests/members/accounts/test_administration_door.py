"""The door of the administration, in every language, for everybody who may stand before it."""

from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import override

from events.models import Agreement
from members.models import User
from tests.events.consultations.test_agreements import make_agreement
from tests.make import make_delegate_user, make_editor, make_institution, make_secretary, make_seminar, make_user
from tests.members.accounts.test_signing_in import ELSEWHERE, PASSWORD, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]
LANGUAGES = ("es", "pt-br", "en")
PAGES = {
    "desk": lambda: reverse("admin:index"),
    "list": lambda: reverse("admin:members_institution_changelist"),
    "row": lambda: reverse("admin:members_institution_change", args=[make_institution().pk]),
    "form": lambda: reverse("admin:members_institution_add"),
    "accounts": lambda: reverse("admin:members_user_changelist"),
    "words": lambda: reverse("admin:jsi18n"),
    "choices": lambda: reverse("admin:autocomplete") + "?app_label=members&model_name=membership&field_name=institution&term=a",
    "password": lambda: reverse("admin:password_change"),
    "on the site": lambda: on_site(Agreement, make_agreement().pk),
}


def with_a_factor_elsewhere():
    """Of the secretariat, with a second factor that this session was not opened with."""
    user = make_secretary(second_factor=False)
    TOTP.activate(user, generate_totp_secret())
    return user


OUTSIDE = {
    "visitor": lambda: None,
    "delegate": make_delegate_user,
    "staff without": lambda: make_secretary(second_factor=False),
    "staff not in this session": with_a_factor_elsewhere,
}
LED_TO = {
    "visitor": "account_login",
    "delegate": None,
    "staff without": "account/second_factor.html",
    "staff not in this session": "mfa_reauthenticate",
}


def arrive(client, who):
    user = OUTSIDE[who]()
    if user:
        client.force_login(user)
    return user


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", OUTSIDE)
def test_without_a_second_factor_no_page_is_ever_seen(client, who, language):
    arrive(client, who)
    with override(language):
        door = reverse("admin:login")
        for name, page in PAGES.items():
            answer = client.get(page())

            assert (answer.status_code, answer.url.partition("?")[0]) == (302, door), name
        assert client.post(reverse("admin:members_institution_add"), {"name_es": "Otra"}).status_code == 302


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_is_led_to_the_step_that_is_missing(client, who, language, method):
    user = arrive(client, who)
    with override(language):
        wanted = reverse("admin:members_institution_changelist")
        path = reverse("admin:login", query={"next": wanted})
        answer = (
            client.get(path)
            if method == "get"
            else client.post(path, {"username": user.email if user else "", "password": PASSWORD})
        )

        if LED_TO[who] is None:
            assert answer.status_code == 404
        elif LED_TO[who].endswith(".html"):
            assert answer.status_code == 200 and answer.templates[0].name == LED_TO[who]
        else:
            assert unquote(answer.url) == f"{reverse(LED_TO[who])}?next={wanted}"
        assert b'type="password"' not in answer.content


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_one_every_page_opens(client, language):
    client.force_login(make_secretary())
    with override(language):
        opened = {name: client.get(page()).status_code for name, page in PAGES.items()}

    assert opened == {name: 302 if name in {"password", "on the site"} else 200 for name in PAGES}


def on_site(model, pk):
    return reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(model).pk, pk])


def test_a_row_leads_to_its_page_on_the_site(client):
    seminar, agreement = make_seminar(published_at=None), make_agreement()
    client.force_login(make_secretary())

    answers = [client.get(on_site(type(row), row.pk)) for row in (seminar, agreement)]

    assert [answer.url for answer in answers] == [seminar.get_absolute_url(), agreement.get_absolute_url()]


def test_what_an_editor_may_not_see_is_as_if_it_were_not_there(client):
    agreement, account = make_agreement(), make_user()
    client.force_login(make_editor())
    number = ContentType.objects.get_for_model(Agreement).pk
    absent, closed = on_site(Agreement, agreement.pk + 1), [on_site(Agreement, agreement.pk), on_site(User, account.pk)]
    odd = [reverse("admin:view_on_site", args=[odd, agreement.pk]) for odd in ("0", "x", f"0{number}", "٣", 10**30)]

    answers = [client.get(page) for page in [absent, *closed, *odd, on_site(Session, "x"), on_site(Agreement, "x")]]

    assert {(answer.status_code, answer.templates[0].name) for answer in answers} == {(404, "404.html")}


def test_the_administration_changes_no_password_itself(client):
    client.force_login(make_secretary())

    assert client.get(reverse("admin:password_change")).url == reverse("account_change_password")


@pytest.mark.parametrize("there", ["desk", "home", "Å"])
def test_a_single_word_is_an_address_and_not_the_name_of_a_page(client, there):
    client.force_login(make_secretary())

    answer = client.get(reverse("admin:login", query={"next": there}))

    assert (answer.status_code, answer.url) == (302, iri_to_uri(there))


def test_an_account_does_not_delete_itself(client):
    """The history of changes names who made each: nobody would have deleted it."""
    user, colleague = make_secretary(), make_user(is_staff=True)
    client.force_login(user)

    answers = [client.post(reverse("admin:members_user_delete", args=[each.pk]), {"post": "yes"}) for each in (user, colleague)]

    assert [answer.status_code for answer in answers] == [403, 302]
    assert User.objects.filter(pk=user.pk).exists() and not User.objects.filter(pk=colleague.pk).exists()


def test_an_empty_name_of_a_field_in_an_address_is_none(client):
    client.force_login(make_secretary())
    for model, page in admin.site._registry.items():
        if row := model._default_manager.first():
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            assert client.get(f"{address}?_to_field=").status_code == client.get(address).status_code, page
            assert client.get(f"{address}?_to_field=x").status_code == 400, page


BEYOND_THE_CALENDAR = [{"year": "9999"}, {"year": "9999", "month": "12"}, {"year": "9999", "month": "12", "day": "31"}]
BEYOND_THE_CALENDAR += [{"year": "1"}, {"year": "0"}, {"year": "9" * 30}, {"year": "2026", "month": "13"}, {"year": "9" * 5000}]


def test_no_date_of_a_list_is_beyond_the_calendar(client):
    client.force_login(make_secretary(is_superuser=True))
    pages = {model: page.date_hierarchy for model, page in admin.site._registry.items() if page.date_hierarchy}

    for model, column in pages.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for date in BEYOND_THE_CALENDAR:
            asked = {f"{column}__{part}": number for part, number in date.items()}
            assert client.get(address, asked).status_code in {200, 302, 400}, (model, date)
    assert len(pages) > 5


@pytest.mark.parametrize("there", ELSEWHERE)
@pytest.mark.parametrize("who", ["visitor", "staff not in this session", "staff with"])
def test_the_door_leads_nobody_elsewhere(client, who, there):
    if who == "staff with":
        client.force_login(make_secretary())
    else:
        arrive(client, who)

    answer = client.get(reverse("admin:login", query={"next": there}))

    assert answer.url.startswith("/") and "evil" not in answer.url and "javascript" not in answer.url


def test_a_code_of_the_app_opens_the_page_that_was_wanted(client):
    user = make_secretary(second_factor=False)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client.force_login(user)
    wanted = reverse("admin:members_institution_changelist")

    asked = client.get(wanted, follow=True).redirect_chain[-1][0]
    answer = client.post(asked, {"code": code_of(secret), "next": wanted}, follow=True)

    assert answer.redirect_chain[-1][0] == wanted and answer.status_code == 200


def test_from_sign_in_to_the_desk_with_one_code(client):
    user = make_secretary(second_factor=False)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    desk = reverse("admin:index")

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": desk})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}, follow=True)

    assert answer.redirect_chain[-1][0] == desk and answer.status_code == 200


def test_an_account_without_password_confirms_by_mail_and_sets_up_a_factor(client):
    user = make_secretary(second_factor=False)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client.force_login(user)
    wanted = reverse("mfa_activate_totp")

    asked = client.get(wanted).url
    client.post(asked, {"recipient": user.email, "next": wanted})
    code = client.session["account_email_reauthentication_code"]["code"]
    answer = client.post(reverse("account_confirm_reauthentication_code"), {"code": code, "next": wanted}, follow=True)

    assert answer.redirect_chain[-1][0] == wanted and answer.status_code == 200
