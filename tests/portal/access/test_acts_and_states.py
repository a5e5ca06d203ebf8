"""Every act on consultations, proposals, invitations, applications, recordings and mandates × each state of what it acts on.

A cell says whether the act is done, or the code of its refusal; what hangs on a seminar is asked in each state of the seminar.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events import publication as events_publication
from events.alerts import subscriptions
from events.certificates import issue as certificates
from events.certificates import jobs
from events.certificates.eligibility import as_candidate
from events.consultations import closing, voting
from events.models import (
    Alert,
    CertificateKind,
    Consultation,
    IssuingJob,
    OptionMeaning,
    PanelProposal,
    Seminar,
    SeminarProposal,
)
from events.programme.copy_seminar import copy
from members import applications, invitations
from members.mandates import appointments, coordination
from members.models import (
    ApplicationState,
    CoordinationTerm,
    Delegate,
    DelegateRole,
    Invitation,
    ProposalState,
    User,
    standing_of,
)
from recordings import documents, publication
from recordings.models import Consent, Document, DocumentProposal, Recording, RecordingProposal
from rifess.base.dates import today_in_the_network
from rifess.portal.proposals import workflow
from tests.events.consultations.test_agreements import make_agreement
from tests.events.consultations.test_consultations import make_consultation, make_voter
from tests.events.registration.test_registration_states import states
from tests.make import (
    make_alert,
    make_coming_seminar,
    make_consent,
    make_delegate,
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_person,
    make_recording,
    make_secretary,
    make_user,
)
from tests.members.test_applications import make_application
from tests.portal.delegation.test_proposals import COUNTRIES, make_proposal, make_seat, make_speaker
from tests.recordings.documents.test_documents import make_minutes
from tests.refusals import DONE, outcome

pytestmark = pytest.mark.django_db


def table_of(acts, rows):
    """Each act (name → function of a row) done to each of `rows` (functions that make one): its outcomes in a line."""
    made = [make() for make in rows]
    return {name: " ".join(outcome(lambda act=act, row=row: act(row)) for row in made) for name, act in acts.items()}


# Consultations

NOW = timezone.now()
DAY = timedelta(days=1)


def consultation_in(state):
    """A consultation of a member that may vote: draft, coming, open, called off while open, over, closed."""
    moments = {"opens_at": NOW - DAY, "closes_at": NOW + DAY}
    if state in {"draft", "coming"}:
        moments = {"opens_at": NOW + DAY, "closes_at": NOW + 2 * DAY}
    if state in {"over", "closed"}:
        moments = {"opens_at": NOW - 2 * DAY, "closes_at": NOW - DAY}
    consultation = make_consultation(published=state != "draft", **moments)
    if state == "cancelled":
        voting.call_off(consultation.pk, by=None, reason={"es": "Por error."})
    if state == "closed":
        closing.attend(consultation.pk)
    return Consultation.objects.get(pk=consultation.pk)


CONSULTATION_STATES = ["draft", "coming", "open", "cancelled", "over", "closed"]
CONSULTATIONS = {
    "publish": "done done done called_off done done",  # one that is published stays as it is
    "vote": "not_begun not_begun done called_off over over",
    "call off": "not_published done done called_off over over",
    "call off without a reason": "not_published no_reason no_reason called_off over over",
    "change the question": "done done has_begun called_off has_begun has_begun",
    "change an answer": "done done has_begun called_off has_begun has_begun",
}


def change(row, **fields):
    row.refresh_from_db()
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def test_acts_on_consultations():
    voter = make_voter(make_membership(country="MX"))
    by = make_secretary()

    def for_it(row):
        return row.options.get(meaning=OptionMeaning.PROPOSAL)

    acts = {
        "publish": lambda row: voting.publish(row, by=by),
        "vote": lambda row: voting.cast(row.pk, for_it(row).pk, by=voter),
        "call off": lambda row: voting.call_off(row.pk, by=by, reason={"es": "Por error."}),
        "call off without a reason": lambda row: voting.call_off(row.pk, by=by, reason={"es": ""}),
        "change the question": lambda row: change(row, question_es="¿Otra?"),
        "change an answer": lambda row: change(for_it(row), text_es="Otra"),
    }

    assert table_of(acts, [lambda state=state: consultation_in(state) for state in CONSULTATION_STATES]) == CONSULTATIONS


def test_what_is_due_of_a_consultation_is_done_once_and_never_of_one_that_was_called_off():
    make_membership(country="MX")

    rows = {state: consultation_in(state) for state in CONSULTATION_STATES}

    found = {state: [closing.attend(row.pk), closing.attend(row.pk)] for state, row in rows.items()}

    assert found == dict.fromkeys(rows, [False, False]) | {"over": [True, False]}


def test_a_vote_asks_for_the_right_of_who_casts_it():
    today = today_in_the_network()
    consultation = consultation_in("open")
    seat, leaving, left = make_membership(country="MX"), make_membership(country="CL"), make_membership(country="BR")
    observer = make_membership(country="", category="observer", institution=make_institution())
    type(leaving).objects.filter(pk=leaving.pk).update(left_on=today + DAY)
    voters = {
        "titular": make_voter(seat),
        "alternate": make_voter(seat, DelegateRole.ALTERNATE),
        "technical contact": make_voter(seat, DelegateRole.TECHNICAL),
        "mandate ended": make_voter(seat, DelegateRole.ALTERNATE, ended_on=today),
        "mandate to come": make_voter(seat, DelegateRole.ALTERNATE, starts_on=today + DAY),
        "membership that leaves before the end": make_voter(leaving),
        "membership that left": make_voter(left),
        "observer": make_voter(observer),
        "secretariat": make_secretary(),
        "nobody's delegate": make_user(),
    }
    type(left).objects.filter(pk=left.pk).update(left_on=today)
    option = consultation.options.get(meaning=OptionMeaning.PROPOSAL)

    found = {who: outcome(lambda by=by: voting.cast(consultation.pk, option.pk, by=by)) for who, by in voters.items()}
    voting.cast(consultation.pk, option.pk, by=voters["titular"])
    overruled = {
        who: outcome(lambda who=who: voting.cast(consultation.pk, option.pk, by=voters[who])) for who in ("titular", "alternate")
    }

    assert found == {
        "titular": DONE,
        "alternate": DONE,
        "technical contact": "technical",
        "mandate ended": "no_vote",
        "mandate to come": "no_vote",
        "membership that leaves before the end": "no_vote",
        "membership that left": "no_vote",
        "observer": "no_vote",
        "secretariat": "no_vote",
        "nobody's delegate": "no_vote",
    }
    assert overruled == {"titular": DONE, "alternate": "titular_voted"}


# Proposals

PROPOSALS = {  # in the order of ProposalState: draft, submitted, returned, accepted, in part, declined, withdrawn
    "send in": "done state done state state state state",
    "take back": "done done done state state state state",
    "give back": "state done state state state state state",
    "decline": "state done state state state state state",
    "decline without a reason": "state no_words state state state state state",
    "accept": "state done state state state state state",
    "accept nothing of it": "state nothing_accepted state state state state state",
}


def test_acts_on_proposals():
    by = make_secretary()
    acts = {
        "send in": lambda row: workflow.submit(row, by=row.made_by),
        "take back": lambda row: workflow.withdraw(row, by=row.made_by),
        "give back": lambda row: workflow.return_(row, by=by, comment="¿Y el sitio?"),
        "decline": lambda row: workflow.decline(row, by=by, reason="No."),
        "decline without a reason": lambda row: workflow.decline(row, by=by, reason=" "),
        "accept": lambda row: workflow.accept(row, ["description_es"], by=by),
        "accept nothing of it": lambda row: workflow.accept(row, [], by=by),
    }
    rows = [lambda state=state: make_proposal(state=state) for state in ProposalState]

    assert [state.value for state in ProposalState][:3] == ["draft", "submitted", "returned"]
    assert table_of(acts, rows) == PROPOSALS


SEMINAR_STATES = ["draft", "coming", "on", "over", "cancelled", "reopened"]
OF_A_SEMINAR = {
    "send a panel in": "done done done over cancelled done",
    "accept a panel": "done done done over cancelled done",
    "decline a panel": "done done done done done done",
    "take a panel back": "done done done done done done",
    "send a recording in": "done done done done cancelled done",
    "accept a recording": "done done done done cancelled done",
    "publish a recording": "done done done done done done",
    "withdraw a recording": "done done done done done done",
}


def seminar_in(state):
    seminar = make_coming_seminar()
    Seminar.objects.filter(pk=seminar.pk).update(**states()[state])
    return Seminar.objects.get(pk=seminar.pk)


def test_acts_on_what_hangs_on_a_seminar():
    by, speaker = make_secretary(), make_speaker()
    panel = {"title_es": "Fondos", "kind": "panel"}
    video = {"title_es": "Fondos", "url": "https://youtu.be/dQw4w9WgXcQ"}

    def of(seminar, model, contents, state):
        return make_proposal(model, by=speaker, state=state, seminar=seminar, contents=contents)

    def of_panel(seminar, state="submitted"):
        return of(seminar, PanelProposal, panel, state)

    def of_video(seminar, state="submitted"):
        return of(seminar, RecordingProposal, video, state)

    acts = {
        "send a panel in": lambda seminar: workflow.submit(of_panel(seminar, "draft"), by=speaker),
        "accept a panel": lambda seminar: workflow.accept(of_panel(seminar), [*panel], by=by),
        "decline a panel": lambda seminar: workflow.decline(of_panel(seminar), by=by, reason="No."),
        "take a panel back": lambda seminar: workflow.withdraw(of_panel(seminar), by=speaker),
        "send a recording in": lambda seminar: workflow.submit(of_video(seminar, "draft"), by=speaker),
        "accept a recording": lambda seminar: workflow.accept(of_video(seminar), [*video], by=by),
        "publish a recording": lambda seminar: publication.publish(make_recording(seminar=seminar, published_at=None)),
        "withdraw a recording": lambda seminar: publication.withdraw(make_recording(seminar=seminar)),
    }

    assert table_of(acts, [lambda state=state: seminar_in(state) for state in SEMINAR_STATES]) == OF_A_SEMINAR


def test_a_recording_is_published_with_the_permissions_its_seminar_waits_for():
    def recording(waits, consent):
        panel = make_panel(seminar=make_coming_seminar(waits_for_consent=waits))
        person = make_intervention(panel=panel).person
        row = make_recording(panel=panel, published_at=None)
        if consent != "none":
            given = {"withdrawn_on": today_in_the_network()} if consent == "taken back" else {}
            make_consent(row, person, **given)
        return Recording.objects.get(pk=row.pk)

    found = {
        (waits, consent): outcome(lambda waits=waits, consent=consent: publication.publish(recording(waits, consent)))
        for waits in (False, True)
        for consent in ("none", "given", "taken back")
    }

    assert found == {
        (False, "none"): DONE,
        (False, "given"): DONE,
        (False, "taken back"): DONE,
        (True, "none"): "missing_consent",
        (True, "given"): DONE,
        (True, "taken back"): "missing_consent",
    }


# Invitations, applications, mandates


def invitation_in(state):
    today, seat = today_in_the_network(), make_seat()
    invitation = Invitation(email=f"{seat.pk}@example.org", person=make_person(), membership=seat, role="titular")
    invitations.invite(invitation, by=None)
    if state == "accepted":
        invitations.accept(invitation, user=make_user(email=invitation.email))
    if state == "taken back":
        invitations.revoke(invitation, by=None)
    if state == "expired":
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - DAY)
    if state == "membership left":
        type(seat).objects.filter(pk=seat.pk).update(left_on=today)
    if state == "another titular":
        make_delegate(membership=seat, role="titular", user=make_user())
    return Invitation.objects.get(pk=invitation.pk)


INVITATION_STATES = ["open", "accepted", "taken back", "expired", "membership left", "another titular"]
INVITATIONS = {
    "accept": "done closed closed closed outside_membership overlap",
    "open an account": "done closed closed closed outside_membership overlap",
    "send again": "done closed closed done not_in_force titular",
    "take back": "done closed closed done done done",
}


def test_acts_on_invitations():
    acts = {
        "accept": lambda row: invitations.accept(row, user=make_user(email=row.email.replace("@", "-@"))),
        "open an account": lambda row: invitations.open_account(row, name="Ana"),
        "send again": invitations.resend,
        "take back": lambda row: invitations.revoke(row, by=None),
    }

    assert table_of(acts, [lambda state=state: invitation_in(state) for state in INVITATION_STATES]) == INVITATIONS


APPLICATIONS = {  # in the order of ApplicationState: unconfirmed, received, in review, accepted, declined
    "confirm": "done done done done done",  # one that is confirmed stays as it is
    "take up": "decided done done decided decided",
    "accept": "decided done done decided decided",
    "decline": "decided done done decided decided",
}


def test_acts_on_applications():
    by, day = make_secretary(), today_in_the_network()
    acts = {
        "confirm": applications.confirm,
        "take up": lambda row: applications.take_up(row, by=by),
        "accept": lambda row: applications.accept(row, by=by, joined_on=day),
        "decline": lambda row: applications.decline(row, by=by, reason="No."),
    }
    rows = [lambda state=state: make_application(state=state, **decided(state)) for state in ApplicationState]

    assert table_of(acts, rows) == APPLICATIONS


def decided(state):
    return {"reason": "No."} if state == ApplicationState.DECLINED else {}


def test_acts_on_mandates_and_memberships():
    today = today_in_the_network()
    rows = {"to come": DAY, "today": timedelta(), "begun": -30 * DAY}

    def mandate(starts):
        return make_delegate(membership=make_seat(joined_on=today - 90 * DAY), starts_on=today + starts)

    acts = {
        "end before it began": lambda row: appointments.end_mandate(row, on=row.starts_on),
        "end later": lambda row: appointments.end_mandate(row, on=row.starts_on + 60 * DAY),
        "appoint a second titular": lambda row: appoint(row, row.starts_on + DAY),
        "appoint a successor": lambda row: appoint(row, row.starts_on + DAY, after=row),
        "appoint a successor before it began": lambda row: appoint(row, row.starts_on - DAY, after=row),
        "appoint an alternate before the membership": lambda row: appoint(row, row.membership.joined_on - DAY, role="alternate"),
    }

    assert table_of(acts, [lambda starts=starts: mandate(starts) for starts in rows.values()]) == {
        "end before it began": "refused refused refused",
        "end later": "done done done",
        "appoint a second titular": "overlap overlap overlap",
        "appoint a successor": "done done done",
        "appoint a successor before it began": "refused refused refused",
        "appoint an alternate before the membership": "outside_membership outside_membership outside_membership",
    }


def appoint(mandate, starts_on, **given):
    mandate.refresh_from_db()  # another act of the table may have written into it what was then undone
    return appointments.appoint(mandate.membership, person=make_person(), **{"role": "titular", "starts_on": starts_on} | given)


# Minutes and other documents

MINUTES = {  # draft, circulated, approved, and with a speaker's signed permission for their text
    "circulate": "done state state permission",
    "approve": "state done state state",
    "approve with a date to come": "state future state state",
    "approve at a cancelled meeting": "state cancelled state state",
    "take back": "state done done state",
    "another link": "file_and_link file_and_link approved file_and_link",
    "no minutes any more": "done done approved done",
    "wider audience": "done done done done",
}


def make_minutes_in(state):
    is_permission = state == "permission"
    document = make_minutes("draft" if is_permission else state)
    if is_permission:
        make_consent(make_recording(panel=make_panel()), document=document)
    return Document.objects.get(pk=document.pk)


def test_acts_on_minutes(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    today = today_in_the_network()
    cancelled = make_coming_seminar(cancelled_on=today)
    acts = {
        "circulate": documents.circulate,
        "approve": lambda row: documents.approve(row, on=today),
        "approve with a date to come": lambda row: documents.approve(row, on=today + DAY),
        "approve at a cancelled meeting": lambda row: documents.approve(row, on=today, meeting=cancelled),
        "take back": documents.take_back,
        "another link": lambda row: change(row, url="https://rifess.example/acta.pdf"),
        "no minutes any more": lambda row: change(row, kind="report"),
        "wider audience": lambda row: change(row, audience="everyone"),
    }

    rows = [lambda state=state: make_minutes_in(state) for state in ("draft", "circulated", "approved", "permission")]

    assert table_of(acts, rows) == MINUTES


def test_a_permission_is_kept_in_no_paper_that_others_read_or_will_read(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    recording = make_recording(panel=make_panel())
    papers = [make_minutes(state, audience) for state in ("draft", "circulated") for audience in ("secretariat", "members")]

    def attach(paper):
        consent = Consent(recording=recording, person=make_person(), given_on=today_in_the_network(), document=paper)
        consent.full_clean()

    assert [outcome(lambda paper=paper: attach(paper)) for paper in papers] == [DONE, *["open_document"] * 3]


# Agreements

AGREEMENTS = {  # of a meeting, adopted in a consultation, not adopted in one
    "begin": "done done result",
    "fulfil": "done done result",
    "not adopted": "done result done",
    "drop": "done done result",
    "move to a cancelled meeting": "cancelled cancelled cancelled",
}


def agreement_of(origin):
    if origin == "meeting":
        return make_agreement(seminar=make_coming_seminar())
    consultation = consultation_in("over")
    voter = make_voter(make_membership(country=next(COUNTRIES)))
    option = consultation.options.get(meaning=OptionMeaning.PROPOSAL)
    if origin == "adopted":
        Consultation.objects.filter(pk=consultation.pk).update(quorum_percent=0)
        voting.cast(consultation.pk, option.pk, by=voter, now=consultation.closes_at - DAY / 2)
    closing.attend(consultation.pk)
    return Consultation.objects.get(pk=consultation.pk).agreement


def test_acts_on_agreements():
    cancelled = make_coming_seminar(cancelled_on=today_in_the_network())
    acts = {
        "begin": lambda row: change(row, state="in-progress"),
        "fulfil": lambda row: change(row, state="fulfilled"),
        "not adopted": lambda row: change(row, state="not-adopted"),
        "drop": lambda row: change(row, state="dropped"),
        "move to a cancelled meeting": lambda row: change(row, seminar=cancelled),
    }

    table = table_of(acts, [lambda origin=origin: agreement_of(origin) for origin in ("meeting", "adopted", "not adopted")])

    assert table == AGREEMENTS


# The coordination

COORDINATION = {  # since ninety days, with an end to come, ended, to come
    "hand over today": "done ended done before_the_term",
    "hand over before it began": "before_the_term ended ended before_the_term",
    "hand over after its end": "done done done done",
    "hand over twice": "changed ended changed before_the_term",
}


def test_acts_on_the_coordination():
    today = today_in_the_network()
    terms = [(-90, None), (-90, 30), (-90, -30), (20, None)]

    def term(starts, ends):
        CoordinationTerm.objects.all().delete()
        days = {"starts_on": today + starts * DAY, "ends_on": ends and today + ends * DAY}
        return CoordinationTerm.objects.create(country="MX", institution=make_institution(), **days)

    def hand(row, day):
        return coordination.hand_over(row, country="CL", institution=make_institution(), starts_on=day)

    def twice(row):
        stale = CoordinationTerm.objects.get(pk=row.pk)
        hand(row, today)
        hand(stale, today + DAY)

    acts = {
        "hand over today": lambda row: hand(row, today),
        "hand over before it began": lambda row: hand(row, today - 120 * DAY),
        "hand over after its end": lambda row: hand(row, today + 60 * DAY),
        "hand over twice": twice,
    }
    found = {name: [] for name in acts}
    for days in terms:
        for name, act in acts.items():
            found[name].append(outcome(lambda act=act, days=days: act(term(*days))))

    assert {name: " ".join(outcomes) for name, outcomes in found.items()} == COORDINATION


# Alerts and notices

ALERTS = {  # asked for, confirmed, ended
    "ask again": "done done done",
    "confirm": "done done gone",
    "change": "not_confirmed done gone",
    "end": "done done done",
    "end all": "done done done",
}


def alert_in(state):
    alert = make_alert() if state == "confirmed" else make_alert(confirmed_at=None, told_until=None)
    if state == "ended":
        subscriptions.stop(Alert.objects.get(pk=alert.pk))
    return alert


def test_acts_on_alerts():
    acts = {
        "ask again": lambda row: subscriptions.ask(row.email, language="es"),
        "confirm": subscriptions.confirm,
        "change": lambda row: subscriptions.change(row, language="en"),
        "end": subscriptions.stop,
        "end all": subscriptions.stop_all,
    }

    assert table_of(acts, [lambda state=state: alert_in(state) for state in ("asked", "confirmed", "ended")]) == ALERTS


# Certificates, copies and proposals of each kind

OF_A_HELD_SEMINAR = {  # in the order of SEMINAR_STATES
    "issue": "draft to_come done done cancelled to_come",
    "issue what was asked for": "stopped done done done stopped done",
    "issue again": "draft done done done cancelled done",
    "revoke": "done done done done done done",
    "copy": "done done done done done done",
    "publish": "done done done done done done",
    "make it a draft": "done done done done done done",
}


def test_acts_on_seminars_and_their_certificates():
    by = make_secretary()

    def with_a_speaker(seminar):
        make_intervention(panel=make_panel(seminar=seminar))
        return Seminar.objects.get(pk=seminar.pk)

    def carry_out(seminar):
        """A job that was asked for before the seminar came into its state; what stopped it, as a refusal."""
        job = IssuingJob.objects.create(seminar=seminar, kind=CertificateKind.INTERVENTION, total=1)
        certificates.carry_out(job.pk)
        job.refresh_from_db()
        if job.trouble:
            raise ValidationError(job.trouble, code="stopped")
        assert job.issued == 1

    def certificate(seminar):
        person = make_person()
        return certificates.issue(seminar, CertificateKind.ORGANIZATION, as_candidate(person), by=by, tells=False)

    acts = {
        "issue": lambda seminar: jobs.start(seminar, CertificateKind.INTERVENTION, by=by),
        "issue what was asked for": carry_out,
        "issue again": lambda seminar: certificates.reissue(certificate(seminar), by=by),
        "revoke": lambda seminar: certificates.revoke(certificate(seminar), because="Error", by=by),
        "copy": lambda seminar: copy(seminar, starts_on=today_in_the_network() + 60 * DAY),
        "publish": lambda seminar: events_publication.publish(seminar, by=by),
        "make it a draft": events_publication.unpublish,
    }

    rows = [lambda state=state: with_a_speaker(seminar_in(state)) for state in SEMINAR_STATES]

    assert table_of(acts, rows) == OF_A_HELD_SEMINAR


def test_a_job_that_is_under_way_stops_when_its_seminar_is_cancelled(monkeypatch):
    seminar = make_coming_seminar()
    for _number in range(2):
        make_intervention(panel=make_panel(seminar=seminar))
    job = IssuingJob.objects.create(seminar=seminar, kind=CertificateKind.INTERVENTION, total=2)
    issue = certificates.issue

    def issue_and_cancel(*args, **given):
        issued = issue(*args, **given)
        Seminar.objects.filter(pk=seminar.pk).update(cancelled_on=today_in_the_network())
        return issued

    monkeypatch.setattr(certificates, "issue", issue_and_cancel)
    certificates.carry_out(job.pk)

    job.refresh_from_db()
    assert (job.issued, "cancel" in job.trouble, job.done_at is None) == (1, True, False)


WHAT_IS_PROPOSED = {  # in the order of ProposalState, as PROPOSALS
    "send in": "done state done state state state state",
    "take back": "done done done state state state state",
    "give back": "state done state state state state state",
    "decline": "state done state state state state state",
    "accept": "state done state state state state state",
}


def test_acts_on_proposals_of_a_seminar_and_of_a_document():
    by, day = make_secretary(), (today_in_the_network() + 60 * DAY).isoformat()
    seminar = {"title_es": "Fondos", "kind": "webinar", "starts_on": day, "languages": ["es"]}
    document = {"title_es": "Ley", "kind": "law", "dated_on_precision": "day", "url": "https://rifess.example/ley.pdf"}
    acts = {
        "send in": lambda row: workflow.submit(row, by=row.made_by),
        "take back": lambda row: workflow.withdraw(row, by=row.made_by),
        "give back": lambda row: workflow.return_(row, by=by, comment="¿Y el sitio?"),
        "decline": lambda row: workflow.decline(row, by=by, reason="No."),
        "accept": lambda row: workflow.accept(row, [*row.contents], by=by),
    }

    for model, contents in ((SeminarProposal, seminar), (DocumentProposal, document)):
        rows = [
            lambda state=state, model=model, contents=contents: make_proposal(model, state=state, contents=contents)
            for state in ProposalState
        ]
        assert table_of(acts, rows) == WHAT_IS_PROPOSED


# The right of who acts, at the moment of the act


def delegates_whose_right_ended(membership):
    """Delegates of `membership`, by what happened to their right after their request had looked it up."""
    today = today_in_the_network()
    names = ["holds", "mandate ended", "now a technical contact", "account locked"]
    users = {name: make_speaker(membership, DelegateRole.ALTERNATE) for name in names}
    for user in users.values():
        user.standings = {}
        standing_of(user)
    mandates = {name: Delegate.objects.filter(person__user=user) for name, user in users.items()}
    mandates["mandate ended"].update(ended_on=today)
    mandates["now a technical contact"].update(role=DelegateRole.TECHNICAL)
    User.objects.filter(pk=users["account locked"].pk).update(is_active=False)
    return users


def test_what_delegates_do_asks_for_their_right_again_when_it_is_done():
    seat, other = make_seat(), make_speaker()
    author = make_speaker(seat)
    proposal, draft = (make_proposal(by=author, state=state) for state in ("submitted", "draft"))
    consultation = consultation_in("open")
    option = consultation.options.get(meaning=OptionMeaning.PROPOSAL)
    form = workflow.form_of(draft, {"name_es": "Otra"}, is_draft=True)
    assert form.is_valid()
    acts = {
        "save a draft": lambda by: workflow.save_draft(form, by=by),
        "send in": lambda by: workflow.submit(draft, by=by),
        "take back": lambda by: workflow.withdraw(proposal, by=by),
        "comment": lambda by: workflow.comment(proposal, by=by, words="Una palabra"),
        "vote": lambda by: voting.cast(consultation.pk, option.pk, by=by),
    }

    people = delegates_whose_right_ended(seat) | {"of another institution": other}
    found = {act: {who: outcome(lambda do=do, by=by: do(by)) for who, by in people.items()} for act, do in acts.items()}
    type(seat).objects.filter(pk=seat.pk).update(left_on=today_in_the_network())
    left = {act: outcome(lambda do=do: do(people["holds"])) for act, do in acts.items()}

    proposes = {
        "holds": DONE,
        "mandate ended": "no_mandate",
        "now a technical contact": "technical",
        "account locked": "no_mandate",
        "of another institution": "no_mandate",
    }
    votes = proposes | {"mandate ended": "no_vote", "account locked": "no_vote", "of another institution": DONE}
    assert found == dict.fromkeys(acts, proposes) | {"vote": votes}
    assert left == dict.fromkeys(acts, "no_mandate") | {"vote": "no_vote"}


def test_an_observers_delegate_sends_only_what_they_proposed():
    seat = make_seat(category="observer", country="")
    author, colleague = make_speaker(seat), make_speaker(seat, DelegateRole.ALTERNATE)
    proposal = make_proposal(by=author)

    found = [outcome(lambda by=by: workflow.withdraw(proposal, by=by)) for by in (author, colleague)]

    assert found == [DONE, "no_mandate"]


# What was loaded before


def test_acts_are_done_to_what_the_database_holds_and_not_to_what_was_loaded_before():
    by, today = make_secretary(), today_in_the_network()
    consultation, recording = consultation_in("coming"), make_recording(panel=make_panel())
    Consultation.objects.filter(pk=consultation.pk).update(called_off_at=NOW)
    consent = make_consent(recording, make_person())
    type(consent).objects.filter(pk=consent.pk).update(withdrawn_on=today - DAY)
    mandate = make_delegate(membership=make_seat(joined_on=today - 90 * DAY), starts_on=today - 60 * DAY)
    Delegate.objects.filter(pk=mandate.pk).update(ended_on=today - 30 * DAY)
    Recording.objects.filter(pk=recording.pk).update(withdrawn_on=today - DAY)
    seminar = make_panel(seminar=make_coming_seminar(published_at=None)).seminar
    Seminar.objects.filter(pk=seminar.pk).update(published_at=NOW - DAY)

    publication.withdraw(recording, on=today)
    publication.take_back(consent, on=today)
    events_publication.publish(seminar, by=by)

    assert outcome(lambda: voting.publish(consultation, by=by)) == "called_off"
    assert outcome(lambda: appointments.end_mandate(mandate, on=today)) == "ended"
    assert Delegate.objects.get(pk=mandate.pk).ended_on == today - 30 * DAY
    assert Recording.objects.get(pk=recording.pk).withdrawn_on == today - DAY
    assert type(consent).objects.get(pk=consent.pk).withdrawn_on == today - DAY
    assert Seminar.objects.get(pk=seminar.pk).published_at == NOW - DAY


def test_an_act_on_what_was_deleted_meanwhile_says_so():
    by, today = make_secretary(), today_in_the_network()
    recording, draft = make_recording(panel=make_panel()), make_panel(seminar=make_coming_seminar(published_at=None)).seminar
    acts = [
        (make_consultation(published=False), lambda row: voting.publish(row, by=by)),
        (make_consent(recording), publication.take_back),
        (recording, publication.publish),
        (recording, publication.withdraw),
        (recording, publication.ask_permissions),
        (draft, lambda row: events_publication.publish(row, by=by)),
        (draft, events_publication.unpublish),
        (make_alert(), subscriptions.confirm),
        (make_alert(), lambda row: subscriptions.change(row, language="en")),
        (make_delegate(membership=make_seat()), lambda row: appointments.end_mandate(row, on=today)),
    ]
    for row, _act in acts:
        for present in type(row).objects.filter(pk=row.pk):
            present.delete()

    found = [outcome(lambda act=act, row=row: act(row)) for row, act in acts]

    assert found == ["gone"] * len(acts)
