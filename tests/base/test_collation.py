"""One alphabetical order, in Python and in the database, on every page that lists names."""

import random
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site
from django.db.models import F, OrderBy
from django.utils import timezone
from django.utils.translation import override
from django_countries import countries

from events.models import Consultation, Topic
from members.models import Person
from rifess.base.admin.pages import in_alphabetical_order
from rifess.base.text.accent_folding import fold
from rifess.base.text.collation import ShownSortKey, SortKey, names_of_countries, sort_key
from rifess.portal.country_map import map_of
from rifess.portal.views.delegation.consultations import ballots_of
from rifess.portal.views.delegation.directory import by_membership
from tests.make import (
    in_spanish,
    make_delegate,
    make_institution,
    make_intervention,
    make_membership,
    make_person,
    make_topic,
    make_user,
)

IN_ORDER = [
    "",
    "100 años de cooperativas",
    "A. Garassino",
    "Abraham Martin",
    "Abraham Martín",
    "Abraham-Martín López",
    "“Acción” solidaria",
    "ÁLVARO",
    "Álvaro",
    "¿Cómo crear una cooperativa?",
    "Costa de Marfil",
    "Costa Rica",
    "de la Cruz, Ana",
    "Đorđević",
    "Éric",
    "Łukasz",
    "nana",
    "Nunziata",
    "Nzinga",
    "Ñancupil",
    "ñandú",
    "n\u0303andutí",
    "Oaxaca",
    "O'Brien",
    "Obrien",
    "O´Brien",
    "O’Brien",
    "Œuvre",
    "Ørsted",
    "Österberg",
    "Straße",
    "Strasser",
    "Tim Schilling",
    "Timo Zimmermann",
    "Úrsula",
    "zulema",
    "Ωmega",
    "Ялта",
    "李小龙",
]


def test_accents_case_and_punctuation_do_not_change_the_order_of_names():
    shuffled = random.Random(1).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=sort_key) == IN_ORDER


@pytest.mark.django_db
def test_database_and_python_have_the_same_sort_key():
    strange = ["  spaces  ", "a\u0301\u0323", "İstanbul", "ΣΊΣΥΦΟΣ", "1.º y 2.ª", "{}[]\\^_|~", "x" * 200, "🙂 sí", "\u202eoãoJ"]
    Person.objects.bulk_create(Person(name=name, slug=f"p-{n}") for n, name in enumerate([*IN_ORDER, *strange]))

    rows = Person.objects.annotate(key=SortKey("name"))

    assert {row.name: row.key for row in rows} == {row.name: sort_key(row.name) for row in rows}
    assert [row.name for row in rows] == sorted((row.name for row in rows), key=sort_key)


@pytest.mark.django_db
def test_translated_names_are_ordered_in_the_language_of_the_page():
    names = [("Economía", "", "Zero waste"), ("Ñandú", "Avestruz", "Ostrich"), ("Vivienda", "Habitação", "")]
    Topic.objects.bulk_create(Topic(name_es=es, name_pt_br=pt, name_en=en, slug=f"t-{n}") for n, (es, pt, en) in enumerate(names))
    shown = {"es": ["Economía", "Ñandú", "Vivienda"], "pt-br": ["Avestruz", "Economía", "Habitação"]}
    shown["en"] = ["Ostrich", "Vivienda", "Zero waste"]

    for language, expected in shown.items():
        with override(language):
            assert [topic.name for topic in Topic.objects.all()] == expected
            assert [topic.name for topic in Topic.objects.order_by(ShownSortKey("name").desc())] == expected[::-1]


def test_countries_are_ordered_by_their_names_in_the_language_of_the_page():
    expected = {"es": ["CI", "CR"], "pt-br": ["CI", "CR"], "en": ["CR", "CI"]}  # Costa de Marfil, Costa do Marfim, Côte d'Ivoire

    for language, codes in expected.items():
        with override(language):
            assert [code for code, _name in names_of_countries({"CR", "CI"})] == codes
            assert list(countries) == names_of_countries(countries.countries)
            assert [each["name"] for each in map_of({"MX", "BR", "ES"}, "MX")["inside"]] == sorted(
                [countries.name(code) for code in ("MX", "BR", "ES")], key=sort_key
            )


NAMES = ["Zulema Díaz", "álvaro Ruiz", "Ñusta Quispe", "Nuria Sanz", "Óscar Paz"]
BY_NAME = ["álvaro Ruiz", "Nuria Sanz", "Ñusta Quispe", "Óscar Paz", "Zulema Díaz"]


