"""The search index follows the rows: what is saved is found in the same transaction, and no longer by its former words.

Each thing that a change concerns is written at once, with the row. Where many rows are saved together (a form of the desk, the
seed, an import) `paused()` gathers what they concern and writes each thing once, as the last act of their transaction. Not after
the commit: a server that stopped in between would leave the index behind the record, and nobody would notice.

Fixtures (`loaddata`), `update()` and `bulk_create()` are not followed: run `manage.py reindex` after them.
`rifess.base.database.bulk` is followed.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import signals
from modeltranslation.utils import build_localized_fieldname

from events import search as events
from events.models import Agreement, Intervention, Panel, PanelInstitution, PrintedPosition, Seminar, SeminarInstitution, Topic
from members import search as members
from members.models import CoordinationTerm, Delegate, Institution, Membership, NameVariant, Person
from recordings import search as recordings
from recordings.models import Caption, Chapter, Clip, Document, Recording
from rifess.base.database.bulk import rows_created, rows_linked
from rifess.base.database.statistics import refresh_statistics
from rifess.search import index

MANY = 500  # things, after which what the database knows of its tables is no longer true
BATCH = 200  # things whose texts are in memory at once: transcripts are long
SOURCES = {source.kind: source for room in (members, events, recordings) for source in room.sources()}
OF_A_WHOLE_SEMINAR = "seminar__panels"  # ways that only concern recordings of no panel in particular

_gathered = ContextVar("things to be written", default=None)


# Which things speak of a row


@dataclass(frozen=True)
class Reach:
    """`ways` lead from the things of each kind to a row of some model. Of a row that is saved again, the things of kind `own`
    are written anew, and all others when one of the fields that they `share` has changed; always all when none is named.
    """

    ways: dict[str, list[str]]
    own: str = ""
    share: list[str] = field(default_factory=list)


def heard(way=""):
    """The ways from a recording to what changed, where `way` leads there from an intervention that is heard in it."""
    said = ["intervention", "clips__intervention", "panel__interventions", f"{OF_A_WHOLE_SEMINAR}__interventions"]
    return [f"{each}{way}" for each in said]


def by_speaker(way=""):
    """The ways from all in which a speaker is named, where `way` leads from that person to what changed."""
    return {
        "intervention": [f"person{way}"],
        "panel": [f"interventions__person{way}"],
        "seminar": [f"panels__interventions__person{way}"],
        "recording": heard(f"__person{way}"),
    }


def by_intervention(way=""):
    return {
        "intervention": [way.removeprefix("__") or "pk"],
        "panel": [f"interventions{way}"],
        "seminar": [f"panels__interventions{way}"],
        "recording": heard(way),
    }


OF_TOPICS = {
    "topic": ["pk"],
    "seminar": ["topics", "panels__topics"],
    "panel": ["topics"],
    "intervention": ["panel__topics"],
    "recording": ["panel__topics", "seminar__topics"],
    "document": ["topics"],
}
OF_INSTITUTIONS = {
    "institution": ["pk"],
    "person": ["mandates__membership__institution", "coordination_terms__institution"],
    "document": ["institution"],
    "agreement": ["institution"],
    **by_intervention("__positions__institution"),
}
OF_INSTITUTIONS["seminar"] += ["institutions__institution"]
OF_INSTITUTIONS["panel"] += ["institutions__institution"]
OF_SEMINARS = {"seminar": ["pk"], "panel": ["seminar"], "intervention": ["panel__seminar"]}
OF_SEMINARS |= {"recording": ["seminar"], "document": ["seminar"]}
OF_PANELS = {"panel": ["pk"], "seminar": ["panels"], "intervention": ["panel"], "recording": ["panel", OF_A_WHOLE_SEMINAR]}

REACH = {
    Person: Reach({"person": ["pk"], **by_speaker()}, own="person", share=["name"]),
    NameVariant: Reach({"person": ["variants"], **by_speaker("__variants")}),
    Delegate: Reach({"person": ["mandates"]}),
    Membership: Reach({"person": ["mandates__membership"]}),
    CoordinationTerm: Reach({"person": ["coordination_terms"]}),
    Institution: Reach(OF_INSTITUTIONS, own="institution", share=["name", "acronym", "country"]),
    Topic: Reach(OF_TOPICS, own="topic", share=["name", "slug"]),
    Seminar: Reach(OF_SEMINARS, own="seminar", share=["title", "starts_on"]),
    SeminarInstitution: Reach({"seminar": ["institutions"]}),
    Panel: Reach(OF_PANELS, own="panel", share=["title", "held_on", "seminar_id"]),
    PanelInstitution: Reach({"panel": ["institutions"]}),
    Intervention: Reach(
        by_intervention(),
        own="intervention",
        share=["panel_id", "person_id", "name_as_printed", "collective", "title", "role"],
    ),
    PrintedPosition: Reach(
        by_intervention("__positions"), own="intervention", share=["intervention_id", "institution_id", "country"]
    ),
    Document: Reach({"document": ["pk"]}),
    Agreement: Reach({"agreement": ["pk"]}),
    Recording: Reach({"recording": ["pk"]}),
    Caption: Reach({"recording": ["captions"]}),
    Chapter: Reach({"recording": ["chapters"]}),
    Clip: Reach({"recording": ["clips", "panel__interventions__clips"]}),  # where it is heard is where else it is not
}
CHOSEN = {  # lists of choices: what is written anew when those of a row change
    Seminar.topics.through: {"seminar": ["pk"], "recording": ["seminar"]},
    Seminar.languages.through: {"seminar": ["pk"]},
    Panel.topics.through: OF_PANELS,
    Document.topics.through: {"document": ["pk"]},
    Recording.languages.through: {"recording": ["pk"]},
}


def reached(ways, *rows):
    """The ids of the things that lead to one of `rows` as the database has them now, by kind."""
    pks = [row.pk for row in rows]
    return {kind: {pk for way in of_kind for pk in _led_by(kind, way, pks)} for kind, of_kind in ways.items()}


def _led_by(kind, way, pks):
    if way == "pk":
        return pks
    rows = SOURCES[kind].queryset.model._base_manager.filter(**{f"{way}__in": pks})
    if way.startswith(OF_A_WHOLE_SEMINAR):
        rows = rows.filter(panel=None)
    return rows.order_by().values_list("pk", flat=True)


# Hearing of changes


def follow():
    """From now on, hear of every change."""
    for signal, hear, senders in _heard():
        for sender in senders:
            signal.connect(hear, sender)


def rest():
    """Hear of changes no more: the index stays as it is. For tests, most of which search nothing."""
    for signal, hear, senders in _heard():
        for sender in senders:
            signal.disconnect(hear, sender)


def _heard():
    yield signals.pre_save, _before_saving, REACH
    yield signals.post_save, _after_saving, REACH
    yield signals.pre_delete, _before_deleting, REACH
    yield signals.post_delete, _after_deleting, REACH
    yield signals.m2m_changed, _after_choosing, CHOSEN
    yield rows_created, _after_creating_all, REACH
    yield rows_linked, _after_linking_all, CHOSEN


def _before_saving(sender, instance, raw=False, **_kwargs):
    """Remember the things of which `instance` is leaving, or whose words it changes."""
    if raw or instance._state.adding:
        return
    reach = REACH[sender]
    instance.search_concerns_others = not reach.own or _has_changed(sender, instance, reach.share)
    instance.search_reached = reached(reach.ways, instance) if instance.search_concerns_others else {}


def _has_changed(model, row, names):
    columns = [column for name in names for column in _columns(model, name)]
    before = model._base_manager.filter(pk=row.pk).values(*columns).first() or {}
    return any(getattr(row, column) != before.get(column) for column in columns)


def _columns(model, name):
    """The columns of a field: one for each language if it is translated."""
    localized = [build_localized_fieldname(name, language) for language in settings.MODELTRANSLATION_LANGUAGES]
    return localized if hasattr(model, localized[0]) else [name]


def _after_saving(sender, instance, created, raw=False, **_kwargs):
    if raw:
        return
    reach = REACH[sender]
    concerns_others = _belongs_to_others(reach) if created else instance.__dict__.pop("search_concerns_others", True)
    before = instance.__dict__.pop("search_reached", {})
    touch(reached(_ways(reach, concerns_others), instance), before)


def _after_creating_all(sender, rows, **_kwargs):
    reach = REACH[sender]
    touch(reached(_ways(reach, _belongs_to_others(reach)), *rows))


def _after_linking_all(sender, links, **_kwargs):
    touch(reached(CHOSEN[sender], *links))


def _ways(reach, concerns_others):
    return reach.ways if concerns_others else {reach.own: reach.ways[reach.own]}


def _belongs_to_others(reach):
    """Whether others speak of a new row already: it is a part of something, and not only something that they may name."""
    return not reach.own or any(name.endswith("_id") for name in reach.share)


def _before_deleting(sender, instance, **_kwargs):
    instance.search_reached = reached(REACH[sender].ways, instance)


def _after_deleting(sender, instance, **_kwargs):
    touch(instance.__dict__.pop("search_reached", {}))


def _after_choosing(sender, instance, action, reverse, **_kwargs):
    """From the other side (`topic.panels.add(…)`) it may be any thing that has the topic now, or had it before."""
    if reverse:
        touch(reached(OF_TOPICS, instance))
    elif action.startswith("post_"):
        touch(reached(CHOSEN[sender], instance))


# Writing


def touch(*reaches):
    """Write these things as they are now: at once or, where writing is paused, at its end."""
    gathered = _gathered.get()
    things = defaultdict(set) if gathered is None else gathered
    for ids_by_kind in reaches:
        for kind, ids in ids_by_kind.items():
            things[kind] |= ids
    if gathered is None:
        write_anew(things)


@contextmanager
def paused():
    """A transaction that leaves the index for its end, when each thing is written once."""
    if _gathered.get() is not None:  # the outermost writes
        yield
        return
    token = _gathered.set(defaultdict(set))
    try:
        with transaction.atomic():
            yield
            write_anew(_gathered.get())
            if sum(map(len, _gathered.get().values())) >= MANY:
                refresh_statistics()
    finally:
        _gathered.reset(token)


@transaction.atomic
def write_anew(ids_by_kind):
    """Write the things with these ids, and forget those that are no more. In one order, so that two never wait for each other."""
    pairs = sorted((kind, pk) for kind, ids in ids_by_kind.items() for pk in ids)
    for batch in batched(pairs, BATCH):
        things = [thing for kind, ids in _by_kind(batch).items() for thing in SOURCES[kind].things(ids)]
        index.write(things)
        gone = set(batch) - {(thing.kind, thing.object_id) for thing in things}
        for kind, ids in _by_kind(gone).items():
            index.forget(kind, ids)


def _by_kind(pairs):
    found = defaultdict(list)
    for kind, pk in pairs:
        found[kind].append(pk)
    return found
