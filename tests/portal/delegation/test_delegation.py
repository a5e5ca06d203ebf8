"""The delegates' pages: who comes in, and in whose name."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Consultation, ConsultationOption, SeminarKind, Vote
from members.models import (
    Audience,
    ContactDetails,
    DelegateRole,
    Institution,
    Membership,
    MembershipCategory,
    Person,
    Proposal,
    ProposalKind,
    ProposalState,
    User,
)
from recordings.models import DocumentKind, MinutesState
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_delegate,
    make_delegate_user,
    make_document,
    make_institution,
    make_membership,
    make_person,
    make_recording,
    make_secretary,
    make_seminar,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("history_follows")]


def desk():
    return reverse("delegation:desk")


def make_spokesperson():
    """Somebody who speaks for Mexico, a member, and for the observer FAO."""
    user = make_user()
    person = make_person(user=user)
    make_delegate(person=person, membership=make_membership(country="MX"))
    observer = make_membership(category=MembershipCategory.OBSERVER, institution=make_institution(name="FAO"))
    make_delegate(person=person, membership=observer)
    return user, observer


# The door


def test_a_visitor_is_led_to_sign_in_and_back(client):
    page = client.get(desk())

    assert page.status_code == 302
    assert page["Location"] == f"{reverse('account_login')}?next={desk()}"


def test_a_delegate_comes_to_the_desk(client):
    client.force_login(make_delegate_user())

    page = client.get(desk())

    assert page.status_code == 200
    assert "México" in page.content.decode()


def test_no_page_of_the_delegates_is_kept_on_the_way(client):
    client.force_login(make_delegate_user())

    page = client.get(desk())

    assert "private" in page["Cache-Control"]
    assert "no-store" in page["Cache-Control"]


def test_the_secretariat_is_led_to_its_own_desk(client):
    client.force_login(make_secretary())

    page = client.get(desk())

    assert page.status_code == 302
    assert page["Location"] == reverse("admin:index")


def test_who_signs_in_arrives_at_the_desk(client):
    user = make_delegate_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    page = client.post(reverse("account_login"), {"login": user.email, "password": "una clave larga y propia"})

    assert (page.status_code, page["Location"]) == (302, desk())


def test_every_page_says_in_whose_name_one_acts(client):
    user, observer = make_spokesperson()
    client.force_login(user)
    choose = reverse("delegation:choose")
    assert f"{choose}?next=/es/" in client.get(reverse("home")).content.decode()

    client.post(choose, {"membership": observer.pk})

    page = client.get(reverse("home"))
    assert page.context["acting"].standing.membership == observer
    assert "<b>FAO</b>" in page.content.decode()


def test_who_speaks_for_one_is_offered_no_other(client):
    client.force_login(make_delegate_user())

    page = client.get(reverse("home")).content.decode()

    assert "<b>México</b>" in page
    assert reverse("delegation:choose") not in page


def test_a_page_for_visitors_asks_nothing_of_the_session(client):
    page = client.get(reverse("home"))

    assert "sessionid" not in page.cookies
    assert "acting" not in page.content.decode()


# Without a standing


def why(client):
    """What the desk says, in English, to who has no standing."""
    with translation.override("en"):
        return client.get(desk()).context["reasons"]


def test_the_desk_says_when_a_mandate_ended(client):
    user = make_delegate_user()
    client.force_login(user)
    assert client.get(desk()).context["standing"] is not None

    user.person.mandates.update(ended_on=date(2026, 5, 3))

    assert why(client) == ["Your mandate for Mexico ended on 3 May 2026."]


def test_the_desk_says_when_a_membership_ended(client):
    user = make_delegate_user()
    client.force_login(user)

    Membership.objects.update(left_on=date(2026, 5, 3))

    assert why(client) == ["Mexico belonged to the Network until 3 May 2026."]


def test_the_desk_says_when_a_mandate_begins(client):
    client.force_login(make_delegate_user(starts_on=date(2099, 5, 3)))

    assert why(client) == ["Your mandate for Mexico begins on 3 May 2099."]


def test_the_desk_says_that_there_was_never_a_mandate(client):
    client.force_login(make_user())

    page = client.get(desk())

    assert page.status_code == 200
    assert page.context["reasons"] == []


# In whose name


def test_who_speaks_for_several_is_asked_for_whom_first(client):
    user, _observer = make_spokesperson()
    client.force_login(user)

    page = client.get(desk())

    assert page.status_code == 302
    assert page["Location"] == f"{reverse('delegation:choose')}?{urlencode({'next': desk()})}"


def test_one_chooses_in_whose_name_to_act_and_goes_on(client):
    user, observer = make_spokesperson()
    client.force_login(user)

    page = client.post(reverse("delegation:choose"), {"membership": observer.pk, "next": desk()}, follow=True)

    assert page.redirect_chain == [(desk(), 302)]
    assert page.context["standing"].membership == observer


def test_a_choice_can_be_changed_and_ends_with_the_session(client):
    user, observer = make_spokesperson()
    client.force_login(user)
    client.post(reverse("delegation:choose"), {"membership": observer.pk})

    client.post(reverse("delegation:choose"), {"membership": Membership.objects.members().get().pk})
    assert client.get(desk()).context["standing"].category == MembershipCategory.MEMBER

    client.logout()
    client.force_login(user)
    assert client.get(desk()).status_code == 302


@pytest.mark.parametrize("chosen", ["", "0", "x", "-1", "99999999999999999999", "1\0"])
def test_what_is_not_ones_own_cannot_be_chosen(client, chosen):
    user, _observer = make_spokesperson()
    client.force_login(user)

    page = client.post(reverse("delegation:choose"), {"membership": chosen})

    assert page["Location"] == reverse("delegation:choose")
    assert "acts_for" not in client.session


def test_the_membership_of_another_cannot_be_chosen(client):
    user, _observer = make_spokesperson()
    another = make_delegate(membership=make_membership(country="CO")).membership
    client.force_login(user)

    client.post(reverse("delegation:choose"), {"membership": another.pk})

    assert "acts_for" not in client.session


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example", ""])
def test_choosing_leads_nowhere_else(client, address):
    user, observer = make_spokesperson()
    client.force_login(user)

    page = client.post(reverse("delegation:choose"), {"membership": observer.pk, "next": address})

    assert page["Location"] == desk()


def test_who_speaks_for_one_has_nothing_to_choose(client):
    client.force_login(make_delegate_user())

    page = client.get(reverse("delegation:choose"))

    assert page["Location"] == desk()


def test_who_speaks_for_none_has_no_such_page(client):
    client.force_login(make_user())

    page = client.get(reverse("delegation:choose"))

    assert page.status_code == 404


# The desk


def tasks(client):
    """The titles of what the desk says is to be done, in English."""
    with translation.override("en"):
        return [task.title for task in client.get(desk()).context["tasks"]]


def make_complete(user):
    """Nothing is missing from the profile of `user`."""
    person = user.person
    person.biography_es = "Dirige la política de fomento."
    person.save()
    ContactDetails.objects.create(person=person, position="Directora")
    return user


def make_consultation(**given):
    now = timezone.now()
    defaults = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1), "published_at": now}
    return Consultation.objects.create(question_es="¿Se aprueba el plan?", **defaults | given)


def make_settled(**given):
    """A member's delegate with nothing to be done."""
    user = make_user()
    seat = make_membership(country="CO", institution=make_institution(description="Fomenta la economía social."))
    make_delegate(user=user, membership=seat, **given)
    return make_complete(user)


