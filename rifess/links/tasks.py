"""What the secretariat asks to be checked now, in the background."""

from django.tasks import task

from rifess.links.checking import check_all
from rifess.links.fetch import Fetcher
from rifess.links.models import Address


@task
def check_addresses(ids):
    check_all(Address.objects.filter(pk__in=ids), Fetcher(timeout=5))
