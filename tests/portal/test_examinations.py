"""Files are examined while no transaction is open: on SQLite one would keep everybody else from writing for seconds."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from members.models import ProposalState
from recordings.models import DocumentProposal
from rifess.base.uploads import examination
from tests.base.samples import PDF
from tests.desk import address, filled
from tests.events.registration.test_participant_lists import looked_at, workbook
from tests.make import make_coming_seminar, make_document, make_recording, make_secretary, make_version
from tests.portal.delegation.test_proposals import make_proposal, make_speaker, typed
from tests.recordings.test_desk import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def examined(monkeypatch):
    """What was examined, each time with whether a transaction was open."""
    made, examine = [], examination._examine

    def watched(file, task, options):
        made.append((task, connection.in_atomic_block))
        return examine(file, task, options)

    monkeypatch.setattr(examination, "_examine", watched)
    return made


def send(client, row, **typed_over):
    return client.post(address(row), filled(client.get(address(row)), **typed_over))


def test_no_door_examines_a_file_inside_a_transaction(client, examined):
    client.force_login(make_secretary())
    document, recording = make_document(url=""), make_recording()
    people = workbook(("Lista", [["Nombre", "Correo"], ["Ana", "ana@example.org"]]))

    answers = [
        send(client, document, file=SimpleUploadedFile("acta.pdf", PDF)),
        send(client, recording, poster=picture()),
        looked_at(client, make_coming_seminar(), people, "lista.xlsx"),
    ]
    speaker = make_speaker()
    proposal = make_proposal(DocumentProposal, by=speaker, state=ProposalState.DRAFT, contents={"title_es": "Informe"})
    client.force_login(speaker)
    url = reverse("delegation:edit-proposal", args=[proposal.pk])
    report = typed(client, url, save="1", kind="report") | {"file": SimpleUploadedFile("informe.pdf", PDF)}
    answers.append(client.post(url, report))

    assert [answer.status_code for answer in answers] == [302, 302, 200, 302]
    assert (document.versions.get().name, answers[2].context["shown"] != "") == ("acta.pdf", True)
    recording.refresh_from_db()
    proposal.refresh_from_db()
    assert recording.poster
    assert {task for task, _open in examined} == {"recognize", "draw", "workbook"}
    assert not any(is_open for _task, is_open in examined), examined


def test_a_refused_file_is_examined_once_and_changes_nothing(client, examined):
    client.force_login(make_secretary())
    document = make_version().document
    examined.clear()

    answer = send(client, document, file=SimpleUploadedFile("acta.pdf", PDF + b"<script>alert(1)</script>"), title_es="Otro")

    assert answer.context["adminform"].form.errors.as_data()["file"][0].code == "two_kinds"
    assert examined == [("recognize", False)]
    assert document.versions.count() == 1
