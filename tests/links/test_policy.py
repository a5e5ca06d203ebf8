"""Which addresses of others may be written and asked."""

import pytest
from django.core.exceptions import ValidationError

from rifess.links.policy import LONGEST, is_public_ip, read_host, refuse_address

PUBLIC = [
    "https://www.inaes.gob.mx/",
    "http://example.org",
    "https://example.org:8443/a?b=c#d",
    "https://video.example.org:9000/w/abcdefgh",
    "https://example.org./trailing-dot",
    "https://my_host.example.org/",
    "https://españa.example.org/economía?q=ñ",
    "https://xn--espaa-rta.example.org/",
    "https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/",
    "HTTPS://EXAMPLE.ORG/",
    "https://example.org/@someone/a@b",
    "https://example.org/?next=http://127.0.0.1/",
]
REFUSED = {
    "address": [
        "",
        "example.org",
        "//example.org/",
        "/relative",
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "file://example.org/etc/passwd",
        "ftp://example.org/",
        "gopher://example.org:70/",
        "mailto:a@example.org",
        "blob:https://example.org/1",
        "https:example.org",
        "https:///example.org",
        "https://:443/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://[example.org]/",
        "https://a..example.org/",
        "https://.example.org/",
        "https://-a.example.org/",
        "https://%6cocalhost.example.org/",
        "https://127.0.0.1%00.example.org/",
        "https://ex<ample.org/",
        f"https://{'a' * 64}.example.org/",
        f"https://{'a.' * 127}example.org/",
        "https://example.org⁄.evil.example/",
    ],
    "characters": [
        " https://example.org/",
        "https://example.org/ ",
        "https://exa mple.org/",
        "https://example.org/a b",
        "java\tscript:alert(1)",
        "https://example.org/\r\nHost: 10.0.0.1",
        "https://example.org/\x00",
        "https://example.org\\@10.0.0.1/",
        "https:\\\\10.0.0.1\\",
        "https://example.org/\u202egpj.exe",
        "https://exam\u200bple.org/",
        "https://example.org\u00a0/",
        "https://example.org/\ud800",
    ],
    "userinfo": [
        "https://user@example.org/",
        "https://user:password@example.org/",
        "https://www.youtube.com@10.0.0.1/",
        "https://www.youtube.com:443@evil.example/",
        "https://@example.org/",
    ],
    "port": ["https://example.org:22/", "http://example.org:25/", "http://example.org:0/"],
    "length": ["https://example.org/" + "a" * LONGEST],
    "inside": [
        "http://localhost/",
        "http://localhost:8000/",
        "http://LOCALHOST./",
        "http://portal.localhost/",
        "http://printer.local/",
        "http://db.internal/",
        "http://router.lan/",
        "http://nas.home.arpa/",
        "http://intranet/",
        "http://printer/",
        "http://printer.:8080/",
        "http://127.0.0.1/",
        "http://127.0.0.1.:8000/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0X7F.0x0.0x0.0x1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.0.0.0x1/",
        "http://1.2.3.4.5/",
        "http://256.256.256.256/",
        "http://0x/",
        "http://１２７.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://127．0．0．1/",
        "http://127｡0｡0｡1/",
        "http://ｌｏｃａｌｈｏｓｔ/",
        "http://printer。local/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://192.0.2.1/",
        "http://198.18.0.1/",
        "http://[::]/",
        "http://[::1]:8000/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[::127.0.0.1]/",
        "http://[0:0:0:0:0:ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://%31%32%37.0.0.1/",
        "http://[fc00::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://[2001:db8::1]/",
    ],
}


@pytest.mark.parametrize("url", PUBLIC)
def test_addresses_of_the_public_web_are_taken(url):
    assert refuse_address(url) is None


@pytest.mark.parametrize(("code", "url"), [(code, url) for code, urls in REFUSED.items() for url in urls], ids=ascii)
def test_all_others_are_refused_with_a_sentence(code, url):
    with pytest.raises(ValidationError) as refused:
        refuse_address(url)

    assert refused.value.code == code
    assert str(refused.value.message).endswith(".")


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://España.Example.org/", "xn--espaa-rta.example.org", 443),
        ("http://example.org.:8080/", "example.org", 8080),
        ("http://example。org/", "example.org", 80),
        ("http://８.8.8.8/", "8.8.8.8", 80),
    ],
)
def test_a_host_is_read_as_the_name_server_is_asked_for_it(url, host, port):
    assert read_host(url) == (host, port)


def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up():
    leads = {"rebound.example": ["8.8.8.8", "10.0.0.1"], "public.example": ["8.8.8.8"]}

    def resolve(host, port):
        return leads[host]

    assert refuse_address("https://public.example/", resolve=resolve) is None
    assert refuse_address("https://rebound.example/") is None
    with pytest.raises(ValidationError) as refused:
        refuse_address("https://rebound.example/", resolve=resolve)
    assert refused.value.code == "inside"


def test_what_is_no_ip_address_is_not_public():
    assert not is_public_ip("example.org")
    assert not is_public_ip("fe80::1%eth0")
    assert is_public_ip("8.8.8.8")
