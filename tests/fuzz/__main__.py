"""`make fuzz [N=10000] [SEED=1]`: so many random requests; or one, as a run before printed it: `make fuzz REQUEST='{…}'`."""

import json
import os
import time

TOLD_EVERY = 1000


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()  # and no setup_test_environment: pages rendered under watch take twice as long
    from django.db import connection

    from tests import template

    template.open_copy(connection)
    try:
        return run(number=int(os.environ.get("N", 10_000)), seed=int(os.environ.get("SEED", 1)), one=os.environ.get("REQUEST"))
    finally:
        template.remove_copy(connection)


def run(*, number, seed, one):
    from django.contrib.auth.signals import user_logged_in
    from django.db import connection

    from rifess.portal.search import sync
    from tests.conftest import open_with_second_factor
    from tests.fuzz import world
    from tests.fuzz.walk import Request, Walk

    user_logged_in.connect(open_with_second_factor)
    sync.follow()
    walk = Walk(world.build(), seed)
    if one:
        error = walk.send(Request(**json.loads(one)))
        print(error or dict(walk.statuses))
        return bool(error)
    print(f"{number} requests on {connection.vendor}, SEED={seed}", flush=True)
    return go(walk, number)


def go(walk, number):
    started, told = time.monotonic(), 0
    for done in range(0, number, TOLD_EVERY):
        walk.go(min(TOLD_EVERY, number - done))
        for error, request in list(walk.failures.items())[told:]:
            print(f"{error}\n  make fuzz REQUEST='{request}'")
        told, seconds = len(walk.failures), time.monotonic() - started
        print(f"{walk.sent} sent in {seconds:.0f} s, {told} errors, {dict(sorted(walk.statuses.items()))}", flush=True)
    reached = sum(bool(met) for met in walk.known.addresses.values())
    print(f"{reached} of {len(walk.known.routes)} routes with an address that exists")
    return bool(walk.failures)


if __name__ == "__main__":
    raise SystemExit(main())
