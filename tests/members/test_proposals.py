"""What a delegate proposes: who may read it, and how it is typed and kept."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from members.models import DelegateRole, InstitutionProposal, MembershipCategory, Proposal, ProposalState
from members.proposals import InstitutionProposalForm
from rifess.base.dates import today_in_the_network
from tests.make import make_delegate, make_institution, make_membership, make_secretary, make_user

pytestmark = pytest.mark.django_db


def make_speaker(seat, role=DelegateRole.TITULAR, **given):
    """An account that speaks for `seat`."""
    user = make_user()
    make_delegate(user=user, membership=seat, role=role, **given)
    return user


def make_change(by=None, seat=None, **given):
    """A change to the institution of `seat`, proposed by an account that speaks for it, and sent in."""
    seat = seat or make_membership(institution=make_institution())
    by = by or make_speaker(seat)
    mandate = by.person.mandates.get(membership=seat)
    given = {"state": "submitted", "submitted_at": timezone.now()} | given
    return InstitutionProposal.objects.create(
        kind="institution", membership=seat, mandate=mandate, made_by=by, institution=seat.institution, title="Cambio", **given
    )


def typed(proposal, **given):
    """The form of `proposal` as its page sends it back, with what is `given` typed over."""
    shown = InstitutionProposalForm(proposal=proposal).initial
    return MultiValueDict({name: [value or ""] for name, value in (shown | given).items()})


def seen_by(user):
    return list(Proposal.objects.visible_to(user))


# Who reads it


@pytest.mark.parametrize("role", DelegateRole)
def test_a_members_delegates_read_what_each_of_them_proposes(role):
    seat = make_membership(institution=make_institution())
    proposal = make_change(by=make_speaker(seat, DelegateRole.ALTERNATE), seat=seat, state="draft", submitted_at=None)

    user = make_speaker(seat, role)

    assert [each.pk for each in seen_by(user)] == [proposal.pk]


@pytest.mark.parametrize("category", [MembershipCategory.OBSERVER, MembershipCategory.PARTNER])
def test_an_observers_or_partners_delegates_read_only_their_own(category):
    seat = make_membership(category=category)
    first, second = make_speaker(seat), make_speaker(seat, DelegateRole.ALTERNATE)
    proposal = make_change(by=second, seat=seat)

    assert [each.pk for each in seen_by(second)] == [proposal.pk]
    assert seen_by(first) == []


def test_another_institutions_proposals_are_nobody_elses():
    make_change()
    other = make_speaker(make_membership(country="CO", institution=make_institution()))

    assert seen_by(other) == []
    assert seen_by(AnonymousUser()) == []
    assert seen_by(make_user()) == []
    assert seen_by(make_secretary(second_factor=False)) == []


def test_a_proposal_is_gone_with_the_mandate():
    seat = make_membership(institution=make_institution())
    user = make_speaker(seat)
    make_change(by=user, seat=seat)
    mandate = user.person.mandates.get()

    mandate.ended_on = today_in_the_network()
    mandate.save()

    assert seen_by(user) == []


def test_the_secretariat_reads_what_was_sent_in_and_no_draft():
    sent = make_change()
    make_change(seat=make_membership(country="CO", institution=make_institution()), state="draft", submitted_at=None)

    assert [each.pk for each in seen_by(make_secretary())] == [sent.pk]


def test_what_the_secretariat_has_says_when_it_was_sent():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_change(state=ProposalState.SUBMITTED, submitted_at=None)
    with pytest.raises(ValidationError):
        InstitutionProposal(state=ProposalState.RETURNED).validate_constraints()


# How it is typed


def test_only_what_reads_otherwise_is_proposed():
    proposal = make_change(state="draft")
    proposal.institution.description_es = "Primera línea.\nSegunda."
    proposal.institution.save()
    form = InstitutionProposalForm(
        typed(proposal, description_es="Primera línea.\r\nSegunda. ", website="https://nuevo.example"), proposal=proposal
    )

    assert form.is_valid(), form.errors
    form.keep()

    assert proposal.changed == ["website"]
    assert proposal.contents["website"] == "https://nuevo.example"
    assert proposal.before["website"] == ""


def test_a_draft_may_have_gaps_and_what_is_sent_may_not():
    proposal = make_change(state="draft")
    data = typed(proposal, name_es="")

    draft = InstitutionProposalForm(data, proposal=proposal, is_draft=True)
    whole = InstitutionProposalForm(data, proposal=proposal)

    assert draft.is_valid()
    assert whole.errors.as_data()["name_es"][0].code == "required"


def test_what_is_typed_into_a_draft_is_right():
    proposal = make_change(state="draft")

    draft = InstitutionProposalForm(typed(proposal, website="javascript:alert(1)"), proposal=proposal, is_draft=True)

    assert list(draft.errors) == ["website"]


def test_a_text_has_its_bounds():
    proposal = make_change(state="draft")

    draft = InstitutionProposalForm(typed(proposal, description_es="a" * 10_001), proposal=proposal, is_draft=True)

    assert list(draft.errors) == ["description_es"]


def test_a_text_may_be_proposed_to_go():
    proposal = make_change(state="draft")
    proposal.institution.website = "https://vieja.example"
    proposal.institution.save()
    form = InstitutionProposalForm(typed(proposal, website=""), proposal=proposal, is_draft=True)

    assert form.is_valid()
    form.keep()

    assert (proposal.changed, proposal.before["website"]) == (["website"], "https://vieja.example")


def test_what_nobody_touched_follows_the_record():
    proposal = make_change(state="draft")
    form = InstitutionProposalForm(typed(proposal, website="https://nuevo.example"), proposal=proposal, is_draft=True)
    assert form.is_valid()
    form.keep()
    proposal.save()

    proposal.institution.description_es, proposal.institution.website = "Otra descripción", "https://otra.example"
    proposal.institution.save()
    shown = InstitutionProposalForm(proposal=proposal).initial

    assert shown["description_es"] == "Otra descripción"
    assert shown["website"] == "https://nuevo.example"


def test_what_there_was_is_kept_from_when_it_was_first_proposed():
    proposal = make_change(state="draft", contents={"website": "https://nuevo.example"}, before={"website": ""})
    proposal.institution.website = "https://otra.example"
    proposal.institution.save()
    form = InstitutionProposalForm(typed(proposal, website="https://mejor.example"), proposal=proposal, is_draft=True)

    assert form.is_valid()
    form.keep()

    assert proposal.before["website"] == ""


def test_two_who_write_at_once_lose_nothing_unseen():
    proposal = make_change(state="draft")
    mine = typed(proposal, description_es="Lo mío")
    theirs = InstitutionProposalForm(typed(proposal, description_es="Lo suyo"), proposal=proposal, is_draft=True)
    assert theirs.is_valid()
    theirs.keep()
    proposal.save()

    late = InstitutionProposalForm(mine, proposal=InstitutionProposal.objects.get(), is_draft=True)
    assert late.errors.as_data()["description_es"][0].code == "meanwhile"
    again = InstitutionProposalForm(late.data, proposal=InstitutionProposal.objects.get(), is_draft=True)

    assert again.is_valid()


def test_a_record_that_changes_while_the_first_draft_is_typed_is_shown():
    seat = make_membership(institution=make_institution(description="Antes"))
    new = InstitutionProposal(kind="institution", membership=seat, institution=seat.institution)
    data = typed(new, website="https://nuevo.example")
    seat.institution.description_es = "Después"
    seat.institution.save()

    form = InstitutionProposalForm(data, proposal=new, is_draft=True)

    assert form.errors.as_data()["description_es"][0].code == "meanwhile"
