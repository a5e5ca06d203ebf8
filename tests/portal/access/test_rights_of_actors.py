"""The right of who acts, taken away between the page and the button: for each act and each loss, nothing is done."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse

from events.models import Consultation, OptionMeaning, Registration, Seminar, Vote
from members import invitations
from members.accounts import dormant
from members.models import (
    Application,
    CoordinationTerm,
    DeclinedNotice,
    Delegate,
    DelegateRole,
    Invitation,
    Membership,
    Message,
    Person,
    Proposal,
    ProposalTurn,
    User,
)
from recordings.models import Document, Recording
from rifess.base.dates import today_in_the_network
from tests.desk import address, filled
from tests.make import (
    make_coming_seminar,
    make_institution,
    make_panel,
    make_person,
    make_recording,
    make_registration,
    make_secretary,
)
from tests.members.test_applications import make_application
from tests.portal.access.test_acts_and_states import consultation_in
from tests.portal.delegation.test_proposals import make_proposal, make_seat, make_speaker
from tests.recordings.documents.test_documents import make_minutes

pytestmark = pytest.mark.django_db

ACTED_ON = [Consultation, Vote, Proposal, ProposalTurn, Recording, Seminar, Document, Delegate, CoordinationTerm, Registration]
ACTED_ON += [Application, Invitation, Person, DeclinedNotice, Message]


def snapshot():
    return [list(table._base_manager.order_by("pk").values()) for table in ACTED_ON]


def outcomes(acts, losses, user):
    """For each act its name → the losses after which it was done all the same. Nothing of it stays."""
    found = {}
    for name, open_page in acts.items():
        for loss, lose in losses.items():
            with transaction.atomic():
                browser = Client()
                browser.force_login(user)
                press = open_page(browser)
                lose(user)
                before = snapshot()
                press()
                found.setdefault(name, []).extend([loss] if snapshot() != before else [])
                transaction.set_rollback(True)
    return found


def sign_out_elsewhere(_user):
    Session.objects.all().delete()


# Delegates

DELEGATES_LOSE = {
    "nothing": lambda user: None,
    "mandate": lambda user: Delegate.objects.filter(person__user=user).update(ended_on=today_in_the_network()),
    "membership": lambda user: Membership.objects.filter(delegates__person__user=user).update(left_on=today_in_the_network()),
    "role": lambda user: Delegate.objects.filter(person__user=user).update(role=DelegateRole.TECHNICAL),
    "account": dormant.lock,
    "session": sign_out_elsewhere,
}


def test_delegates_who_lost_their_right_meanwhile_do_nothing():
    user = make_speaker(make_seat(country="MX"))
    sent, draft = (make_proposal(by=user, state=state) for state in ("submitted", "draft"))
    consultation = consultation_in("open")
    option = consultation.options.get(meaning=OptionMeaning.PROPOSAL)

    def posting(name, *args, **data):
        where = reverse(f"delegation:{name}", args=args)
        return lambda browser: lambda: browser.post(where, data)

    def change_profile(browser):
        where = reverse("delegation:profile")
        shown = browser.get(where).context["form"]
        data = {field.html_name: field.value() or "" for field in shown} | {"biography_es": "Economista."}
        return lambda: browser.post(where, data)

    acts = {
        "vote": posting("vote", consultation.pk, option=option.pk),
        "begin a proposal": posting("propose", "seminar", title_es="Uno"),
        "go on with a draft": posting("edit-proposal", draft.pk, name_es="Otra"),
        "send in": posting("proposal", draft.pk, send="1"),
        "take back": posting("proposal", sent.pk, withdraw="1"),
        "write": posting("proposal", sent.pk, words="Una palabra"),
        "change the profile": change_profile,
        "choose notices": posting("notices"),
    }

    found = outcomes(acts, DELEGATES_LOSE, user)

    own = dict.fromkeys(["change the profile", "choose notices"], ["nothing", "role"])  # technical contacts have these too
    assert found == dict.fromkeys(acts, ["nothing"]) | own


# The secretariat

SECRETARIES_LOSE = {
    "nothing": lambda user: None,
    "second factor": lambda user: Authenticator.objects.filter(user=user).delete(),
    "permissions": lambda user: user.groups.clear(),
    "desk": lambda user: User.objects.filter(pk=user.pk).update(is_staff=False),
    "account": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "session": sign_out_elsewhere,
}


def choosing(action, row):
    """An action of a list of the desk."""
    data = {"action": action, "_selected_action": str(row.pk), "index": "0"}
    return lambda browser: lambda: browser.post(address(row, "changelist"), data)


def guided(word, row, **answers):
    """A guided act: what will happen is shown, and then its button is pressed."""
    meta = row._meta
    where = reverse(f"admin:{meta.app_label}_{meta.model_name}_{word}", args=[row.pk])

    def open_page(browser):
        shown = browser.post(where, answers).context["shown"]
        return lambda: browser.post(where, answers | {"shown": shown})

    return open_page


def saving(row, **typed):
    def open_page(browser):
        data = filled(browser.get(address(row)), **typed)
        return lambda: browser.post(address(row), data)

    return open_page


def answering(proposal, act):
    def open_page(browser):
        form = browser.get(address(Proposal.objects.get(pk=proposal.pk))).context["form"]
        data = {"columns": form.ticked, "words": "De acuerdo", "seen": form.initial["seen"], act: "1"}
        return lambda: browser.post(address(Proposal.objects.get(pk=proposal.pk)), data)

    return open_page


def test_secretaries_who_lost_their_right_meanwhile_do_nothing():
    today, secretary = today_in_the_network(), make_secretary()
    draft = make_panel(seminar=make_coming_seminar(published_at=None)).seminar
    recording, hidden = make_recording(panel=make_panel()), make_recording(panel=make_panel(), published_at=None)
    seat, proposal = make_seat(country="MX"), make_proposal()
    term = CoordinationTerm.objects.create(country="MX", institution=make_institution(), starts_on=today - timedelta(days=90))
    mandate = make_speaker(seat).person.mandates.get()
    invitation = Invitation(email="nueva@example.org", person=make_person(), membership=seat, role=DelegateRole.ALTERNATE)
    invitations.invite(invitation, by=secretary)
    other = make_institution()
    acts = {
        "publish a seminar": choosing("publish", draft),
        "make a seminar a draft": choosing("unpublish", recording.seminar),
        "change a seminar": saving(draft, title_es="Otro título"),
        "publish a recording": choosing("publish", hidden),
        "withdraw a recording": choosing("withdraw", recording),
        "publish a consultation": choosing("publish", consultation_in("draft")),
        "call a consultation off": guided("call-off", consultation_in("open"), es="Error", pt_br="", en=""),
        "approve a registration": choosing("approve", make_registration(make_coming_seminar(), state="to-approve")),
        "take an invitation back": choosing("take_back", invitation),
        "circulate minutes": guided("circulate", make_minutes("draft")),
        "note the approval": guided("approve", make_minutes("circulated"), on=today.isoformat(), audience="members"),
        "undo the approval": guided("take-back", make_minutes("approved")),
        "end a mandate": guided("end", mandate, on=today.isoformat()),
        "hand over": guided("hand-over", term, country="CL", institution=other.pk, starts_on=today.isoformat()),
        "read an application": guided("take-up", make_application()),
        "decline an application": guided("decline", make_application(country="CR"), reason="No."),
        "accept a proposal": answering(proposal, "accept"),
        "return a proposal": answering(proposal, "return"),
    }

    one_of_each_kind = ["publish a seminar", "change a seminar", "end a mandate", "accept a proposal"]
    found = outcomes({name: acts.pop(name) for name in one_of_each_kind}, SECRETARIES_LOSE, secretary)
    found |= outcomes(acts, {name: SECRETARIES_LOSE[name] for name in ("nothing", "permissions")}, secretary)

    assert found == dict.fromkeys([*one_of_each_kind, *acts], ["nothing"])


def test_what_a_delegate_wrote_is_shown_when_the_right_to_send_it_has_ended():
    user, written = make_speaker(make_seat(country="MX")), "Un seminario sobre compras públicas <b>responsables</b>."
    delegate, visitor = Client(), Client()
    delegate.force_login(user)
    DELEGATES_LOSE["mandate"](user)

    pages = {
        "delegate": delegate.post(reverse("delegation:propose", args=["seminar"]), {"title_es": written}),
        "another address": delegate.post("/es/no-existe/", {"title_es": written}),
        "visitor": visitor.post(reverse("events:seminar", args=["no-existe"]), {"title_es": written}),
    }

    shown = "Un seminario sobre compras públicas &lt;b&gt;responsables&lt;/b&gt;."
    assert {who: shown in page.content.decode() for who, page in pages.items()} == {
        "delegate": True,
        "another address": False,
        "visitor": False,
    }
    assert pages["delegate"].status_code == pages["another address"].status_code == 404
