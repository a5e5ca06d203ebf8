"""What the list of seminars may be narrowed by."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from events.models import PrintedPosition, SeminarInstitution
from members.models import NameVariant
from rifess.base.models import Language
from tests.make import (
    make_institution,
    make_intervention,
    make_panel,
    make_person,
    make_secretary,
    make_seminar,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("lists are narrowed and searched")]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def found(client, **asked):
    return list(client.get(reverse("events:seminars"), asked).context["page_obj"])


def offered(client, name):
    form = client.get(reverse("events:seminars")).context["filter"].form
    return [str(value) for value, _label in form.fields[name].choices if value]


@pytest.fixture
def wanted():
    make_seminar(title="Otro", starts_on=date(2023, 1, 1), ends_on=None, kind="course", format="hybrid")
    return make_seminar(title="Economía social", format="virtual")


@pytest.mark.usefixtures("index_follows")
def test_words_are_found_without_accents_in_any_language(client, wanted):
    wanted.title_pt_br, wanted.summary_en = "Economia solidária", "From policies to places"
    wanted.save()

    assert found(client, q="economia") == found(client, q="SOLIDARIA") == found(client, q="places") == [wanted]


@pytest.mark.usefixtures("index_follows")
def test_words_are_found_in_panels_and_people_and_must_all_be_true(client, wanted):
    person = make_person(name="Héctor Dada Sánchez")
    NameVariant.objects.create(person=person, name="Tito Dada")
    panel = make_panel(seminar=wanted, title="Desarrollo local")
    make_intervention(panel=panel, person=person)
    make_intervention(panel=panel, person=person)

    for asked in ("hector", "tito", "sanchez local", "desarrollo economía"):
        assert found(client, q=asked) == [wanted]
    assert found(client, q="hector ausente") == []


@pytest.mark.usefixtures("index_follows")
def test_signs_of_patterns_are_only_letters(client, wanted):
    assert found(client, q="%") == found(client, q="_") == found(client, q="'") == []


def test_each_filter_keeps_what_it_names(client, wanted):
    wanted.languages.add(Language.objects.get(pk="es"))

    for asked in ({"year": 2024}, {"kind": "seminar"}, {"format": "virtual"}, {"language": "es"}):
        assert found(client, **asked) == [wanted]


def test_a_language_interpreted_into_counts(client, wanted):
    wanted.interpreted_languages.add(Language.objects.get(pk="mfs"))

    assert found(client, language="mfs") == [wanted]


def test_a_topic_is_of_the_seminar_or_of_a_panel(client, wanted):
    own, of_panel = make_topic(slug="propio"), make_topic(slug="de-panel")
    wanted.topics.add(own)
    make_panel(seminar=wanted).topics.add(of_panel)
    make_panel(seminar=wanted).topics.add(of_panel)

    assert found(client, topic="propio") == found(client, topic="de-panel") == [wanted]


def test_a_country_takes_part_by_a_position_its_institution_or_the_seminars(client, wanted):
    intervention = make_intervention(panel=make_panel(seminar=wanted), positions=[("Directora", make_institution(country="MX"))])
    PrintedPosition.objects.create(intervention=intervention, text_es="Delegada", country="CL")
    SeminarInstitution.objects.create(seminar=wanted, institution=make_institution(country="ES"))

    assert sorted(offered(client, "country")) == ["CL", "ES", "MX"]
    for country in ("CL", "ES", "MX"):
        assert found(client, country=country) == [wanted]


@pytest.mark.usefixtures("index_follows")
def test_filters_combine(client, wanted):
    assert found(client, year=2024, format="virtual", q="economia") == [wanted]
    assert found(client, year=2024, format="hybrid") == []


def test_choices_come_only_from_what_the_visitor_sees(client, wanted):
    draft = make_seminar(published_at=None, starts_on=date(2019, 1, 1), ends_on=None, kind="webinar")
    draft.topics.add(make_topic(slug="secreto"))
    make_intervention(panel=make_panel(seminar=draft), positions=[("Directora", make_institution(country="BR"))])

    assert offered(client, "year") == ["2024", "2023"]
    assert offered(client, "kind") == ["seminar", "course"]
    assert (offered(client, "topic"), offered(client, "country")) == ([], [])
    client.force_login(make_secretary())
    assert (offered(client, "topic"), offered(client, "country")) == (["secreto"], ["BR"])


def test_a_wrong_value_finds_nothing_and_breaks_nothing(client, wanted):
    for asked in ({"year": "siempre"}, {"topic": "no-existe"}, {"country": "'--"}):
        assert found(client, **asked) == []


@pytest.mark.usefixtures("index_follows")
def test_filters_survive_paging(client):
    for number in range(21):
        make_seminar(title=f"Común {number}")

    first = client.get(reverse("events:seminars"), {"q": "comun"})

    assert "q=comun&amp;page=2" in first.content.decode()
    assert len(found(client, q="comun", page=2)) == 1


def test_an_empty_answer_says_why_and_what_now(client, wanted):
    page = client.get(reverse("events:seminars"), {"q": "inexistente"}).content.decode()

    assert "No seminar matches these filters" in page
    assert "Remove the filters" in page
