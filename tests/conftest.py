"""What every test starts with."""

import pytest
from django.conf import settings
from django.core.cache import cache


def pytest_terminal_summary(terminalreporter):
    """Say on which database the run was, beside its closing line."""
    terminalreporter.write_line(f"Database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Rate limits and pages kept by one test do not reach the next."""
    cache.clear()
