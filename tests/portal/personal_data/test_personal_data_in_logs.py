"""A portal as in production, its own process and its own log: what it wrote, and showed to others, names nobody who took part."""

import re
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from socket import socket
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import RegistrationState
from events.models.registrations import SIGNER
from tests.elsewhere import asked, environment
from tests.make import make_coming_seminar, make_registration
from tests.members.smtp import MailServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.one_database("reads what the server's processes write to their logs"),
]

NAME, EMAIL, NEEDS = "Quirquincho Ñandú", "quirquincho.prueba@example.org", "Bucle magnético para quien escucha mal"
TRACES = [written for text in (NAME, EMAIL, NEEDS) for written in (text, quote(text), text.lower())]
PERSON = {"name": NAME, "country": "UY", "sector": "other", "needs": NEEDS, "institution_name": "", "position": ""}
LINK = re.compile(r'class="button" href="([^"]+)"')


class Portal:
    """The portal in a process of its own, on the test's database, telling all it has to tell into one file."""

    def __init__(self, folder, mail_port):
        self.folder, self.log = folder, folder / "log.txt"
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment(folder) | {
            "SITE_URL": self.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "STATIC_ROOT": str(folder / "static"),
        }

    def __enter__(self):
        command = ["-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--access-log", "rifess.wsgi:application"]
        with self.log.open("a") as log:
            self.server = subprocess.Popen([sys.executable, *command], env=self.environment, stdout=log, stderr=log)
        Visitor(self).wait()
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(timeout=30)

    def manage(self, *command):
        with self.log.open("a") as log:
            subprocess.run(
                [sys.executable, "manage.py", *command, "-v", "3"], env=self.environment, stdout=log, stderr=log, check=True
            )

    def said(self):
        return self.log.read_text()


class Visitor:
    """Somebody with a browser of their own, who remembers every address they came to."""

    def __init__(self, portal):
        self.portal, self.addresses = portal, []
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def wait(self):
        for _try in range(200):
            try:
                return self.get("/health/")
            except URLError:
                time.sleep(0.1)
        raise AssertionError(self.portal.said())

    def get(self, path, data=None):
        address = path if path.startswith("http") else f"{self.portal.url}{path}"
        request = Request(address, data=data and urlencode(data).encode(), headers={"Referer": address})
        try:
            answer = self.opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        self.addresses += [address, answer.url]
        return answer.read().decode()

    def send(self, path, data, page=None):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page or self.get(path))[1]
        return self.get(path, {"csrfmiddlewaretoken": token} | data)


@pytest.fixture
def seminar():
    return make_coming_seminar(capacity=50, title="Seminario de la economía social")


@pytest.fixture
def neighbour(seminar):
    """Somebody else who takes part, and whose page must not tell of the first."""
    return make_registration(seminar, state=RegistrationState.CONFIRMED)


@pytest.fixture
def portal(tmp_path, neighbour):
    with MailServer() as mail:
        portal = Portal(tmp_path, mail.port)
        portal.mail = mail
        portal.manage("collectstatic", "--noinput")
        with portal:
            yield portal


def take_part(portal, seminar):
    """Register with a mistake on the way, confirm by the link in the mail, correct, cancel; the last letter is refused."""
    person = Visitor(portal)
    form = path_of("events:register", seminar.slug)
    person.send(form, PERSON | {"email": f"{EMAIL}@", "agrees": "on"})
    person.send(form, PERSON | {"email": EMAIL, "agrees": "on"})
    portal.manage("send_messages")
    page = person.get(LINK.search(portal.mail.got[0].get_body(["html"]).get_content())[1])
    for act in ("events:registration-confirm", "events:registration-change", "events:registration-cancel"):
        portal.mail.mood = "unknown" if act.endswith("cancel") else ""
        address = path_of(act, signed_in(person.addresses[-1]))
        page = person.send(address, PERSON, page=page if act.endswith("confirm") else None)
        portal.manage("send_messages")
    person.get(f"{person.addresses[-1]}x/")  # an address that leads nowhere
    return person


def path_of(route, *given):
    with translation.override("es"):
        return reverse(route, args=given)


def signed_in(address):
    return unquote(re.search(r"/([^/]+:[^/]+)/", urlsplit(address).path.replace("%3A", ":"))[1])


def traces_in(text):
    return [trace for trace in TRACES if trace in text]


def test_nothing_that_the_server_wrote_or_showed_to_others_names_who_took_part(portal, seminar, neighbour):
    person, other = take_part(portal, seminar), Visitor(portal)
    portal.manage("daily")

    shown = [other.get(path_of("events:registration", SIGNER.sign(neighbour.code))), other.get(path_of("home"))]
    shown += [other.get(path_of(route, seminar.slug)) for route in ("events:seminar", "events:register")]

    cancelled = f"select name, needs from events_registration where email = '{EMAIL}' and state = 'cancelled'"
    assert asked(portal.folder, cancelled) == [(NAME, NEEDS)]
    assert len(portal.mail.got) == 2 and "was not sent" in portal.said()
    assert "Seminario de la economía social" in shown[0]
    assert (traces_in(portal.said()), traces_in("\n".join(shown))) == ([], [])
    assert traces_in("\n".join(person.addresses)) == []
