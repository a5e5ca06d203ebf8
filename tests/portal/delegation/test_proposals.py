"""Proposals from their first draft to what becomes of them: what each side may do, what it is told, what it sees."""

from datetime import date
from io import BytesIO
from itertools import cycle

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from PIL import Image

from events.models import PanelProposal, Seminar, SeminarProposal
from members.models import (
    Audience,
    DelegateRole,
    Institution,
    InstitutionProposal,
    MembershipCategory,
    Message,
    Proposal,
    ProposalState,
)
from recordings.models import Document, DocumentProposal, Recording, RecordingProposal
from rifess.base.dates import today_in_the_network
from rifess.base.limits import too_many
from rifess.base.zones import ZONE_OF_COUNTRY
from rifess.portal.admin.proposals import ADDRESS_SHOWN, PANEL_SHOWN_AT_ONCE
from rifess.portal.proposals import workflow
from rifess.portal.proposals.diff import MOST_WORDS, Piece, pieces
from rifess.portal.views.delegation.proposals import PER_HOUR
from tests.make import (
    PDF,
    make_delegate,
    make_editor,
    make_institution,
    make_membership,
    make_panel,
    make_recording,
    make_secretary,
    make_seminar,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("what is proposed is kept as JSON")]

DRAFT, SENT, RETURNED = ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED
ACCEPTED, IN_PART, DECLINED, WITHDRAWN = (
    ProposalState.ACCEPTED,
    ProposalState.ACCEPTED_IN_PART,
    ProposalState.DECLINED,
    ProposalState.WITHDRAWN,
)
COUNTRIES = cycle(ZONE_OF_COUNTRY)
SCRIPT = "<script>alert(1)</script>"


def make_seat(**given):
    """A seat with its institution; each of another country."""
    return make_membership(**{"institution": make_institution(description="Texto de antes"), "country": next(COUNTRIES)} | given)


def make_speaker(seat=None, role=DelegateRole.TITULAR, **given):
    """An account that speaks for `seat`."""
    user = make_user(**given)
    make_delegate(user=user, membership=seat or make_seat(), role=role)
    return user


def make_proposal(model=InstitutionProposal, by=None, state=SENT, **given):
    """What `by` proposes, in `state`; a new description of their institution unless something else is given."""
    by = by or make_speaker()
    mandate = by.person.mandates.get()
    kind = next(kind for kind, each in workflow.KINDS.items() if each.model is model)
    if model is InstitutionProposal:
        given.setdefault("institution", mandate.membership.institution)
        given.setdefault("before", {"name_es": given["institution"].name_es, "description_es": "Texto de antes"})
        given.setdefault("contents", given["before"] | {"description_es": "Texto de ahora", "website": "https://nueva.example"})
    given.setdefault("title", given.get("contents", {}).get("title_es", "Propuesta"))
    sent = None if state == DRAFT else timezone.now()
    proposal = model.objects.create(
        kind=kind, membership=mandate.membership, mandate=mandate, made_by=by, state=state, submitted_at=sent, **given
    )
    return proposal


def png():
    picture = BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    return picture.getvalue()


def page_of(proposal):
    return reverse("delegation:proposal", args=[proposal.pk])


def desk_of(proposal):
    return reverse("admin:members_proposal_change", args=[proposal.pk])


def typed(client, url, **given):
    """What the form at `url` sends back, with what is `given` typed over."""
    shown = client.get(url).context["form"].initial
    return {name: "" if value is None else value for name, value in shown.items() if name != "file"} | given


def answer(client, proposal, act, **given):
    """The secretariat's answer to the page as it is now."""
    seen = client.get(desk_of(proposal)).context["form"].initial["seen"]
    return client.post(desk_of(proposal), {act: "1", "seen": seen} | given)


def state_of(proposal):
    return Proposal.objects.get(pk=proposal.pk).state


# The states


ACTS = {
    "submit": lambda proposal, _user: workflow.submit(proposal, by=proposal.made_by),
    "withdraw": lambda proposal, _user: workflow.withdraw(proposal, by=proposal.made_by),
    "comment": lambda proposal, _user: workflow.comment(proposal, by=proposal.made_by, words="Una palabra"),
    "return": lambda proposal, user: workflow.return_(proposal, by=user, comment="Falta algo"),
    "decline": lambda proposal, user: workflow.decline(proposal, by=user, reason="No procede"),
    "accept": lambda proposal, user: workflow.accept(proposal, ["description_es", "website"], by=user),
}
LEADS = {
    ("submit", DRAFT): SENT,
    ("submit", RETURNED): SENT,
    ("withdraw", DRAFT): WITHDRAWN,
    ("withdraw", RETURNED): WITHDRAWN,
    ("withdraw", SENT): WITHDRAWN,
    ("return", SENT): RETURNED,
    ("decline", SENT): DECLINED,
    ("accept", SENT): ACCEPTED,
    **{("comment", state): state for state in ProposalState if state != DRAFT},
}


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_begins_where_it_may(act, state):
    proposal, user = make_proposal(state=state), make_secretary()

    if (act, state) in LEADS:
        assert ACTS[act](proposal, user).state == LEADS[act, state]
    else:
        with pytest.raises(ValidationError) as refusal:
            ACTS[act](proposal, user)
        assert refusal.value.code == "state"
        assert state_of(proposal) == state
        assert not Message.objects.exists()


