"""Who asked for news, at the desk: read and deleted, never written."""

import pytest
from django.urls import reverse

from events.models import Alert
from tests.desk import address
from tests.make import make_alert, make_editor, make_topic

pytestmark = pytest.mark.django_db


def listed(page):
    return {alert.email for alert in page.context["cl"].queryset}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"a@example.org", "b@example.org", "c@example.org"}),
        ({"q": "b@exam"}, {"b@example.org"}),
        ({"q": "uruguay"}, {"b@example.org"}),
        ({"q": "finánzas"}, {"c@example.org"}),
        ({"confirmed": "no"}, {"c@example.org"}),
        ({"subject": "country"}, {"b@example.org"}),
        ({"subject": "all"}, {"a@example.org"}),
    ],
)
def test_they_are_searched_and_narrowed(desk, asked, expected):
    make_alert(email="a@example.org"), make_alert(email="b@example.org", country="UY")
    make_alert(email="c@example.org", topic=make_topic(name="Finanzas"), confirmed_at=None)

    assert listed(desk.get(address(Alert, "changelist"), asked)) == expected


def test_they_are_read_and_deleted_but_not_written(desk):
    alert = make_alert(email="a@example.org")

    read = desk.get(address(alert))
    desk.post(address(alert), {"email": "otra@example.org"})
    added = desk.get(reverse("admin:events_alert_add"))
    before = Alert.objects.get().email
    desk.post(reverse("admin:events_alert_delete", args=[alert.pk]), {"post": "yes"})

    assert (read.status_code, added.status_code, before, Alert.objects.count()) == (200, 403, "a@example.org", 0)


def test_they_are_the_secretariats_and_nobody_elses(client):
    client.force_login(make_editor())

    assert client.get(address(Alert, "changelist")).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_asks_as_often_for_many(desk, django_assert_max_num_queries, count):
    for _number in range(count):
        make_alert(topic=make_topic())
    desk.get(address(Alert, "changelist"))

    with django_assert_max_num_queries(14):
        desk.get(address(Alert, "changelist"))
