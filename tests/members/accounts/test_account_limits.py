"""Who does not own an account is stopped; who does is not, whatever others try. docs/adr/0032."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from members.models import Message
from rifess.base.limits import too_many_for
from tests.make import make_user
from tests.members.accounts.test_signing_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
STRANGER, OWNER = "203.0.113.66", "198.51.100.7"


@pytest.fixture
def ana():
    user = make_user(email="ana@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def ask_for_a_code(client, email="ana@example.org", where=STRANGER):
    return client.post(reverse("account_request_login_code"), {"email": email}, REMOTE_ADDR=where)


def test_a_stranger_who_fails_and_fails_does_not_keep_the_owner_out(client, ana):
    stranger = Client()
    for number in range(12):
        sign_in(stranger, password=f"{number}", REMOTE_ADDR=STRANGER)

    sign_in(client, REMOTE_ADDR=OWNER)

    assert is_signed_in(client)


@pytest.mark.parametrize("where", [STRANGER, OWNER])
def test_many_strangers_do_not_keep_the_owner_out_of_a_browser_they_know(client, ana, where):
    sign_in(client, REMOTE_ADDR=OWNER)
    client.post(reverse("account_logout"))
    for number in range(14):
        sign_in(Client(), password=f"{number}", REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(Client(), password=f"{number}", REMOTE_ADDR=where)

    sign_in(client, REMOTE_ADDR=where)

    assert is_signed_in(client)


def test_a_known_browser_is_limited_too_and_known_for_its_owner_only(client, ana):
    other = make_user(email="eva@example.org")
    EmailAddress.objects.create(user=other, email=other.email, primary=True, verified=True)
    sign_in(client)
    client.post(reverse("account_logout"))
    own = [sign_in(client, password="otra").context["form"].non_field_errors().as_data()[0].code for _ in range(6)]
    cookie = client.cookies["known_browser"]
    forged = Client(headers={"cookie": f"known_browser={cookie.value}x"})

    assert own == ["email_password_mismatch"] * 5 + ["too_many_login_attempts"]
    assert (cookie["httponly"], cookie["samesite"], "ana" in cookie.value) == (True, "Lax", False)
    assert sign_in(forged).status_code == 302  # only counted as anybody's
    for number in range(6):
        sign_in(client, email="eva@example.org", password=f"{number}", REMOTE_ADDR=STRANGER)
    sign_in(client, email="eva@example.org", REMOTE_ADDR=STRANGER)
    assert not is_signed_in(client)


def test_account_mails_to_one_address_end_for_an_hour_and_for_all_who_ask(client, ana):
    for _ in range(8):
        ask_for_a_code(Client(), where=STRANGER)
        Client().post(reverse("account_reset_password"), {"email": ana.email}, REMOTE_ADDR=STRANGER)
    by_one = Message.objects.count()
    for number in range(14):
        ask_for_a_code(Client(), where=f"2001:db8:{number:x}::1")

    assert by_one == 5
    assert Message.objects.count() == 15


def test_a_stranger_who_asks_and_asks_leaves_the_owner_a_code(client, ana):
    for _ in range(20):
        ask_for_a_code(Client())
    before = Message.objects.count()

    page = ask_for_a_code(client, where=OWNER)

    assert page.status_code == 302 and Message.objects.count() == before + 1


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_too_many_mails_are_refused_in_a_sentence_that_tells_nothing(client, ana, email):
    pages = [ask_for_a_code(Client(), email) for _ in range(6)]

    assert [page.status_code for page in pages] == [302] * 5 + [200]
    assert list(pages[5].context["form"].errors.as_data()["email"])[0].code == "too_much_mail"


def test_of_one_network_and_of_all_there_is_a_limit_by_address(rf):
    def asked(where, count):
        request = rf.post("/", REMOTE_ADDR=where)
        return sum(not too_many_for("ana@example.org", "letter", request, limit=3, seconds=60) for _ in range(count))

    assert [asked(where, 5) for where in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2")] == [
        3,
        0,
        3,
        3,
        0,
    ]
