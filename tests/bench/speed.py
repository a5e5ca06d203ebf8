"""How long it takes to index so many recordings with transcripts, and to ask for them."""

import json
import random
import re
import statistics
import time
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from events.models import Seminar
from recordings.models import Recording
from rifess.search import matching
from rifess.search.analyzer import composed, tokens
from rifess.search.ask import ask
from rifess.search.index import Moment, Source, Thing, rebuild
from rifess.search.models import Entry, Passage
from rifess.search.query import parse
from tests.make import make_seminar
from tests.search.corpus import ITEMS

SENTENCES_OF_A_PASSAGE = 4
PASSAGES = (1, 4)  # at least and at most, of one recording
QUERIES = 30
SYLLABLES = [first + second for first in "bcdfglmnprst" for second in ("a", "e", "i", "o", "u", "an", "or", "es")]
TOPICS, COUNTRIES, LANGUAGES = (
    [f"topic-{n}" for n in range(20)],
    ["AR", "BO", "BR", "CO", "CR", "ES", "MX", "PT"],
    ["es", "pt-BR", "en"],
)


def report(sizes, corpus):
    sentences = sentences_of(corpus) if corpus else our_sentences()
    print(f"\nRecordings re-mixed from {len(sentences)} sentences, {PASSAGES[0]} to {PASSAGES[1]} passages each, from now on")
    for size in sorted(sizes):
        grow_to(size, sentences)
        asked = questions(sentences)
        print(f"{'':10} {'p50':>9} {'p95':>9}   bare p50   ratio   found p50")
        for name, words in asked.items():
            time_questions(name, words)


def our_sentences():
    texts = [line.strip() for item in ITEMS for line in [item.title, item.body, *item.said.splitlines()]]
    return [text for text in texts if text]


def sentences_of(folder):
    """The sentences of all texts in `folder`; of JSON, each string longer than a name."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            texts += strings(json.loads(path.read_text(errors="replace")))
        elif path.suffix in (".txt", ".vtt", ".srt"):
            texts.append(re.sub(r"^[\d:.,\s]*(-->.*)?$", "", path.read_text(errors="replace"), flags=re.MULTILINE))
    sentences = (sentence.strip() for text in texts for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", text))
    return [sentence for sentence in dict.fromkeys(sentences) if 3 < len(sentence.split()) < 80]


def strings(value):
    if isinstance(value, str):
        return [value] if len(value) > 60 else []
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for each in values for text in strings(each)]


def grow_to(size, sentences):
    """Make recordings up to `size`, index them all anew, and say how long that took."""
    there = Recording.objects.count()
    seminar = Seminar.objects.first() or make_seminar()
    Recording.objects.bulk_create(
        (
            Recording(seminar=seminar, slug=f"r{n}", title_es=f"r{n}", published_at=timezone.now(), key=f"{n:08}")
            for n in range(there, size)
        ),
        batch_size=2_000,
    )
    started = time.monotonic()
    rebuild([Source("recording", Recording.objects.all(), lambda row: thing_of(row, sentences))])
    taken = time.monotonic() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    passages = Passage.objects.count()
    print(f"\n{size} recordings, {passages} passages: indexed in {taken:.1f} s, {1000 * taken / size:.1f} ms each; {weight()}")


def weight():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return f"{cursor.fetchone()[0] / 1e6:.0f} MB in all"


def thing_of(recording, sentences):
    """The same words for the same recording, whenever it is asked."""
    pick = random.Random(recording.pk)
    spoken = [" ".join(pick.choices(sentences, k=SENTENCES_OF_A_PASSAGE)) for _n in range(pick.randint(*PASSAGES))]
    return Thing(
        kind="recording",
        object_id=recording.pk,
        title=pick.choice(sentences)[:120],
        people=[name(pick), name(pick)],
        body=pick.choice(sentences),
        spoken=[Moment(n * 30_000, (n + 1) * 30_000, text) for n, text in enumerate(spoken)],
        language=pick.choice(LANGUAGES),
        dated_on=date(2015, 1, 1) + timedelta(days=pick.randrange(4_000)),
        labels={"topic": pick.sample(TOPICS, 2), "country": [pick.choice(COUNTRIES)]},
        has_transcript=True,
    )


def name(pick):
    """A name nobody has: it makes the vocabulary as long as a real one."""
    return " ".join("".join(pick.choices(SYLLABLES, k=pick.randint(2, 3))).capitalize() for _n in range(2))


def questions(sentences):
    pick = random.Random(1)
    texts = pick.choices([sentence for sentence in sentences if len(telling(sentence)) > 3], k=QUERIES)
    return {
        "1 word": [pick.choice(telling(text)) for text in texts],
        "2 words": [" ".join(pick.sample(telling(text), 2)) for text in texts],
        "phrase": [f'"{" ".join(text.split()[1:4])}"' for text in texts],
        "prefix": [pick.choice(telling(text))[: pick.randint(3, 6)] for text in texts],
        "name": [thing_of(Recording(pk=n), sentences).people[0] for n in range(1, QUERIES + 1)],
        "nonsense": [f"{name(pick)}zq" for _n in range(QUERIES // 3)],
    }


def telling(text):
    return [token.word for token in tokens(composed(text)) if len(token.word) > 4]


def time_questions(name, asked):
    """Answer each with its facets, twenty hits and their moments; then only count them, as the database would by itself."""
    within = {"recording": Recording.objects.public()}
    ours, bare, found = [], [], []
    for words in asked:
        started = time.perf_counter()
        answer = ask(words, within=within, prefix=name == "prefix")
        ours.append(1000 * (time.perf_counter() - started))
        found.append(answer.count)
        bare.append(time_bare(words, name == "prefix"))
    p50, p95, bare50 = statistics.median(ours), percentile(ours, 95), statistics.median(bare)
    print(f"{name:10} {p50:6.1f} ms {p95:6.1f} ms {bare50:7.1f} ms {p50 / bare50:7.1f} {statistics.median(found):11.0f}")


def time_bare(words, prefix):
    query = parse(words, prefix=prefix)
    started = time.perf_counter()
    Entry.objects.filter(matching.found_by(query)).count()
    return 1000 * (time.perf_counter() - started)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]
