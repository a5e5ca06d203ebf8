"""Work of the whole house that is done in the background."""

from django.core.management import call_command
from django.tasks import task


@task
def check_links():
    call_command("check_links", verbosity=0)
