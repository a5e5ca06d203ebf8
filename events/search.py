"""What of seminars, panels, interventions and topics is searched: of each, what its own page shows."""

from django.db.models import Prefetch

from events.models import Agreement, Intervention, Panel, Seminar, Topic
from members.search import names_of
from rifess.base.text.translated import texts_of
from rifess.search.index import Source, Thing

WITH_SPEAKERS = ("person__variants", "positions__institution")


def sources():
    return [
        Source("topic", Topic.objects.all(), topic),
        Source("seminar", seminars(), seminar),
        Source("panel", panels(), panel),
        Source("intervention", interventions(), intervention),
        Source("agreement", Agreement.objects.select_related("institution"), agreement),
    ]


def seminars():
    return Seminar.objects.prefetch_related(
        "topics", "languages", "institutions__institution", Prefetch("panels", with_what_is_told_of_panels())
    )


def with_what_is_told_of_panels():
    """Panels with everything that their seminar and they themselves are found by."""
    spoken = Intervention.objects.select_related("person").prefetch_related(*WITH_SPEAKERS)
    return Panel.objects.prefetch_related("topics", "institutions__institution", Prefetch("interventions", spoken))


def panels():
    return with_what_is_told_of_panels().prefetch_related("seminar")


def interventions():
    speaking = Intervention.objects.select_related("person", "panel")  # a seminar has many columns, and is read once for all
    return speaking.prefetch_related(*WITH_SPEAKERS, "panel__topics", "panel__seminar")


def topic(row):
    return Thing(kind="topic", object_id=row.pk, title=texts_of(row, "name"), labels={"topic": [row.slug]})


def seminar(row):
    """A seminar, with who speaks in it and the topics of its panels; what each panel says is the panel's."""
    panels = row.panels.all()
    topics = {*row.topics.all(), *(topic for panel in panels for topic in panel.topics.all())}
    said = [each for panel in panels for each in panel.interventions.all()]
    return Thing(
        kind="seminar",
        object_id=row.pk,
        title=texts_of(row, "title", "subtitle"),
        people=[*words_of(topics), *institutions_of(row), *voices(said), *texts_of(row, "place")],
        body=texts_of(row, "summary", "description", "conclusions"),
        dated_on=row.starts_on,
        labels={
            "topic": slugs(topics),
            "country": [*countries_of(row), *countries_heard(said)],
            "language": [language.pk for language in row.languages.all()],
        },
    )


def panel(row):
    said = row.interventions.all()
    return Thing(
        kind="panel",
        object_id=row.pk,
        title=texts_of(row, "title"),
        people=[*words_of(row.topics.all()), *institutions_of(row), *voices(said)],
        body=[*texts_of(row, "summary", "conclusions"), *texts_of(row.seminar, "title")],
        dated_on=row.held_on or row.seminar.starts_on,
        labels={"topic": slugs(row.topics.all()), "country": [*countries_of(row), *countries_heard(said)]},
    )


def intervention(row):
    """What one person said, under the name and the positions printed then."""
    panel = row.panel
    positions = row.positions.all()
    return Thing(
        kind="intervention",
        object_id=row.pk,
        title=texts_of(row, "title"),
        people=[
            *voices([row]),
            *(text for each in positions for text in texts_of(each, "text")),
            *(name for each in positions if each.institution for name in texts_of(each.institution, "name", "acronym")),
        ],
        body=texts_of(row, "summary", "quote"),
        dated_on=panel.held_on or panel.seminar.starts_on,
        labels={"topic": slugs(panel.topics.all()), "country": countries_heard([row])},
    )


def agreement(row):
    """What was agreed, by its number too. Who may find it, its queryset says."""
    holders = [row.institution] if row.institution else []
    return Thing(
        kind="agreement",
        object_id=row.pk,
        title=[row.number, *texts_of(row, "title")],
        people=[name for each in holders for name in texts_of(each, "name", "acronym")],
        body=texts_of(row, "text"),
        dated_on=row.dated_on,
        labels={"country": [each.country.code for each in holders if each.country]},
    )


def words_of(topics):
    return [name for topic in topics for name in texts_of(topic, "name")]


def slugs(topics):
    return sorted(topic.slug for topic in topics)


def institutions_of(row):
    """The names of the institutions that have a role in a seminar or a panel."""
    return [name for each in row.institutions.all() for name in texts_of(each.institution, "name", "acronym")]


def countries_of(row):
    return [each.institution.country.code for each in row.institutions.all() if each.institution.country]


def voices(interventions):
    """Every name of those who speak, each once: as printed then, as known, and collectives."""
    names = (
        name
        for each in interventions
        for name in (each.name_as_printed, *(names_of(each.person) if each.person else texts_of(each, "collective")))
    )
    return [name for name in dict.fromkeys(names) if name]


def countries_heard(interventions):
    """The countries that are represented, and those of the institutions that speak."""
    positions = [position for each in interventions for position in each.positions.all()]
    spoken_for = [*positions, *(position.institution for position in positions if position.institution)]
    return [each.country.code for each in spoken_for if each.country]
