"""A seminar copied as the start of the next: what comes along, on which days, and what does not."""

from datetime import UTC, date, datetime

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse

from events.models import (
    CertificateRules,
    InterpretationChannel,
    JoinLink,
    RegistrationTerms,
    Seats,
    Seminar,
    SeminarLetter,
    Survey,
)
from events.programme.copy_seminar import copy
from rifess.base.models import Language
from tests.make import (
    make_institution,
    make_intervention,
    make_membership,
    make_panel,
    make_recording,
    make_registration,
    make_secretary,
    make_seminar,
    make_topic,
)

pytestmark = pytest.mark.django_db


def make_whole_seminar(**given):
    """A seminar in Madrid in winter, with everything that may be written about one."""
    days = {"starts_on": date(2026, 2, 10), "ends_on": date(2026, 2, 11), "time_zone": "Europe/Madrid"}
    texts = {
        "title": "Economía social",
        "summary_pt_br": "Resumo",
        "conclusions_es": "Se concluyó",
        "source_url": "https://e.org",
    }
    seminar = make_seminar(**days | texts | {"is_milestone": True, "cancelled_on": date(2026, 2, 1)} | given)
    seminar.topics.add(make_topic())
    seminar.languages.add(Language.objects.get(code="es"))
    seminar.institutions.create(institution=make_institution())
    moments = {"starts_at": datetime(2026, 2, 11, 9, tzinfo=UTC), "ends_at": datetime(2026, 2, 11, 10, 30, tzinfo=UTC)}
    panel = make_panel(seminar=seminar, title="Panel", conclusions_es="Fin", held_on=date(2026, 2, 11), **moments)
    panel.topics.add(make_topic())
    panel.institutions.create(institution=make_institution())
    make_intervention(panel=panel, positions=[("Directora", make_institution())], quote_es="Dicho")
    make_recording(panel=panel)
    return with_taking_part(seminar)


def with_taking_part(seminar):
    opens, closes = datetime(2026, 1, 10, 8, tzinfo=UTC), datetime(2026, 2, 9, 22, 59, tzinfo=UTC)
    RegistrationTerms.objects.create(seminar=seminar, opens_at=opens, closes_at=closes, needs_approval=True)
    Seats.objects.create(seminar=seminar, capacity=50)
    question = seminar.questions.create(text_es="¿?", text_en="?", kind="choice")
    question.options.create(position=1, text_es="Sí", text_en="Yes")
    question.options.create(position=2, text_es="No", is_retired=True)
    SeminarLetter.objects.create(seminar=seminar, kind="confirmed", subject_es="Hola", text_es="Adiós")
    CertificateRules.objects.create(seminar=seminar, measure="minutes", at_least=45, signed_by="Ana")
    Survey.objects.create(seminar=seminar, closes_on=date(2026, 3, 1))
    channel = {"language_id": "pt-BR", "url": "https://meet.example.org/pt", "note_es": "Elija Português"}
    InterpretationChannel.objects.create(seminar=seminar, **channel)
    JoinLink.objects.create(seminar=seminar, join_url="https://meet.example.org/x")
    make_registration(seminar)
    return seminar


def test_the_copy_is_a_draft_with_the_same_texts():
    seminar = make_whole_seminar()

    new = copy(seminar, starts_on=date(2026, 7, 14))

    assert (new.title_es, new.summary_pt_br, new.time_zone) == ("Economía social", "Resumo", "Europe/Madrid")
    assert (new.published_at, new.cancelled_on, new.is_milestone) == (None, None, False)
    assert (new.conclusions_es or "", new.source_url) == ("", "")
    assert (new.starts_on, new.ends_on, new.slug) == (date(2026, 7, 14), date(2026, 7, 15), "economia-social-2026-2")
    for field in ("topics", "languages"):
        assert list(getattr(new, field).all()) == list(getattr(seminar, field).all()) != []
    assert new.institutions.get().institution == seminar.institutions.get().institution


def test_panels_keep_their_clock_when_it_changes_in_between():
    new = copy(make_whole_seminar(), starts_on=date(2026, 7, 14))

    panel = new.panels.get()
    assert (panel.held_on, panel.title_es, panel.conclusions_es or "") == (date(2026, 7, 15), "Panel", "")
    assert panel.starts_at == datetime(2026, 7, 15, 8, tzinfo=UTC)
    assert panel.ends_at == datetime(2026, 7, 15, 9, 30, tzinfo=UTC)
    assert (panel.topics.count(), panel.institutions.count()) == (1, 1)
    panel.full_clean()


