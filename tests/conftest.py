"""What every test starts with."""

import pytest
from django.conf import settings
from django.core.cache import cache

from rifess import indexing


def pytest_terminal_summary(terminalreporter):
    """Say on which database the run was, beside its closing line."""
    terminalreporter.write_line(f"Database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Rate limits and pages kept by one test do not reach the next."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def index_rests():
    """To keep the search index costs more than most of what is tested: it rests, except where `index_follows` is asked for."""
    indexing.rest()


@pytest.fixture
def index_follows():
    """What is saved can be searched, as in production."""
    indexing.follow()
    yield
    indexing.rest()
