import logging

from django_tasks_db.management.commands import db_worker

from rifess.portal.worker import LastingWorker


class Command(db_worker.Command):
    help = "Does what is to be done in the background, and goes on when the database was busy or away."

    def configure_logging(self, verbosity):
        """A line for each task, in the portal's log; none for each look at an empty queue."""
        super().configure_logging(verbosity)
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING if verbosity < 2 else logging.DEBUG)

    def handle(self, **options):
        db_worker.Worker = LastingWorker  # the command takes no class of worker
        super().handle(**options)
