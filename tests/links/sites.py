"""Real sites on this machine, and a Fetcher that finds them by name. pagina.pem is the certificate of pagina.example."""

import ssl
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from rifess.links.fetch import Fetcher
from rifess.links.models import Address
from rifess.links.policy import Policy

CERTIFICATE = Path(__file__).with_name("pagina.pem")
LOOPBACK = Policy(also=["127.0.0.0/8"])


class Handler(BaseHTTPRequestHandler):
    """Answers as the site's table says: path → status, (status, headers), or a function of the handler."""

    def do_GET(self):
        self.server.asked.append((self.command, self.path))
        self.server.heard.append(self.headers)
        path = self.path.partition("?")[0]
        page = self.server.pages.get(f"{self.command} {path}", self.server.pages.get(path, 404))
        if callable(page):
            return page(self)
        status, headers = page if isinstance(page, tuple) else (page, {})
        return self.say(status, **headers)

    do_HEAD = do_GET

    def say(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *args):
        """Nothing on the screen."""


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that hang up are what these tests are about."""


@contextmanager
def site(pages, *, context=None):
    """A site that serves `pages`; `asked` lists (method, path), `at(path)` is an address under a name it is known by."""
    server = Server(("127.0.0.1", 0), Handler)
    server.pages, server.asked, server.heard = pages, [], []
    server.hung_up, server.closing = Event(), Event()
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.port = server.server_address[1]
    scheme = "https" if context else "http"
    server.at = lambda path="/", host="pagina.example": f"{scheme}://{host}:{server.port}{path}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def serving_tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting_tls():
    return ssl.create_default_context(cafile=CERTIFICATE)


def here(host, port):
    """Every name leads to this machine."""
    return ["127.0.0.1"]


def make_fetcher(**given):
    return Fetcher(**{"resolver": here, "policy": LOOPBACK, "timeout": 1, "pause": 0} | given)


def make_address(url="https://pagina.example/", **given):
    return Address.objects.create(url=url, **given)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.now, self.slept = 0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept.append(seconds)
