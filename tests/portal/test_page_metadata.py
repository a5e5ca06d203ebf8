"""What a page says of itself to those that link to it: its own address, its own name."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from tests.make import make_institution, make_intervention, make_membership, make_panel, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def many_people():
    panel = make_panel()
    for number in range(70):
        make_intervention(panel=panel, person=make_person(name=f"Ponente {number}"))


def told(page, pattern):
    return re.findall(pattern, page.content.decode())


def test_a_second_page_is_its_own_and_names_the_same_page_in_each_language(client, many_people):
    page = client.get(reverse("people"), {"page": 2, "q": ""})

    assert told(page, r'rel="canonical" href="([^"]+)"') == ["http://testserver/es/personas/?page=2"]
    assert told(page, r'hreflang="en" href="([^"]+)"')[0] == "http://testserver/en/people/?page=2"
    assert told(client.get(reverse("people")), r'rel="canonical" href="([^"]+)"') == ["http://testserver/es/personas/"]


def test_lists_and_countries_are_shared_under_their_own_name(client, many_people):
    make_membership(country="UY", institution=make_institution(country="UY"))
    pages = [reverse("people"), reverse("events:seminars"), reverse("country", args=["uy"])]

    with translation.override("es"):
        titles = [told(client.get(page), r'og:title" content="([^"]+)"')[0] for page in pages]
        headed = [told(client.get(page), r"<title>([^<]+) · RIFESS</title>")[0] for page in pages]

    assert titles == headed
    assert "Uruguay" in titles[2]


@pytest.mark.parametrize(
    "query", ["year=2024", "q=&kind=person", "transcript=yes", "topic=x&country=UY", "language=es", "page=9"]
)
def test_a_search_narrowed_down_without_words_is_its_form(client, query):
    page = client.get(f"{reverse('search')}?{query}")

    assert page.status_code == 200
    assert 'name="q"' in page.content.decode()