def test_what_is_with_the_secretariat_is_not_typed_over():
    proposal = make_proposal()
    form = workflow.form_of(proposal, {"name_es": "Otra"}, is_draft=True)
    assert form.is_valid()

    with pytest.raises(ValidationError) as refusal:
        workflow.save_draft(form, by=proposal.made_by)

    assert refusal.value.code == "state"


@pytest.mark.parametrize("act", ["return_", "decline", "comment"])
def test_who_returns_declines_or_writes_says_something(act):
    words = {"return_": "comment", "decline": "reason", "comment": "words"}[act]

    with pytest.raises(ValidationError) as refusal:
        proposal = make_proposal()
        by = proposal.made_by if act == "comment" else make_secretary()
        getattr(workflow, act)(proposal, by=by, **{words: "  "})

    assert refusal.value.code == "no_words"


def test_nothing_is_sent_that_changes_nothing():
    same = {"description_es": "Texto de antes"}

    with pytest.raises(ValidationError) as refusal:
        proposal = make_proposal(state=DRAFT, before=same, contents=same)
        workflow.submit(proposal, by=proposal.made_by)

    assert refusal.value.code == "incomplete"


def test_what_has_gaps_is_not_sent_and_says_which():
    proposal = make_proposal(SeminarProposal, state=DRAFT, contents={"title_es": "Un seminario"})

    with pytest.raises(ValidationError) as refusal:
        workflow.submit(proposal, by=proposal.made_by)

    assert {error.code for error in refusal.value.error_list} == {"incomplete"}
    assert any(sentence.startswith("Primer día: ") for sentence in refusal.value.messages)
    assert state_of(proposal) == DRAFT


# What accepting does


def test_a_change_to_the_institution_is_made_as_it_is_accepted():
    proposal, secretary = make_proposal(), make_secretary()

    done = workflow.accept(proposal, ["description_es", "website"], by=secretary, comment="Gracias")

    institution = Institution.objects.get(pk=proposal.institution_id)
    assert (institution.description_es, institution.website) == ("Texto de ahora", "https://nueva.example")
    assert (done.state, done.decided_by, done.accepted) == (ACCEPTED, secretary, ["description_es", "website"])


def test_what_is_not_marked_is_left_out():
    proposal = make_proposal()

    done = workflow.accept(proposal, ["website"], by=make_secretary())

    institution = Institution.objects.get(pk=proposal.institution_id)
    assert (institution.description_es, institution.website) == ("Texto de antes", "https://nueva.example")
    assert (done.state, done.accepted) == (IN_PART, ["website"])
    assert "Descripción, " in Message.objects.get().text


@pytest.mark.parametrize("columns", [[], ["slug", "name_es"]])
def test_nothing_is_accepted_that_was_not_proposed(columns):
    proposal = make_proposal()

    with pytest.raises(ValidationError) as refusal:
        workflow.accept(proposal, columns, by=make_secretary())

    assert refusal.value.code == "nothing_accepted"
    assert state_of(proposal) == SENT


def test_what_cannot_be_any_more_changes_nothing_and_says_why():
    proposal = make_proposal(
        SeminarProposal,
        contents={"title_es": "Al revés", "kind": "seminar", "starts_on": "2030-05-02", "ends_on": "2030-05-01"},
    )

    with pytest.raises(ValidationError) as refusal:
        workflow.accept(proposal, proposal.changed, by=make_secretary())

    assert [error.code for error in refusal.value.error_list] == ["invalid"]
    assert (state_of(proposal), Seminar.objects.count(), Message.objects.count()) == (SENT, 0, 0)


def test_a_seminar_becomes_a_draft():
    proposal = make_proposal(
        SeminarProposal,
        contents={"title_es": "Compra pública", "kind": "webinar", "starts_on": "2030-05-01", "languages": ["es", "pt-BR"]},
    )

    done = workflow.accept(proposal, ["languages"], by=make_secretary())

    seminar = Seminar.objects.get()
    assert done.seminar == seminar
    assert (seminar.title_es, seminar.kind, seminar.starts_on) == ("Compra pública", "webinar", date(2030, 5, 1))
    assert seminar.published_at is None
    assert {language.code for language in seminar.languages.all()} == {"es", "pt-BR"}


def test_a_panel_stands_in_the_programme_and_its_speakers_are_only_told():
    seminar = make_seminar(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 2))
    contents = {"title_es": "Fondos", "kind": "panel", "held_on": "2030-05-02", "speakers": "Ana Ruiz, ministra"}

    done = workflow.accept(make_proposal(PanelProposal, seminar=seminar, contents=contents), ["held_on"], by=make_secretary())

    panel = seminar.panels.get()
    assert (done.state, done.panel) == (ACCEPTED, panel)
    assert (panel.title_es, panel.held_on, panel.interventions.count()) == ("Fondos", date(2030, 5, 2), 0)


