"""What visitors see, and what the log keeps, when something fails."""

import json
import logging
import os
import re
import subprocess
import sys
import threading

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.models import Enquiry
from rifess import logs
from rifess.portal.views import errors
from rifess.resubmission import MOST_CHARACTERS
from tests.make import make_secretary

pytestmark = pytest.mark.urls("tests.portal.failing_urls")

WORDS = {
    "es": ("Algo falló de nuestro lado", "El portal no puede hacer esto en este momento", "No pudimos enviar el formulario"),
    "pt-br": ("Algo falhou do nosso lado", "O portal não pode fazer isso neste momento", "Não foi possível enviar o formulário"),
    "en": ("Something failed on our side", "The portal cannot do this right now", "We could not send the form"),
}
FORM = "application/x-www-form-urlencoded"
SIGNED = "12:" + "Ab-9_" * 8 + "xyz"


@pytest.fixture
def browser():
    """A visitor whose browser shows what the portal answers, whatever went wrong."""
    return Client(raise_request_exception=False)


def in_language(language):
    return {"headers": {"Accept-Language": language}}


def test_failures_are_pages_in_the_readers_language_that_ask_nothing_of_the_database(browser):
    for language, (failed, unavailable, _csrf) in WORDS.items():
        answers = [browser.get(path, **in_language(language)) for path in ("/wrong/", "/busy/", "/full/")]

        texts = [answer.content.decode() for answer in answers]
        assert [answer.status_code for answer in answers] == [500, 503, 503]
        assert all(said in text for said, text in zip([failed, unavailable, unavailable], texts, strict=True))
        assert all(answer["X-Request-ID"] in text for answer, text in zip(answers, texts, strict=True))
        assert all(answer["Retry-After"].isdecimal() for answer in answers[1:])


@pytest.mark.django_db
def test_missing_table_is_an_error_and_not_a_busy_database(browser):
    assert browser.get("/missing-table/").status_code == 500


@pytest.mark.parametrize(("path", "status"), [("/wrong/", 500), ("/busy/", 503)])
def test_form_that_fails_keeps_what_was_typed(browser, path, status):
    answer = browser.post(path, {"name": "Ana", "message": "Dos <b>líneas</b>\nescritas", "password": "unseen-1"})

    page = answer.content.decode()
    assert answer.status_code == status
    assert 'name="message" value="Dos &lt;b&gt;líneas&lt;/b&gt;\nescritas"' in page
    assert "unseen-1" not in page and "csrfmiddlewaretoken" in page


@pytest.mark.django_db
def test_refusals_of_the_framework_have_a_page(browser, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    method = browser.post("/reading-only/", **in_language("pt-br"))
    host = browser.get("/es/contacto/", headers={"Host": "otro.example"})
    size = browser.post("/es/contacto/", "x" * 200, content_type=FORM)

    assert [answer.status_code for answer in (method, host, size)] == [405, 400, 413]
    assert int(method["Content-Length"]) == len(method.content)
    assert method["Allow"] == "GET, HEAD" and "Esta página não pode ser usada dessa forma" in method.content.decode()
    assert "No pudimos entender la solicitud" in host.content.decode()
    assert "Lo que envió es demasiado grande" in size.content.decode()
    assert browser.head("/wrong/").content == b"" and browser.options("/reading-only/").status_code == 405


@pytest.mark.django_db
def test_contact_form_without_its_token_is_offered_again_and_arrives(settings):
    browser = Client(enforce_csrf_checks=True)
    typed = {"name": "Ana", "email": "ana@example.org", "text": "Una pregunta larga"}
    for language, (_failed, _unavailable, said) in WORDS.items():
        with translation.override(language):
            address = reverse("contact")

        answer = browser.post(address, typed)

        page = answer.content.decode()
        assert answer.status_code == 403 and said in page and "Una pregunta larga" in page
        assert f'<html lang="{language}">' in page

    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    sent = browser.post(address, {**again, "_sent_again": "1"})

    assert {name: again[name] for name in typed} == typed
    assert sent.status_code == 302 and Enquiry.objects.get().text == "Una pregunta larga"


@pytest.mark.django_db
def test_kept_words_stand_under_the_labels_of_their_form_and_technical_fields_are_sent_unseen():
    """Technical: what the form hides, keys of rows, names of buttons, and of forms that are not known, all but sentences."""
    typed = {
        reverse("contact"): {"name": "Ana", "text": "Una pregunta"},
        reverse("delegation:propose", args=["seminar"]): {
            "title_es": "Compras",
            "kind": "seminar",
            "seen": "eJx1j8",
            "send": "1",
        },
        reverse("admin:events_seminar_add"): {"summary_es": "Dos días", "panels-TOTAL_FORMS": "12", "_save": "Guardar"},
    }
    browser = Client(enforce_csrf_checks=True)

    pages = [browser.post(path, sent).content.decode() for path, sent in typed.items()]

    shown = [re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page) for page in pages]
    assert shown == [
        [("Nombre", "Ana"), ("Mensaje", "Una pregunta")],
        [("Título [es]", "Compras"), ("Tipo", "seminario")],
        [("Su texto", "Dos días")],
    ]
    for page, sent in zip(pages, typed.values(), strict=True):
        assert set(re.findall(r'<input type="hidden" name="([^"]+)"', page)) == {*sent, "csrfmiddlewaretoken"}


