"""How the files there were became versions, and the way back."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.base.samples import PDF, docx

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE, AFTER = "0007_document_versions", "0009_documents_keep_versions_only"


def go_to(name):
    """Migrate the room to `name`; the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate([("recordings", name)])
    return MigrationExecutor(connection).loader.project_state([("recordings", name)]).apps.get_model


@pytest.fixture
def before():
    yield go_to(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "recordings"])


def test_each_file_becomes_the_first_version_and_comes_back(before):
    kept = default_storage.save("documents/2024/acta.pdf", ContentFile(PDF))
    text = default_storage.save("documents/2024/nota.docx", ContentFile(docx()))
    make = before("recordings", "Document").objects.create
    make(slug="acta", title="Acta", kind="report", file=kept)
    make(slug="nota", title="Nota", kind="report", file=text)
    make(slug="perdida", title="Perdida", kind="report", file="documents/2024/no-esta.pdf")
    make(slug="enlace", title="Enlace", kind="report", url="https://example.org/a.pdf")

    versions = go_to(AFTER)("recordings", "DocumentVersion").objects.order_by("document__slug")
    found = [(each.document.slug, each.number, each.file.name, each.name, each.media_type, each.size) for each in versions]
    fingerprint = versions.get(document__slug="acta").sha256
    back = go_to(BEFORE)("recordings", "Document").objects.order_by("slug").values_list("slug", "file")

    assert found == [
        ("acta", 1, kept, "acta.pdf", "application/pdf", len(PDF)),
        ("nota", 1, text, "nota.docx", "application/octet-stream", len(docx())),
        ("perdida", 1, "documents/2024/no-esta.pdf", "perdida.pdf", "application/octet-stream", 0),
    ]
    assert fingerprint == hashlib.sha256(PDF).hexdigest()
    assert list(back) == [("acta", kept), ("enlace", ""), ("nota", text), ("perdida", "documents/2024/no-esta.pdf")]


def test_minutes_get_the_state_in_which_the_same_people_go_on_reading_them(before):
    make = before("recordings", "Document").objects.create
    for audience in ("everyone", "members-and-observers", "members", "secretariat"):
        make(slug=audience, title=audience, kind="minutes", audience=audience)
    make(slug="informe", title="Informe", kind="report", audience="members")

    states = go_to(AFTER)("recordings", "Document").objects.values_list("slug", "state")

    assert dict(states) == {
        "everyone": "approved",
        "members-and-observers": "approved",
        "members": "circulated",
        "secretariat": "draft",
        "informe": "",
    }
