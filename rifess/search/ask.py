"""The index asked: what is found, in which order, with the moments inside it, and by what it can be narrowed down."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import batched, product

from django.db import connection
from django.db.models import Case, Count, Exists, F, Func, IntegerField, Max, Min, OuterRef, Q, Value, When
from django.db.models.lookups import Exact

from rifess.search import matching, thesaurus
from rifess.search.full_text import engine
from rifess.search.marks import excerpt, highlight
from rifess.search.models import Entry, EntryLabel, Passage
from rifess.search.query import Query, parse
from rifess.search.suggestions import suggestions

__all__ = ["Answer", "Hit", "MomentHit", "ask", "complete", "highlight", "moments"]

MOMENTS_SHOWN = 3
SPANS_AT_ONCE = 100  # SQLite unites 500 questions at most
MOMENT_WORDS = 40  # of a passage that are shown
OF_THE_ENTRY = ("kind", "year", "transcript")  # facets that need no label


@dataclass(frozen=True)
class MomentHit:
    """A passage in which something is found: from the cue in which the first marked word is said to the end of the passage, in
    milliseconds. `text` is HTML with the words marked.
    """

    start: int
    end: int
    speaker: str
    language: str
    text: str


@dataclass(frozen=True)
class Hit:
    """Something found, and by which tier (see matching.py), with its best moments in the order in which they are said."""

    kind: str
    object_id: int
    tier: int
    title: str
    moments: list[MomentHit] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """One page of hits, how many there are in all, and the values by which they can be narrowed down with their counts."""

    query: Query
    count: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[tuple]] = field(default_factory=dict)
    suggestions: list[str] = field(default_factory=list)


def ask(words, *, within, filters=None, page=1, per_page=20, prefix=False, prefer=""):
    """Answer `words` with rows of `within`, a queryset for each kind of which the asker may see all rows.

    Of moments that say the same in several languages, the one in the language `prefer` is shown.
    """
    query = parse(words, prefix=prefix, thesaurus=thesaurus.alternatives())
    if query.is_empty:
        return Answer(query)
    filters = {_plain(facet): [_plain(value) for value in values if value] for facet, values in (filters or {}).items()}
    filters = {facet: values for facet, values in filters.items() if values}
    found = _visible(within).filter(matching.found_by(query))
    count, facets = _count(found, filters, list(within))
    if not count:
        instead = [] if filters and found.exists() else suggestions(query, _visible(within))
        return Answer(query, facets=facets, suggestions=instead)
    first = (max(page, 1) - 1) * per_page
    entries = _in_order(_narrowed(found, filters), query, within)[first : first + per_page]
    return Answer(query, count, _hits(entries, query, prefer), facets)


def complete(words, *, within, limit=8):
    """While someone types: what has these words in its title or among its people and topics, the last one unfinished."""
    query = parse(words, prefix=True)
    if query.is_empty:
        return []
    found = _visible(within).filter(matching.found_by(query, matching.IN_PEOPLE))
    return [Hit(entry.kind, entry.object_id, entry.tier, entry.title) for entry in _in_order(found, query, within)[:limit]]


def moments(words, *, kind, object_id, limit=50, prefer=""):
    """Where in one entry something of `words` is said, from its beginning. Whoever asks here may see the entry.

    What another language says at the same time as `prefer` is left out.
    """
    query = parse(words, thesaurus=thesaurus.alternatives())
    if query.is_empty:
        return []
    passages = Passage.objects.filter(entry__kind=kind, entry__object_id=object_id)
    telling = passages.filter(pk__in=_said(passages, query)).order_by("start", "pk").iterator()
    kept = {}
    for passage in sorted(telling, key=lambda passage: passage.language != prefer):
        if len(kept) == limit:
            break
        moment = _moment(passage, query)
        if not any(_overlap(moment, other) and moment.language != other.language for other in kept.values()):
            kept.setdefault((moment.start, moment.language), moment)
    return sorted(kept.values(), key=_start)


class Unindexed(Func):
    """A column whose index SQLite is not to use: words narrow down more than anything else."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def _visible(within):
    """Entries of the rows in `within`."""
    seen = Q(pk__in=[])
    for kind, rows in within.items():
        seen |= Q(Exact(Unindexed(F("kind")), kind)) & _among(rows.order_by())
    return Entry.objects.filter(seen)


def _among(rows):
    """That an entry is of one of `rows`. PostgreSQL finds them all once: asked for each entry, a frequent word took it a minute
    at 20,000 recordings. SQLite, quick at a single row, is asked for each."""
    if connection.vendor == "postgresql":
        return Q(object_id__in=rows.values("pk"))
    return Q(Exists(rows.filter(pk=OuterRef("object_id"))))


def _in_order(entries, query, within):
    """By tier, then the latest, then by kind as in `within`."""
    kinds = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(within)), output_field=IntegerField())
    entries = entries.annotate(tier=matching.tier_of(query))
    return entries.order_by("tier", F("dated_on").desc(nulls_last=True), kinds, "object_id")


# Facets


def _plain(text):
    return str(text).replace("\0", "")  # PostgreSQL refuses it even in a question


