"""The web server of the portal."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rifess.portal.operations import server


class Command(BaseCommand):
    help = "Answers requests. Processes that fail are replaced; a second server on the same port is refused."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen at (default: %(default)s).")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen at (default: %(default)s).")
        parser.add_argument("--workers", type=int, default=server.WORKERS, help="Processes (default: %(default)s).")
        parser.add_argument("--threads", type=int, default=server.THREADS, help="Threads of each process (default: %(default)s).")

    def handle(self, *, host, port, workers, threads, **options):
        try:
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            os.chdir(settings.BASE_DIR)
            server.start(host, port, folder=settings.DATA_DIR, workers=workers, threads=threads)
        except server.PortInUse as error:
            raise CommandError(
                f"Port {port} of {host} is in use, perhaps by an earlier server of this portal. Stop that one first, or choose "
                "another port with --port."
            ) from error
        except OSError as error:
            raise CommandError(f"The server cannot listen at port {port} of {host}: {error.strerror}.") from error
