"""What a person types, understood: words, "phrases", -exclusions, an unfinished last word. Nothing typed is an error."""

import re
import unicodedata
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from rifess.search.analyzer import Token, composed, tokens

MOST_CHARACTERS = 300
MOST_WORDS = 12
SHORTEST_PREFIX = 3
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂〝〞", '"'))
PIECE = re.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<phrase>[^"]*)"?|(?P<words>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """Words that must all be found; as a phrase, side by side and in order. The last may be unfinished (`is_prefix`).

    Each of `alternatives` (stems in order, from the thesaurus) will do in its place.
    """

    words: tuple[Token, ...]
    is_phrase: bool = False
    is_prefix: bool = False
    alternatives: tuple[tuple[str, ...], ...] = ()

    @property
    def is_stop_word(self):
        return not self.is_phrase and not self.alternatives and all(word.is_stop_word for word in self.words)


@dataclass(frozen=True)
class Query:
    """What is searched, and what is kept out. `notice` is a sentence for whoever asked, when not all was searched."""

    text: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    notice: str = ""

    @property
    def is_empty(self):
        return not self.terms


def parse(text, *, prefix=False, thesaurus=None):
    """Understand `text`; with `prefix` its last word may be unfinished. `thesaurus` gives expressions their alternatives."""
    text, notice = _clean(text)
    terms, excluded, left = [], [], MOST_WORDS
    for piece in PIECE.finditer(text):
        found = tuple(tokens(piece["phrase"] or piece["words"] or ""))
        if len(found) > left:
            notice = _("Only the first %(count)d words were searched.") % {"count": MOST_WORDS}
            found = found[:left]
        left -= len(found)
        if found:
            (excluded if piece["minus"] else terms).append(Term(found, piece["phrase"] is not None or len(found) > 1))
    if terms and prefix and _goes_on(text, terms[-1]):
        terms[-1] = replace(terms[-1], is_prefix=True)
    terms = _telling(_with_alternatives(terms, thesaurus or {}))
    if not terms and excluded:
        notice = _("Enter at least one word to look for, besides those to leave out.")
    return Query(text, tuple(terms), tuple(excluded), notice)


def _clean(text):
    """`text` composed, on one line, with plain quotes and of a reasonable length."""
    text = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text[: MOST_CHARACTERS * 4])
    text = re.sub(r"[−–—](?=\S)", "-", composed(text).translate(QUOTES).lstrip())
    if len(text) <= MOST_CHARACTERS:
        return text, ""
    return text[:MOST_CHARACTERS], _("Only the first %(count)d characters were searched.") % {"count": MOST_CHARACTERS}


def _goes_on(text, term):
    """Whether the last thing typed may be the beginning of a longer word."""
    return text[-1].isalnum() and len(term.words[-1].word) >= SHORTEST_PREFIX


def _with_alternatives(terms, thesaurus):
    """`terms` with single words that make an expression of the thesaurus taken together. Quotes ask for no other words."""
    longest = max(map(len, thesaurus), default=0)
    taken = []
    while terms:
        size = next((size for size in range(longest, 0, -1) if _expression(terms[:size], size) in thesaurus), 0)
        if size:
            words = tuple(word for term in terms[:size] for word in term.words)
            taken.append(Term(words, is_prefix=terms[size - 1].is_prefix, alternatives=thesaurus[_expression(terms, size)]))
        else:
            taken.append(terms[0])
        terms = terms[max(size, 1) :]
    return taken


def _expression(terms, size):
    """The stems of the first `size` terms, if they are that many single words."""
    single = [term.words[0].stem for term in terms[:size] if not term.is_phrase]
    return tuple(single) if len(single) == size else None


def _telling(terms):
    """`terms` without words that say nothing, unless there are no others."""
    return [term for term in terms if not term.is_stop_word] or terms
