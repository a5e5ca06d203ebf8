"""The index of the search written anew from what the rooms say, while the portal goes on answering."""

import sys
import time
from importlib import import_module

from django.core.management.base import BaseCommand

from rifess.search.index import rebuild

ROOMS = ("members", "events", "recordings")
WIDTH = 30


class Command(BaseCommand):
    help = "Writes the index of the search anew from all that is kept. The portal answers meanwhile."

    def handle(self, *, verbosity, **options):
        sources = [source for room in ROOMS for source in import_module(f"{room}.search").sources()]
        rebuild(sources, report=Progress(self.stdout) if verbosity else None)


class Progress:
    """A bar for each kind where somebody looks, and a line when it is done: "recording: 120 in 3.1 s"."""

    def __init__(self, out):
        self.out, self.started = out, {}
        self.is_watched = out.isatty() if hasattr(out, "isatty") else sys.stdout.isatty()

    def __call__(self, kind, done, total):
        started = self.started.setdefault(kind, time.monotonic())
        if done == total:
            self.say(f"{kind}: {total} in {time.monotonic() - started:.1f} s", "\n")
        elif self.is_watched:
            bar = "#" * (WIDTH * done // total)
            self.say(f"{kind}: [{bar:{WIDTH}}] {done}/{total}")

    def say(self, line, ending=""):
        self.out.write(f"\r{line:70}" if self.is_watched else line, ending=ending)
        self.out.flush()