@pytest.mark.django_db
def test_page_that_takes_no_form_says_so_whatever_the_token():
    answers = [
        Client(enforce_csrf_checks=True).generic(method, "/es/accesibilidad/") for method in ("POST", "PUT", "DELETE", "PATCH")
    ]

    assert {answer.status_code for answer in answers} == {405}
    assert all("GET" in answer["Allow"] and "Esta página no se puede usar" in answer.content.decode() for answer in answers)


@pytest.mark.django_db
def test_words_of_another_site_are_not_shown_as_ours():
    browser = Client(enforce_csrf_checks=True)
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://x.example/"},
    ]
    too_long = {"message": "pay here" + "x" * MOST_CHARACTERS}

    pages = [browser.post("/es/contacto/", {"message": "pay here"}, headers=headers) for headers in foreign]
    pages.append(browser.post("/es/contacto/", too_long))

    assert {page.status_code for page in pages} == {403}
    assert not any("pay here" in page.content.decode() for page in pages)


@pytest.mark.django_db
def test_what_a_delegate_wrote_survives_the_end_of_the_session(client):
    text = "Un taller sobre compras públicas"
    with translation.override("es"):
        proposing, desk = reverse("delegation:proposals"), reverse("admin:events_seminar_add")

    answers = [client.post(address, {"title": text, "membership": "1"}) for address in (proposing, desk)]
    client.force_login(make_secretary(second_factor=False))
    answers.append(client.post(desk, {"title": text}))

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all(
        text in answer.content.decode() and "Iniciar sesión (pestaña nueva)" in answer.content.decode() for answer in answers
    )
    assert Client().post(proposing, {"title": "Taller", "membership": "1"}).status_code == 302


def test_request_id_comes_from_a_trusted_web_server_only(browser, settings):
    names = []
    for proxies, given in [(0, "abcdef123456"), (1, "abcdef123456"), (1, "two words\r\n"), (1, "x" * 65)]:
        settings.TRUSTED_PROXIES = proxies
        names.append(browser.get("/reading-only/", headers={"X-Request-ID": given})["X-Request-ID"])

    assert names[1] == "abcdef123456"
    assert all(re.fullmatch(r"[0-9a-f]{16}", names[number]) for number in (0, 2, 3))


def test_log_lines_hold_no_personal_data():
    said = (
        "Key of ana@example.org, see /es/mine/"
        + SIGNED
        + "/?q=Ana+P\nDETAIL:  Key (name)=(Ana) exists.\nLINE 1: SELECT 'Ana'\nfin"
    )
    asked = 'invalid input syntax for type uuid: "Ana"'

    assert logs.scrubbed(said) == "Key of …, see /es/mine/…/…\nDETAIL: …\nLINE 1: …\nfin"
    assert logs.scrubbed(asked) == "invalid input syntax for type uuid: …"


def test_visitors_cannot_forge_lines_of_the_log():
    words = [f"{end}2026-11-30 ERROR forged" for end in ("\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\x1b[2K")]
    try:
        raise ValueError("".join(words))
    except ValueError:
        record = logging.LogRecord("rifess", logging.ERROR, __file__, 1, "%s", ["".join(words)], sys.exc_info())

    lines = logs.TextFormatter().format(record).splitlines()
    event = json.loads(logs.JSONFormatter().format(record))

    assert "forged" in lines[0]
    assert all(line.startswith("  ") for line in lines[1:])
    assert len(event["message"].splitlines()) == 1
    assert "\x1b" not in event["message"] + event["traceback"]


def test_answer_that_breaks_off_leaves_its_traceback(browser, caplog):
    answer = browser.get("/broken-off/")

    with pytest.raises(RuntimeError):
        list(answer.streaming_content)

    told = logs.JSONFormatter().format(caplog.records[-1])
    assert answer["X-Request-ID"] in told and "the second block is missing" in told and "ana.perez" not in told


