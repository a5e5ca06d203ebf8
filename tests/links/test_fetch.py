"""How an address is asked: real sites on this machine answer, stay silent, lie and misbehave."""

import pytest

from rifess.links.fetch import Answer
from rifess.links.models import Outcome
from rifess.links.policy import Policy
from tests.links.sites import Clock, make_fetcher, serving_tls, site, trusting_tls


def redirect(to, status=302):
    return status, {"Location": to}


def test_an_address_is_asked_for_its_headlines_only():
    with site({"/": 200}) as server:
        answer = make_fetcher().ask(server.at("/"))

        assert answer == Answer(Outcome.ANSWERED, 200, "OK")
        assert server.asked == [("HEAD", "/")]


def test_the_portal_says_who_it_is():
    with site({"/": 200}) as server:
        make_fetcher().ask(server.at("/"))

        heard = server.heard[0]
        assert heard["User-Agent"] == "RIFESS-links (+http://testserver)"
        assert heard["Host"] == f"pagina.example:{server.port}"


@pytest.mark.parametrize("refusal", [400, 403, 404, 405, 500, 501])
def test_a_site_that_refuses_head_is_asked_again_for_one_byte(refusal):
    with site({"HEAD /": refusal, "GET /": 206}) as server:
        answer = make_fetcher().ask(server.at("/"))

        assert answer.outcome == Outcome.ANSWERED
        assert server.asked == [("HEAD", "/"), ("GET", "/")]
        assert server.heard[1]["Range"] == "bytes=0-0"


def test_a_site_that_hangs_up_at_head_is_asked_again():
    with site({"HEAD /": lambda page: page.connection.close(), "GET /": 200}) as server:
        assert make_fetcher().ask(server.at("/")).outcome == Outcome.ANSWERED


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ANSWERED),
        (204, Outcome.ANSWERED),
        (304, Outcome.ANSWERED),
        (416, Outcome.ANSWERED),
        (401, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (999, Outcome.REFUSED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (429, Outcome.LATER),
        (500, Outcome.BROKEN),
        (503, Outcome.BROKEN),
    ],
)
def test_what_a_status_means(status, outcome):
    with site({"/": status}) as server:
        answer = make_fetcher().ask(server.at("/"))

    assert (answer.outcome, answer.status) == (outcome, status)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ANSWERED),
        (401, Outcome.EMBEDDING_OFF),
        (403, Outcome.PRIVATE),
        (404, Outcome.GONE),
        (400, Outcome.GONE),
        (429, Outcome.LATER),
        (500, Outcome.BROKEN),
    ],
)
def test_a_recordings_site_is_judged_by_what_its_oembed_says(status, outcome):
    with site({"/oembed": status, "/watch": 200}) as server:
        answer = make_fetcher().ask(server.at("/watch?v=1"), judged_by=server.at("/oembed?url=x"))

        assert answer.outcome == outcome
        assert server.asked == [("GET", "/oembed?url=x")]


def test_no_site_is_asked_about_a_forbidden_address():
    with site({"/oembed": 200}) as server:
        answer = make_fetcher().ask("http://user@pagina.example/w/1", judged_by=server.at("/oembed"))

        assert (answer.outcome, server.asked) == (Outcome.FORBIDDEN, [])


# Redirects


def test_redirects_are_followed_to_the_page():
    pages = {"/a": redirect("/b?x=1", 301), "/b": redirect("//otra.example/c", 307), "/c": 200}
    with site(pages) as server:
        pages["/b"] = redirect(f"//otra.example:{server.port}/c", 307)
        answer = make_fetcher().ask(server.at("/a"))

        assert answer == Answer(Outcome.ANSWERED, 200, "OK", server.at("/c", host="otra.example"))
        assert server.asked == [("HEAD", "/a"), ("HEAD", "/b?x=1"), ("HEAD", "/c")]


def test_an_address_that_moved_for_good_says_where_to():
    with site({"/a": redirect("/b", 301), "/b": redirect("/c", 308), "/c": 200}) as server:
        answer = make_fetcher().ask(server.at("/a"))

        assert (answer.outcome, answer.final_url) == (Outcome.MOVED, server.at("/c"))


def test_a_redirect_to_nothing_is_gone():
    with site({"/a": redirect("/b", 301)}) as server:
        assert make_fetcher().ask(server.at("/a")).outcome == Outcome.GONE


