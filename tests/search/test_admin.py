"""The thesaurus as the secretariat keeps it."""

import pytest
from django.urls import reverse

from rifess.search.models import Concept
from tests.make import make_editor, make_secretary

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make_user", [make_secretary, make_editor])
def test_the_secretariat_and_its_editors_keep_the_thesaurus(client, make_user):
    client.force_login(make_user())

    client.post(reverse("admin:search_concept_add"), {"es": "acequia", "pt_br": "levada", "en": "irrigation channel"})

    assert Concept.objects.get(es="acequia").pt_br == "levada"


def test_a_concept_is_found_without_its_accents(client):
    client.force_login(make_secretary())

    page = client.get(reverse("admin:search_concept_changelist"), {"q": "genero"})

    assert [str(concept) for concept in page.context["cl"].result_list] == ["género · gênero · gender"]
