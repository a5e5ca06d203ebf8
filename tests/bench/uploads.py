"""Whether the portal answers while hostile files are uploaded: `python -m tests.bench.uploads`.

A server as in production, with no web server before it, and six visitors who send costly pictures and PDFs at the same moment to
the form with which institutions apply. Meanwhile /health/live/ and the first page are asked without a pause. Prints how long each
upload took and how it was answered, and the longest answer of the others; ends with 1 when one of those took longer than
LONGEST. Options are those of `manage.py serve`; TEST_DATABASE_URL is not used: the database is an SQLite file.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import django

from tests import template
from tests.bench.outage import free_port, wait_until_ready

LONGEST = 1.0  # seconds that /health/live/ may take meanwhile
TYPED = {
    "institution_name": "Cooperativa de prueba",
    "kind": "movement",
    "country": "UY",
    "website": "https://rifess.example",
    "work": "Acompaña a cooperativas.",
    "reasons": "Aprender de las demás.",
    "contact_name": "Ana Núñez",
    "contact_position": "Directora",
    "agrees": "on",
}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hostile_files():
    """Three pictures and three PDFs that are costly to read: name → bytes."""
    from tests.base.hostile import COSTLY_PDFS, PICTURES

    pictures = ["jpeg-200-scans.jpg", "jpeg-20000-scans.jpg", "png-bomb.png"]
    papers = ["pdf-bomb.pdf", "pdf-many-bombs.pdf", "pdf-names-without-streams.pdf"]
    return {name: {**PICTURES, **COSTLY_PDFS}[name]() for name in pictures + papers}


def ask(port, path):
    """The seconds that an answer took, and its status."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return time.monotonic() - began, answer.status


def upload(port, number, name, content):
    """Send the form with a file. Returns the seconds, the status, and the sentence beside the file, if it was refused."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
    from django.urls import reverse

    form = reverse("members:join-observer")
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", form)
    page = connection.getresponse()
    cookie, hidden = page.getheader("Set-Cookie").partition(";")[0], dict(HIDDEN.findall(page.read().decode()))
    fields = hidden | TYPED | {"contact_email": f"ana{number}@rifess.example", "letter": SimpleUploadedFile(name, content)}
    began = time.monotonic()
    where = f"http://127.0.0.1:{port}"
    headers = {"Content-Type": MULTIPART_CONTENT, "Cookie": cookie, "Origin": where, "Referer": where + form}
    connection.request("POST", form, encode_multipart(BOUNDARY, fields), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    refusals = re.findall(r'id="id_letter_error"[^>]*>(.*?)</', text, re.DOTALL)
    return time.monotonic() - began, answer.status, re.sub(r"<[^>]+>|\s+", " ", " ".join(refusals)).strip()


@contextmanager
def portal(folder, options):
    """A server on the tables of the tests' template; its port."""
    from django.db import connection

    port = free_port()
    shutil.copy(template.ready(connection), folder / "rifess.sqlite3")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rifess.settings",
        "SECRET_KEY": "bench of the uploads, no secret at all, 50 characters",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": "",
        "DATA_DIR": str(folder),
    }
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], env=environment, check=True)
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *options]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def watch(port, path, stopped, answers):
    while not stopped.is_set():
        answers.append((path, *ask(port, path)))


def measure(port):
    """Upload all at once and watch; the longest answer of /health/live/."""
    files, stopped, answers, uploads = hostile_files(), threading.Event(), [], {}
    watching = [threading.Thread(target=watch, args=(port, path, stopped, answers)) for path in ("/health/live/", "/es/")]

    def send(number, name):
        uploads[name] = upload(port, number, name, files[name])

    sending = [threading.Thread(target=send, args=each) for each in enumerate(files)]
    for thread in watching + sending:
        thread.start()
    for thread in sending:
        thread.join()
    stopped.set()
    for thread in watching:
        thread.join()
    for name, (took, status, sentence) in uploads.items():
        print(f"{name:32} {len(files[name]) / 1024**2:5.1f} MB  {took:5.2f} s  {status}  {sentence}")
    for path in ("/health/live/", "/es/"):
        found = [(took, status) for which, took, status in answers if which == path]
        print(f"{path:32} asked {len(found)} times, longest {max(found)[0]:.2f} s: {dict(Counter(each[1] for each in found))}")
    return max(took for path, took, _status in answers if path == "/health/live/")


def main():
    options = argparse.ArgumentParser(prog="python -m tests.bench.uploads").parse_known_args()[1]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="rifess-uploads-") as folder, portal(Path(folder), options) as port:
        longest = measure(port)
    return longest > LONGEST


if __name__ == "__main__":
    sys.exit(main())