def test_error_page_that_fails_itself_hides_neither_failure(browser, monkeypatch, caplog):
    def fail(*arguments):
        raise ValueError("a template is wrong")

    monkeypatch.setattr(errors, "render_to_string", fail)

    answer = browser.get("/wrong/")

    assert (answer.status_code, answer.content.decode()) == (500, f"500 · {answer['X-Request-ID']}\n")
    assert {record.exc_info[0] for record in caplog.records if record.exc_info} == {RuntimeError, ValueError}


def test_call_of_the_log_that_does_not_fit_its_sentence_is_an_event_too():
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "%d of %s", ("ana.perez@example.org",), None)

    assert json.loads(logs.JSONFormatter().format(record))["message"] == "%d of %s (str)"


def test_long_message_is_cut():
    record = logging.LogRecord("rifess", logging.ERROR, __file__, 1, "%s", ["a" * 1_000_000], None)

    assert len(logs.TextFormatter().format(record)) < 2 * logs.MOST_CHARACTERS


SCRIPT = """
import django; django.setup()
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client
from tests.portal.failing_urls import failing_task
browser = Client(raise_request_exception=False)
answer = browser.get("/wrong/%s/?q=Ana")
print(answer["X-Request-ID"])
browser.get("/busy/")
try:
    failing_task.enqueue()
except Exception:
    pass
"""


@pytest.mark.slow
@pytest.mark.one_database("reads what a process of its own writes to standard error")
def test_failing_view_and_task_leave_traceback_and_request_id_on_standard_error(tmp_path):
    given = {"DJANGO_SETTINGS_MODULE": "tests.portal.failing_settings", "LOG_FORMAT": "json", "DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", SCRIPT % SIGNED], env={**os.environ, **given}, capture_output=True, text=True)

    name, lines = done.stdout.strip(), [json.loads(line) for line in done.stderr.splitlines()]
    view = next(line for line in lines if line.get("request") == name)
    assert (view["level"], view["status"], view["path"]) == ("ERROR", 500, "/wrong/…/")
    assert "RuntimeError: the figures of … do not add up" in view["traceback"]
    assert any("Unavailable (away): /busy/" in line["message"] and "Traceback" in line["traceback"] for line in lines)
    assert any("did not work" in line.get("traceback", "") and line["logger"] == "django.tasks" for line in lines)
    assert not any(secret in done.stderr for secret in ("ana.perez", SIGNED, "q=Ana"))


UNCAUGHT = """
import threading, warnings
import rifess.wsgi

def fail():
    raise RuntimeError("no answer for ana.perez@example.org")

class Fails:
    def __del__(self):
        fail()

thread = threading.Thread(target=fail)
thread.start()
thread.join()
Fails()
warnings.warn("a naive moment of ana.perez@example.org")
fail()
"""


@pytest.mark.slow
@pytest.mark.one_database("reads what a process of its own writes to standard error")
def test_errors_that_nothing_catches_and_warnings_are_lines_of_the_log(tmp_path):
    given = {"DJANGO_SETTINGS_MODULE": "tests.portal.failing_settings", "LOG_FORMAT": "json", "DATA_DIR": str(tmp_path)}

    done = subprocess.run([sys.executable, "-c", UNCAUGHT], env={**os.environ, **given}, capture_output=True, text=True)

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["logger"] for line in lines] == ["rifess.uncaught", "rifess.uncaught", "py.warnings", "rifess.uncaught"]
    assert ["RuntimeError: no answer for …" in line.get("traceback", "") for line in lines] == [True, True, False, True]
    assert (done.returncode, "ana.perez" in done.stderr) == (1, False)


def test_administrators_are_told_once_and_only_where_they_are_named(settings, mailoutbox):
    settings.ADMINS = ["guardia@example.org"]
    handler = logs.AdministratorsHandler()
    handler.setFormatter(logs.TextFormatter())
    record = logging.LogRecord("rifess", logging.ERROR, __file__, 1, "failed for ana@example.org", None, None)

    handler.emit(record)
    handler.emit(record)
    for thread in threading.enumerate():
        if thread.name == logs.MAIL_THREAD:
            thread.join()

    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["guardia@example.org"], "RIFESS: ERROR: failed for …")]
    assert "ana@" not in mailoutbox[0].body
    assert "mail" not in logs.configuration("text", [])["handlers"]


@pytest.mark.django_db
def test_database_that_does_not_answer_is_asked_once_in_a_request(browser, monkeypatch):
    asked = []

    def wait_in_vain(self):
        asked.append(self.session_key)
        raise OperationalError("canceling statement due to lock timeout")

    browser.force_login(make_secretary())
    monkeypatch.setattr(SessionStore, "load", wait_in_vain)

    assert browser.get("/es/admin/").status_code == 503
    assert browser.post("/es/admin/", {"title": "Un texto"}).status_code == 503
    assert len(asked) == 2
