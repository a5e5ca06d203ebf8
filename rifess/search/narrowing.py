"""Lists narrowed by words, answered by the search index.

A list's own box asks the same index as the search, in the same words on both databases. Without it, each request would fold and
compare every text of every row, which grows with the archive and can be asked for by any visitor.
"""

from django.db.models import Q

from rifess.search.analyzer import composed, tokens
from rifess.search.full_text import BODY, PEOPLE, TITLE, engine
from rifess.search.models import Entry

MOST_WORDS = 8
LONGEST = 100  # characters of one word that are looked at
SHORTEST_PREFIX = 2  # letters of an unfinished word
ALL = (TITLE, PEOPLE, BODY)


def words_of(text):
    """The words of what was typed; what follows the first `MOST_WORDS` is left out."""
    return [word[:LONGEST] for word in (text or "").split()[:MOST_WORDS]]


def with_word(kind, word, fields=ALL):
    """The condition that a row of `kind` has `word`, or a word that begins with it, in one of the `fields` of its entry.

    The word's other forms and its accents make no difference. Signs alone are found nowhere.
    """
    return with_words(kind, [word], fields)


def with_words(kind, words, fields=ALL):
    """The same of each of `words`, in one question: each on its own is a pass over the entries where words are frequent."""
    return Q(pk__in=ids_with_words(kind, words, fields))


def ids_with_words(kind, words, fields=ALL):
    """The same as a subquery of primary keys."""
    found = [tokens(composed(word)) for word in words]
    if not all(found):
        return Entry.objects.none().values("object_id")
    of_kind = Entry.objects.filter(kind=kind)  # first: PostgreSQL compares in this order, and words cost more
    condition = engine().all_of([_condition(each, fields) for each in found])
    return of_kind.filter(engine().entry_has(condition)).values("object_id")


def _condition(found, fields):
    """Words joined by signs, "77/281", stand side by side; of the last one, the beginning is enough."""
    *before, last = [word.stem for word in found]
    places = [engine().phrase(fields, [*before, last])]
    if len(found[-1].word) >= SHORTEST_PREFIX:
        places.append(engine().phrase(fields, [*before, found[-1].word], prefix=True))
    return engine().any_of(places)
