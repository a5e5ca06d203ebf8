"""What recordings have in common: their topics, and the people and the countries heard in them."""

from django.db.models import Exists, OuterRef, Q

from events.models import Intervention, Panel, PrintedPosition, Seminar, Topic
from members.models import Person
from recordings.models.hearing import heard, heard_in


def about(topics):
    """The condition that a recording's panel or seminar is about one of `topics`."""
    of_panel = Panel.topics.through.objects.filter(panel=OuterRef("panel"), topic__in=topics)
    of_seminar = Seminar.topics.through.objects.filter(seminar=OuterRef("seminar"), topic__in=topics)
    return Exists(of_panel) | Exists(of_seminar)


def with_voice_from(country):
    """The condition that somebody who represents `country` is heard in a recording."""
    positions = PrintedPosition.objects.filter(intervention=OuterRef("pk"))
    here = positions.filter(Q(country=country) | Q(institution__country=country))
    return heard(Intervention.objects.filter(Exists(here)))


def topics_of(recordings):
    """The topics of the panels and the seminars of `recordings`."""
    of_panels = Panel.topics.through.objects.filter(panel__in=recordings.exclude(panel=None).values("panel"))
    of_seminars = Seminar.topics.through.objects.filter(seminar__in=recordings.values("seminar"))
    return Topic.objects.filter(Q(pk__in=of_panels.values("topic")) | Q(pk__in=of_seminars.values("topic")))


def seminars_of(recordings):
    return Seminar.objects.filter(pk__in=recordings.values("seminar"))


def people_heard_in(recordings):
    return Person.objects.filter(pk__in=heard_in(recordings).exclude(person=None).values("person"))


def countries_heard_in(recordings):
    """The codes (ISO 3166-1 alpha-2) of the countries represented in `recordings`, each once."""
    positions = PrintedPosition.objects.filter(intervention__in=heard_in(recordings).values("pk")).order_by()
    found = positions.values_list("country", "institution__country").distinct()
    return sorted({str(code) for pair in found for code in pair if code})
