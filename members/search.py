"""What of people and institutions is searched: nothing that somebody who may see them may not read."""

from django.db.models import Prefetch

from members.models import Delegate, Institution, Person
from rifess.base.text.translated import texts_of
from rifess.search.index import Source, Thing


def sources():
    mandates = Prefetch("mandates", Delegate.objects.public().select_related("membership__institution"), to_attr="shown_mandates")
    people = Person.objects.prefetch_related("variants", mandates, "coordination_terms__institution")
    return [Source("person", people, person), Source("institution", Institution.objects.all(), institution)]


def person(row):
    """Someone by every known name, and the institutions they speak for. What they held once is found with what they said."""
    seats = [mandate.membership for mandate in row.shown_mandates]
    terms = row.coordination_terms.all()
    holders = [each.institution for each in (*seats, *terms) if each.institution]
    return Thing(
        kind="person",
        object_id=row.pk,
        title=names_of(row),
        people=[name for each in holders for name in texts_of(each, "name", "acronym")],
        body=texts_of(row, "biography"),
        labels={"country": [each.country.code for each in (*seats, *terms, *holders) if each.country]},
    )


def names_of(person):
    """Every name of a person (brought with their variants) as it has been printed."""
    return [person.name, *(variant.name for variant in person.variants.all())]


def institution(row):
    return Thing(
        kind="institution",
        object_id=row.pk,
        title=texts_of(row, "name", "acronym"),
        body=texts_of(row, "part_of", "description"),
        labels={"country": [row.country.code] if row.country else []},
    )
