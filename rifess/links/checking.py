"""Knowing which addresses are in use, asking them, and writing down what they answered."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import batched, chain, zip_longest

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from rifess.links.models import Address, Check, Outcome
from rifess.links.oembed import ENDPOINTS, endpoint_for
from rifess.links.policy import read_host

KEPT = timedelta(days=90)
SILENCE = {Outcome.TIMEOUT, Outcome.UNREACHABLE}
HOSTS_THAT_TELL = 3  # so many hosts do not fall silent together, unless it is our own line
LONGEST = 500  # of what strangers say


@transaction.atomic
def remember(pairs):
    """Know the addresses of `pairs` (address, site); forget those not in use, unless a copy of one is kept."""
    sites = {}
    for url, site in pairs:
        if url and (site in ENDPOINTS or url not in sites):
            sites[url] = site if site in ENDPOINTS else ""
    rows = [Address(url=url, site=site) for url, site in sites.items()]
    Address.objects.bulk_create(rows, batch_size=500, update_conflicts=True, update_fields=["site"], unique_fields=["url"])
    known = Address.objects.filter(archived_url="").values_list("pk", "url")
    for pks in batched([pk for pk, url in known if url not in sites], 500):
        Address.objects.filter(pk__in=pks).delete()


def check_all(addresses, fetcher, *, report=None, at=None):
    """Check `addresses`, hosts in turn, telling `report(number, address, answer)`. What is done stays done when it is stopped.

    Until a first server is heard, answers are held back: when none of several is, the portal itself is offline, and that
    is written down instead of a failure. Returns whether it was so.
    """
    heard, held = False, []
    for number, address in enumerate(_in_turn(addresses), start=1):
        answer = _ask(address, fetcher)
        heard = heard or answer.was_heard
        held.append((address, answer, at or timezone.now()))
        if heard:
            _write_down_all(held)
            held.clear()
        if report:
            report(number, address, answer)
    offline = len({_asked_host(address) for address, answer, _at in held if answer.outcome in SILENCE}) >= HOSTS_THAT_TELL
    _write_down_all((address, _excused(answer) if offline else answer, asked_at) for address, answer, asked_at in held)
    return offline


def _write_down_all(asked):
    for address, answer, at in asked:
        _write_down(address, answer, at)


def _excused(answer):
    return replace(answer, outcome=Outcome.OFFLINE) if answer.outcome in SILENCE else answer


def check(address, fetcher, *, at=None):
    """Ask `address` and write down its Answer, which is returned. Nothing is locked while the network is waited for."""
    answer = _ask(address, fetcher)
    _write_down(address, answer, at or timezone.now())
    return answer


def _ask(address, fetcher):
    return fetcher.ask(address.url, judged_by=endpoint_for(address.site, address.url))


@transaction.atomic
def _write_down(address, answer, at):
    try:
        address.refresh_from_db(from_queryset=Address.objects.select_for_update())
    except Address.DoesNotExist:  # forgotten while it was asked
        return
    address.note(answer.outcome, at)
    address.save()
    address.checks.create(
        checked_at=at,
        outcome=answer.outcome,
        status=answer.status,
        detail=_printable(answer.detail),
        final_url=_printable(answer.final_url),
    )


def _printable(text):
    """What strangers' servers say, without what a database or a page cannot hold."""
    return "".join(character for character in text if character.isprintable())[:LONGEST]


def _in_turn(addresses):
    """`addresses` so ordered that one host comes again as late as it can."""
    by_host = defaultdict(list)
    for address in addresses:
        by_host[_asked_host(address)].append(address)
    return [address for address in chain.from_iterable(zip_longest(*by_host.values())) if address]


def _asked_host(address):
    try:
        return read_host(endpoint_for(address.site, address.url) or address.url)[0]
    except ValidationError:
        return ""


def forget_old_checks(now):
    """Keep the history of the last 90 days."""
    Check.objects.filter(checked_at__lt=now - KEPT).delete()
