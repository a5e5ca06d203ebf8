"""Where the words are kept and looked for: FTS5 tables on SQLite, tsvector columns on PostgreSQL, the same words in both.

Neither divides texts nor knows a language: both are given the keys that analyzer.py made. PostgreSQL has one column, in which
the first letter of each word says the field it stands in: that is answered from the GIN index alone, as weights would not be.
"""

from collections import Counter, defaultdict
from itertools import chain
from operator import attrgetter

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

# Fields of an entry. Those of the first line keep the order of words, for phrases; the spoken ones only which words are there.
TITLE, PEOPLE, BODY, OTHER = WRITTEN = ("title", "people", "body", "other")
SPOKEN, OTHER_SPOKEN = HEARD = ("spoken", "other_spoken")
# Fields of a passage. `OTHER` holds cognates here too.
WORDS = "words"

STEM, COGNATE = attrgetter("stem"), attrgetter("cognate")
GAP = "_"  # where one text of a field ends, so that no phrase goes on into the next
MOST_TIMES = 255  # PostgreSQL remembers 256 places of a word in one row
MOST_PLACES = 16_000  # and none from 16,384 on
MOST_BYTES = 150_000  # of one field, so that all of an entry's stay under a tsvector's mebibyte


def entry_fields(title, people, body, spoken):
    """The keys of an entry's texts (lists of tokens) by field: in the order of the text, or only which there are."""
    written = {
        TITLE: _in_order(title, STEM),
        PEOPLE: _in_order(people, STEM),
        BODY: _in_order(body, STEM),
        OTHER: _in_order([*title, *people, *body], COGNATE),
    }
    beyond = [token for text in [*title, *people, *body] for token in text][MOST_PLACES:]
    heard = [*beyond, *chain.from_iterable(spoken)]
    return written | {SPOKEN: _different(heard, STEM), OTHER_SPOKEN: _different(heard, COGNATE)}


def passage_fields(words):
    return {WORDS: _in_order([words], STEM), OTHER: _in_order([words], COGNATE)}


def _in_order(texts, key):
    """The keys of several texts with a gap after each. What PostgreSQL could not remember is left out for both."""
    keys = list(chain.from_iterable((*map(key, text), GAP) for text in texts))
    return keys if len(keys) <= MOST_TIMES else list(_within_bounds(keys))


def _within_bounds(keys):
    times, size = Counter(), 0
    for word in keys[:MOST_PLACES]:
        times[word] += 1
        size += len(word.encode()) + 4
        if size > MOST_BYTES:
            return
        yield word if times[word] <= MOST_TIMES else GAP


def _different(heard, key):
    kept, size = [], 0
    for word in sorted(set(map(key, heard))):
        size += len(word.encode()) + 2
        if size > MOST_BYTES:
            break
        kept.append(word)
    return kept


class Sqlite:
    """FTS5: `{title people} : "cooperativ" AND {body} : "econom social"`. Keys hold letters and digits only."""

    def word(self, fields, key, prefix=False):
        return self.phrase(fields, [key], prefix)

    def phrase(self, fields, keys, prefix=False):
        return f'{{{" ".join(fields)}}} : "{" ".join(keys)}"{" *" if prefix else ""}'

    def all_of(self, conditions):
        return f"({' AND '.join(conditions)})"

    def any_of(self, conditions):
        return f"({' OR '.join(conditions)})"

    def entries(self, condition, passages=None):
        """The ids of entries for which `condition` holds, or `passages` in one of their passages."""
        sql, asked = "SELECT rowid FROM search_entry_words WHERE search_entry_words MATCH %s", [condition]
        if passages:
            sql += (
                " UNION SELECT entry_id FROM search_passage"
                " WHERE id IN (SELECT rowid FROM search_passage_words WHERE search_passage_words MATCH %s)"
            )
            asked.append(passages)
        return RawSQL(sql, asked)

    def entry_has(self, condition):
        """That `condition` holds for an entry, in a question about entries alone."""
        return Q(pk__in=self.entries(condition))

    def passages(self, condition, spans):
        """The ids of passages for which `condition` holds, of those from the first to the last of each of `spans`."""
        one = "SELECT rowid FROM search_passage_words WHERE search_passage_words MATCH %s AND rowid BETWEEN %s AND %s"
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(spans)), [value for span in spans for value in (condition, *span)])
            return [pk for (pk,) in cursor.fetchall()]

    def keep_entries(self, fields_by_id):
        self._keep("search_entry_words", (*WRITTEN, *HEARD), fields_by_id)

    def keep_passages(self, fields_by_id):
        self._keep("search_passage_words", (WORDS, OTHER), fields_by_id)

    def drop_deleted_words(self):
        """Merge the index into one: until then its parts keep the words of rows that were deleted (SQLite, FTS5 §6.8)."""
        with connection.cursor() as cursor:
            for table in ("search_entry_words", "search_passage_words"):
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")

    def _keep(self, table, names, fields_by_id):
        rows = [(pk, *(" ".join(fields[name]) for name in names)) for pk, fields in fields_by_id.items()]
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [row[:1] for row in rows])
            places = ", ".join(["%s"] * (len(names) + 1))
            cursor.executemany(f"INSERT INTO {table} (rowid, {', '.join(names)}) VALUES ({places})", rows)


