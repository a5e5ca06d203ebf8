"""When a seminar changes, the desk says who knows something else, and tells them with one act."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from events.models import LetterKind, LetterTold, Seminar
from events.notifications import send
from events.notifications.schedule_changes import changed_untold
from members.models import Message
from rifess.base.dates import today_in_the_network
from tests.desk import address, filled
from tests.make import make_coming_seminar, make_editor, make_panel, make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


def act_on(seminar):
    return reverse("admin:events_takingpart_tell-what-changed", args=[seminar.pk]).replace("/es/", "/en/")


def seminar_with(*people, **given):
    """A coming seminar, and people of whom it is told that they know its day, hour and place."""
    seminar = make_coming_seminar(**given)
    for more in people:
        send.tell(make_registration(seminar, **more), LetterKind.CONFIRMED)
    Message.objects.all().delete()
    return seminar


def save(desk, row, **changes):
    page = desk.get(address(row))
    return desk.post(address(row), filled(page, **changes), follow=True)


def put_off(seminar, days=1):
    seminar = Seminar.objects.get(pk=seminar.pk)
    seminar.starts_on = seminar.ends_on = seminar.starts_on + timedelta(days=days)
    seminar.save()
    return seminar


def test_after_a_seminar_is_put_off_the_desk_leads_to_the_act(desk):
    seminar = seminar_with({}, {})
    later = seminar.starts_on + timedelta(days=1)

    page = save(desk, seminar, starts_on=later.isoformat(), ends_on=later.isoformat())

    said = [str(message) for message in page.context["messages"]]
    assert any(reverse("admin:events_takingpart_tell-what-changed", args=[seminar.pk]) in message for message in said)


def test_another_hour_of_a_panel_is_offered_to_be_told_too(desk):
    seminar = make_coming_seminar()
    panel = make_panel(seminar=seminar, held_on=seminar.starts_on)
    send.tell(make_registration(seminar), LetterKind.CONFIRMED)

    page = save(desk, panel, starts="10:00", ends="11:00")

    assert "tell-what-changed" in " ".join(map(str, page.context["messages"]))


def test_of_what_changes_neither_day_nor_place_nothing_is_offered(desk):
    seminar = seminar_with({})

    page = save(desk, seminar, title_es="Otro título")

    assert "tell-what-changed" not in " ".join(map(str, page.context["messages"]))


def test_the_act_says_what_will_happen_and_then_tells_each_once(desk):
    seminar = put_off(seminar_with({"language": "pt-br"}, {"language": "es"}))

    shown = desk.post(act_on(seminar)).context
    assert Message.objects.count() == 0
    page = desk.post(act_on(seminar), {"shown": shown["shown"]}, follow=True)

    assert shown["consequences"][0].startswith("2 people have other information")
    assert any(sentence.startswith(f"{seminar}: First day was") for sentence in shown["consequences"])
    assert [str(message) for message in page.context["messages"]] == ["2 people will be emailed."]
    assert set(Message.objects.values_list("language", "is_bulk")) == {("pt-br", True), ("es", True)}
    assert desk.post(act_on(seminar)).context["consequences"] == [
        "Everyone who takes part has the current information. No emails will be sent."
    ]


@pytest.mark.parametrize(
    "given", [{"cancelled_on": date(2026, 1, 1)}, {"published_at": None}, {"starts_on": date(2024, 1, 1), "ends_on": None}]
)
def test_of_what_is_not_to_come_nobody_is_told_that_it_changed(desk, given):
    seminar = seminar_with({})
    Seminar.objects.filter(pk=seminar.pk).update(place_es="Puebla", **given)

    shown = desk.post(act_on(seminar)).context["shown"]
    refused = desk.post(act_on(seminar), {"shown": shown})

    assert refused.status_code == 400
    assert not Message.objects.exists()


def test_when_a_seminar_is_cancelled_the_desk_says_who_is_told(desk):
    seminar = seminar_with({})

    page = save(desk, seminar, cancelled_on=today_in_the_network().isoformat())

    assert len(page.context["messages"]) == 2
    assert "tell-what-changed" not in " ".join(map(str, page.context["messages"]))


def test_the_front_page_says_which_seminars_changed_and_were_not_told(desk):
    seminar_with({})
    put_off(seminar_with({}, {}))

    listed = desk.get(reverse("admin:events_takingpart_changelist") + "?when=untold").context["cl"]
    front = desk.get(reverse("admin:index").replace("/es/", "/en/"))

    assert listed.result_count == 1
    assert "1 seminar has changed, and not all who take part were told" in front.content.decode()


def test_the_front_page_asks_as_much_however_many_seminars_there_are(desk, django_assert_max_num_queries):
    for _each in range(3):
        put_off(seminar_with({}, {}))

    with django_assert_max_num_queries(3):
        assert len(changed_untold()) == 3


def test_only_who_may_change_participants_tells_them(client):
    seminar = put_off(seminar_with({}))

    assert client.get(act_on(seminar)).status_code == 302
    client.force_login(make_editor())
    assert client.get(act_on(seminar)).status_code == 403
    assert LetterTold.objects.filter(kind="changed").count() == 0
