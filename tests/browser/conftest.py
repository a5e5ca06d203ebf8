"""A portal like the one in production, with the Network's real record, and Chromium to look at it.

What a test writes, through the browser or not, is undone after it: server and tests share one connection.
"""

import os
import shutil
from datetime import date
from io import StringIO
from pathlib import Path
from threading import Thread

import axe_playwright_python
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client, override_settings
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import sync_playwright

from events.models import Panel
from rifess.portal.search import sync
from tests.browser.looking import ALL_RULES
from tests.make import make_recording, make_secretary

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the tests' thread

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
# Chromium without its windows, of the same version: it draws the same pages in half the CPU seconds (docs/adr/0040).
LIGHTEST = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or CHROMIUM
FLAGS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # root's browser has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AXE_RUN = """
chosen => axe.run(document, {
    ...chosen, resultTypes: ["violations"], preload: {assets: ["media"]},
}).then(({violations}) => violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)} (${node.failureSummary})`
)))
"""


@pytest.fixture(scope="session")
def server(driver, django_db_setup, django_db_blocker, tmp_path_factory, index_rests):
    """The address of the portal: hashed files and headers as in production, and the seeded record.

    The driver begins first: its loop decides which of Django's connections the thread has.
    """
    production = settings.STORAGES | {"staticfiles": {"BACKEND": "rifess.static_storage.PortalStorage"}}
    with django_db_blocker.unblock(), override_settings(STORAGES=production, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        sync.follow()
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed", stdout=StringIO())
        call_command("demo", stdout=StringIO())
        panel = Panel.objects.get(seminar__slug="seminario-iberoamericano-2024", slug="politicas-globales")
        make_recording("https://www.youtube.com/watch?v=dQw4w9WgXcQ", panel=panel, slug="con-enlace", title="Con enlace")
        make_recording(panel=panel, slug="retirado", title="Retirada", withdrawn_on=date(2026, 3, 1))
        with serving(connections["default"]) as address:
            yield address
        sync.rest()


class serving:
    """Serves the portal over the tests' own `connection`: their database is in memory, and their transaction undoes all."""

    def __init__(self, connection):
        self.connection = connection

    def __enter__(self):
        self.connection.inc_thread_sharing()
        self.server = ThreadedWSGIServer(
            ("localhost", 0), QuietWSGIRequestHandler, connections_override={"default": self.connection}
        )
        self.server.set_app(WSGIHandler())
        Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://localhost:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()  # the sharing goes on: a thread may still be taking leave of its browser


@pytest.fixture(scope="session")
def driver():
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def chromium(driver):
    """The lightest that is installed."""
    browser = driver.launch(executable_path=LIGHTEST, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_chromium(driver):
    """For tests marked so."""
    browser = driver.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


class Visitor:
    """A browser window on the portal. `problems` gathers what its console and its network say against a page."""

    def __init__(self, chromium, server, **given):
        given = {"locale": "es-MX", "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | given
        self.server = server
        self.context = chromium.new_context(base_url=server, **given)
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self.notice)

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text}")

    def notice(self, request):
        if not request.url.startswith((f"{self.server}/", "data:")):
            self.problems.append(f"asked elsewhere: {request.url}")

    def open(self, path, status=200):
        """Go to `path`. A page that answers `status` 404 on purpose is allowed to say so in the console."""
        self.problems.clear()
        response = self.page.goto(path, wait_until="load")
        assert response.status == status, f"{path} answered {response.status}"
        self.problems[:] = [p for p in self.problems if status == 200 or f"status of {status}" not in p]
        return self.page

    def resize(self, width):
        self.page.set_viewport_size({"width": width, "height": 900})

    def too_wide(self):
        """How many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def barriers(self, rules=ALL_RULES):
        """What axe has against the page."""
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(AXE)
        return self.page.evaluate(AXE_RUN, rules)

    def darken(self, scheme="dark"):
        """Change the scheme under the page shown, at once: Django's administration would fade from one to the other."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate("document.getAnimations().forEach(each => each.finish())")

    def sign_in(self, user):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.server}])


@pytest.fixture
def at_its_own_address(server, settings):
    """The portal answers at SITE_URL alone."""
    settings.SITE_URL, settings.ALLOWED_HOSTS = server, ["localhost"]


@pytest.fixture
def visit(request, server, at_its_own_address):
    """Opens windows: visit(color_scheme="dark"), visit(java_script_enabled=False)."""
    needs_all = request.node.get_closest_marker("whole_chromium")
    browser, windows = request.getfixturevalue("whole_chromium" if needs_all else "chromium"), []

    def opened(**given):
        windows.append(Visitor(browser, server, **given))
        return windows[-1]

    yield opened
    for window in windows:
        window.context.close()


@pytest.fixture(scope="session")
def window(chromium, server):
    """A window that stays open from page to page."""
    visitor = Visitor(chromium, server, color_scheme="light")
    yield visitor
    visitor.context.close()


@pytest.fixture
def looker(window, at_its_own_address):
    """For pages that are only looked at: the window that stays open, with nobody signed in and in the light."""
    window.context.clear_cookies()
    window.darken("light")
    return window


@pytest.fixture
def secretary():
    return make_secretary(name="Secretaría de prueba")