def test_a_recording_is_kept_unpublished_with_its_address():
    panel = make_panel()
    contents = {"title_es": "Grabación", "panel": str(panel.pk), "url": "https://youtu.be/dQw4w9WgXcQ"}

    workflow.accept(make_proposal(RecordingProposal, seminar=panel.seminar, contents=contents), ["panel"], by=make_secretary())

    recording = Recording.objects.get()
    assert (recording.panel, recording.published_at) == (panel, None)
    assert [(source.host, source.video_id) for source in recording.sources.all()] == [("youtube", "dQw4w9WgXcQ")]


YOUTUBE = "https://youtu.be/dQw4w9WgXcQ"
PROPOSE_A_RECORDING = reverse_lazy("delegation:propose", args=["recording"])


def make_address(known, **given):
    return make_proposal(RecordingProposal, seminar=known.seminar, known=known, contents={"url": YOUTUBE}, **given)


def asked_for(recording):
    return f"{PROPOSE_A_RECORDING}?seminar={recording.seminar.slug}&recording={recording.slug}"


@pytest.mark.parametrize("published_at", [None, timezone.now()])
def test_a_known_recording_gets_the_address_and_nothing_else(published_at):
    known = make_recording(title="Fondos", published_at=published_at)

    done = workflow.accept(make_address(known), ["url"], by=make_secretary())

    found = Recording.objects.get()
    assert (done.state, done.recording) == (ACCEPTED, found)
    assert (found.title_es, found.slug, found.published_at) == (known.title_es, known.slug, known.published_at)
    assert [(source.host, source.video_id) for source in found.sources.all()] == [("youtube", "dQw4w9WgXcQ")]


def test_an_address_that_a_recording_has_by_now_is_not_written_twice():
    known = make_recording(url="https://www.youtube.com/watch?v=dQw4w9WgXcQ")

    with pytest.raises(ValidationError) as refused:
        workflow.accept(make_address(known), ["url"], by=make_secretary())

    assert refused.value.error_list[0].code == "invalid"
    assert known.sources.count() == 1


def test_a_delegate_sends_the_address_of_a_known_recording(client):
    known, by = make_recording(title="Fondos"), make_speaker()
    client.force_login(by)
    asked = client.get(f"{PROPOSE_A_RECORDING}?seminar={known.seminar.slug}").content.decode()
    shown = client.get(asked_for(known)).context["form"]

    client.post(asked_for(known), {"seen": shown.initial.get("seen", ""), "url": YOUTUBE, "note": "La vi allí", "send": "1"})

    proposal = RecordingProposal.objects.get()
    assert "Fondos" in asked
    assert {*shown.fields} == {"url", "note", "seen"}
    assert (proposal.state, proposal.known, proposal.title) == (SENT, known, "Fondos")
    assert proposal.changed == ["note", "url"]


def test_the_secretariat_sees_which_recording_it_is(client):
    proposal = make_address(make_recording(title="Fondos"))
    client.force_login(make_secretary())

    page = client.get(desk_of(proposal))

    assert reverse("admin:recordings_recording_change", args=[proposal.known.pk]) in page.content.decode()
    assert page.context["on_accepting"] == ADDRESS_SHOWN


def test_whoever_sends_a_new_one_types_all_of_it(client):
    known = make_recording()
    client.force_login(make_speaker())

    page = client.get(PROPOSE_A_RECORDING, {"seminar": known.seminar.slug, "recording": ""})

    assert page.context["proposal"].known is None
    assert {"title_es", "panel", "url", "note"} <= {*page.context["form"].fields}


def test_the_list_of_proposals_asks_as_much_for_one_as_for_three(client):
    by = make_speaker()
    make_address(make_recording(), by=by)
    client.force_login(by)
    with CaptureQueriesContext(connection) as for_one:
        client.get(reverse("delegation:proposals"))
    make_address(make_recording(), by=by)
    make_proposal(by=by)

    with CaptureQueriesContext(connection) as for_three:
        page = client.get(reverse("delegation:proposals"))

    assert len(for_three) == len(for_one)
    assert [hasattr(each, "recordingproposal") for each in page.context["page_obj"]].count(True) == 2


def test_what_one_does_not_see_or_has_a_link_cannot_be_chosen(client):
    seminar = make_seminar()
    unseen = [
        make_recording(seminar=seminar, title="Inédita", published_at=None),
        make_recording(seminar=seminar, title="Enlazada", url=YOUTUBE),
        make_recording(title="De otro"),
    ]
    client.force_login(make_speaker())

    pages = [client.get(PROPOSE_A_RECORDING, {"seminar": seminar.slug, "recording": each.slug}) for each in unseen]

    assert [page.templates[0].name for page in pages] == ["delegation/proposal_recording.html"] * 3
    assert all("recording" in page.context["form"].errors for page in pages)
    assert not any(word in page.content.decode() for page in pages for word in ("Inédita", "Enlazada", "De otro"))


def test_a_draft_about_a_recording_taken_away_is_closed(client):
    known = make_recording()
    proposal = make_address(known, state=DRAFT)
    Recording.objects.update(published_at=None)
    client.force_login(proposal.made_by)

    page = client.get(reverse("delegation:edit-proposal", args=[proposal.pk]))

    assert (page.status_code, page.url) == (302, page_of(proposal))