def make_proposal(user, **given):
    mandate = user.person.mandates.get()
    given = {"kind": ProposalKind.DOCUMENT, "submitted_at": timezone.now()} | given
    return Proposal.objects.create(membership=mandate.membership, mandate=mandate, made_by=user, **given)


def test_who_has_nothing_to_do_is_told_so(client):
    client.force_login(make_settled())

    assert tasks(client) == []


def test_a_delegate_is_told_what_the_profile_lacks(client):
    user = make_settled()
    client.force_login(user)

    Person.objects.update(biography_es="")

    assert tasks(client) == ["Complete your profile"]


def test_a_delegate_of_a_seat_without_institution_is_asked_for_it(client):
    user = make_settled()
    client.force_login(user)

    Membership.objects.update(institution=None)

    assert tasks(client) == ["Tell us which institution you represent"]


def test_a_delegate_is_asked_for_a_text_about_the_institution(client):
    user = make_settled()
    client.force_login(user)

    Institution.objects.update(description_es="")

    assert tasks(client) == ["Present your institution in a few lines"]


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (-1, ["The term of your mandate is over"]),
        (0, ["The term of your mandate is nearly over"]),
        (90, ["The term of your mandate is nearly over"]),
        (91, []),
    ],
)
def test_the_term_of_a_mandate_is_told_ninety_days_before(client, days, title):
    client.force_login(make_settled(mandate_due_on=today_in_the_network() + timedelta(days=days)))

    assert tasks(client) == title


