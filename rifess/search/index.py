"""The index written: what rooms say of their rows, in the transaction that changes them, or all anew."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet

from rifess.base.database.statistics import refresh_statistics
from rifess.search import full_text
from rifess.search.analyzer import composed, tokens
from rifess.search.models import Entry, EntryLabel, KnownWord, Passage

BATCH = 200
WORTH_KNOWING = range(4, 41)  # letters of a word that may be suggested


@dataclass(frozen=True)
class Moment:
    """A passage of what is said, `start` to `end` in milliseconds; `clock` as in `Passage`."""

    start: int
    end: int
    text: str
    speaker: str = ""
    language: str = ""
    clock: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Thing:
    """What a room says of one of its rows. `title` and `body` in all their languages; lists keep texts apart."""

    kind: str
    object_id: int
    title: str | list[str]
    people: str | list[str] = ""
    body: str | list[str] = ""
    spoken: list[Moment] = field(default_factory=list)
    language: str = ""
    dated_on: date | None = None
    labels: dict[str, list[str]] = field(default_factory=dict)
    has_transcript: bool = False


@dataclass(frozen=True)
class Source:
    """All rows of a kind, with what `thing_of` needs brought along. It gives a Thing, or None for what is not searched.

    `bring` is given the rows that were read and brings what only some of them need.
    """

    kind: str
    queryset: QuerySet
    thing_of: Callable
    bring: Callable = lambda rows: None

    def things(self, ids):
        """The Things of the rows with these `ids`."""
        rows = list(self.queryset.order_by().filter(pk__in=ids))
        self.bring(rows)
        return [thing for row in rows if (thing := self.thing_of(row))]


def write(things: Iterable[Thing]):
    """Let `things` be found as they are said here, and no longer as they were."""
    _write(things, set())


@transaction.atomic
def _write(things, known):
    """The same, remembering in `known` which words were seen, so that they are kept once for many."""
    things = {(thing.kind, thing.object_id): thing for thing in things}
    if not things:
        return
    entries = _write_entries(things)
    ids = [entry.pk for entry in entries.values()]
    EntryLabel.objects.filter(entry__in=ids).delete()
    Passage.objects.filter(entry__in=ids).delete()
    pairs = [(entries[key], thing) for key, thing in things.items()]
    EntryLabel.objects.bulk_create(label for entry, thing in pairs for label in _labels(entry, thing))
    read = {entry.pk: _read(thing) for entry, thing in pairs}
    passages = Passage.objects.bulk_create(passage for entry, thing in pairs for passage in _passages(entry, thing))
    spoken = [words for *_written, moments in read.values() for words in moments]
    engine = full_text.engine()
    engine.keep_entries({pk: full_text.entry_fields(*fields) for pk, fields in read.items()})
    engine.keep_passages({passage.pk: full_text.passage_fields(words) for passage, words in zip(passages, spoken, strict=True)})
    words = (word for fields in read.values() for texts in fields for words in texts for word in words)
    _know_words(words, known)


def forget(kind, object_ids):
    """Let rows of `kind` be found no more."""
    Entry.objects.filter(kind=kind, object_id__in=object_ids).delete()


def rebuild(sources: Iterable[Source], *, report=None):
    """Write all rows of `sources` anew, a batch at a time, and forget those that are gone. The portal answers meanwhile.

    `report(kind, done, total)` is told after each batch, and once before the first.
    """
    report = report or (lambda kind, done, total: None)
    kinds, known = [], set()
    for source in sources:
        kinds.append(source.kind)
        rows = source.queryset.order_by()
        ids = list(rows.values_list("pk", flat=True))
        report(source.kind, 0, len(ids))
        for first in range(0, len(ids), BATCH):
            _write_batch(source, ids[first : first + BATCH], known)
            report(source.kind, min(first + BATCH, len(ids)), len(ids))
        Entry.objects.filter(kind=source.kind).exclude(object_id__in=rows.values("pk")).delete()
    if not Entry.objects.exclude(kind__in=kinds).exists():
        _forget_words_but(known)
    refresh_statistics()


@transaction.atomic
def _write_batch(source, ids, known):
    things = source.things(ids)
    _write(things, known)
    forget(source.kind, set(ids) - {thing.object_id for thing in things})


def _write_entries(things):
    entries = [_entry(things[key]) for key in sorted(things)]  # in one order, as words are
    changing = ["titles", "language", "dated_on", "year", "has_transcript"]
    Entry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=changing, batch_size=BATCH
    )
    return {(entry.kind, entry.object_id): entry for entry in entries}


def _entry(thing):
    return Entry(
        kind=thing.kind,
        object_id=thing.object_id,
        titles=_plain("\n".join(_several(thing.title))),
        language=thing.language,
        dated_on=thing.dated_on,
        year=thing.dated_on.year if thing.dated_on else None,
        has_transcript=thing.has_transcript,
    )


def _labels(entry, thing):
    values = {(facet, value) for facet, values in thing.labels.items() for value in values if value}
    if thing.language and not thing.labels.get("language"):
        values.add(("language", thing.language))
    return [EntryLabel(entry=entry, facet=facet, value=value) for facet, value in sorted(values)]


def _passages(entry, thing):
    return [
        Passage(
            entry=entry,
            start=moment.start,
            end=moment.end,
            speaker=_plain(moment.speaker)[:250],
            language=moment.language,
            text=_plain(moment.text),
            clock=moment.clock or None,
        )
        for moment in thing.spoken
    ]


def _read(thing):
    """The words of `thing`: lists of texts, each a list of tokens, for title, people, body and what is spoken."""
    spoken = [moment.text for moment in thing.spoken]
    return tuple(
        [tokens(composed(text)) for text in _several(texts)] for texts in (thing.title, thing.people, thing.body, spoken)
    )


def _several(texts):
    return [texts] if isinstance(texts, str) else list(texts)


def _plain(text):
    """`text` without what databases refuse: NUL, and halves of characters."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def _know_words(words, known):
    """Remember `words` for suggestions, in one order, so that two who write never wait for each other."""
    shown = {token.word: token.written for token in words if token.word not in known and len(token.word) in WORTH_KNOWING}
    known.update(shown)
    KnownWord.objects.bulk_create(
        (
            KnownWord(word=word, shown=shown[word].lower()[:40], initial=word[0], length=len(word))
            for word in sorted(shown)
            if word.isalpha()
        ),
        ignore_conflicts=True,
    )


def _forget_words_but(known):
    """Forget words that stand nowhere any more: they may be a name that was taken back."""
    gone = [word for word in KnownWord.objects.values_list("word", flat=True) if word not in known]
    for some in batched(gone, BATCH):
        KnownWord.objects.filter(word__in=some).delete()


def forget_words(texts):
    """Forget the words of `texts`, such as a name that was taken back, where nothing that is found holds them any more.

    Deleted words are taken out of the files of the index, too: SQLite's keeps them until it is merged.
    """
    engine = full_text.engine()
    for token in {token for text in texts for token in tokens(composed(text))}:
        condition = engine.word((*full_text.WRITTEN, *full_text.HEARD), token.stem)
        if not Entry.objects.filter(pk__in=engine.entries(condition)).exists():
            KnownWord.objects.filter(word=token.word).delete()
    engine.drop_deleted_words()