class Postgres:
    """tsquery: `('tcooperativ' | 'pcooperativ') & ('becon' <-> 'bsocial')`. Keys hold letters and digits only."""

    LETTERS = {TITLE: "t", PEOPLE: "p", BODY: "b", OTHER: "o", SPOKEN: "s", OTHER_SPOKEN: "q", WORDS: "w"}

    def word(self, fields, key, prefix=False):
        return self.phrase(fields, [key], prefix)

    def phrase(self, fields, keys, prefix=False):
        return self.any_of([self._in_field(self.LETTERS[field], keys, prefix) for field in fields])

    def _in_field(self, letter, keys, prefix):
        return f"({' <-> '.join(f"'{letter}{key}'" for key in keys)}{':*' if prefix else ''})"

    def all_of(self, conditions):
        return f"({' & '.join(conditions)})"

    def any_of(self, conditions):
        return f"({' | '.join(conditions)})"

    def entries(self, condition, passages=None):
        """The ids of entries for which `condition` holds, or `passages` in one of their passages."""
        sql, asked = "SELECT id FROM search_entry WHERE words @@ %s::tsquery", [condition]
        if passages:
            sql += " UNION SELECT entry_id FROM search_passage WHERE words @@ %s::tsquery"
            asked.append(passages)
        return RawSQL(sql, asked)

    def entry_has(self, condition):
        """That `condition` holds for an entry, in a question about entries alone: its own column is looked at, with the index
        or, for a frequent word, in one pass. Asked for by its id, each entry was read twice."""
        return RawSQL("words @@ %s::tsquery", [condition], output_field=BooleanField())

    def passages(self, condition, spans):
        """The ids of passages for which `condition` holds, of those from the first to the last of each of `spans`."""
        within = " OR ".join(["id BETWEEN %s AND %s"] * len(spans))
        with connection.cursor() as cursor:
            asked = [condition, *(bound for span in spans for bound in span)]
            cursor.execute(f"SELECT id FROM search_passage WHERE words @@ %s::tsquery AND ({within})", asked)
            return [pk for (pk,) in cursor.fetchall()]

    def keep_entries(self, fields_by_id):
        self._keep("search_entry", fields_by_id)

    def keep_passages(self, fields_by_id):
        self._keep("search_passage", fields_by_id)

    def drop_deleted_words(self):
        """Nothing to do: the words are a column of the row."""

    def _keep(self, table, fields_by_id):
        rows = [(self._vector(fields), pk) for pk, fields in fields_by_id.items()]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET words = %s::tsvector WHERE id = %s", rows)

    def _vector(self, fields):
        """A tsvector as text: `'tcooperativ':1,4 'scomun'`."""
        places = defaultdict(list)
        for field, keys in fields.items():
            letter = self.LETTERS[field]
            for place, key in enumerate(keys, 1):
                if key != GAP:
                    places[letter + key] += [str(place)] if field not in HEARD else []
        return " ".join(f"'{word}':{','.join(at)}" if at else f"'{word}'" for word, at in places.items())


def engine():
    return {"sqlite": Sqlite, "postgresql": Postgres}[connection.vendor]()