@pytest.fixture
def names():
    """People who spoke, institutions, topics and seats, with the same names or countries whose names begin alike."""
    for name, country in zip(NAMES, ["MZ", "MX", "ES", "AF", "ZA"], strict=True):
        institution = make_institution(**in_spanish({}, name=name), country=country)
        make_intervention(person=make_person(name=name), positions=[("Directora", institution)])
        make_topic(**in_spanish({}, name=name))
        make_membership(country=country, institution=institution)


@pytest.mark.django_db
def test_pages_that_list_names_are_in_alphabetical_order(client, names):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    lists = {
        "/es/personas/": lambda page: [person.name for person in page.context["page_obj"]],
        "/es/admin/members/person/": lambda page: [row.name for row in page.context["cl"].result_list],
        "/es/admin/members/person/?o=1": lambda page: [row.name for row in page.context["cl"].result_list],
        "/es/admin/members/person/?o=-1": lambda page: [row.name for row in page.context["cl"].result_list][::-1],
        "/es/admin/members/institution/?o=1": lambda page: [row.name for row in page.context["cl"].result_list],
        "/es/admin/events/topic/": lambda page: [row.name for row in page.context["cl"].result_list],
        "/es/admin/events/intervention/?o=1": lambda page: [row.person.name for row in page.context["cl"].result_list],
        "/es/admin/autocomplete/?app_label=events&model_name=intervention&field_name=person": lambda page: [
            each["text"] for each in page.json()["results"]
        ],
    }

    shown = {url: shown_of(client.get(url)) for url, shown_of in lists.items()}

    assert shown == dict.fromkeys(lists, BY_NAME)


@pytest.mark.django_db
def test_lists_of_the_desk_order_countries_by_name(client, names):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    page = client.get("/es/admin/members/institution/?o=3")

    assert [row.country.name for row in page.context["cl"].result_list] == [
        "Afganistán",
        "España",
        "México",
        "Mozambique",
        "Sudáfrica",
    ]


@pytest.mark.django_db
def test_filters_offer_countries_in_alphabetical_order(client, names):
    filters = client.get("/es/seminarios/").context["filter"].form.fields

    assert [label for _value, label in filters["country"].choices][1:] == [
        "Afganistán",
        "España",
        "México",
        "Mozambique",
        "Sudáfrica",
    ]


# Addresses, names of sites and Django's own tables: no words in which accents or case would matter.
IN_THEIR_OWN_ORDER = {
    "auth.Group name",
    "auth.Permission codename",
    "auth.Permission content_type__app_label",
    "auth.Permission content_type__model",
    "links.Address url",
    "members.User email",
    "recordings.TrustedHost name",
}


def test_no_table_and_no_list_of_the_desk_is_ordered_by_a_bare_column_of_words():
    orders = [(model, model._meta.ordering) for model in apps.get_models()]
    orders += [(model, page.ordering or ()) for model, page in site._registry.items()]
    bare = {(model, column) for model, ordering in orders for column in columns_of(ordering)}

    of_words = {f"{model._meta.label} {name}" for model, name in bare if in_alphabetical_order(name, model) != name}

    assert of_words == IN_THEIR_OWN_ORDER


def columns_of(ordering):
    """The names of the columns by which `ordering` compares as the database does."""
    for entry in ordering:
        column = entry.expression if isinstance(entry, OrderBy) else entry
        if isinstance(column, (str, F)):
            yield (column if isinstance(column, str) else column.name).removeprefix("-")


@pytest.mark.django_db
def test_ballots_and_delegations_are_in_alphabetical_order():
    seats = [make_membership(country=code) for code in ("MZ", "MX", "ES", "AF")]
    mandates = [make_delegate(membership=seat) for seat in seats]
    consultation = Consultation.objects.create(
        question_es="¿Se aprueba?",
        opens_at=timezone.now() - timedelta(days=9),
        closes_at=timezone.now() - timedelta(days=2),
    )

    with override("es"):
        ballots = [ballot["name"] for ballot in ballots_of(consultation, str)]
        delegations = [seat.holder_name for seat, _its in by_membership(mandates)]

    assert ballots == delegations == ["Afganistán", "España", "México", "Mozambique"]


def test_countries_are_called_as_people_there_call_them_and_no_two_alike():
    named = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            named[code] = {country: str(name) for country, name in countries}

    assert [code for code, names in named.items() if len({*map(fold, names.values())}) < len(names)] == []
    assert [named["es"][code] for code in ("AD", "TT", "SZ", "NL")] == [
        "Andorra",
        "Trinidad y Tobago",
        "Esuatini",
        "Países Bajos",
    ]
    assert [named["pt-br"][code] for code in ("CW", "KR", "DM", "NL")] == [
        "Curaçao",
        "Coreia do Sul",
        "Dominica",
        "Países Baixos",
    ]
