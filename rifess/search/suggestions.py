"""“Did you mean …?”, when nothing is found: words of the index that look or begin like those that find nothing."""

from itertools import product

from rifess.search import matching, thesaurus
from rifess.search.analyzer import WORD, keys
from rifess.search.models import KnownWord
from rifess.search.query import Query, Term, parse

MOST = 3
CANDIDATES = 4  # for each word
SHORTEST = 4
STRANGE_WORDS = 2  # with more of them nobody can tell what was meant


def suggestions(query, visible):
    """What to ask instead, likeliest first. Each finds something among the `visible` entries: no draft's word is offered."""
    words = {word for term in query.terms for word in term.words}
    strange = sorted({word.word for word in words if not visible.filter(_by_itself(word)).exists()})
    if not strange or len(strange) > STRANGE_WORDS:
        return []
    offered = {}
    for choice in product(*(_alike(word) for word in strange)):
        text = _corrected(query.text.strip(), dict(zip(strange, (shown for _far, _known, shown in choice), strict=True)))
        found = visible.filter(matching.found_by(parse(text, thesaurus=thesaurus.alternatives()))).count()
        if found:
            offered[text] = (sum(far for far, _known, _shown in choice), -found, text)
    return sorted(offered, key=offered.get)[:MOST]


def _by_itself(word):
    return matching.found_by(Query(word.word, (Term((word,)),)))


def _alike(word):
    """Known words with few other letters than `word`, or that go on from it, nearest first: triples of distance, word, and how
    it is shown.
    """
    if len(word) < SHORTEST:
        return []
    reach = 1 if len(word) < 6 else 2
    lengths, letters = (len(word) - reach, len(word) + reach), set(word)
    looks = KnownWord.objects.filter(initial=word[0], length__range=lengths).values_list("word", "shown")
    like = ((known, shown) for known, shown in looks.iterator() if len(letters.symmetric_difference(known)) <= 2 * reach)
    near = ((distance(word, known), known, shown) for known, shown in like)
    begun = KnownWord.objects.filter(word__startswith=word).order_by("length", "word").values_list("word", "shown")
    longer = ((len(known) - len(word), known, shown) for known, shown in begun[:CANDIDATES])
    return sorted({*(known for known in near if 0 < known[0] <= reach), *longer})[:CANDIDATES]


def distance(one, other):
    """How many letters to add, drop, change or swap with their neighbour to make `one` into `other`."""
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above_before, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, above_before[j - 2] + 1)
            row.append(least)
    return row[-1]


def _corrected(text, known):
    """`text` with each word that is a key of `known` written as known."""
    return WORD.sub(lambda found: known.get(keys(found[1])[2], found[0]), text)
