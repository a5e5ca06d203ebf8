"""Ask an address whether it still answers: politely, briefly, never inside a private network, and never reading the page."""

import ssl
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from rifess.base.integers import whole_number
from rifess.links.models import Outcome
from rifess.links.policy import Policy, forbidden, read_host, refuse_address
from rifess.links.wire import Door, Mute, certificates, exchange, look_up, quoted

REDIRECTS = {301, 302, 303, 307, 308}
FOR_GOOD = {301, 308}
AN_HOUR, A_DAY = 3600, 86400

WAYS_TO_ASK_A_PAGE = [("HEAD", {}), ("GET", {"Range": "bytes=0-0"})]
WAYS_TO_ASK_OEMBED = [("GET", {})]
OF_A_PAGE = {404: Outcome.GONE, 410: Outcome.GONE, 416: Outcome.ANSWERED, 429: Outcome.LATER}
OF_OEMBED = {  # 400 is what YouTube says of a name that it never gave
    400: Outcome.GONE,
    401: Outcome.EMBEDDING_OFF,
    403: Outcome.PRIVATE,
    404: Outcome.GONE,
    410: Outcome.GONE,
    429: Outcome.LATER,
}


@dataclass(frozen=True)
class Answer:
    """What came of asking: `status` is HTTP's, `detail` the words of server or network, `final_url` where redirects led."""

    outcome: Outcome
    status: int | None = None
    detail: str = ""
    final_url: str = ""

    @property
    def was_heard(self):
        """Whether a server spoke: then our own line works."""
        return self.status is not None or self.outcome in {Outcome.CERTIFICATE, Outcome.CIRCLES}


class Later(Exception):
    """This server asked us to stay away for a while."""


class Circles(Exception):
    """One redirect too many; says where it led."""


class Fetcher:
    """Asks addresses, one request every `pause` seconds of each host. All that it touches of the world is an argument.

    `timeout` is for connecting and again for answering; an address with all its redirects gets six times that. Seconds.
    """

    def __init__(
        self,
        *,
        resolver=look_up,
        policy=None,
        timeout=10.0,
        max_redirects=5,
        pause=1.0,
        clock=time.monotonic,
        sleep=time.sleep,
        context=None,
    ):
        self.resolver, self.policy, self.context = resolver, policy or Policy(), context or certificates()
        self.timeout, self.max_redirects, self.pause = timeout, max_redirects, pause
        self.clock, self.sleep = clock, sleep
        self.free_at, self.closed_until, self.give_up_at = {}, {}, 0

    def ask(self, url, *, judged_by=None):
        """The Answer of `url`; with `judged_by`, what that oEmbed endpoint says of it."""
        self.give_up_at = self.clock() + 6 * self.timeout
        try:
            refuse_address(url)
            return self._judged(judged_by) if judged_by else self._answered(url)
        except ValidationError as refusal:
            return Answer(Outcome.FORBIDDEN, detail=refusal.code)
        except Later:
            return Answer(Outcome.LATER)
        except Circles as circles:
            return Answer(Outcome.CIRCLES, final_url=str(circles))
        except ssl.SSLCertVerificationError as error:
            return Answer(Outcome.CERTIFICATE, detail=error.verify_message)
        except TimeoutError:
            return Answer(Outcome.TIMEOUT)
        except Mute as silence:
            return Answer(Outcome.TIMEOUT if silence.late else Outcome.UNREACHABLE, detail=str(silence))
        except OSError as error:
            return Answer(Outcome.UNREACHABLE, detail=str(error))

    def _answered(self, url):
        final, reply, for_good = self._follow(url, WAYS_TO_ASK_A_PAGE)
        outcome, final_url = OF_A_PAGE.get(reply.status) or _of_any(reply.status), "" if final == url else final
        if outcome == Outcome.ANSWERED and final_url and for_good:
            outcome = Outcome.MOVED
        return Answer(outcome, reply.status, reply.reason, final_url)

    def _judged(self, endpoint):
        _final, reply, _for_good = self._follow(endpoint, WAYS_TO_ASK_OEMBED)
        return Answer(OF_OEMBED.get(reply.status) or _of_any(reply.status), reply.status, reply.reason)

    def _follow(self, url, ways):
        """Where redirects end, the Reply there, and whether every one of them is for good."""
        for_good = True
        for _hop in range(self.max_redirects + 1):
            reply = self._ask_door(self._door(url), ways)
            if reply.status not in REDIRECTS or not reply.location:
                return url, reply, for_good
            url, for_good = _next(url, reply.location), for_good and reply.status in FOR_GOOD
        raise Circles(url)

    def _door(self, url):
        """Where `url` may be asked. Raises ValidationError when nowhere."""
        host, port = read_host(url)
        ips = tuple(ip for ip in self.resolver(host, port) if self.policy.allows(ip))
        if not ips:
            raise forbidden("inside")
        return Door(url, host, port, ips)

    def _ask_door(self, door, ways):
        """The Reply to the first of `ways` that the server understands, or else to the last."""
        *attempts, (last, its_headers) = ways
        for method, headers in attempts:
            try:
                reply = self._exchange(method, door, headers)
            except Mute:
                continue
            if reply.status < 400 or reply.asks_to_wait:
                return reply
        return self._exchange(last, door, its_headers)

    def _exchange(self, method, door, headers):
        self._wait_for(door.host)
        said_by_us = {"User-Agent": f"{settings.SITE_NAME}-links (+{settings.SITE_URL})", "Accept": "*/*", **headers}
        reply = exchange(method, door, said_by_us, timeout=self.timeout, context=self.context)
        if reply.asks_to_wait:
            self.closed_until[door.host] = self.clock() + _seconds(reply.retry_after)
        return reply

    def _wait_for(self, host):
        if self.clock() < self.closed_until.get(host, 0):
            raise Later
        if self.clock() > self.give_up_at:
            raise TimeoutError
        early = self.free_at.get(host, 0) - self.clock()
        if early > 0:
            self.sleep(early)
        self.free_at[host] = self.clock() + self.pause


def _of_any(status):
    if status < 400:
        return Outcome.ANSWERED
    return Outcome.BROKEN if 500 <= status <= 599 else Outcome.REFUSED


def _next(url, location):
    """Where `location` leads from `url`, written as an address. Servers send UTF-8 where HTTP has Latin-1."""
    try:
        parts = urlsplit(urljoin(url, location.encode("latin-1").decode("utf-8", "replace")))
    except ValueError as error:
        raise forbidden("address") from error
    return urlunsplit(parts._replace(path=quoted(parts.path), query=quoted(parts.query), fragment=""))


def _seconds(retry_after):
    """How long a server wants to be left alone. A date, or nothing, is taken for an hour."""
    seconds = whole_number(retry_after)
    return AN_HOUR if seconds is None else min(seconds, A_DAY)