def test_a_returned_proposal_is_to_be_gone_on_with(client):
    user = make_settled()
    client.force_login(user)
    make_proposal(user, title="Con la Secretaría", state=ProposalState.SUBMITTED)
    make_proposal(user, title="Devuelta", state=ProposalState.RETURNED)

    assert tasks(client) == ["Devuelta"]


def test_a_proposal_of_another_delegation_is_not_on_the_desk(client):
    client.force_login(make_settled())
    another = make_delegate_user()
    make_proposal(another, title="De otra delegación", state=ProposalState.RETURNED)

    page = client.get(desk())

    assert "De otra delegación" not in page.content.decode()


def test_a_consultation_waits_until_the_membership_has_voted(client):
    user = make_settled()
    client.force_login(user)
    consultation = make_consultation()
    assert tasks(client) == ["¿Se aprueba el plan?"]

    option = ConsultationOption.objects.create(consultation=consultation, text_es="Sí")
    mandate = user.person.mandates.get()
    Vote.objects.create(
        consultation=consultation, membership=mandate.membership, option=option, mandate=mandate, by=user, cast_at=timezone.now()
    )

    assert tasks(client) == []


@pytest.mark.parametrize(
    "given",
    [
        {"published_at": None},
        {"opens_at": timezone.now() + timedelta(hours=1)},
        {"closes_at": timezone.now() - timedelta(hours=1)},
    ],
    ids=["a draft", "not open yet", "over"],
)
def test_a_consultation_that_is_not_open_asks_for_nothing(client, given):
    client.force_login(make_settled())
    make_consultation(**given)

    assert tasks(client) == []


def test_a_technical_contact_is_asked_for_nothing_that_only_others_may_do(client):
    user = make_settled(role=DelegateRole.TECHNICAL)
    client.force_login(user)
    make_consultation()
    make_proposal(user, title="Devuelta", state=ProposalState.RETURNED)

    assert tasks(client) == []


def test_an_observer_is_asked_for_no_vote(client):
    user = make_complete(make_delegate_user(MembershipCategory.OBSERVER))
    Institution.objects.update(description_es="Acompaña.")
    client.force_login(user)
    make_consultation()

    assert tasks(client) == []


def test_what_comes_first_is_done_first(client):
    user = make_settled(mandate_due_on=today_in_the_network() + timedelta(days=30))
    client.force_login(user)
    Person.objects.update(biography_es="")
    make_consultation()

    assert tasks(client) == ["¿Se aprueba el plan?", "The term of your mandate is nearly over", "Complete your profile"]