def test_the_page_of_a_recording_without_link_asks_only_those_who_may_propose(client):
    known = make_recording()
    readers = {"visitor": None, "titular": make_speaker(), "technical": make_speaker(role=DelegateRole.TECHNICAL)}
    asked = {}

    for name, user in readers.items():
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(known.get_absolute_url())
        asked[name] = f"seminar={known.seminar.slug}&amp;recording={known.slug}" in page.content.decode()

    assert asked == {"visitor": False, "titular": True, "technical": False}


def test_the_page_of_a_recording_with_a_link_asks_nobody(client):
    client.force_login(make_speaker())

    page = client.get(make_recording(url=YOUTUBE).get_absolute_url())

    assert page.context["may_tell_where"] is False


def test_a_document_is_the_secretariats_whatever_was_wished():
    by = make_speaker()
    proposal = make_proposal(
        DocumentProposal,
        by=by,
        contents={
            "title_es": "Informe",
            "kind": "report",
            "dated_on_precision": "day",
            "file": "año.png",
            "wished_audience": "everyone",
        },
        file=SimpleUploadedFile("x.png", png()),
        file_name="año.png",
    )

    done = workflow.accept(proposal, proposal.changed, by=make_secretary())

    document = Document.objects.get()
    version = document.versions.get()
    assert (done.state, document.audience) == (ACCEPTED, Audience.SECRETARIAT)
    assert (version.name, version.added_by, version.file.read()) == ("año.png", by, png())


@pytest.mark.usefixtures("history_follows")
def test_the_history_names_the_secretary_and_whose_proposal_it_was(client):
    proposal, secretary = make_proposal(), make_secretary()
    client.force_login(secretary)

    answer(client, proposal, "accept", columns=["description_es"])

    entry = LogEntry.objects.get_for_object(proposal.institution).filter(action=LogEntry.Action.UPDATE).get()
    assert entry.actor == secretary
    assert entry.additional_data == {"proposal": proposal.pk, "proposed_by": str(proposal.mandate.person)}


@pytest.mark.usefixtures("history_follows")
def test_the_history_of_a_proposal_is_told_in_words(client):
    proposal = make_proposal(state=DRAFT)
    proposal.contents |= {"description_es": "Texto corregido"}
    proposal.save()
    workflow.submit(proposal, by=proposal.made_by)
    client.force_login(make_secretary())

    page = client.get(reverse("admin:members_proposal_history", args=[proposal.pk]))

    told = [(change.before, change.after) for each in page.context["happenings"] for change in each.changes]
    assert ("Texto de ahora", "Texto corregido") in told
    assert "{&quot;" not in page.content.decode()


# What changed meanwhile


def test_what_somebody_changed_since_is_shown_and_not_marked(client):
    proposal = make_proposal()
    Institution.objects.filter(pk=proposal.institution_id).update(description_es="Texto de otra persona")
    client.force_login(make_secretary())

    page = client.get(desk_of(proposal))

    [change] = page.context["stale"]
    assert (change.before, change.now, change.proposed) == ("Texto de antes", "Texto de otra persona", "Texto de ahora")
    assert page.context["form"].ticked == ["website"]
    answer(client, proposal, "accept", columns=["website"])
    assert Institution.objects.get(pk=proposal.institution_id).description_es == "Texto de otra persona"


def test_what_changes_while_the_page_is_open_is_shown_again_before_anything_is_done(client):
    proposal = make_proposal()
    client.force_login(make_secretary())
    seen = client.get(desk_of(proposal)).context["form"].initial["seen"]
    Institution.objects.filter(pk=proposal.institution_id).update(description_es="Texto de otra persona")

    page = client.post(desk_of(proposal), {"accept": "1", "columns": ["description_es"], "seen": seen})

    assert page.status_code == 400
    assert page.context["form"].errors.as_data()["columns"][0].code == "meanwhile"
    assert Institution.objects.get(pk=proposal.institution_id).description_es == "Texto de otra persona"
    answer(client, proposal, "accept", columns=["description_es"])
    assert Institution.objects.get(pk=proposal.institution_id).description_es == "Texto de ahora"


def test_of_two_who_answer_the_second_is_told(client):
    proposal = make_proposal()
    client.force_login(make_secretary())
    seen = client.get(desk_of(proposal)).context["form"].initial["seen"]
    workflow.decline(proposal, by=make_secretary(), reason="No")

    page = client.post(desk_of(proposal), {"accept": "1", "columns": ["description_es"], "seen": seen})

    assert page.status_code == 400
    assert state_of(proposal) == DECLINED


# E-mail


def letters():
    return {(message.to, message.language): message for message in Message.objects.all()}


def test_the_secretariat_hears_in_spanish_what_the_delegates_do():
    user = make_speaker(language="pt-br")
    proposal = make_proposal(by=user, state=DRAFT)

    workflow.submit(proposal, by=user)
    workflow.comment(proposal, by=user, words="Con gusto lo explico")
    workflow.withdraw(proposal, by=user)

    assert [(each.to, each.language) for each in Message.objects.all()] == [("secretaria@rifess.example", "es")] * 3
    assert any("Con gusto lo explico" in each.text and "Con gusto lo explico" in each.html for each in Message.objects.all())
    assert all(f"/es/admin/members/proposal/{proposal.pk}/change/" in each.text for each in Message.objects.all())


