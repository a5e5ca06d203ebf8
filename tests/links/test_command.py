"""The nightly command: which addresses it finds, asks and forgets."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from recordings.models import Source
from rifess.links.models import Address, LinkState, Outcome
from rifess.portal import tasks
from tests import make
from tests.links.sites import make_address, make_fetcher, site

pytestmark = pytest.mark.django_db


def run(**given):
    out = StringIO()
    call_command("check_links", stdout=out, no_color=True, **{"fetcher": make_fetcher()} | given)
    return out.getvalue()


def test_addresses_of_every_room_are_found():
    make.make_institution(website="http://127.0.0.1/website", source_url="http://127.0.0.1/institution")
    make.make_person(website="http://127.0.0.1/person")
    make.make_delegate(
        source_url="http://127.0.0.1/delegate", membership=make.make_membership(source_url="http://127.0.0.1/seat")
    )
    make.make_term(source_url="http://127.0.0.1/term")
    make.make_intervention(
        source_url="http://127.0.0.1/intervention",
        panel=make.make_panel(
            source_url="http://127.0.0.1/panel", seminar=make.make_seminar(source_url="http://127.0.0.1/seminar")
        ),
    )
    recording = make.make_recording(source_url="http://127.0.0.1/recording")
    Source.objects.create(recording=recording, url="http://127.0.0.1/w/abcdefgh", host="peertube")
    make.make_document(source_url="http://127.0.0.1/document", url="http://127.0.0.1/read")

    run()

    found = {url.removeprefix("http://127.0.0.1/"): site for url, site in Address.objects.values_list("url", "site")}
    nouns = "website institution person delegate seat term intervention panel seminar recording document read"
    assert found == {"w/abcdefgh": "peertube"} | dict.fromkeys(nouns.split(), "")


def test_each_is_asked_once_and_the_sum_is_shown():
    with site({"/a": 200}) as server:
        for path in ("/a", "/b"):
            make.make_institution(website=server.at(path, host="pagina.example"))
        make.make_institution(website=server.at("/a", host="pagina.example"))
        make.make_institution(website="http://127.0.0.1/")

        said = run()

        assert sorted(server.asked) == [("GET", "/b"), ("HEAD", "/a"), ("HEAD", "/b")]
    lines = [" ".join(line.split()) for line in said.splitlines()]
    shown = [line.split(" ", 1) for line in lines[:3]]
    assert [number for number, _rest in shown] == ["1/3", "2/3", "3/3"]
    assert sorted(rest for _number, rest in shown) == [
        f"answered {server.at('/a')}",
        "forbidden-address http://127.0.0.1/",
        f"gone {server.at('/b')}",
    ]
    assert lines[-5] == "3 asked."
    assert sorted(lines[-4:-1]) == ["1 answered", "1 forbidden-address", "1 gone"]
    assert lines[-1] == "0 addresses do not answer, of 3 in use."


def test_what_was_asked_today_is_not_asked_again_unless_told():
    with site({"/": 200}) as server:
        make.make_institution(website=server.at("/"))
        run()
        run()
        asked_when_due = len(server.asked)
        run(which="all")

        assert (asked_when_due, len(server.asked)) == (1, 2)


def test_the_dead_are_asked_alone():
    with site({"/dead": 200, "/alive": 200}) as server:
        for path in ("/dead", "/alive"):
            make.make_institution(website=server.at(path))
        day = timezone.now().date()
        dead = {"state": LinkState.DEAD, "failing_since": day, "failed_on": day, "failed_days": 3}
        make_address(server.at("/dead"), checked_at=timezone.now(), **dead)
        run(which="dead")

        assert server.asked == [("HEAD", "/dead")]
    assert Address.objects.get(url=server.at("/dead")).state == LinkState.ALIVE


def test_no_more_are_asked_than_told():
    with site({}) as server:
        for number in range(3):
            make.make_institution(website=server.at(f"/{number}"))
        waiting = Address.objects.create(url=server.at("/1"), checked_at=timezone.now() - timedelta(days=9))
        Address.objects.create(url=server.at("/0"), checked_at=timezone.now() - timedelta(days=8))
        Address.objects.create(url=server.at("/2"), checked_at=timezone.now() - timedelta(days=7))
        run(limit=1)

    waiting.refresh_from_db()
    assert (waiting.last_outcome, Address.objects.exclude(last_outcome="").count()) == (Outcome.GONE, 1)


def test_an_address_that_no_row_has_is_forgotten():
    make_address("https://unused.example/")

    run()

    assert not Address.objects.exists()


def test_a_machine_without_a_network_is_told_so():
    def unknown(host, port):
        raise OSError("Name or service not known")

    for name in "abc":
        make.make_institution(website=f"https://{name}.example/")
    err = StringIO()

    run(fetcher=make_fetcher(resolver=unknown), stderr=err)

    assert "offline" in err.getvalue()
    assert Address.objects.failing().count() == 0


def test_the_background_does_the_same():
    make.make_institution(website="http://127.0.0.1/")

    tasks.check_links.enqueue()

    assert Address.objects.get().last_outcome == Outcome.FORBIDDEN
