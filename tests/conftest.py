"""What every test starts with."""

import gc

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import caches
from django.db import connection
from django.dispatch import receiver
from django.test import TransactionTestCase
from django.test import utils as test_utils
from django.test.signals import template_rendered
from django.utils import translation

from rifess.base.uploads import examination
from rifess.portal.search import sync
from tests import template
from tests.make import history_of_what_is_made, make_secretary


@pytest.hookimpl(tryfirst=True)  # before the marks are asked for that `-m` names
def pytest_collection_modifyitems(items):
    """Mark what one database is enough for (docs/adr/0053), and see that a marker about databases says why."""
    for item in items:
        for marker in filter(None, map(item.get_closest_marker, ("one_database", "both_databases"))):
            if not marker.args:
                raise pytest.UsageError(f"{item.nodeid}: {marker.name}() has no reason.")
        if reason := reason_for_one_database(item):
            item.add_marker(pytest.mark.one_database(reason))


def reason_for_one_database(item):
    """Why `make test` runs this test on SQLite only; None for a test that runs on both, or says so itself."""
    if item.get_closest_marker("own_postgresql"):
        return None
    fixtures, marker = set(getattr(item, "fixturenames", ())), item.get_closest_marker("django_db")
    is_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    if not (marker or is_case or fixtures & {"db", "transactional_db", "django_db_setup"}):
        return "meets no database"
    commits = is_case or bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in fixtures
    if "client" in fixtures and not (commits or "index_follows" in fixtures or item.get_closest_marker("both_databases")):
        return "opens pages: their statements are sent to PostgreSQL by tests/portal/test_every_page.py"
    return None


def pytest_collection_finish():
    """Spare the garbage collector what stays until the end: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter):
    """Say on which database the run was, beside its closing line."""
    terminalreporter.write_line(f"Database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}")


@pytest.fixture
def desk(client):
    """The browser of a member of the secretariat."""
    client.force_login(make_secretary())
    return client


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """In place of pytest-django's, which migrates: a copy of the template (tests/template.py)."""
    with django_db_blocker.unblock():
        template.open_copy(connection)
    yield
    with django_db_blocker.unblock():
        template.remove_copy(connection)


def begin_anew(_test_case):
    """In place of Django's flush after `django_db(transaction=True)`, which leaves the tables without what migrations wrote."""
    template.copy_again(connection)


TransactionTestCase._fixture_teardown = begin_anew


def render_and_tell(template, context):
    """In place of Django's, which copies the whole context for each part of a page and each control of a form, too."""
    if context.template is template and not (template.name or "").startswith("django/forms/"):
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


test_utils.instrumented_test_render = render_and_tell


@receiver(user_logged_in)
def open_with_second_factor(request, user, **_):
    """`client.force_login(make_secretary())` opens the session as a code from an app would; `second_factor=False` does not."""
    if user.second_factor:
        given = Authenticator.objects.filter(user=user).first() or TOTP.activate(user, generate_totp_secret()).instance
        record_authentication(request, user, "mfa", type=given.type, id=given.pk, reauthenticated=True)


@pytest.fixture(autouse=True)
def in_the_first_language():
    """The language of a page that one test asked for does not reach the next."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Rate limits and pages kept by one test do not reach the next."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True, scope="session")
def index_rests():
    """To keep the search index costs more than most of what is tested: it rests, except where `index_follows` is asked for."""
    sync.rest()


@pytest.fixture(autouse=True, scope="session")
def examinations_have_time():
    """Files are examined at low priority: beside the other tests that takes many times their CPU seconds, which stay bounded."""
    examination.WALL_CLOCK = 60


@pytest.fixture
def index_follows():
    """What is saved can be searched, as in production."""
    sync.follow()
    yield
    sync.rest()


@pytest.fixture
def history_follows():
    """What builders make has its history, as in production: for tests that read it, or that look for somebody's traces."""
    with history_of_what_is_made():
        yield
