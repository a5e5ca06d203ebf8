"""Asking many addresses, and writing down what they answered."""

from datetime import UTC, datetime, timedelta

import pytest

from rifess.links.checking import KEPT, check, check_all, forget_old_checks, remember
from rifess.links.models import Address, Check, LinkState, Outcome
from rifess.links.oembed import endpoint_for
from tests.links.sites import Clock, make_address, make_fetcher, site

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_check_is_written_down_with_what_the_server_said():
    with site({"/a": (301, {"Location": "/b"}), "/b": 404}) as server:
        address = make_address(server.at("/a"))
        check(address, make_fetcher(), at=NOON)

    written = Check.objects.get()
    assert (written.address, written.checked_at, written.outcome) == (address, NOON, Outcome.GONE)
    assert (written.status, written.detail, written.final_url) == (404, "Not Found", server.at("/b"))
    address.refresh_from_db()
    assert (address.last_outcome, address.checked_at, address.failed_days) == (Outcome.GONE, NOON, 1)


def test_three_nights_later_an_address_is_dead():
    with site({}) as server:
        address = make_address(server.at("/"))
        for night in range(3):
            check(address, make_fetcher(), at=NOON + timedelta(days=night))

    address.refresh_from_db()
    assert (address.state, address.failing_since, address.checks.count()) == (LinkState.DEAD, NOON.date(), 3)


def test_a_forbidden_address_is_written_down_and_not_asked():
    with site({"/": 200}) as server:
        address = make_address(f"http://127.0.0.1:{server.port}/")
        check(address, make_fetcher(), at=NOON)

        assert server.asked == []
    written = Check.objects.get()
    assert (written.outcome, written.detail, written.status) == (Outcome.FORBIDDEN, "inside", None)


def test_what_a_server_says_is_kept_in_letters_and_not_without_end():
    hostile = b"HTTP/1.1 404 No\x00\x1b[31m\xff" + b"o" * 5000 + b"\r\n\r\n"
    with site({"/": lambda page: page.wfile.write(hostile)}) as server:
        check(make_address(server.at("/")), make_fetcher(), at=NOON)

    written = Check.objects.get()
    assert written.detail.startswith("No[31mÿooo") and len(written.detail) == 500


def test_a_copy_typed_while_an_address_is_asked_stays():
    with site({"/": 404}) as server:
        address = make_address(server.at("/"))
        Address.objects.update(archived_url="https://web.archive.org/a")
        check(address, make_fetcher(), at=NOON)

    assert Address.objects.get().archived_url == "https://web.archive.org/a"


def test_an_address_forgotten_while_it_is_asked_stays_forgotten():
    with site({"/": 200}) as server:
        address = make_address(server.at("/"))
        Address.objects.all().delete()
        check(address, make_fetcher(), at=NOON)

    assert not Address.objects.exists() and not Check.objects.exists()


def test_hosts_are_asked_in_turn_so_that_few_wait():
    clock = Clock()
    pages = {path: 200 for path in ("/1", "/2", "/3")}
    with site(pages) as server:
        urls = [server.at(path, host=host) for host in ("a.example", "b.example") for path in pages]
        addresses = [make_address(url) for url in urls]
        asked = []
        check_all(
            addresses,
            make_fetcher(pause=1, clock=clock, sleep=clock.sleep),
            report=lambda number, address, answer: asked.append((number, address.url, answer.outcome)),
        )

    in_turn = [urls[0], urls[3], urls[1], urls[4], urls[2], urls[5]]
    assert asked == [(number, url, Outcome.ANSWERED) for number, url in enumerate(in_turn, start=1)]
    assert clock.slept == [1, 1]


def test_what_was_checked_before_it_was_stopped_is_kept():
    def stopped(number, address, answer):
        raise KeyboardInterrupt

    with site({"/": 200}) as server:
        addresses = [make_address(server.at("/", host=host)) for host in ("a.example", "b.example")]
        with pytest.raises(KeyboardInterrupt):
            check_all(addresses, make_fetcher(), report=stopped, at=NOON)

    assert [each.address for each in Check.objects.all()] == addresses[:1]


def unknown(host, port):
    raise OSError("Name or service not known")