def test_a_draft_is_nobodys_business():
    proposal = make_proposal(state=DRAFT)

    workflow.withdraw(proposal, by=proposal.made_by)

    assert not Message.objects.exists()


@pytest.mark.parametrize("act", ["return", "decline", "accept", "comment"])
def test_who_proposed_it_and_the_titular_hear_in_their_languages_what_the_secretariat_does(act):
    seat = make_seat()
    titular = make_speaker(seat, language="en")
    alternate = make_speaker(seat, DelegateRole.ALTERNATE, language="pt-br")
    make_speaker(seat, DelegateRole.ALTERNATE)
    proposal = make_proposal(by=alternate)

    if act == "comment":
        workflow.comment(proposal, by=make_secretary(), words="¿Cuándo?", of_the_secretariat=True)
    else:
        ACTS[act](proposal, make_secretary())

    assert set(letters()) == {(titular.email, "en"), (alternate.email, "pt-br")}
    assert f"/en/delegation/proposals/{proposal.pk}/" in letters()[titular.email, "en"].text


def test_whose_mandate_has_ended_hears_nothing():
    proposal = make_proposal()
    proposal.made_by.person.mandates.update(ended_on=today_in_the_network())

    workflow.return_(proposal, by=make_secretary(), comment="Falta algo")

    assert not Message.objects.exists()


def test_an_observers_titular_does_not_hear_of_what_others_proposed():
    seat = make_seat(category=MembershipCategory.OBSERVER)
    make_speaker(seat)
    alternate = make_speaker(seat, DelegateRole.ALTERNATE)

    workflow.return_(make_proposal(by=alternate), by=make_secretary(), comment="Falta algo")

    assert [message.to for message in Message.objects.all()] == [alternate.email]


def test_a_title_puts_no_line_into_a_header_and_no_tag_into_a_mail():
    proposal = make_proposal(title=f"Uno\nBcc: x@example.org {SCRIPT}")

    workflow.return_(proposal, by=make_secretary(), comment=SCRIPT)

    message = Message.objects.get()
    assert "\n" not in message.subject
    assert SCRIPT not in message.html


# The delegates' doors


def test_a_delegate_drafts_sends_and_reads_the_answer(client):
    seat = make_seat()
    client.force_login(make_speaker(seat))
    url = reverse("delegation:propose", args=["institution"])

    client.post(url, typed(client, url, description_es="Texto de ahora", save="1"))
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.title) == (DRAFT, str(seat.institution))
    url = reverse("delegation:edit-proposal", args=[proposal.pk])
    client.post(url, typed(client, url, send="1"))
    workflow.return_(proposal, by=make_secretary(), comment="Falta la página")

    assert state_of(proposal) == RETURNED
    assert "Falta la página" in client.get(url).content.decode()
    assert "Falta la página" in client.get(page_of(proposal)).content.decode()
    client.post(url, typed(client, url, website="https://nueva.example", send="1"))
    assert workflow.of_its_kind(proposal).changed == ["description_es", "website"]
    assert state_of(proposal) == SENT


def test_a_proposal_that_is_sent_a_second_time_is_the_one_there_is(client):
    client.force_login(make_speaker())
    url = reverse("delegation:propose", args=["document"])
    page, counted = typed(client, url, title_es="Informe", kind="report"), []
    page["url"] = "https://example.org/informe"

    for sent in (
        page | {"save": "1"},
        page | {"send": "1"},
        page | {"send": "1"},
        page | {"send": "1", "title_es": "Otro"},
        page | {"send": "1", "url": "", "file": SimpleUploadedFile("a.pdf", PDF)},
        page | {"send": "1", "url": "", "file": SimpleUploadedFile("a.pdf", PDF)},
        page | {"send": "1", "url": "", "file": SimpleUploadedFile("a.pdf", PDF + b"% otro\n")},
    ):
        assert client.post(url, sent).status_code == 302
        counted.append(Proposal.objects.count())

    assert counted == [1, 1, 1, 2, 3, 3, 4]
    assert {*Proposal.objects.values_list("state", flat=True)} == {SENT}
    Proposal.objects.update(state=DECLINED)
    client.post(url, page | {"send": "1"})
    assert Proposal.objects.count() == 5


@pytest.mark.parametrize("kind", workflow.KINDS)
@pytest.mark.parametrize("role", DelegateRole)
def test_titulars_and_alternates_propose_and_technical_contacts_read(client, role, kind):
    client.force_login(make_speaker(role=role))

    page = client.get(reverse("delegation:propose", args=[kind]))

    assert page.status_code == (404 if role == DelegateRole.TECHNICAL else 200)
    assert client.get(reverse("delegation:proposals")).status_code == 200


