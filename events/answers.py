"""What somebody answered when they registered, in words."""

from rifess.base.texts import texts_in_languages


def in_words(answer):
    """The answer as typed, or the lines chosen, in the reader's language where they are written in it."""
    options = [text.words.splitlines() for text in texts_in_languages(answer.question, "options")]
    chosen = [next((lines[number - 1].strip() for lines in options if number <= len(lines)), "") for number in answer.chosen]
    return "; ".join(filter(None, [answer.text, *chosen]))
