"""What is on in a seminar, to the second; and the pages that say so."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from events.live import now_playing
from events.models import InterpretationChannel, JoinLink, Stream
from events.models.registrations import SIGNER
from members.models import Audience
from rifess.base.models import Language
from tests.make import make_coming_seminar, make_delegate_user, make_panel, make_registration, make_secretary, make_seminar

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)
DAY = date(2026, 3, 10)


def moment(hour, minute=0, day=DAY, second=0):
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)


@pytest.fixture
def seminar():
    """A day in Lisbon, which in winter has the clock of UTC: from nine to ten, and from eleven to twelve."""
    seminar = make_seminar(starts_on=DAY, ends_on=DAY, time_zone="Europe/Lisbon")
    for title, hour in [("Apertura", 9), ("Mesa", 11)]:
        make_panel(seminar=seminar, title=title, held_on=DAY, starts_at=moment(hour), ends_at=moment(hour + 1))
    return seminar


def said(seminar, now):
    """What is on and what is next, by title."""
    at = now_playing.at(seminar, now)
    return str(at.state), [str(panel) for panel in at.on], [str(panel) for panel in at.next]


# What is on


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        (moment(8, 59, second=59), ("before", [], ["Apertura"])),
        (moment(9), ("on", ["Apertura"], ["Mesa"])),
        (moment(9, 59, second=59), ("on", ["Apertura"], ["Mesa"])),
        (moment(10), ("between", [], ["Mesa"])),
        (moment(11), ("on", ["Mesa"], [])),
        (moment(11, 59, second=59), ("on", ["Mesa"], [])),
        (moment(12), ("over", [], [])),
        (moment(9, day=DAY - timedelta(days=1)), ("before", [], ["Apertura"])),
    ],
)
def test_a_panel_is_on_from_its_first_second_up_to_its_end(seminar, now, answer):
    assert said(seminar, now) == answer


def test_of_two_panels_at_once_both_are_on(seminar):
    make_panel(seminar=seminar, title="Taller", held_on=DAY, starts_at=moment(11), ends_at=moment(12))

    assert said(seminar, moment(10))[2] == ["Mesa", "Taller"]
    assert said(seminar, moment(11, 30))[1] == ["Mesa", "Taller"]


def test_a_panel_whose_end_is_not_known_is_on_until_the_next_one_that_day():
    seminar = make_seminar(starts_on=DAY, ends_on=DAY, time_zone="Europe/Lisbon")
    make_panel(seminar=seminar, title="Primera", held_on=DAY, starts_at=moment(9))
    make_panel(seminar=seminar, title="Segunda", held_on=DAY, starts_at=moment(10))

    assert said(seminar, moment(9, 59)) == ("on", ["Primera"], ["Segunda"])
    assert said(seminar, moment(10)) == ("on", ["Segunda"], [])
    assert said(seminar, moment(23, 59)) == ("on", ["Segunda"], [])
    assert said(seminar, moment(0, day=DAY + timedelta(days=1))) == ("over", [], [])


def test_what_is_held_today_at_an_unknown_time_is_said():
    seminar = make_seminar(starts_on=DAY, ends_on=DAY, time_zone="Europe/Lisbon")
    untimed = make_panel(seminar=seminar, title="Sin hora", held_on=DAY)
    make_panel(seminar=seminar, title="Sin día")

    at = now_playing.at(seminar, moment(12))

    assert (str(at.state), at.on, at.next, at.untimed) == ("unknown", [], [], [untimed])
    assert now_playing.at(seminar, moment(12, day=DAY - timedelta(days=1))).untimed == []


def test_a_seminar_without_a_programme_is_before_on_its_day_and_over():
    seminar = make_seminar(starts_on=DAY, ends_on=None, time_zone="Europe/Lisbon")
    days = [DAY + timedelta(days=number) for number in (-1, 0, 1)]

    assert [said(seminar, moment(12, day=day))[0] for day in days] == ["before", "unknown", "over"]


def test_a_cancelled_seminar_is_never_on(seminar):
    seminar.cancelled_on = DAY

    assert said(seminar, moment(9, 30)) == ("cancelled", [], [])


def test_the_day_is_that_of_the_seminars_own_clock():
    """In Mexico City it is still the tenth when in Lisbon it is the eleventh."""
    seminar = make_seminar(starts_on=DAY, ends_on=DAY, time_zone="America/Mexico_City")
    untimed = make_panel(seminar=seminar, held_on=DAY)

    assert now_playing.at(seminar, moment(5, 59, day=DAY + timedelta(days=1))).untimed == [untimed]
    assert said(seminar, moment(6, day=DAY + timedelta(days=1)))[0] == "over"


def test_an_hour_that_comes_twice_is_one_moment_only():
    """On 25 October 2026 clocks in Madrid go back at three: from two to three comes twice."""
    day = date(2026, 10, 25)
    seminar = make_seminar(starts_on=day, ends_on=day, time_zone="Europe/Madrid")
    starts, ends = moment(0, 30, day=day), moment(1, 30, day=day)  # 02:30 in summer, 02:30 in winter
    make_panel(seminar=seminar, title="Noche", held_on=day, starts_at=starts, ends_at=ends)

    assert [said(seminar, at)[0] for at in (starts - A_SECOND, starts, ends - A_SECOND, ends)] == ["before", "on", "on", "over"]


def test_somebody_comes_to_the_only_panel_on_or_about_to_begin(seminar):
    opening, panel = seminar.panels.all()
    asked = [moment(8, 29), moment(8, 30), moment(9, 30), moment(10), moment(10, 30)]

    assert [now_playing.panel_for(seminar, now) for now in asked] == [None, opening, opening, None, panel]


def test_with_two_panels_at_once_it_is_not_sure_to_which_somebody_comes(seminar):
    make_panel(seminar=seminar, held_on=DAY, starts_at=moment(11), ends_at=moment(12))

    assert now_playing.panel_for(seminar, moment(11, 30)) is None


# The page for everybody


def make_seminar_on(**given):
    """A seminar whose only panel began ten minutes ago."""
    starts_at = timezone.now() - timedelta(minutes=10)
    day = timezone.localdate(starts_at, timezone.get_fixed_timezone(-360))
    seminar = make_coming_seminar(**{"starts_on": day, "ends_on": day, "time_zone": "America/Mexico_City"} | given)
    make_panel(seminar=seminar, title="Mesa en curso", held_on=day, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    return seminar


def now_of(seminar, name="now", **query):
    return reverse(f"events:{name}", args=[seminar.slug], query=query or None)


def own(registration, name="registration-now"):
    return reverse(f"events:{name}", args=[SIGNER.sign(registration.code)])


def test_everybody_reads_what_is_on(client):
    seminar = make_seminar_on()

    page, part = client.get(now_of(seminar)), client.get(now_of(seminar, "now-part"))

    assert (page.status_code, part.status_code) == (200, 200)
    assert "Mesa en curso" in part.text and part.text in page.text


@pytest.mark.parametrize("name", ["now", "now-part"])
@pytest.mark.parametrize("given", [{"published_at": None}, {"audience": Audience.MEMBERS}], ids=["draft", "members only"])
def test_what_is_not_public_is_not_there(client, name, given):
    seminar = make_seminar_on(**given)
    registration = make_registration(seminar)
    client.get(own(registration))  # what a participant reads is not kept for others

    assert client.get(now_of(seminar, name)).status_code == 404


def test_whoever_may_see_a_seminar_sees_what_is_on(client):
    seminar = make_seminar_on(published_at=None)
    client.force_login(make_secretary())

    pages = [client.get(now_of(seminar)), client.get(now_of(seminar, "now-part"))]

    assert [page.status_code for page in pages] == [200, 200]
    assert all("no-store" in page["Cache-Control"] for page in pages)


@pytest.mark.parametrize("name", ["now", "now-part"])
def test_the_second_visitor_costs_no_query_and_touches_no_session(client, django_assert_num_queries, name):
    seminar = make_seminar_on()
    first = client.get(now_of(seminar, name))

    with django_assert_num_queries(0):
        second = client.get(now_of(seminar, name))

    assert second.content == first.content
    assert "Cookie" not in first.get("Vary", "") + second.get("Vary", "") and not second.cookies
    assert "public" in second["Cache-Control"] and "max-age=5" in second["Cache-Control"]


def test_the_number_of_queries_does_not_grow_with_the_programme(client):
    counted = []
    for panels in (1, 4):
        seminar = make_seminar_on()
        for _number in range(panels):
            make_panel(seminar=seminar, held_on=seminar.starts_on)
        with CaptureQueriesContext(connection) as queries:
            client.get(now_of(seminar))
        counted.append(len(queries))

    assert counted[0] == counted[1]


@pytest.mark.parametrize("name", ["now", "now-part"])
def test_what_has_not_changed_is_not_sent_again(client, name):
    seminar = make_seminar_on()
    mark = client.get(now_of(seminar, name))["ETag"]

    again = client.get(now_of(seminar, name), headers={"If-None-Match": mark})
    weak = client.get(now_of(seminar, name), headers={"If-None-Match": f"W/{mark}"})

    assert [(each.status_code, each.content) for each in (again, weak)] == [(304, b""), (304, b"")]


def test_what_has_changed_is_sent(client):
    seminar = make_seminar_on()
    mark = client.get(now_of(seminar, "now-part"))["ETag"]
    seminar.panels.update(title_es="Otra mesa")
    caches["pages"].clear()  # the seconds go by

    again = client.get(now_of(seminar, "now-part"), headers={"If-None-Match": mark})

    assert again.status_code == 200 and "Otra mesa" in again.text


def test_the_page_and_its_part_have_the_same_mark(client):
    seminar = make_seminar_on()

    page, part = client.get(now_of(seminar)), client.get(now_of(seminar, "now-part"))

    assert f"data-etag={part['ETag']}" in page.text


def test_hours_are_those_of_the_seminar_and_of_the_city_asked_for(client):
    seminar = make_seminar_on()
    starts_at = seminar.panels.get().starts_at

    part = client.get(now_of(seminar, "now-part", zone="Europe/Madrid")).text

    hours = [f"{timezone.localtime(starts_at, zone):%H:%M}" for zone in (seminar.zone, ZoneInfo("Europe/Madrid"))]
    assert [hour for hour in hours if f">{hour}</time>" not in part] == []


def test_what_else_stands_in_an_address_is_in_no_page_that_all_share(client):
    seminar = make_seminar_on()

    page = client.get(now_of(seminar, zone="Europe/Madrid", utm="ajeno")).text + client.get(now_of(seminar, utm="ajeno")).text

    assert "ajeno" not in page


def test_a_message_to_somebody_is_in_no_page_that_all_share(client):
    seminar, registration = make_seminar_on(), make_registration()
    client.post(reverse("events:registration-cancel", args=[SIGNER.sign(registration.code)]))

    theirs, others = client.get(now_of(seminar)), type(client)().get(now_of(seminar))

    assert 'class="note note--ok' in theirs.text and 'class="note note--ok' not in others.text


def test_a_delegate_who_registered_is_led_to_their_own_page(client):
    seminar, user = make_seminar_on(), make_delegate_user()
    registration = make_registration(seminar, user=user, email=user.email)
    client.force_login(user)

    assert own(registration) in client.get(now_of(seminar)).text


def test_a_stream_plays_after_a_click_where_its_site_is_known(client):
    seminar = make_seminar_on()
    Stream.objects.create(seminar=seminar, url="https://youtu.be/dQw4w9WgXcQ?si=seguimiento")

    page = client.get(now_of(seminar))

    assert 'data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?' in page.text and "<iframe" not in page.text
    assert "frame-src https://www.youtube-nocookie.com" in page["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com" in client.get(now_of(seminar))["Content-Security-Policy"]


def test_any_other_stream_is_a_link(client):
    seminar = make_seminar_on()
    Stream.objects.create(seminar=seminar, url="https://envivo.example/sala")

    page = client.get(now_of(seminar))

    assert 'href="https://envivo.example/sala"' in page.text and "data-player" not in page.text
    assert "frame-src" not in page["Content-Security-Policy"]


# The page of whoever has a seat


def test_only_those_registered_read_how_to_listen_to_a_channel(client):
    seminar = make_seminar_on()
    InterpretationChannel.objects.create(
        seminar=seminar, language=Language.objects.get(code="pt-BR"), url="https://canal.example/pt", note_es="Elija Português"
    )

    public, theirs = client.get(now_of(seminar)), client.get(own(make_registration(seminar)))

    assert "canal.example" in theirs.text and "Elija Português" in theirs.text
    assert "canal.example" not in public.text and "Elija Português" not in public.text


def test_whoever_has_a_seat_finds_the_button_to_join_and_never_the_address(client):
    seminar = make_seminar_on()
    JoinLink.objects.create(seminar=seminar, join_url="https://sala.example/secreta")
    registration = make_registration(seminar)

    page, part = client.get(own(registration)), client.get(own(registration, "registration-now-part"))

    assert f'formaction="{own(registration, "registration-join")}"' in page.text
    assert part.text in page.text and "sala.example" not in page.text + str(page.headers)
    assert "no-store" in part["Cache-Control"] and part["X-Robots-Tag"] == "noindex"


def test_their_part_is_not_sent_again_while_nothing_changes(client):
    registration = make_registration(make_seminar_on())
    mark = client.get(own(registration, "registration-now-part"))["ETag"]

    again = client.get(own(registration, "registration-now-part"), headers={"If-None-Match": mark})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["registration-now", "registration-now-part"])
@pytest.mark.parametrize("given", [{"state": "cancelled"}, {"state": "unconfirmed"}])
def test_whoever_has_no_seat_does_not_see_it(client, name, given):
    assert client.get(own(make_registration(make_seminar_on(), **given), name)).status_code == 404


@pytest.mark.parametrize("name", ["registration-now", "registration-now-part"])
def test_the_address_of_a_participant_cannot_be_guessed(client, name):
    registration = make_registration(make_seminar_on())

    assert client.get(reverse(f"events:{name}", args=[f"{registration.code}:inventada"])).status_code == 404


def test_hours_are_those_of_their_capital_too(client):
    seminar = make_seminar_on()

    with translation.override("en"):
        page = client.get(own(make_registration(seminar, country="ES")))

    assert "(Mexico City)" in page.text and "(Madrid)" in page.text


# The ways there


def test_on_its_days_the_pages_lead_to_what_is_on(client):
    seminar, coming = make_seminar_on(), make_coming_seminar(days=9)

    assert now_of(seminar) in client.get(seminar.get_absolute_url()).text
    assert now_of(seminar) in client.get(reverse("home")).text
    assert now_of(coming) not in client.get(coming.get_absolute_url()).text


@pytest.mark.parametrize("given", [{"cancelled_on": DAY}, {"published_at": None}], ids=["cancelled", "draft"])
def test_the_page_of_what_is_not_held_leads_nowhere(client, given):
    seminar = make_seminar_on(**given)
    client.force_login(make_secretary())

    assert now_of(seminar) not in client.get(seminar.get_absolute_url()).text


@pytest.mark.parametrize(
    ("given", "is_led"), [({}, True), ({"state": "cancelled"}, False), ({"state": "unconfirmed"}, False)], ids=str
)
def test_whoever_has_a_seat_is_led_there_from_their_registration(client, given, is_led):
    registration = make_registration(make_seminar_on(), **given)

    assert (own(registration) in client.get(registration.get_absolute_url()).text) is is_led


def test_long_before_nobody_is_led_there(client):
    registration = make_registration(make_coming_seminar(days=3))

    assert own(registration) not in client.get(registration.get_absolute_url()).text


def test_it_is_near_from_half_an_hour_before_until_an_hour_after_the_end(seminar):
    asked = [moment(8, 29), moment(8, 30), moment(12, 59), moment(13)]

    assert [now_playing.is_near(seminar, now) for now in asked] == [False, True, True, False]