def _narrowed(entries, filters, but=None):
    """`entries` by all `filters`, or by all but one."""
    for facet, values in filters.items():
        if facet != but:
            entries = entries.filter(_having(facet, values))
    return entries


def _having(facet, values):
    if facet == "kind":
        return Q(kind__in=values)
    if facet == "year":
        return Q(year__in=[int(value) for value in values if value.isdecimal() and len(value) <= 4])
    if facet == "transcript":
        return Q(has_transcript=True) if "yes" in values else Q(pk__in=[])
    return Q(Exists(EntryLabel.objects.filter(entry=OuterRef("pk"), facet=facet, value__in=values)))


def _count(found, filters, kinds):
    """How many there are, and each facet's counts: those of entries from one query, those of labels from one and one
    more for each label that is filtered by."""
    own = {facet: values for facet, values in filters.items() if facet in OF_THE_ENTRY}
    labels = {facet: values for facet, values in filters.items() if facet not in OF_THE_ENTRY}
    cells = _cells(_narrowed(found, labels))
    facets = {facet: _tally(cells, own, facet) for facet in OF_THE_ENTRY}
    facets["kind"].sort(key=lambda pair: kinds.index(pair[0]))
    facets["year"].sort(reverse=True)
    facets |= _label_counts(_narrowed(found, filters))
    for facet in labels:
        facets[facet] = _label_counts(_narrowed(found, filters, but=facet), facet).get(facet, [])
    count = sum(number for cell, number in cells.items() if _in_cell(cell, own))
    return count, {facet: _with_chosen(pairs, filters.get(facet, [])) for facet, pairs in facets.items()}


def _cells(entries):
    """How many entries there are of each kind, year and with or without a transcript, together."""
    rows = entries.order_by().values_list("kind", "year", "has_transcript").annotate(number=Count("pk"))
    cells = Counter()
    for kind, year, has_transcript, number in rows:
        cells[kind, str(year) if year else None, "yes" if has_transcript else None] += number
    return cells


def _in_cell(cell, filters, but=None):
    return all(
        facet == but or facet not in filters or value in filters[facet] for facet, value in zip(OF_THE_ENTRY, cell, strict=True)
    )


def _tally(cells, filters, facet):
    tally = Counter()
    for cell, number in cells.items():
        if _in_cell(cell, filters, but=facet):
            tally[cell[OF_THE_ENTRY.index(facet)]] += number
    return [(value, number) for value, number in tally.items() if value]


def _label_counts(entries, facet=None):
    labels = EntryLabel.objects.filter(entry__in=entries)
    if facet:
        labels = labels.filter(facet=facet)
    counts = {}
    rows = labels.order_by().values_list("facet", "value").annotate(number=Count("pk"))
    for name, value, number in sorted(rows, key=lambda row: (-row[2], row[1])):
        counts.setdefault(name, []).append((value, number))
    return counts


def _with_chosen(pairs, chosen):
    """`pairs` with what was chosen and is no longer there, so that it can be taken back."""
    present = {value for value, _number in pairs}
    return [*pairs, *((value, 0) for value in chosen if value not in present)]


# Moments


def _hits(entries, query, prefer):
    entries = list(entries)
    said = _best_moments([entry.pk for entry in entries], query, prefer)
    return [Hit(entry.kind, entry.object_id, entry.tier, entry.title, said.get(entry.pk, [])) for entry in entries]


def _best_moments(entries, query, prefer):
    """Of each entry those passages that say most of `query`, the preferred language and the earliest first among equals, none
    over another."""
    said = _said(Passage.objects.filter(entry__in=entries), query)
    chosen = {}
    passages = Passage.objects.filter(pk__in=said, entry__in=entries).defer("text", "clock")

    def merit(passage):
        return (-said[passage.pk], passage.language != prefer, passage.start, passage.pk)

    for passage in sorted(passages, key=merit):
        of_entry = chosen.setdefault(passage.entry_id, [])
        if len(of_entry) < MOMENTS_SHOWN and not any(_overlap(passage, other) for other in of_entry):
            of_entry.append(passage)
    shown = _moments([passage.pk for of_entry in chosen.values() for passage in of_entry], query)
    return {entry: [shown[passage.pk] for passage in sorted(of_entry, key=_start)] for entry, of_entry in chosen.items()}


def _said(passages, query):
    """How many words and phrases of `query` each of `passages` says. Those of one entry are kept side by side."""
    spans = list(passages.order_by().values_list("entry").annotate(first=Min("pk"), last=Max("pk")).values_list("first", "last"))
    said = Counter()
    for condition, some in product(matching.passage_conditions(query), batched(spans, SPANS_AT_ONCE)):
        said.update(engine().passages(condition, some))
    return said


def _moments(ids, query):
    return {passage.pk: _moment(passage, query) for passage in Passage.objects.filter(pk__in=ids)}


def _start(passage):
    return passage.start


def _overlap(one, other):
    return one.start < other.end and other.start < one.end


def _moment(passage, query):
    text, place = excerpt(passage.text, query, MOMENT_WORDS)
    return MomentHit(passage.moment_of(place), passage.end, passage.speaker, passage.language, text)
