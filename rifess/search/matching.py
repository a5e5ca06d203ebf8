"""What a query means, tier by tier, in the engine's words.

Each tier asks for all terms and looks further than the one before, so that its entries hold those of the one before:
1 the title; 2 the title, people and topics; 3 all that was written or said; 4 cognates and the thesaurus too.
Phrases are looked for in one field or in one passage, never in a whole transcript.
"""

from django.db.models import Case, IntegerField, Q, Value, When

from rifess.search.full_text import BODY, OTHER, OTHER_SPOKEN, PEOPLE, SPOKEN, TITLE, WORDS, engine

IN_TITLE, IN_PEOPLE, IN_WORDS, IN_OTHER_LANGUAGES = TIERS = (1, 2, 3, 4)
FIELDS = {
    IN_TITLE: (TITLE,),
    IN_PEOPLE: (TITLE, PEOPLE),
    IN_WORDS: (TITLE, PEOPLE, BODY, SPOKEN),
    IN_OTHER_LANGUAGES: (TITLE, PEOPLE, BODY, SPOKEN),
}


def found_by(query, tier=IN_OTHER_LANGUAGES):
    """Entries that have all terms of `query` by `tier`, and none of what it excludes."""
    return _having(query.terms, tier) & ~_having_any(query.excluded)


def tier_of(query):
    """The first tier by which an entry is found."""
    first = [When(_having(query.terms, tier), then=Value(tier)) for tier in TIERS[:-1]]
    return Case(*first, default=Value(IN_OTHER_LANGUAGES), output_field=IntegerField())


def passage_conditions(query):
    """A condition on passages for each word or phrase of `query`."""
    return [condition for term in query.terms for condition in _in_a_passage(term)]


def _having(terms, tier):
    """Terms that are asked of entries alone are asked in one go."""
    asked = [(_of_entry(term, tier), _of_passages(term, tier)) for term in terms]
    alone = [entry for entry, passages in asked if not passages]
    found = Q(engine().entry_has(engine().all_of(alone))) if alone else Q()
    for entry, passages in asked:
        if passages:
            found &= Q(pk__in=engine().entries(entry, passages))
    return found


def _having_any(terms):
    found = Q(pk__in=[])
    for term in terms:
        found |= _having([term], IN_WORDS)
    return found


def _of_entry(term, tier):
    """`term` in the fields of an entry."""
    if term.is_phrase:
        places = [_phrase(_written(tier), term, "stem")]
        if tier == IN_OTHER_LANGUAGES:
            places.append(_phrase((OTHER,), term, "cognate"))
        return engine().any_of(places)
    words = engine().all_of(_words(term, FIELDS[tier], (OTHER, OTHER_SPOKEN) if tier == IN_OTHER_LANGUAGES else ()))
    if tier < IN_OTHER_LANGUAGES or not term.alternatives:
        return words
    return engine().any_of([words, *(_alternative(stems, FIELDS[tier], _written(tier)) for stems in term.alternatives)])


def _of_passages(term, tier):
    """What of `term` may stand in a passage instead; None when entries know already."""
    if tier < IN_WORDS:
        return None
    if term.is_phrase:
        return engine().any_of(_phrase_in_a_passage(term, tier))
    if tier < IN_OTHER_LANGUAGES:
        return None
    longer = [engine().phrase((WORDS,), stems) for stems in term.alternatives if len(stems) > 1]
    return engine().any_of(longer) if longer else None


def _in_a_passage(term):
    """What shows that a passage speaks of `term`: a condition for a phrase, or one for each word."""
    if term.is_phrase:
        return [engine().any_of(_phrase_in_a_passage(term, IN_OTHER_LANGUAGES))]
    others = [engine().phrase((WORDS,), stems) for stems in term.alternatives]
    if not others:
        return _words(term, (WORDS,), (OTHER,))
    return [engine().any_of([engine().all_of(_words(term, (WORDS,), (OTHER,))), *others])]


def _phrase_in_a_passage(term, tier):
    places = [_phrase((WORDS,), term, "stem")]
    if tier == IN_OTHER_LANGUAGES:
        places.append(_phrase((OTHER,), term, "cognate"))
    return places


def _words(term, fields, cognate_fields):
    """A condition for each word: its stem in `fields`, or its cognate in `cognate_fields`."""
    conditions = []
    for word in term.words:
        prefix = term.is_prefix and word is term.words[-1]
        places = [engine().word(fields, word.stem, prefix)]
        if cognate_fields:
            places.append(engine().word(cognate_fields, word.cognate, prefix))
        conditions.append(engine().any_of(places))
    return conditions


def _phrase(fields, term, key):
    return engine().phrase(fields, [getattr(word, key) for word in term.words], term.is_prefix)


def _alternative(stems, fields, written):
    return engine().phrase(written if len(stems) > 1 else fields, stems)


def _written(tier):
    """The fields of `tier` that keep the order of words."""
    return tuple(field for field in FIELDS[tier] if field != SPOKEN)
