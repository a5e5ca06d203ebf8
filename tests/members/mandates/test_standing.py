"""Rights from dates: who may act in whose name, from which day to which."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from members.models import (
    Audience,
    DelegateRole,
    MembershipCategory,
    Proposal,
    ProposalKind,
    audiences_open_to,
    standing_of,
    standings_of,
)
from recordings.models import Document
from tests.make import make_delegate, make_delegate_user, make_document, make_institution, make_membership, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 3)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NETWORK = [Audience.EVERYONE, Audience.MEMBERS_AND_OBSERVERS, Audience.MEMBERS]


def make_proposal(mandate, user, **given):
    return Proposal.objects.create(
        kind=ProposalKind.DOCUMENT, membership=mandate.membership, mandate=mandate, made_by=user, title="Propuesta", **given
    )


# The days of a mandate


@pytest.mark.parametrize(("starts_on", "holds"), [(YESTERDAY, True), (TODAY, True), (TOMORROW, False)])
def test_a_mandate_holds_from_its_first_day(starts_on, holds):
    user = make_delegate_user(starts_on=starts_on)

    standing = standing_of(user, TODAY)

    assert (standing is not None) is holds


@pytest.mark.parametrize(("ended_on", "holds"), [(YESTERDAY, False), (TODAY, False), (TOMORROW, True), (None, True)])
def test_a_mandate_is_over_on_the_day_it_ends(ended_on, holds):
    user = make_delegate_user(ended_on=ended_on)

    standing = standing_of(user, TODAY)

    assert (standing is not None) is holds


def test_a_mandate_whose_term_is_due_still_holds():
    user = make_delegate_user(mandate_due_on=YESTERDAY)

    standing = standing_of(user, TODAY)

    assert standing is not None


@pytest.mark.parametrize(("as_of", "holds"), [(YESTERDAY, True), (TODAY, True), (TOMORROW, False)])
def test_a_mandate_of_unknown_start_holds_from_the_day_of_its_source(as_of, holds):
    user = make_delegate_user(starts_on=None, as_of=as_of)

    standing = standing_of(user, TODAY)

    assert (standing is not None) is holds


# The days of the membership


@pytest.mark.parametrize(("joined_on", "holds"), [(YESTERDAY, True), (TODAY, True), (TOMORROW, False)])
def test_a_mandate_holds_no_earlier_than_its_membership(joined_on, holds):
    user = make_user()
    make_delegate(user=user, membership=make_membership(joined_on=joined_on))

    standing = standing_of(user, TODAY)

    assert (standing is not None) is holds


@pytest.mark.parametrize(("left_on", "holds"), [(YESTERDAY, False), (TODAY, False), (TOMORROW, True), (None, True)])
def test_a_mandate_is_over_when_its_membership_is(left_on, holds):
    user = make_user()
    make_delegate(user=user, membership=make_membership(left_on=left_on))

    standing = standing_of(user, TODAY)

    assert (standing is not None) is holds


# What a standing opens


@pytest.mark.parametrize(
    ("category", "audiences"),
    [
        (MembershipCategory.MEMBER, NETWORK),
        (MembershipCategory.OBSERVER, [Audience.EVERYONE, Audience.MEMBERS_AND_OBSERVERS]),
        (MembershipCategory.PARTNER, [Audience.EVERYONE]),
    ],
)
def test_the_category_of_the_membership_says_which_audiences_are_open(category, audiences):
    user = make_delegate_user(category)

    assert audiences_open_to(user, TODAY) == audiences


@pytest.mark.parametrize("role", DelegateRole)
def test_alternates_and_technical_contacts_read_as_the_titular_does(role):
    user = make_delegate_user(role=role)

    assert audiences_open_to(user, TODAY) == NETWORK


def test_a_visitor_belongs_to_no_audience_but_everyone():
    make_delegate_user()

    assert audiences_open_to(AnonymousUser(), TODAY) == [Audience.EVERYONE]


def test_an_account_without_a_person_belongs_to_no_audience_but_everyone():
    make_delegate_user()

    assert audiences_open_to(make_user(), TODAY) == [Audience.EVERYONE]


@pytest.mark.parametrize(
    ("role", "may_act", "is_titular"),
    [(DelegateRole.TITULAR, True, True), (DelegateRole.ALTERNATE, True, False), (DelegateRole.TECHNICAL, False, False)],
)
def test_technical_contacts_only_read(role, may_act, is_titular):
    user = make_delegate_user(role=role)

    standing = standing_of(user, TODAY)

    assert (standing.may_act, standing.is_titular) == (may_act, is_titular)


def test_of_two_mandates_in_one_membership_the_stronger_counts():
    user, seat = make_user(), make_membership()
    technical = make_delegate(user=user, membership=seat, role=DelegateRole.TECHNICAL)
    titular = make_delegate(person=technical.person, membership=seat, role=DelegateRole.TITULAR)

    standings = standings_of(user, TODAY)

    assert [standing.mandate for standing in standings] == [titular]


# Two memberships


@pytest.fixture
def of_two():
    """Somebody who speaks for Mexico, a member, and for an observer."""
    user = make_user()
    first = make_delegate(user=user, membership=make_membership(country="MX"))
    observer = make_membership(category=MembershipCategory.OBSERVER, institution=make_institution())
    second = make_delegate(person=first.person, membership=observer, role=DelegateRole.ALTERNATE)
    return user, first, second


def test_who_speaks_for_two_has_no_standing_until_one_is_chosen(of_two):
    user, first, second = of_two

    assert [standing.mandate for standing in standings_of(user, TODAY)] == [first, second]
    assert standing_of(user, TODAY) is None
    assert audiences_open_to(user, TODAY) == [Audience.EVERYONE]


def test_the_rights_of_two_memberships_never_mix(of_two):
    user, _member, observer = of_two
    user.acts_for = observer.membership.pk

    assert standing_of(user, TODAY).mandate == observer
    assert audiences_open_to(user, TODAY) == [Audience.EVERYONE, Audience.MEMBERS_AND_OBSERVERS]
    assert not standing_of(user, TODAY).is_titular


def test_a_document_of_members_is_not_seen_while_acting_for_an_observer(of_two):
    user, member, observer = of_two
    document = make_document(audience=Audience.MEMBERS)

    user.acts_for = observer.membership.pk
    assert list(Document.objects.visible_to(user)) == []

    user.acts_for = member.membership.pk
    assert list(Document.objects.visible_to(user)) == [document]


def test_proposals_of_one_institution_are_not_seen_while_acting_for_the_other(of_two):
    user, member, observer = of_two
    of_member, of_observer = make_proposal(member, user), make_proposal(observer, user)

    user.acts_for = member.membership.pk
    assert list(Proposal.objects.visible_to(user)) == [of_member]

    user.acts_for = observer.membership.pk
    assert list(Proposal.objects.visible_to(user)) == [of_observer]


def test_a_chosen_membership_opens_nothing_once_its_mandate_is_over(of_two):
    user, member, observer = of_two
    user.acts_for = member.membership.pk
    member.ended_on = TODAY
    member.save()

    assert standing_of(user, YESTERDAY).mandate == member
    assert standing_of(user, TODAY).mandate == observer


def test_a_membership_of_somebody_else_cannot_be_chosen(of_two):
    user, _member, _observer = of_two
    user.acts_for = make_delegate(membership=make_membership(country="CO")).membership.pk

    assert standing_of(user, TODAY) is None
