"""A delegate votes, with JavaScript and without, and finds what the Network keeps for itself. Looked at on a telephone too."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from events.consultations import closing
from events.consultations.voting import add_usual_options, cast
from events.models import Agreement, AgreementState, Consultation, JoinLink, MeetingAttendance, OptionMeaning
from members.models import Audience, DelegateRole
from rifess.base.dates import today_in_the_network
from tests.make import (
    make_delegate,
    make_institution,
    make_membership,
    make_panel,
    make_person,
    make_seminar,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


@pytest.fixture
def seat(server):
    """A member that the record does not have."""
    return make_membership(country="PE", institution=make_institution(name="Instituto de Fomento Cooperativo"))


def make_voter(seat, role=DelegateRole.TITULAR, name="Rosa Quispe Mamani"):
    user = make_user(name=name)
    make_delegate(membership=seat, role=role, person=make_person(name=name, user=user))
    return user


def make_open():
    now = timezone.now()
    consultation = Consultation.objects.create(
        question_es="¿Se aprueba el plan de trabajo de la Red para 2027 y 2028?",
        explanation_es="El plan está en la biblioteca.\n\nLa consulta cierra el lunes.",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=3),
        published_at=now,
    )
    add_usual_options(consultation)
    return consultation


def make_over():
    """A consultation that is over, and its agreement."""
    consultation = make_open()
    for country in ("CR", "PY"):
        member = make_membership(country=country)
        voter = make_voter(member, name=f"Delegada de {country}")
        cast(consultation.pk, consultation.options.get(meaning=OptionMeaning.PROPOSAL).pk, by=voter)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now(), quorum_percent=10)
    closing.attend(consultation.pk)
    return Consultation.objects.get(pk=consultation.pk)


def make_meeting():
    """A meeting of today, with its link, who came and what was agreed."""
    today = today_in_the_network()
    meeting = make_seminar(
        kind="meeting",
        audience=Audience.MEMBERS,
        title="Reunión de la Red",
        starts_on=today - timedelta(1),
        ends_on=today + timedelta(1),
    )
    make_panel(seminar=meeting, title="Aprobación del orden del día").topics.add(make_topic())
    JoinLink.objects.create(seminar=meeting, join_url="https://sala.example/red")
    present = {"state": "present", "represented_by": "Ana Ruiz y Luis Paz"}
    MeetingAttendance.objects.create(seminar=meeting, membership=make_membership(country="UY"), **present)
    Agreement.objects.create(
        number="2026/90",
        dated_on=date(2026, 1, 10),
        due_on=date(2026, 2, 1),
        title_es="Elaborar el glosario común",
        state=AgreementState.IN_PROGRESS,
        seminar=meeting,
        institution=make_institution(name="Instituto Nacional"),
    ).notes.create(text="Se reunió el grupo de trabajo.")
    return meeting


@with_and_without_javascript
def test_a_delegate_votes_and_the_titular_overrules_the_alternate(visit, seat, javascript):
    consultation = make_open()
    alternate, titular = make_voter(seat, DelegateRole.ALTERNATE, "Juan Condori"), make_voter(seat)

    for user, answer in ((alternate, "Against"), (titular, "In favour")):
        walker = visit(locale="en-US", java_script_enabled=javascript)
        walker.sign_in(user)
        page = walker.open(f"/en{address('consultations')}")
        page.get_by_role("link", name="¿Se aprueba el plan").click()
        page.get_by_label(answer).check()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Confirm your vote")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("Peru")
        page.get_by_role("button", name="Submit this vote").click()
        expect(page.get_by_role("main")).to_contain_text("The vote of Peru is submitted.")
        expect(page.get_by_role("main")).to_contain_text(answer)
        assert walker.problems == []

    standing = consultation.votes.get()
    assert (standing.by, standing.option.meaning, consultation.log.count()) == (titular, OptionMeaning.PROPOSAL, 2)


def address(name, *args):
    """The address after the language's prefix, in English."""
    with translation.override("en"):
        return reverse(f"delegation:{name}", args=args).removeprefix("/en")


def test_its_pages_have_no_barriers_and_fit_a_telephone(visit, seat):
    consultation, over, meeting = make_open(), make_over(), make_meeting()
    option, agreement = consultation.options.first(), meeting.agreements.get()
    walker = visit(locale="en-US")
    walker.sign_in(make_voter(seat))
    pages = {
        "consultations": address("consultations"),
        "consultation": address("consultation", consultation.pk),
        "vote": f"{address('vote', consultation.pk)}?option={option.pk}",
        "result": address("consultation", over.pk),
        "agreements": address("agreements"),
        "agreement": address("agreement", agreement.pk),
        "meetings": address("meetings"),
        "meeting": f"/seminars/{meeting.slug}/",
    }

    for path in pages.values():
        page = walker.open(f"/en{path}")
        for width in (1280, 375, 320):
            walker.resize(width)
            assert walker.too_wide() == 0, (path, width)
        assert walker.barriers() == [], path
        assert walker.problems == [], path
        assert page.title()
