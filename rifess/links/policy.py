"""Which addresses may be written and asked: public ones of the web, in plain writing, and nothing behind a wall."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 2000
UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}  # controls, marks without a shape, spaces
DOTS = str.maketrans("。．｡", "...")  # noqa: RUF001  (browsers read all three as a full stop)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # as a last label, browsers take the name for an IPv4 address
INSIDE = {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa"}
PUBLIC_IPV6 = ip_network("2000::/3")  # all that IANA has given out; leaves NAT64 and IPv4 in disguise outside

SENTENCES = {
    "address": _("This is not a web address: it starts with https://."),
    "characters": _("A web address has no spaces, backslashes or invisible characters."),
    "userinfo": _("A web address for everyone carries no user name or password."),
    "port": _("Web addresses use port 80, 443 or one from 1024 up."),
    "inside": _("This address leads inside a private network, where visitors cannot go."),
    "length": _("This address is too long."),
}


def refuse_address(url, *, resolve=None):
    """Raise ValidationError when `url` is no address of the public web. Its code is a key of SENTENCES.

    It reads only: names are looked up when `resolve(host, port)` is given, and then each of its IP addresses must be public.
    """
    host, port = read_host(url)
    if resolve and not all(is_public_ip(ip) for ip in resolve(host, port)):
        raise forbidden("inside")


def read_host(url):
    """The host of `url` as it is asked of the name server, and the port. Raises ValidationError (see `refuse_address`)."""
    if len(url) > LONGEST:
        raise forbidden("length")
    if "\\" in url or any(unicodedata.category(character) in UNSEEN for character in url):
        raise forbidden("characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise forbidden("address") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise forbidden("address")
    if "@" in parts.netloc:
        raise forbidden("userinfo")
    port = (443 if parts.scheme == "https" else 80) if port is None else port
    if port not in {80, 443} and port < 1024:
        raise forbidden("port")
    return (_ip_literal(host) if "[" in parts.netloc else _name(host)), port


def _ip_literal(host):
    try:
        address = IPv6Address(host)
    except ValueError as error:
        raise forbidden("address") from error
    if not is_public_ip(address):
        raise forbidden("inside")
    return str(address)


def _name(host):
    """The name in ASCII, or an IPv4 address in its usual writing; any other writing of numbers is refused."""
    name = unicodedata.normalize("NFKC", host.translate(DOTS)).translate(DOTS).lower().removesuffix(".")
    name = name if name.isascii() else _in_ascii(name)
    labels = name.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return _ipv4(name)
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise forbidden("address")
    if len(labels) == 1 or labels[-1] in INSIDE:
        raise forbidden("inside")
    return name


def _in_ascii(name):
    """The name as the name server knows it (IDNA). Signs that look like a dot or a slash are refused."""
    if not all(character in ".-_" or unicodedata.category(character)[0] in "LMN" for character in name):
        raise forbidden("address")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise forbidden("address") from error


def _ipv4(name):
    try:
        address = IPv4Address(name)
    except ValueError as error:
        raise forbidden("inside") from error
    if not is_public_ip(address):
        raise forbidden("inside")
    return str(address)


def forbidden(code):
    """The refusal to raise for the reason `code`."""
    return ValidationError(SENTENCES[code], code=code)


def is_public_ip(ip):
    """Whether `ip` is one that everyone on the internet can reach, and none that stands for another."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast:
        return False
    if address.version == 6:  # Python before 3.12.4 calls 6to4 and Teredo global
        return address in PUBLIC_IPV6 and not address.sixtofour and not address.teredo
    return True


class Policy:
    """Which IP addresses may be asked: public ones, and those in `also` (networks, for tests that serve on loopback)."""

    def __init__(self, also=()):
        self.also = [ip_network(network) for network in also]

    def allows(self, ip):
        return is_public_ip(ip) or any(ip_address(ip) in network for network in self.also)
