"""The tests' settings with the addresses that fail, for a process of its own."""

# ruff: noqa: F403

from tests.settings import *

ROOT_URLCONF = "tests.portal.failing_urls"
