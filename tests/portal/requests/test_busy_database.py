"""The server on a database that another process keeps to itself, in a process of its own with the server's time-outs."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from tests.elsewhere import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SCRIPT = """
import json, os, sys
import rifess.wsgi
from django.conf import settings
from django.db import connection
from django.test import Client

if connection.vendor == "sqlite":
    import sqlite3
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
else:
    import psycopg
    other = psycopg.connect(os.environ["DATABASE_URL"])
    other.execute("LOCK TABLE members_enquiry IN ACCESS EXCLUSIVE MODE")

browser = Client(raise_request_exception=False)
form = {"name": "Ana", "email": "ana@example.org", "text": "Una pregunta larga"}
busy = browser.post("/es/contacto/", form)
other.rollback()
free = browser.post("/es/contacto/", form)
options = settings.DATABASES["default"]["OPTIONS"]
limits = options.get("timeout"), options.get("options")
print(json.dumps([busy.status_code, busy["Retry-After"], busy.content.decode(), free.status_code, *limits]))
"""


def test_busy_database_is_503_soon_with_the_text_kept_and_works_again(tmp_path):
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    status, retry_after, page, afterwards, timeout, options = json.loads(done.stdout.splitlines()[-1])
    assert (status, retry_after, afterwards) == (503, "5", 302)
    assert "Una pregunta larga" in page and "El portal no puede hacer esto en este momento" in page
    assert "Unavailable (busy): /es/contacto/" in done.stderr and "Traceback" in done.stderr and "ana@" not in done.stderr
    assert timeout == 3 if connection.vendor == "sqlite" else "lock_timeout=3s" in options
