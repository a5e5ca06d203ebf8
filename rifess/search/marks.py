"""Texts shown with the words that were searched marked in them, in whichever form or language they stand there."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import mark_safe

from rifess.search.analyzer import composed, tokens


def highlight(text, query, *, around=None):
    """`text` for a page, with <mark> about what `query` finds; with `around`, only so many words where most of it stands."""
    return excerpt(text, query, around)[0]


def excerpt(text, query, around=None):
    """The same, and the place in the composed `text` of the first mark shown: its beginning when there is none."""
    text = composed(text)
    words = tokens(text)
    found = _spans(words, query)
    first, last = _window(len(words), found, around) if around else (0, len(words))
    begins = words[first].start if first else 0
    ends = words[last - 1].end if last < len(words) else len(text)
    marks = [(words[start].start, words[end - 1].end) for start, end in found if first <= start and end <= last]
    pieces, at = ["…" if first else ""], begins
    for begin, finish in marks:
        pieces += [escape(text[at:begin]), f"<mark>{escape(text[begin:finish])}</mark>"]
        at = finish
    pieces += [escape(text[at:ends]), "…" if last < len(words) else ""]
    return mark_safe("".join(pieces)), marks[0][0] if marks else 0


@dataclass(frozen=True)
class _Pattern:
    """Words side by side: pairs of stem and cognate (or None); the last may go on."""

    words: tuple
    is_prefix: bool = False

    def fits(self, words, at):
        if at + len(self.words) > len(words):
            return False
        last = len(self.words) - 1
        return all(self._is(words[at + n], *keys, self.is_prefix and n == last) for n, keys in enumerate(self.words))

    def _is(self, token, stem, cognate, begins):
        if begins:
            return token.stem.startswith(stem) or token.cognate.startswith(cognate)
        return token.stem == stem or token.cognate == cognate


def _patterns(query):
    for term in query.terms:
        pairs = [(word.stem, word.cognate) for word in term.words]
        if term.is_phrase:
            yield _Pattern(tuple(pairs), term.is_prefix)
        else:
            for n, pair in enumerate(pairs):
                yield _Pattern((pair,), term.is_prefix and n == len(pairs) - 1)
        for expression in term.alternatives:
            yield _Pattern(tuple((stem, None) for stem in expression))


def _spans(words, query):
    """What to mark, as pairs of word numbers (first, one after the last) that do not touch each other."""
    patterns, spans, at = list(_patterns(query)), [], 0
    while at < len(words):
        size = max((len(pattern.words) for pattern in patterns if pattern.fits(words, at)), default=0)
        if size:
            spans.append((at, at + size))
        at += size or 1
    return spans


def _window(length, spans, around):
    """The `around` words, from a little before a mark, in which most marks stand."""
    if length <= around:
        return 0, length
    begins, ends = [start for start, _end in spans], [end for _start, end in spans]  # both rise: marks do not touch each other
    firsts = [max(0, min(start - around // 6, length - around)) for start in begins] or [0]
    first = max(firsts, key=lambda first: bisect_right(ends, first + around) - bisect_left(begins, first))
    return first, first + around