def test_what_registering_needs_comes_along_and_nobody_has_a_seat():
    new = copy(make_whole_seminar(), starts_on=date(2026, 7, 14))

    assert (new.terms.opens_at, new.terms.needs_approval) == (datetime(2026, 6, 13, 7, tzinfo=UTC), True)
    assert new.terms.closes_at == datetime(2026, 7, 13, 21, 59, tzinfo=UTC)
    assert [(each.capacity, each.taken, each.last_place) for each in new.seats.all()] == [(50, 0, 0)]
    assert [(each.text_es, each.text_en) for each in new.questions.all()] == [("¿?", "?")]
    assert [(each.text_es, each.text_en) for each in new.questions.get().options.all()] == [("Sí", "Yes")]
    assert [(each.kind, each.subject_es, each.text_es) for each in new.letters.all()] == [("confirmed", "Hola", "Adiós")]
    assert (new.certificate_rules.at_least, new.certificate_rules.signed_by) == (45, "Ana")
    assert new.survey.closes_on == date(2026, 8, 2)
    assert [(each.language_id, each.url, each.note_es) for each in new.channels.all()] == [("pt-BR", "", "Elija Português")]


def test_neither_people_nor_links_nor_recordings_come_along():
    new = copy(make_whole_seminar(), starts_on=date(2026, 7, 14))

    assert not hasattr(new, "join_link")
    assert [new.registrations.count(), new.recordings.count(), new.panels.get().interventions.count()] == [0, 0, 0]


def test_the_copy_of_a_meeting_is_for_the_members_that_were_invited_to_it_and_for_no_others():
    meeting = make_seminar(kind="meeting")
    meeting.invitations.create(membership=make_membership(country="CL"))

    new = copy(meeting, starts_on=date(2026, 7, 14))

    assert [each.membership.country.code for each in new.invitations.all()] == ["CL"]


def test_who_speaks_comes_along_when_it_is_wanted_but_not_what_they_said():
    seminar = make_whole_seminar()

    new = copy(seminar, starts_on=date(2026, 7, 14), speakers=True)

    said, before = new.panels.get().interventions.get(), seminar.panels.get().interventions.get()
    assert (said.person, said.role, said.quote_es or "") == (before.person, before.role, "")
    assert said.positions.get().text_es == "Directora"


def test_the_seminar_copied_stays_as_it_was():
    seminar = make_whole_seminar()
    before = model_to_dict(Seminar.objects.get(pk=seminar.pk))

    copy(seminar, starts_on=date(2026, 7, 14))

    assert model_to_dict(Seminar.objects.get(pk=seminar.pk)) == before
    assert (seminar.panels.count(), seminar.seats.get().taken) == (1, 1)


def test_a_seminar_of_which_little_is_known_is_copied_too():
    seminar = make_seminar(ends_on=None)
    make_panel(seminar=seminar)

    new = copy(seminar, starts_on=date(2026, 7, 14))

    assert (new.ends_on, new.panels.get().held_on) == (None, None)


def test_the_desk_is_shown_what_a_copy_holds_before_it_is_made(client):
    client.force_login(make_secretary())
    seminar = make_whole_seminar()
    address = reverse("admin:events_seminar_copy", args=[seminar.pk])
    asked = {"starts_on": "2026-07-14"}

    shown = client.post(address, asked)
    done = client.post(address, asked | {"shown": shown.context["shown"]})

    assert len(shown.context["consequences"]) >= 3
    new = Seminar.objects.latest("pk")
    assert (new.starts_on, done.url) == (date(2026, 7, 14), reverse("admin:events_seminar_change", args=[new.pk]))


def test_a_copy_made_twice_is_shown_the_first_one_before_the_second_is_made(client):
    client.force_login(make_secretary())
    seminar = make_seminar(title="Compras")
    address, asked = reverse("admin:events_seminar_copy", args=[seminar.pk]), {"starts_on": "2031-07-14"}
    press = asked | {"shown": client.post(address, asked).context["shown"]}
    client.post(address, press)

    again = client.post(address, press)

    assert "borrador con este título" in again.context["consequences"][-1]
    assert Seminar.objects.filter(title_es="Compras").count() == 2
    client.post(address, asked | {"shown": again.context["shown"]})
    assert Seminar.objects.filter(title_es="Compras").count() == 3
