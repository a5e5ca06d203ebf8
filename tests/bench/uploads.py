"""Whether the portal answers while hostile files are uploaded: `python -m tests.bench.uploads`.

A server as in production, with no web server before it, and six visitors who send costly pictures and PDFs at the same moment to
the form with which institutions apply. Meanwhile /health/live/ and the first page are asked without a pause. Prints how long each
upload took and how it was answered, and how the others were answered, before and meanwhile: what other programs of the machine
take away is in both. Ends with 1 when /health/live/ took longer than LONGEST meanwhile. Options are those of `manage.py serve`.
The database is an SQLite file.
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

BEFORE = 8  # seconds of watching without an upload
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
REFUSAL = re.compile(r'id="id_letter_error">.*?<span>(.*?)</span>', re.DOTALL)
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
    return time.monotonic() - began, answer.status, " ".join(REFUSAL.findall(text))


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


@contextmanager
def watched(port, phase):
    """Ask the paths as long as this holds, print what came, and give the longest answers: path → seconds."""
    stopped, answers, longest = threading.Event(), [], {}
    watching = [threading.Thread(target=watch, args=(port, path, stopped, answers)) for path in ("/health/live/", "/es/")]
    for thread in watching:
        thread.start()
    yield longest
    stopped.set()
    for thread in watching:
        thread.join()
    for path in ("/health/live/", "/es/"):
        found = sorted((took, status) for which, took, status in answers if which == path)
        longest[path], usual = found[-1][0], found[len(found) // 2][0]
        statuses = dict(Counter(status for _took, status in found))
        answered = f"half of them in {usual:.3f} s, all in {longest[path]:.2f} s: {statuses}"
        print(f"{phase:10} {path:15} asked {len(found):4} times, {answered}")


def measure(port):
    """Upload all at once and watch; the longest answer of /health/live/."""
    files, uploads = hostile_files(), {}
    with watched(port, "before"):
        time.sleep(BEFORE)

    def send(number, name):
        uploads[name] = upload(port, number, name, files[name])

    sending = [threading.Thread(target=send, args=each) for each in enumerate(files)]
    with watched(port, "meanwhile") as longest:
        for thread in sending:
            thread.start()
        for thread in sending:
            thread.join()
    for name, (took, status, sentence) in uploads.items():
        print(f"{name:32} {len(files[name]) / 1024**2:5.1f} MB  {took:5.2f} s  {status}  {sentence}")
    return longest["/health/live/"]


def main():
    options = argparse.ArgumentParser(prog="python -m tests.bench.uploads").parse_known_args()[1]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="rifess-uploads-") as folder, portal(Path(folder), options) as port:
        longest = measure(port)
    return longest > LONGEST


if __name__ == "__main__":
    sys.exit(main())
