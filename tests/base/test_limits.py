"""What is counted is counted once, by whichever process; and visitors do not choose their own address."""

import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import RequestFactory

import rifess.settings
from rifess import env
from rifess.base import limits
from rifess.base.file_cache import CounterFileCache, SharedFileCache
from rifess.base.limits import _key, client_address, client_network, in_turn, too_many

ROOT = Path(rifess.settings.BASE_DIR)
PYTHON = [path for room in ("rifess", "members", "events", "recordings") for path in (ROOT / room).rglob("*.py")]

COUNTING = """
import sys
from django.conf import settings
apps = ["django.contrib.contenttypes", "django.contrib.auth", "allauth", "allauth.account"]
cache = {"BACKEND": "rifess.base.file_cache.SharedFileCache", "LOCATION": sys.argv[1]}
door = ["allauth.account.middleware.AccountMiddleware"]
settings.configure(CACHES={"default": cache}, INSTALLED_APPS=apps, MIDDLEWARE=door, ALLOWED_HOSTS=["*"])
import django
django.setup()
from allauth.core.internal import ratelimit
from django.test import RequestFactory
from rifess.base.limits import too_many
request = RequestFactory().post("/")
ours = sum(not too_many("try", "me", limit=40, seconds=600) for _ in range(60))
theirs = sum(
    bool(ratelimit.consume(request, app="allauth.account", action="try", config={"try": "40/h/key"}, key="me"))
    for _ in range(60)
)
print(ours, theirs)
"""


@pytest.mark.slow
def test_several_processes_count_together(tmp_path):
    command = [sys.executable, "-c", COUNTING, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]

    counted = [[int(word) for word in process.communicate()[0].split()] for process in running]

    assert [sum(numbers) for numbers in zip(*counted, strict=True)] == [40, 40]


@pytest.fixture
def files(tmp_path):
    return SharedFileCache(str(tmp_path), {})


def test_threads_count_together(files):
    files.add("tries", 0, 60)
    threads = [threading.Thread(target=lambda: [files.incr("tries") for _ in range(50)]) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert files.get("tries") == 200


def test_what_is_counted_keeps_its_end(files):
    files.add("tries", 1, 1000)

    files.incr("tries")

    expiry, _value = files._read("tries", None)
    assert expiry == pytest.approx(time.time() + 1000, abs=5)


def test_what_is_over_is_not_counted_on(files):
    files.add("tries", 1, -1)

    with pytest.raises(ValueError, match="not found"):
        files.incr("tries")


def test_what_has_expired_leaves_before_what_has_not(files, monkeypatch):
    monkeypatch.setattr("rifess.base.file_cache.HOW_OFTEN", 1)
    for number in range(20):
        files.set(f"old-{number}", 1, -1)
    files.set("new", 1, 60)

    files.set("newer", 1, 60)

    assert (files.get("new"), len(files._list_cache_files())) == (1, 2)


def test_fresh_keys_push_no_counter_out(tmp_path, monkeypatch):
    monkeypatch.setattr("rifess.base.file_cache.HOW_OFTEN", 1)
    counters = CounterFileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 10}})
    counters.add("tries", 7, 60)
    counters.add("over", 7, -1)

    for number in range(100):
        counters.add(f"fresh-{number}", 1, 60)

    assert (counters.get("tries"), len(counters._list_cache_files())) == (7, 101)


def test_pages_are_kept_apart_from_what_is_counted():
    assert set(rifess.settings.CACHES) == {"default", "pages"}
    assert rifess.settings.CACHES["default"]["BACKEND"].endswith("CounterFileCache")
    assert len({cache["LOCATION"] for cache in rifess.settings.CACHES.values()}) == 2
    users = [path for path in PYTHON if "core.cache import" in path.read_text()]
    assert {path.relative_to(ROOT).as_posix() for path in users} == {
        "rifess/base/limits.py",
        "rifess/base/microcache.py",
        "rifess/portal/operations/probes.py",  # asks whether it answers
        "rifess/portal/operations/restore.py",  # empties it
    }


