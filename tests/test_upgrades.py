"""What was written under former migrations is still there under those of today, and its pages open.

A migration that takes a column or a table away, or changes a row, is named below with where that went.
"""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from events.models import Panel, Seminar
from members.models import Institution, Person
from recordings.models import Document, Recording
from tests.make import make_user
from tests.upgrading import DAY, MOMENT, Filler, another_database, contents, lost

pytestmark = pytest.mark.slow

FIRST = {  # commit b9eb180, the first that has migrations
    "base": "0002_languages",
    "members": "0003_secretariat_groups",
    "events": "0003_secretariat_groups",
    "recordings": "0002_secretariat_groups",
}
RELEASE = {  # commit 2172b51, version 1.0.0
    "base": "0002_languages",
    "links": "0002_secretariat_groups",
    "search": "0005_clock_of_passages",
    "members": "0010_secretariat_keeps_attachments",
    "events": "0014_mailings_say_who_sent_them_and_can_be_ended",
    "recordings": "0012_announced_once",
}


def key_of(label):
    """The key of the row that the filler makes of another model."""
    return lambda filler: filler.row_of(filler.apps.get_model(label)).pk


GIVEN = {  # what the fields of a model do not say by themselves
    "base.Language": {"code": lambda filler: f"x{filler.number}"},
    "events.CalendarEntry": {"seminar": key_of("events.Seminar")},
    "events.Certificate": {
        "said": {"title": "Constancia", "text": [["Tomó parte.", False]], "details": [], "issued": "5 de marzo de 2024"}
    },
    "events.Consultation": {"closes_at": MOMENT + timedelta(days=30)},
    "members.CoordinationTerm": {
        "starts_on": lambda filler: DAY + timedelta(weeks=filler.number),
        "ends_on": lambda filler: DAY + timedelta(weeks=filler.number, days=1),
    },
    "members.Delegate": {"starts_on": DAY},
    "members.Invitation": {"membership": key_of("members.Membership")},
    "members.Membership": {"country": lambda filler: ["MX", "CO"][filler.number - 1], "joined_on": DAY},
    "recordings.Caption": {"reviewed_by": ""},
    "recordings.Document": {"kind": "report", "state": ""},
}
# What is not there as it was, by table: the columns that are gone, and how many rows; with where that went.
MOVED_UNTIL_RELEASE = {
    "members_enquiry": ({"mailed_at"}, 0),  # the outbox says when a message was sent
    "recordings_document": ({"file"}, 0),  # the first of the document's versions
    "recordings_source": ({"state", "checked_on"}, 0),  # links_address says how an address answered
}
MOVED_SINCE_RELEASE = {
    "django_admin_log": (set(), 2),  # one history: auditlog tells the same
    "events_registrationanswer": ({"chosen"}, 0),  # chosen options are rows
    "events_registrationquestion": ({"options", "options_es", "options_pt_br", "options_en"}, 0),  # rows with keys
}
NO_PAGE = {  # rows that the secretariat's desk does not open, though they are there
    "members.application",  # without its confirmation by e-mail
    "members.proposal",  # without what its kind adds
}


@pytest.fixture(scope="module")
def upgraded(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database begun with the first migrations and brought to today's. Yields what was lost on each stretch of the way."""
    with django_db_blocker.unblock(), another_database(tmp_path_factory.mktemp("upgraded")):
        written = write_under(FIRST, 1)
        migrate_to(RELEASE)
        until_the_release = lost(written, contents(written))
        written = write_under(RELEASE, 2)
        call_command("migrate", verbosity=0)
        yield until_the_release, lost(written, contents(written))


def migrate_to(targets):
    """Bring our apps to `targets` and the packages to their last migration; return the models of then."""
    executor = MigrationExecutor(connection)
    packages = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in RELEASE]
    return executor.migrate([*targets.items(), *packages]).apps


def write_under(targets, number):
    """A row in every table that there is under `targets`; what all of these hold then."""
    apps = migrate_to(targets)
    made = Filler(apps, GIVEN, number).fill()
    return contents(row._meta.db_table for row in made.values())


def test_rows_written_under_former_migrations_are_kept(upgraded):
    assert upgraded == (MOVED_UNTIL_RELEASE, MOVED_SINCE_RELEASE)


def test_pages_of_rows_written_under_former_migrations_open(upgraded):
    client = Client(raise_request_exception=False)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    rows = [row for model in (Seminar, Panel, Recording, Document, Person, Institution) for row in model._base_manager.all()]
    pages = [row.get_absolute_url() for row in rows]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages += [reverse(f"{name}_changelist")]
        if model._meta.label_lower not in NO_PAGE:
            pages += [reverse(f"{name}_change", args=[row.pk]) for row in model._base_manager.all()[:2]]

    answers = {page: client.get(page).status_code for page in pages}

    assert {page: status for page, status in answers.items() if status != 200} == {}
    assert len(rows) == 12