def test_the_next_dates_are_those_the_delegate_may_know(client):
    client.force_login(make_delegate_user(MembershipCategory.OBSERVER))
    days = {"starts_on": date(2099, 1, 1), "ends_on": date(2099, 1, 2)}
    open_to_all = make_seminar(**days)
    meeting = make_seminar(audience=Audience.MEMBERS_AND_OBSERVERS, kind=SeminarKind.MEETING, **days)
    make_seminar(audience=Audience.MEMBERS, **days)
    make_seminar(published_at=None, **days)
    make_seminar(cancelled_on=date(2026, 1, 1), **days)
    make_seminar()

    page = client.get(desk())

    assert list(page.context["coming"]) == [open_to_all, meeting]


# What is new


def new(client):
    return [str(news.row) for news in client.get(desk()).context["news"]]


def seen(user, **ago):
    """`user` was at the desk that long ago."""
    User.objects.filter(pk=user.pk).update(desk_seen_at=timezone.now() - timedelta(**ago))


def test_on_a_first_visit_the_last_three_months_are_new(client):
    client.force_login(make_delegate_user())
    make_seminar(title="De hoy")
    make_seminar(title="De antaño", published_at=timezone.now() - timedelta(days=91))

    assert new(client) == ["De hoy"]


def test_what_was_new_stays_new_during_a_visit(client):
    user = make_delegate_user()
    client.force_login(user)
    seen(user, hours=2)
    make_seminar(title="De hoy")

    assert new(client) == ["De hoy"]
    assert new(client) == ["De hoy"]


def test_after_half_an_hour_it_is_another_visit(client):
    user = make_delegate_user()
    client.force_login(user)
    make_seminar(title="De hace una hora", published_at=timezone.now() - timedelta(hours=1))
    make_seminar(title="De ahora")

    seen(user, minutes=29)
    assert new(client) == ["De ahora", "De hace una hora"]

    seen(user, minutes=31)
    assert new(client) == ["De ahora"]


def test_a_document_is_new_when_its_readers_were_widened(client):
    user = make_delegate_user()
    document = make_document(title="Acta", audience=Audience.SECRETARIAT)
    make_document(title="De la secretaría", audience=Audience.SECRETARIAT)
    old = make_document(title="Conocido")
    LogEntry.objects.update(timestamp=timezone.now() - timedelta(days=9))
    client.force_login(user)
    seen(user, days=1)

    document.audience = Audience.MEMBERS
    document.save()
    old.summary_es = "Otro resumen."
    old.save()

    assert new(client) == ["Acta"]


def test_an_observer_hears_nothing_of_what_is_for_members(client):
    client.force_login(make_delegate_user(MembershipCategory.OBSERVER))
    make_document(title="Para miembros", audience=Audience.MEMBERS)
    make_seminar(title="Reunión de miembros", audience=Audience.MEMBERS)
    make_document(title="Para ambos", audience=Audience.MEMBERS_AND_OBSERVERS)

    page = client.get(desk())

    assert [str(news.row) for news in page.context["news"]] == ["Para ambos"]
    assert "Para miembros" not in page.content.decode()
    assert "Reunión de miembros" not in page.content.decode()


def test_what_is_new_says_who_reads_it(client):
    client.force_login(make_delegate_user())
    meeting = make_seminar(audience=Audience.MEMBERS)
    recording = make_recording(seminar=meeting)
    minutes = make_document(kind=DocumentKind.MINUTES, state=MinutesState.CIRCULATED, audience=Audience.EVERYONE)
    open_to_all = make_document()

    readers = {news.row: news.readers for news in client.get(desk()).context["news"]}

    members = dict.fromkeys([meeting, recording, minutes], Audience.MEMBERS)
    assert readers == members | {open_to_all: Audience.EVERYONE}


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_desk_asks_the_same_whatever_there_is(client):
    user = make_settled()
    client.force_login(user)

    def happen():
        make_seminar(starts_on=date(2099, 1, 1), ends_on=None)
        make_recording()
        make_document()
        make_consultation()
        make_proposal(user, title="Devuelta", state=ProposalState.RETURNED)

    happen()
    client.get(desk())
    with_one = queries_of(client, desk())
    happen()
    happen()

    assert queries_of(client, desk()) == with_one