def test_a_night_without_a_network_is_nobodys_failure():
    addresses = [make_address(f"https://{name}.example/") for name in "abc"]

    offline = check_all(addresses, make_fetcher(resolver=unknown), at=NOON)

    assert offline
    assert set(Address.objects.values_list("last_outcome", "failed_days")) == {(Outcome.OFFLINE, 0)}
    assert set(Check.objects.values_list("outcome", "detail")) == {(Outcome.OFFLINE, "Name or service not known")}


def test_two_silent_hosts_prove_nothing_about_us():
    addresses = [make_address(f"https://{name}.example/{page}") for name in "ab" for page in "12"]

    offline = check_all(addresses, make_fetcher(resolver=unknown), at=NOON)

    assert not offline
    assert set(Address.objects.values_list("last_outcome", "failed_days")) == {(Outcome.UNREACHABLE, 1)}


def test_one_that_is_heard_proves_that_the_others_are_silent():
    def only_one(host, port):
        return ["127.0.0.1"] if host == "alive.example" else unknown(host, port)

    with site({"/": 404}) as server:
        for url in [f"https://{name}.example/" for name in "abc"] + [server.at("/", host="alive.example")]:
            make_address(url)
        offline = check_all(Address.objects.order_by("pk"), make_fetcher(resolver=only_one), at=NOON)

    assert not offline
    assert sorted(Address.objects.values_list("last_outcome", flat=True)) == sorted([*[Outcome.UNREACHABLE] * 3, Outcome.GONE])


def test_a_forbidden_address_is_forbidden_offline_too():
    addresses = [make_address(url) for url in ("http://127.1/", *(f"https://{name}.example/" for name in "abc"))]

    check_all(addresses, make_fetcher(resolver=unknown), at=NOON)

    assert Address.objects.get(url="http://127.1/").last_outcome == Outcome.FORBIDDEN


def test_addresses_in_use_are_known_and_others_forgotten():
    kept = make_address("https://kept.example/", state=LinkState.ALIVE)
    copied = make_address("https://copied.example/", archived_url="https://web.archive.org/a")
    make_address("https://unused.example/")

    remember([(kept.url, "youtube"), ("https://new.example/", ""), ("https://new.example/", "file"), ("", "")])

    known = set(Address.objects.values_list("url", "site", "state"))
    assert known == {
        (kept.url, "youtube", "alive"),
        (copied.url, "", "unknown"),
        ("https://new.example/", "", "unknown"),
    }


@pytest.mark.parametrize("pairs", [["", "vimeo"], ["vimeo", ""]])
def test_an_address_written_twice_is_judged_by_its_site(pairs):
    remember([("https://vimeo.com/123456", site) for site in pairs])

    assert Address.objects.get().site == "vimeo"


def test_remembering_asks_the_same_number_of_questions_for_many(django_assert_num_queries):
    remember([])
    with django_assert_num_queries(4):
        remember([("https://many.example/0", "")])
    with django_assert_num_queries(4):
        remember([(f"https://many.example/{number}", "") for number in range(100)])


def test_old_history_is_forgotten():
    address = make_address()
    for moment in (NOON - KEPT - timedelta(seconds=1), NOON - KEPT):
        address.checks.create(checked_at=moment, outcome=Outcome.GONE)

    forget_old_checks(NOON)

    assert [each.checked_at for each in address.checks.all()] == [NOON - KEPT]


@pytest.mark.parametrize(
    ("site", "url", "endpoint"),
    [
        (
            "youtube",
            "https://www.youtube.com/watch?v=abcdefghijk",
            "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dabcdefghijk",
        ),
        ("vimeo", "https://vimeo.com/123456", "https://vimeo.com/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F123456"),
        (
            "peertube",
            "https://tube.example.org:8443/w/abcdefgh",
            "https://tube.example.org:8443/services/oembed?url=https%3A%2F%2Ftube.example.org%3A8443%2Fw%2Fabcdefgh",
        ),
        ("file", "https://example.org/a.mp4", None),
        ("", "https://example.org/", None),
        ("peertube", "http://[", None),
    ],
)
def test_three_sites_are_judged_by_their_oembed(site, url, endpoint):
    assert endpoint_for(site, url) == endpoint
