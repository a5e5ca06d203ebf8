"""Addresses that add an entry to other calendars say the same as our files."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation

from events.calendar import add_links
from members.models import Audience
from tests.make import make_coming_seminar, make_panel

pytestmark = pytest.mark.django_db
DAY = date(2027, 7, 10)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def make_day(title="Crédito & más", last=DAY, **given):
    """A seminar to come, in Madrid."""
    return make_coming_seminar(title=title, starts_on=DAY, ends_on=last, time_zone="Europe/Madrid", **given)


def make_hours(seminar):
    return make_panel(
        seminar=seminar,
        title="Apertura",
        held_on=DAY,
        starts_at=datetime(2027, 7, 10, 8, tzinfo=UTC),
        ends_at=datetime(2027, 7, 10, 9, 30, tzinfo=UTC),
    )


def asked(links):
    """What each link asks for, by the host and path it leads to."""
    found = {}
    for link in links:
        url = urlsplit(link.url)
        found[url.netloc + url.path] = {name: value for name, (value,) in parse_qs(url.query).items()}
    return found


def test_hours_are_given_in_utc():
    panel = make_hours(make_day())

    for links in (add_links.of_seminar(panel.seminar), add_links.of_one_panel(panel)):
        links = asked(links)
        google = links["calendar.google.com/calendar/render"]
        microsoft = links["outlook.office.com/calendar/action/compose"]
        assert google["dates"] == "20270710T080000Z/20270710T093000Z"
        assert [microsoft[name] for name in ("startdt", "enddt", "allday")] == [
            "2027-07-10T08:00:00Z",
            "2027-07-10T09:30:00Z",
            "false",
        ]
        assert {"outlook.live.com/calendar/action/compose"} < set(links)


def test_whole_days_end_on_the_first_day_outside():
    links = asked(add_links.of_seminar(make_day(last=date(2027, 7, 11))))

    google, microsoft = links["calendar.google.com/calendar/render"], links["outlook.live.com/calendar/action/compose"]
    assert google["dates"] == "20270710/20270712"
    assert [microsoft[name] for name in ("startdt", "enddt", "allday")] == ["2027-07-10", "2027-07-12", "true"]


def test_words_arrive_whole_and_as_text():
    seminar = make_day(summary_es="<b>Uno</b> + dos " + "x" * 2000)

    links = asked(add_links.of_seminar(seminar))

    google, microsoft = links["calendar.google.com/calendar/render"], links["outlook.live.com/calendar/action/compose"]
    assert (google["text"], microsoft["subject"]) == ("Crédito & más", "Crédito & más")
    assert google["details"].startswith("<b>Uno</b> + dos x")
    assert google["details"].endswith(f"…\n\nhttp://testserver/en/seminars/{seminar.slug}/")
    assert microsoft["body"].startswith("&lt;b&gt;Uno&lt;/b&gt; + dos")
    assert max(len(link.url) for link in add_links.of_seminar(seminar)) < 2000


def test_several_days_are_told_apart_and_many_are_left_to_the_file():
    two, many = make_day(last=date(2027, 7, 11)), make_day(last=date(2027, 7, 20))
    make_hours(two)
    for day in range(10, 20):
        make_panel(seminar=many, held_on=date(2027, 7, day))

    assert [link.words for link in add_links.of_seminar(two)][::3] == [
        "Google Calendar: 10 July 2027",
        "Google Calendar: 11 July 2027",
    ]
    assert add_links.of_seminar(many) == []


@pytest.mark.parametrize(
    "given",
    [
        {"published_at": None},
        {"audience": Audience.MEMBERS},
        {"cancelled_on": date(2026, 1, 1)},
        {"starts_on": date(2024, 7, 10)},
    ],
    ids=["draft", "members' meeting", "cancelled", "over"],
)
def test_others_are_not_told_of_what_not_everybody_may_see_or_is_not_to_come(given):
    seminar = make_coming_seminar(**given | ({"ends_on": given["starts_on"]} if "starts_on" in given else {}))

    assert add_links.of_seminar(seminar) == []
    assert add_links.of_one_panel(make_panel(seminar=seminar)) == []


def test_each_program_follows_the_same_address():
    links = {link.words: link.url for link in add_links.following("Seminars & más", "/en/seminars/calendar.ics")}

    assert links["This device’s calendar"] == "webcal://testserver/en/seminars/calendar.ics"
    assert asked([add_links.Link("", links["Google Calendar"])]) == {
        "calendar.google.com/calendar/r": {"cid": "webcal://testserver/en/seminars/calendar.ics"}
    }
    assert asked([add_links.Link("", links["Microsoft 365"])]) == {
        "outlook.office.com/calendar/0/addfromweb": {
            "url": "http://testserver/en/seminars/calendar.ics",
            "name": "Seminars & más",
        }
    }