@pytest.mark.parametrize("sent", [{"submit": "1"}, {"withdraw": "1"}, {"words": "Hola"}])
def test_a_technical_contact_presses_no_button(client, sent):
    seat = make_seat()
    proposal = make_proposal(by=make_speaker(seat), state=RETURNED)
    client.force_login(make_speaker(seat, DelegateRole.TECHNICAL))

    assert client.get(page_of(proposal)).status_code == 200
    assert client.post(page_of(proposal), sent).status_code == 404
    assert client.get(reverse("delegation:edit-proposal", args=[proposal.pk])).status_code == 404
    assert state_of(proposal) == RETURNED


def test_a_partner_proposes_too(client):
    client.force_login(make_speaker(make_seat(category=MembershipCategory.PARTNER)))

    assert client.get(reverse("delegation:propose", args=["document"])).status_code == 200


@pytest.mark.parametrize("page", ["proposal", "edit-proposal", "proposal-file"])
def test_another_institutions_proposal_is_not_there(client, page):
    proposal = make_proposal(state=RETURNED)
    client.force_login(make_speaker(make_seat()))
    url = reverse(f"delegation:{page}", args=[proposal.pk])

    assert client.get(url).status_code == 404
    assert client.post(url, {"submit": "1", "withdraw": "1"}).status_code == 404
    assert state_of(proposal) == RETURNED


@pytest.mark.parametrize("page", ["proposal", "edit-proposal"])
def test_a_visitor_is_led_to_sign_in(client, page):
    url = reverse(f"delegation:{page}", args=[make_proposal().pk])

    assert client.get(url).url == f"{reverse('account_login')}?next={url}"


def test_nothing_is_proposed_of_an_institution_nobody_knows(client):
    client.force_login(make_speaker(make_membership()))

    assert "institution" not in client.get(reverse("delegation:proposals")).context["ways"]
    assert client.get(reverse("delegation:propose", args=["institution"])).status_code == 404
    assert client.get(reverse("delegation:propose", args=["nada"])).status_code == 404


def test_panels_are_proposed_for_seminars_to_come_that_one_may_see(client):
    coming = make_seminar(starts_on=date(2030, 5, 1), ends_on=None)
    make_seminar()
    make_seminar(starts_on=date(2030, 5, 1), ends_on=None, cancelled_on=date(2026, 1, 1))
    hidden = make_seminar(starts_on=date(2030, 5, 1), ends_on=None, published_at=None)
    client.force_login(make_speaker())
    url = reverse("delegation:propose", args=["panel"])

    assert list(client.get(url).context["form"].fields["seminar"].queryset) == [coming]
    assert client.get(url, {"seminar": coming.slug}).context["proposal"].seminar == coming
    assert client.get(url, {"seminar": hidden.slug}).context["form"].errors


def test_panels_are_proposed_for_the_draft_that_came_of_ones_own_proposal(client):
    user, draft = make_speaker(), make_seminar(published_at=None)
    make_proposal(SeminarProposal, by=user, state=ACCEPTED, seminar=draft, contents={"title_es": draft.title_es})
    client.force_login(user)

    page = client.get(reverse("delegation:propose", args=["panel"]))

    assert list(page.context["form"].fields["seminar"].queryset) == [draft]


@pytest.mark.parametrize("kind", ["seminar", "panel"])
def test_only_topics_of_what_one_may_see_are_offered_and_taken(client, kind):
    coming, hidden = make_seminar(starts_on=date(2030, 5, 1), ends_on=None), make_seminar(published_at=None)
    of_members = make_seminar(audience=Audience.MEMBERS)
    topics = {seminar: make_topic() for seminar in (coming, of_members, hidden)}
    for seminar, topic in topics.items():
        seminar.topics.add(topic)
    client.force_login(make_speaker())
    url = f"{reverse('delegation:propose', args=[kind])}?seminar={coming.slug}"

    offered = set(client.get(url).context["form"].fields["topics"].queryset)
    page = client.post(url, typed(client, url, title_es="Un título", topics=[topics[hidden].pk], save="1"))

    assert offered == {topics[coming], topics[of_members]}
    assert page.context["form"].errors.as_data()["topics"][0].code == "invalid_choice"
    assert topics[hidden].name not in page.content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client):
    client.force_login(make_speaker())
    url = reverse("delegation:propose", args=["seminar"])

    page = client.post(
        url, typed(client, url, title_es="Un título largo", ends_on="2030-05-01", starts_on="2030-05-02", send="1")
    )

    assert page.status_code == 200
    assert "Un título largo" in page.content.decode()
    assert not Proposal.objects.exists()


def test_sending_what_has_gaps_from_its_page_leads_to_the_form(client):
    user = make_speaker()
    proposal = make_proposal(SeminarProposal, by=user, state=DRAFT, contents={"title_es": "Un seminario"})
    client.force_login(user)

    answered = client.post(page_of(proposal), {"submit": "1"})

    assert answered.url == reverse("delegation:edit-proposal", args=[proposal.pk])


def test_what_is_decided_is_not_edited(client):
    user = make_speaker()
    proposal = make_proposal(by=user, state=DECLINED)
    client.force_login(user)

    assert client.get(reverse("delegation:edit-proposal", args=[proposal.pk])).url == page_of(proposal)
    assert client.post(page_of(proposal), {"withdraw": "1"}).url == page_of(proposal)
    assert state_of(proposal) == DECLINED