def test_a_redirect_in_latin_letters_is_understood():
    with site({"/a": redirect("/econom\xc3\xada y m\xc3\xa1s"), "/econom%C3%ADa%20y%20m%C3%A1s": 200}) as server:
        assert make_fetcher().ask(server.at("/a")).outcome == Outcome.ANSWERED


def test_redirects_end_somewhere():
    with site({"/a": redirect("/b"), "/b": redirect("/a")}) as server:
        answer = make_fetcher(max_redirects=5).ask(server.at("/a"))

        assert answer.outcome == Outcome.CIRCLES
        assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://localhost:{port}/secret", "inside"),
        ("http://127.0.0.1:{port}/secret", "inside"),
        ("http://0x7f.1:{port}/secret", "inside"),
        ("http://[::1]:{port}/secret", "inside"),
        ("//2130706433:{port}/secret", "inside"),
        ("http://user@pagina.example:{port}/secret", "userinfo"),
        ("http://pagina.example:22/secret", "port"),
        ("file:///etc/passwd", "address"),
        ("javascript:alert(1)", "address"),
        ("http://[", "address"),
        ("http://" + "a" * 3000, "length"),
    ],
)
def test_a_redirect_leads_nowhere_the_policy_forbids(to, reason):
    pages = {"/secret": 200}
    with site(pages) as server:
        pages["/a"] = redirect(to.format(port=server.port))
        answer = make_fetcher().ask(server.at("/a"))

        assert (answer.outcome, answer.detail) == (Outcome.FORBIDDEN, reason)
        assert server.asked == [("HEAD", "/a")]


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed():
    leads = {"pagina.example": ["127.0.0.1"], "dentro.example": ["127.0.0.2"]}
    pages = {"/secret": 200}
    with site(pages) as server:
        pages["/a"] = redirect(server.at("/secret", host="dentro.example"))
        fetcher = make_fetcher(resolver=lambda host, port: leads[host], policy=Policy(also=["127.0.0.1/32"]))
        answer = fetcher.ask(server.at("/a"))

        assert answer.outcome == Outcome.FORBIDDEN
        assert server.asked == [("HEAD", "/a")]


# Names


def test_a_name_that_leads_inside_is_not_asked():
    with site({"/": 200}) as server:
        answer = make_fetcher(policy=Policy()).ask(server.at("/"))

        assert (answer.outcome, answer.detail, server.asked) == (Outcome.FORBIDDEN, "inside", [])


def test_a_forbidden_address_is_not_even_looked_up():
    looked_up = []

    answer = make_fetcher(resolver=lambda *asked: looked_up.append(asked)).ask("http://127.1/")

    assert (answer.outcome, looked_up) == (Outcome.FORBIDDEN, [])


