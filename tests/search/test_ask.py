from datetime import date

import pytest

from events.models import Topic
from rifess.search.ask import ask, complete, moments
from rifess.search.index import Moment, Thing, write

pytestmark = pytest.mark.django_db


def test_it_works():
    a, b = Topic.objects.create(name="a"), Topic.objects.create(name="b")
    write(
        [
            Thing(
                "topic",
                a.pk,
                ["Economía social", "Social economy"],
                "Ana Díaz",
                "Resolución A/RES/77/281",
                spoken=[Moment(0, 1000, "Las cooperativas de ahorro y crédito crecen")],
                language="es",
                dated_on=date(2024, 1, 1),
                labels={"topic": ["x"]},
            ),
            Thing("topic", b.pk, "Outro", "", "cooperação", spoken=[]),
        ]
    )
    for q in (
        "economia",
        '"economia social"',
        "diaz ana",
        "A/RES/77/281",
        "cooperativa",
        '"cooperativa de ahorro"',
        "ahorro -crédito",
        "cooperacion",
        "coope",
        "econmía",
        "desarrollo",
    ):
        print(q, ask(q, within={"topic": Topic.objects.all()}, filters={"year": ["2024"]} if q == "diaz ana" else None))
    print(moments("credito", kind="topic", object_id=a.pk))
    print(complete("econ", within={"topic": Topic.objects.all()}))
    assert True
