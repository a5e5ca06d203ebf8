"""What somebody answered when they registered, in words."""

from rifess.base.texts import text_of


def in_words(answer):
    """The answer as typed, or the options chosen, in the reader's language where they are written in it."""
    return "; ".join(filter(None, [answer.text, *(text_of(option, "text").words for option in answer.chosen.all())]))