def test_on_redis_they_are_kept_apart_too(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "redis://localhost:6379/0")
    monkeypatch.setattr(env, "find_spec", lambda name: name)  # as if the package were installed

    kept = [env.cache("CACHE_URL", ROOT, purpose=purpose) for purpose in ("limits", "pages")]

    assert len({each["KEY_PREFIX"] for each in kept}) == 2


@pytest.mark.parametrize(
    ("connection", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("2001:db8:1:3::", "2001:db8:1:3::"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"),  # Teredo: two clients of one server
        ("2001:0:4136:e378:8000:63bf:3fff:fdd1", "192.0.2.46"),
        ("2002:c000:201:7::1", "192.0.2.1"),  # 6to4: one client, whatever it chooses of its 80 bits
        ("2002:c000:201:8::1", "192.0.2.1"),
        ("2001:db8:1:2:0:5efe:192.0.2.1", "2001:db8:1:2::"),  # ISATAP: one network, whatever it chooses of its 64 bits
        ("2001:db8:1:2:200:5efe:192.0.2.2", "2001:db8:1:2::"),
        ("", "0.0.0.0"),
    ],
)
def test_a_network_of_64_bits_counts_as_one_visitor(connection, network):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=connection)) == network


def test_every_limit_counts_networks_and_no_single_addresses():
    counting = re.compile(r"too_many\w*\((?:[^()]|\([^()]*\))*client_address")

    assert [path.name for path in PYTHON if counting.search(path.read_text())] == []


def test_what_is_counted_names_nobody():
    assert "ana" not in _key("letter", "ana@example.org")
    assert len(_key("letter", "a" * 500)) < 60


def test_the_sixth_of_five_is_too_many():
    assert [too_many("try", "me", limit=5, seconds=60) for _ in range(6)] == [False] * 5 + [True]
    assert not too_many("try", "you", limit=5, seconds=60)


@pytest.mark.parametrize(
    ("proxies", "passed", "connection", "address"),
    [
        (0, "203.0.113.1", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.1", "192.0.2.1", "203.0.113.1"),
        (1, "198.51.100.9, 203.0.113.1", "192.0.2.1", "203.0.113.1"),
        (2, "198.51.100.9, 203.0.113.1, 192.0.2.2", "192.0.2.1", "203.0.113.1"),
        (2, "203.0.113.1", "192.0.2.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, "nobody", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.1:4711", "192.0.2.1", "203.0.113.1"),
        (1, "[2001:db8::1]:4711", "192.0.2.1", "2001:db8::1"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "64:ff9b::c000:201", "192.0.2.1"),
        (0, "", "64:ff9b:1:fffe::c000:201", "192.0.2.1"),
        (0, "", "::ffff:0:192.0.2.1", "192.0.2.1"),
        (0, "", "2002:c000:201:7::1", "192.0.2.1"),
        (0, "", "fe80::1%eth0", "fe80::1"),
        (0, "", "", "0.0.0.0"),
    ],
)
def test_the_address_is_what_our_own_web_servers_saw(settings, proxies, passed, connection, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": passed}, REMOTE_ADDR=connection)

    assert client_address(request) == address


@pytest.mark.parametrize("per_minute", [1, 7, 60, 130])
def test_a_pace_spreads_its_turns_over_each_minute(per_minute):
    minute = datetime(2026, 3, 1, 12, tzinfo=UTC)

    given = [
        sum(in_turn("post", per_minute=per_minute, now=minute + timedelta(seconds=second)) for _ in range(200))
        for second in range(0, 120, 5)
    ]

    assert (sum(given[:12]), sum(given[12:])) == (per_minute, per_minute)
    assert max(given) - min(given) <= 1


def test_a_wrong_number_of_web_servers_is_told_once(settings, caplog):
    limits._tell_of_wrong_count.cache_clear()
    asked = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": "198.51.100.7"})

    told = []
    for count in (1, 2, 2, 0):
        settings.TRUSTED_PROXIES = count
        client_address(asked)
        told.append(len(caplog.records))

    assert told == [0, 1, 1, 2]
    assert "TRUSTED_PROXIES is 2" in caplog.text and "198.51.100.7" not in caplog.text