def test_only_the_ip_addresses_that_were_checked_are_asked():
    """A name that leads elsewhere the second time it is looked up (DNS rebinding) is looked up once for each hop."""
    looked_up = []

    def rebinding(host, port):
        looked_up.append(host)
        return ["10.0.0.1", "127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    with site({"HEAD /": 405, "GET /": 200}) as server:
        answer = make_fetcher(resolver=rebinding).ask(server.at("/"))

        assert (answer.outcome, looked_up) == (Outcome.ANSWERED, ["pagina.example"])


def test_a_second_ip_address_is_tried_when_the_first_is_closed():
    with site({"/": 200}) as server:
        fetcher = make_fetcher(resolver=lambda host, port: ["127.0.0.9", "127.0.0.1"])

        assert fetcher.ask(server.at("/")).outcome == Outcome.ANSWERED


def test_a_name_that_does_not_exist_is_unreachable():
    def unknown(host, port):
        raise OSError("Name or service not known")

    assert make_fetcher(resolver=unknown).ask("https://pagina.example/") == Answer(
        Outcome.UNREACHABLE, detail="Name or service not known"
    )


def test_a_closed_port_is_unreachable():
    with site({}) as server:
        url = server.at("/")

    assert make_fetcher().ask(url).outcome == Outcome.UNREACHABLE


# Certificates


def test_a_certificate_is_of_the_name_that_was_asked():
    names = []
    context = serving_tls()
    context.sni_callback = lambda connection, name, context: names.append(name)
    with site({"/": 200}, context=context) as server:
        fetcher = make_fetcher(context=trusting_tls())
        own, other = fetcher.ask(server.at("/")), fetcher.ask(server.at("/", host="otra.example"))

        assert (own.outcome, other.outcome) == (Outcome.ANSWERED, Outcome.CERTIFICATE)
        assert names == ["pagina.example", "otra.example"]
        assert server.asked == [("HEAD", "/")]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted():
    with site({"/": 200}, context=serving_tls()) as server:
        assert make_fetcher().ask(server.at("/")).outcome == Outcome.CERTIFICATE
        assert server.asked == []


# Servers that misbehave


def drip(page):
    """Headers that never end, a few letters at a time."""
    page.wfile.write(b"HTTP/1.1 200 OK\r\n")
    until_hung_up(page, b"x")


def until_hung_up(page, bytes_):
    try:
        while not page.server.closing.wait(0.01):
            page.wfile.write(bytes_)
    except OSError:
        page.server.hung_up.set()


def silent(page):
    page.server.closing.wait(5)


def endless(headers):
    def write(page):
        page.say(200, **headers)
        if page.command == "GET":
            until_hung_up(page, b"\x1f\x8b\x08" + b"\x00" * 65536)

    return write


@pytest.mark.slow
@pytest.mark.parametrize("page", [silent, drip, lambda page: until_hung_up(page, b"HTTP/1.1 100 Continue\r\n\r\n")])
def test_a_slow_server_is_not_waited_for(page):
    with site({"/": page}) as server:
        answer = make_fetcher(timeout=0.2).ask(server.at("/"))

        assert answer.outcome == Outcome.TIMEOUT
        assert len(server.asked) == 2


@pytest.mark.parametrize("headers", [{}, {"Content_Encoding": "gzip"}, {"Content_Length": "99999999999"}])
def test_a_page_is_never_read_however_much_there_is(headers):
    with site({"HEAD /": 405, "GET /": endless(headers)}) as server:
        answer = make_fetcher().ask(server.at("/"))

        assert answer.outcome == Outcome.ANSWERED
        assert server.hung_up.wait(5), "the server never noticed that nobody reads"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 99999 Yes\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n",
        b"HTTP/1.1 " + b"2" * 70000,
    ],
    ids=lambda said: ascii(said[:24]),
)
def test_what_is_no_http_is_no_answer(said):
    with site({"/": lambda page: page.wfile.write(said)}) as server:
        assert make_fetcher().ask(server.at("/")).outcome == Outcome.UNREACHABLE


def test_an_address_gets_so_much_time_and_no_more():
    clock = Clock()
    with site({"/a": redirect("/b"), "/b": redirect("/a")}) as server:
        answer = make_fetcher(timeout=1, pause=4, clock=clock, sleep=clock.sleep).ask(server.at("/a"))

        assert (answer.outcome, len(server.asked)) == (Outcome.TIMEOUT, 3)


# Politeness


def test_a_host_is_asked_once_a_second_and_others_meanwhile():
    clock = Clock()
    with site({"/": 200, "/b": redirect("/")}) as server:
        fetcher = make_fetcher(pause=1, clock=clock, sleep=clock.sleep)
        fetcher.ask(server.at("/"))
        fetcher.ask(server.at("/", host="otra.example"))
        before = list(clock.slept)
        fetcher.ask(server.at("/"))
        clock.now += 0.25
        fetcher.ask(server.at("/b"))

    assert (before, clock.slept) == ([], [1, 0.75, 1])


@pytest.mark.parametrize(("headers", "wait"), [({"Retry_After": "120"}, 120), ({}, 3600), ({"Retry_After": "9" * 12}, 86400)])
def test_a_site_that_asks_to_wait_is_left_alone(headers, wait):
    clock, pages = Clock(), {"/": (429, headers)}
    with site(pages) as server:
        fetcher = make_fetcher(clock=clock, sleep=clock.sleep)
        first, second = fetcher.ask(server.at("/")), fetcher.ask(server.at("/other"))
        pages["/"] = 200
        clock.now += wait
        third = fetcher.ask(server.at("/"))

        assert [each.outcome for each in (first, second, third)] == [Outcome.LATER, Outcome.LATER, Outcome.ANSWERED]
        assert server.asked == [("HEAD", "/"), ("HEAD", "/")]


def test_a_site_under_repair_is_left_alone_too():
    with site({"/": (503, {"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"})}) as server:
        fetcher = make_fetcher()

        assert fetcher.ask(server.at("/")).outcome == Outcome.BROKEN
        assert fetcher.ask(server.at("/")).outcome == Outcome.LATER
        assert server.asked == [("HEAD", "/")]
