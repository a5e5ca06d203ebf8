"""Server, worker and clock in one process, each started again when it stops."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from rifess.portal.operations import server
from rifess.portal.operations.supervisor import Kept, Supervisor

EVERY_MINUTE = ["--every", "60", "--verbosity", "0"]


class Command(BaseCommand):
    help = "Runs server, worker and clock until it is stopped, and starts again the one that stops. For the demonstration."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen at (default: %(default)s).")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen at (default: %(default)s).")

    def handle(self, *, host, port, **options):
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        processes = [
            Kept("server", [*manage, "serve", "--host", host, "--port", str(port), "--workers", str(server.WORKERS)]),
            Kept("worker", [*manage, "db_worker", "--no-startup-delay"]),
            Kept("clock", [*manage, "remind", *EVERY_MINUTE]),
        ]
        sys.exit(Supervisor(processes, self.stderr.write).run())
