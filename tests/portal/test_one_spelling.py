"""One domain of mail has two spellings, in its own letters and as xn--…: at no door are they two addresses."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.urls import reverse

from events.alerts import subscriptions
from events.models import Alert, Registration
from members.models import DataRequest, Message, User
from rifess.base.cleaned.respelling import respell
from tests.make import make_alert, make_registration, make_user

pytestmark = pytest.mark.django_db
SHOWN, ENCODED = "ana@españa.example", "ana@XN--espaa-rta.example"
PASSWORD = "una clave larga y propia"  # tests.make.make_user


@pytest.fixture(params=[(SHOWN, ENCODED), (ENCODED, SHOWN)], ids=["kept-shown", "kept-encoded"])
def spellings(request):
    return request.param


def test_an_account_is_opened_with_either(client, spellings):
    kept, typed = spellings
    user = make_user(email=kept)
    EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)

    client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
    is_in = client.session.get("_auth_user_id")
    client.logout()
    client.post(reverse("account_request_login_code"), {"email": typed})
    client.post(reverse("account_reset_password"), {"email": typed})

    assert (is_in, user.email) == (str(user.pk), SHOWN)
    assert sorted(Message.objects.values_list("kind", "to")) == [("login_code", SHOWN), ("password_reset_key", SHOWN)]
    assert User.objects.filter(email__iexact=typed).exists()


def test_an_alert_and_what_is_kept_are_found_with_either(client, spellings):
    kept, typed = spellings
    first = make_alert(email=kept)
    make_registration(email=kept)

    again = subscriptions.ask(typed, language="es")
    client.post(reverse("my-data"), {"email": typed, "kind": "export"})

    assert (again.pk, Alert.objects.get().email) == (first.pk, SHOWN)
    assert DataRequest.objects.get().email == Registration.objects.get().email == SHOWN
    assert Registration.objects.filter(email__iexact=typed).exists()


def test_rows_of_before_get_the_spelling_in_which_they_are_looked_for():
    old, same, shown = make_user(), make_user(), make_user(email="eva@españa.example")
    with connection.cursor() as cursor:  # a field would give its own spelling
        for user, written in ((old, ENCODED), (same, "eva@xn--espaa-rta.example")):
            cursor.execute("UPDATE members_user SET email = %s WHERE id = %s", [written, user.pk])

    left = respell(User, "email")

    emails = dict(User.objects.values_list("pk", "email"))
    assert left == [same.pk]
    assert emails == {old.pk: SHOWN, same.pk: "eva@xn--espaa-rta.example", shown.pk: "eva@españa.example"}
