"""What is new is told once, at most once a day, to whoever asked, and only while it is public."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from events.models import Alert, Seminar, SeminarInstitution
from events.publication import publish, unpublish
from members.models import Audience, Message
from members.outbox.delivery import as_mail
from recordings.models import Recording
from rifess.portal import news_digest
from tests.make import (
    make_alert,
    make_institution,
    make_intervention,
    make_panel,
    make_recording,
    make_seminar,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]

NOON = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo(settings.NETWORK_TIME_ZONE))
YESTERDAY = NOON - timedelta(days=1)
A_DAY = timedelta(days=1)


def lately(**given):
    """An alert of somebody who was told all until yesterday."""
    return make_alert(**{"told_until": YESTERDAY} | given)


def coming(**given):
    return make_seminar(**{"starts_on": date(2099, 5, 4), "ends_on": date(2099, 5, 4)} | given)


def seen(**given):
    """A recording that can be watched."""
    return make_recording("https://medios.example/a.mp4", **given)


def told(email=None):
    """What was written, by address: the names of what it tells."""
    messages = Message.objects.filter(kind="news").order_by("pk")
    return [message.text for message in messages if email in (None, message.to)]


def titles(text):
    return sorted(re.findall(r"(?:Seminario|Grabación) de \w+", text))


def test_what_was_announced_and_what_appeared_is_told_in_one_message_in_their_language():
    alert = lately(language="pt-br")
    coming(title="Seminario de marzo"), seen(title="Grabación de enero")

    assert news_digest.tell(NOON) == 1

    message = Message.objects.get()
    assert (message.to, message.language, message.is_bulk) == (alert.email, "pt-br", True)
    assert {"Seminario de marzo", "Grabación de enero"} <= set(titles(message.text)) and "/pt-br/" in message.text
    assert "Seminario de marzo" in message.html


def test_it_is_told_once_and_a_message_comes_at_most_once_a_day():
    lately()
    coming(title="Seminario de marzo")
    counts = [news_digest.tell(NOON), news_digest.tell(NOON)]
    coming(title="Seminario de abril")

    counts += [news_digest.tell(NOON + timedelta(hours=6)), news_digest.tell(NOON + A_DAY), news_digest.tell(NOON + 2 * A_DAY)]

    assert counts == [1, 0, 0, 1, 0]
    assert [titles(text) for text in told()] == [["Seminario de marzo"], ["Seminario de abril"]]


def test_where_there_is_nothing_to_tell_nothing_is_sent_and_nothing_is_lost():
    lately()
    counts = [news_digest.tell(NOON)]
    coming()

    counts.append(news_digest.tell(NOON + timedelta(hours=1)))

    assert counts == [0, 1]


def test_a_clock_that_was_ahead_keeps_nobody_from_hearing_what_is_new():
    make_alert(told_until=NOON + 400 * A_DAY)
    seminar = coming(title="Seminario de marzo")
    Seminar.objects.filter(pk=seminar.pk).update(announced_at=NOON + 400 * A_DAY)

    assert [news_digest.tell(NOON), news_digest.tell(NOON + A_DAY)] == [1, 0]


def test_several_alerts_of_one_address_make_one_message_that_names_each_thing_once():
    topic = make_topic()
    lately(email="ana@example.org"), lately(email="Ana@example.org", topic=topic), lately(email="ana@example.org", country="UY")
    coming(title="Seminario de marzo").topics.add(topic)

    assert (news_digest.tell(NOON), news_digest.tell(NOON + A_DAY)) == (1, 0)

    assert titles(told()[0]) == ["Seminario de marzo"]


def test_a_seminar_published_again_is_told_once():
    lately()
    seminar = coming()
    make_panel(seminar=seminar)
    counts = [news_digest.tell(NOON)]
    unpublish(seminar)
    publish(seminar, by=None)

    counts.append(news_digest.tell(NOON + A_DAY))

    assert counts == [1, 0]


def test_a_seminar_taken_back_before_the_message_is_not_told_and_is_once_it_is_back():
    lately()
    seminar = coming()
    news_digest.announce(NOON)
    unpublish(seminar)
    counts = [news_digest.tell(NOON + timedelta(hours=1))]
    make_panel(seminar=seminar)
    publish(seminar, by=None)

    counts.append(news_digest.tell(NOON + timedelta(hours=2)))

    assert counts == [0, 1]


@pytest.mark.parametrize(
    "hidden",
    [
        {"published_at": None},
        {"audience": Audience.MEMBERS},
        {"audience": Audience.MEMBERS_AND_OBSERVERS},
        {"audience": Audience.SECRETARIAT},
        {"cancelled_on": date(2026, 3, 1)},
        {"is_demonstration": True},
        {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 1)},
    ],
    ids=str,
)
def test_what_is_not_public_or_no_news_is_told_to_nobody_who_asked_for_everything(hidden):
    lately(user=make_user())
    coming(title="Seminario de todas")
    coming(title="Seminario de nadie", **hidden)

    news_digest.tell(NOON)

    assert [titles(text) for text in told()] == [["Seminario de todas"]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_recording(title="Grabación de nadie"),  # nothing to watch yet
        lambda: seen(title="Grabación de nadie", published_at=None),
        lambda: seen(title="Grabación de nadie", withdrawn_on=date(2026, 3, 1)),
        lambda: seen(title="Grabación de nadie", seminar=make_seminar(audience=Audience.MEMBERS)),
        lambda: seen(title="Grabación de nadie", seminar=make_seminar(published_at=None)),
        lambda: seen(title="Grabación de nadie", seminar=make_seminar(is_demonstration=True)),
    ],
    ids=["without source", "draft", "withdrawn", "of a meeting", "of a draft", "of the demonstration"],
)
def test_recordings_that_nobody_may_or_can_watch_are_not_told(make):
    lately()
    make()
    seen(title="Grabación de todas")

    news_digest.tell(NOON)

    assert [titles(text) for text in told()] == [["Grabación de todas"]]


def test_a_meeting_opened_to_everyone_later_is_told_then():
    lately()
    seminar = coming(audience=Audience.MEMBERS)
    counts = [news_digest.tell(NOON)]
    Seminar.objects.filter(pk=seminar.pk).update(audience=Audience.EVERYONE)

    counts.append(news_digest.tell(NOON + A_DAY))

    assert counts == [0, 1]


def test_one_is_told_of_ones_topic_only():
    topic = make_topic()
    lately(topic=topic)
    own, of_a_panel, _other = (coming(title=f"Seminario de {month}") for month in ("marzo", "abril", "mayo"))
    own.topics.add(topic)
    make_panel(seminar=of_a_panel).topics.add(topic)
    seen(panel=of_a_panel.panels.get(), title="Grabación de abril"), seen(title="Grabación de mayo")

    news_digest.tell(NOON)

    assert set(titles(told()[0])) == {"Grabación de abril", "Seminario de abril", "Seminario de marzo"}


def test_one_is_told_of_ones_country_only():
    lately(country="UY")
    ours, _other = coming(title="Seminario de marzo"), coming(title="Seminario de mayo")
    SeminarInstitution.objects.create(seminar=ours, institution=make_institution(country="UY"))
    panel = make_panel(seminar=make_seminar(title="Seminario de enero"))
    make_intervention(panel=panel, positions=[("Directora", make_institution(country="UY"))])
    seen(panel=panel, title="Grabación de enero"), seen(title="Grabación de mayo")

    news_digest.tell(NOON)

    assert set(titles(told()[0])) == {"Grabación de enero", "Seminario de enero", "Seminario de marzo"}


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [({"of_recordings": False}, ["Seminario de marzo"]), ({"of_seminars": False}, ["Grabación de enero"])],
)
def test_one_is_told_of_the_kinds_one_asked_for(wishes, expected):
    lately(**wishes)
    coming(title="Seminario de marzo"), seen(title="Grabación de enero", seminar=make_seminar(title="Otro"))

    news_digest.tell(NOON)

    assert titles(told()[0]) == expected


def test_nobody_is_told_what_was_announced_before_they_asked_nor_before_they_confirmed():
    coming()
    news_digest.announce(YESTERDAY)
    lately(told_until=YESTERDAY + timedelta(minutes=1))
    lately(confirmed_at=None, told_until=None)

    assert (news_digest.tell(NOON), told()) == (0, [])


def test_the_message_ends_with_one_click():
    alert = lately(language="en")
    coming()
    news_digest.tell(NOON)

    mail = as_mail(Message.objects.get())

    with translation.override("en"):
        stop = settings.SITE_URL + reverse("events:alert-stop", args=[alert.signed])
    assert mail.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert stop in mail.body and stop in mail.alternatives[0].content


def test_a_long_list_ends_with_how_many_there_are_more():
    lately(language="en")
    for _number in range(news_digest.MOST + 3):
        coming()

    news_digest.tell(NOON)

    assert "And 3 more" in told()[0]


def test_the_number_of_questions_is_the_same_for_one_thing_and_for_many(django_assert_max_num_queries):
    lately()
    for number in range(5):
        coming(), seen(title=f"Grabación {number}")

    with django_assert_max_num_queries(26):
        news_digest.tell(NOON)


def test_what_is_told_is_written_in_one_go_with_the_message(monkeypatch):
    """The message fails: they are not thought to have been told."""
    alert = lately()
    coming()
    monkeypatch.setattr(news_digest.mail, "write", lambda *_given, **_more: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        news_digest.tell(NOON)

    assert Alert.objects.get().told_until == alert.told_until
    assert Seminar.objects.get().announced_at == NOON


def test_recordings_and_seminars_say_when_they_were_announced():
    coming(), seen()

    news_digest.announce(NOON), news_digest.announce(NOON + A_DAY)

    assert {*Seminar.objects.upcoming().values_list("announced_at", flat=True)} == {NOON}
    assert Recording.objects.get().announced_at == NOON
