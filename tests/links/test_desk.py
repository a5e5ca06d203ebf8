"""Links at the secretariat's desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rifess.links.models import Address, Check, LinkState, Outcome
from tests import make
from tests.desk import address as page_of
from tests.desk import filled
from tests.links.sites import make_address
from tests.test_admin import errors, said

pytestmark = pytest.mark.django_db


def make_broken(url="https://pagina.example/", days_ago=5, **given):
    day = timezone.now().date()
    failing = {"failing_since": day - timedelta(days=days_ago), "failed_on": day, "failed_days": 3}
    return make_address(url, **{"state": LinkState.DEAD, "last_outcome": Outcome.GONE, **failing} | given)


def test_the_secretariat_sees_what_broke_since_when_and_how(desk):
    broken = make_broken()
    for number in range(25):
        broken.checks.create(checked_at=timezone.now() - timedelta(hours=number), outcome=Outcome.GONE, detail=f"visit {number}.")

    shown = desk.get(page_of(broken)).content.decode()

    assert f'href="{broken.url}"' in shown and "visit 19." in shown and "visit 20." not in shown
    assert f"https://web.archive.org/web/*/{broken.url}" in shown


@pytest.mark.parametrize("who", [make.make_editor, make.make_user, make.make_delegate_user])
def test_nobody_else_does(client, who):
    broken = make_broken("https://secret.example/")
    client.force_login(who())

    for url in (page_of(broken), page_of(Address, "changelist")):
        answer = client.get(url)
        assert answer.status_code in {302, 403} and "secret.example" not in answer.content.decode()


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(page_of(make_broken())).status_code == 302


def test_nobody_adds_or_deletes_addresses_by_hand(desk):
    broken = make_broken()

    assert desk.get(page_of(Address, "add")).status_code == 403
    assert desk.post(page_of(broken).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_only_the_address_of_a_copy_is_typed(desk):
    broken = make_broken()
    typed = {"archived_url": "https://web.archive.org/web/2024/https://pagina.example/", "url": "https://otra.example/"}

    answer = desk.post(page_of(broken), filled(desk.get(page_of(broken)), **typed, state="alive"))

    assert errors(answer) == {}
    broken.refresh_from_db()
    assert (broken.archived_url, broken.url, broken.state) == (typed["archived_url"], "https://pagina.example/", LinkState.DEAD)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://user@example.org/", "http://10.0.0.1/", "http://127.1/"])
def test_a_copy_is_at_a_public_address(desk, url):
    broken = make_broken()

    answer = desk.post(page_of(broken), filled(desk.get(page_of(broken)), archived_url=url))

    assert errors(answer).keys() == {"archived_url"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=dead", {"copied", "old", "recent"}),
        ("trouble=recent", {"recent", "copied", "first-day"}),
        ("trouble=failing", {"recent", "copied", "old", "first-day"}),
        ("trouble=look", {"refused"}),
        ("trouble=no-copy", {"old", "recent"}),
    ],
)
def test_troubles_are_found(desk, query, found):
    make_broken("https://recent.example/")
    make_broken("https://copied.example/", archived_url="https://web.archive.org/a")
    make_broken("https://old.example/", days_ago=31)
    make_broken("https://first-day.example/", days_ago=0, failed_days=1, state=LinkState.ALIVE)
    make_address("https://refused.example/", last_outcome=Outcome.REFUSED)
    make_address("https://fine.example/", state=LinkState.ALIVE)

    page = desk.get(f"{page_of(Address, 'changelist')}?{query}")

    assert {each.url.split("/")[2].removesuffix(".example") for each in page.context["cl"].queryset} == found


def test_addresses_are_checked_now_twenty_at_a_time(desk):
    """Forbidden ones, so that nothing is asked of the network."""
    every = [make_address(f"http://127.0.0.1/{number}") for number in range(22)]

    answer = desk.post(page_of(Address, "changelist"), {"action": "check_now", "_selected_action": [each.pk for each in every]})

    assert Check.objects.filter(outcome=Outcome.FORBIDDEN).count() == 20
    assert len(said(answer)) == 2


def test_an_address_that_is_none_is_shown_without_a_link(desk):
    hostile = make_address("javascript:alert(1)")

    assert 'href="javascript:' not in desk.get(page_of(hostile)).content.decode()


def test_the_list_asks_no_more_for_three_than_for_one(desk, django_assert_max_num_queries):
    make_broken()
    desk.get(page_of(Address, "changelist"))
    with django_assert_max_num_queries(12) as for_one:
        desk.get(page_of(Address, "changelist"))
    make_broken("https://b.example/"), make_broken("https://c.example/")

    with django_assert_max_num_queries(len(for_one)):
        desk.get(page_of(Address, "changelist"))


def test_links_are_found_from_the_front_page_of_the_administration(desk):
    assert desk.get(reverse("admin:app_list", args=["links"])).status_code == 200