def test_an_empty_message_is_not_sent(client):
    user = make_speaker()
    proposal = make_proposal(by=user)
    client.force_login(user)

    page = client.post(page_of(proposal), {"words": " "})

    assert page.context["form"].errors
    assert not Message.objects.exists()


def test_tags_are_shown_as_they_were_typed(client):
    user = make_speaker()
    proposal = make_proposal(by=user, contents={"description_es": SCRIPT, "acronym_es": SCRIPT}, title=SCRIPT)
    workflow.comment(proposal, by=user, words=SCRIPT)

    client.force_login(user)
    pages = [client.get(url).content.decode() for url in (page_of(proposal), reverse("delegation:proposals"))]
    client.force_login(make_secretary())
    pages += [client.get(url).content.decode() for url in (desk_of(proposal), reverse("admin:members_proposal_changelist"))]

    assert all("&lt;script&gt;alert(1)" in page and SCRIPT not in page for page in pages)


# How often


def send_until_refused(user):
    """Let `user` have sent as much as is taken within an hour."""
    for _each in range(PER_HOUR):
        too_many("proposals", user.pk, limit=PER_HOUR, seconds=3600)


def test_thirty_messages_an_hour_are_taken_and_the_next_one_stays_on_the_page(client):
    user = make_speaker()
    proposal = make_proposal(by=user)
    client.force_login(user)

    answers = [client.post(page_of(proposal), {"words": f"Mensaje {number}"}) for number in range(PER_HOUR + 1)]

    assert [answer.status_code for answer in answers] == [302] * PER_HOUR + [200]
    assert proposal.turns.count() == PER_HOUR
    assert answers[-1].context["form"].errors.as_data()["__all__"][0].code == "too_many"
    assert f"Mensaje {PER_HOUR}</textarea>" in answers[-1].content.decode()


def test_who_has_sent_too_much_loses_nothing_and_may_still_keep_a_draft(client):
    user = make_speaker()
    client.force_login(user)
    send_until_refused(user)
    url = reverse("delegation:propose", args=["document"])
    given = typed(client, url, title_es="Un informe largo", kind="report")
    sent, uploaded = {"send": "1", "url": "https://ejemplo.example/"}, {"save": "1", "file": SimpleUploadedFile("a.png", png())}

    refused = [client.post(url, given | more) for more in (sent, uploaded)]
    made_by_then = Proposal.objects.count()
    kept = client.post(url, given | {"save": "1"})

    assert [page.context["form"].errors.as_data()["__all__"][0].code for page in refused] == ["too_many"] * 2
    assert ["Un informe largo" in page.content.decode() for page in refused] == [True, True]
    assert (made_by_then, kept.status_code, state_of(Proposal.objects.get())) == (0, 302, DRAFT)


def test_a_draft_is_not_sent_from_its_page_by_who_has_sent_too_much(client):
    user = make_speaker()
    proposal = make_proposal(by=user, state=DRAFT)
    client.force_login(user)
    send_until_refused(user)

    page = client.post(page_of(proposal), {"submit": "1"}, follow=True)

    assert state_of(proposal) == DRAFT
    assert len(page.context["messages"]) == 1


def test_what_one_has_sent_does_not_count_for_a_colleague(client):
    seat = make_seat()
    user, colleague = make_speaker(seat), make_speaker(seat, role=DelegateRole.ALTERNATE)
    proposal = make_proposal(by=user)
    send_until_refused(user)
    client.force_login(colleague)

    assert client.post(page_of(proposal), {"words": "Gracias"}).status_code == 302


# Files


def send_file(client, name, data):
    url = reverse("delegation:propose", args=["document"])
    sent = typed(client, url, title_es="Informe", kind="report", send="1")
    return client.post(url, sent | {"file": SimpleUploadedFile(name, data)})


def test_a_file_is_kept_by_its_own_name_and_read_by_both_sides(client):
    user = make_speaker()
    client.force_login(user)

    assert send_file(client, "../../año 2025.png", png()).status_code == 302
    proposal = DocumentProposal.objects.get()
    url = reverse("delegation:proposal-file", args=[proposal.pk])
    file = client.get(url)

    assert proposal.file_name == "año 2025.png"
    assert b"".join(file.streaming_content) == png()
    assert (file["X-Content-Type-Options"], file["Content-Disposition"].split(";")[0]) == ("nosniff", "attachment")
    client.force_login(make_secretary())
    assert client.get(url).status_code == 200
    client.logout()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png() + b"<html><script>alert(1)</script>"),
        ("a.pdf", b"%PDF-1.4\n<!doctype html><script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.pdf", png()),
        ("a.png", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(client, name, data):
    client.force_login(make_speaker())

    page = send_file(client, name, data)

    assert page.context["form"].errors["file"]
    assert not Proposal.objects.exists()


def test_a_file_stays_until_another_takes_its_place(client):
    client.force_login(make_speaker())
    send_file(client, "uno.png", png())
    proposal = DocumentProposal.objects.get()
    workflow.return_(proposal, by=make_secretary(), comment="Falta algo")
    url = reverse("delegation:edit-proposal", args=[proposal.pk])

    client.post(url, typed(client, url, title_es="Otro título", save="1"))
    kept = DocumentProposal.objects.get()
    client.post(url, typed(client, url, save="1") | {"file-clear": "on"})
    cleared = DocumentProposal.objects.get()

    assert (kept.file_name, kept.contents["file"]) == ("uno.png", "uno.png")
    assert (cleared.file_name, cleared.contents["file"], bool(cleared.file)) == ("", "", False)


# The secretariat's doors


@pytest.mark.parametrize("act", ["accept", "return", "decline", "comment"])
def test_each_answer_is_a_button(client, act):
    proposal = make_proposal()
    client.force_login(make_secretary())

    assert answer(client, proposal, act, columns=["description_es", "website"], words="Unas palabras").status_code == 302

    leads = {"accept": ACCEPTED, "return": RETURNED, "decline": DECLINED, "comment": SENT}
    assert state_of(proposal) == leads[act]
    assert Proposal.objects.get().turns.get().comment == "Unas palabras"


@pytest.mark.parametrize("published_at", [None, timezone.now()])
def test_the_page_says_when_a_panel_will_be_seen_at_once(client, published_at):
    seminar = make_seminar(published_at=published_at)
    proposal = make_proposal(PanelProposal, seminar=seminar, contents={"title_es": "Fondos", "kind": "panel"})
    client.force_login(make_secretary())

    said = client.get(desk_of(proposal)).context["on_accepting"]

    assert (said == PANEL_SHOWN_AT_ONCE) == seminar.is_published


def test_an_answer_that_cannot_be_is_explained(client):
    proposal = make_proposal()
    client.force_login(make_secretary())

    page = answer(client, proposal, "decline", words="")

    assert page.status_code == 400
    assert page.context["form"].non_field_errors()
    assert state_of(proposal) == SENT


@pytest.mark.parametrize("make", [make_editor, lambda: make_secretary(second_factor=False), make_user, make_speaker])
def test_nobody_else_answers(client, make):
    proposal = make_proposal()
    client.force_login(make())

    assert client.post(desk_of(proposal), {"decline": "1", "words": "No"}).status_code in (302, 403, 404)
    assert state_of(proposal) == SENT


def test_a_draft_is_not_in_the_queue(client):
    proposal = make_proposal(state=DRAFT)
    client.force_login(make_secretary())

    assert client.get(desk_of(proposal)).status_code == 404
    assert list(client.get(reverse("admin:members_proposal_changelist")).context["cl"].result_list) == []


def test_the_desk_says_how_many_wait(client):
    make_proposal()
    make_proposal(state=RETURNED)
    client.force_login(make_secretary())

    waiting = client.get(reverse("admin:index")).context["waiting"]
    [line] = [each for each in waiting if "/members/proposal/" in each["url"]]

    assert line["count"] == 1
    assert client.get(line["url"]).context["cl"].result_count == 1


def queries_for(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_the_list_asks_as_much_for_three_as_for_one(client):
    user, url = make_speaker(), reverse("delegation:proposals")
    client.force_login(user)
    make_proposal(by=user)
    asked_for_one = queries_for(client, url)

    make_proposal(by=user)
    make_proposal(by=user)

    assert queries_for(client, url) == asked_for_one


def test_a_proposals_pages_ask_as_much_for_three_turns_and_columns_as_for_one(client):
    user, secretary = make_speaker(), make_secretary()
    proposal = make_proposal(by=user, contents={"website": "https://nueva.example"}, before={})
    workflow.comment(proposal, by=user, words="Una palabra")
    pages = [(user, page_of(proposal)), (secretary, desk_of(proposal))]
    asked_for_one = [(client.force_login(reader), queries_for(client, url)) for reader, url in pages]

    proposal = workflow.comment(proposal, by=secretary, words="Otra", of_the_secretariat=True)
    proposal.contents |= {"description_es": "Texto", "acronym_es": "ABC"}
    proposal.save()
    workflow.comment(proposal, by=user, words="Y otra")

    assert [(client.force_login(reader), queries_for(client, url)) for reader, url in pages] == asked_for_one


# The difference


def test_words_that_go_and_come_are_told_apart():
    assert pieces("La red nace en 2023, en México.", "La red nace en 2024, en México.") == [
        Piece("same", "La red nace en "),
        Piece("del", "2023, "),
        Piece("ins", "2024, "),
        Piece("same", "en México."),
    ]
    assert pieces("", "Nuevo") == [Piece("ins", "Nuevo")]
    assert pieces("Viejo", "") == [Piece("del", "Viejo")]
    assert pieces("igual", "igual") == [Piece("same", "igual")]


def test_texts_too_long_to_compare_are_shown_whole():
    long = "a " * MOST_WORDS

    assert [piece.kind for piece in pieces(long, long + "b")] == ["del", "ins"]


def test_a_screen_reader_hears_what_goes_and_what_comes(client):
    user = make_speaker()
    client.force_login(user)

    page = client.get(page_of(make_proposal(by=user))).content.decode()

    assert '<del><span class="sr visually-hidden">' in page
    assert '<ins><span class="sr visually-hidden">' in page
