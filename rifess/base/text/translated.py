"""A text in the language asked for or, openly, in another: which words, and in which language they are."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

TAGS = {"es": "es", "pt-br": "pt-BR", "en": "en"}


@dataclass(frozen=True)
class Text:
    """Words, the language they are in (BCP 47), and whether that is not the one asked for."""

    words: str
    language: str
    is_fallback: bool

    def __str__(self):
        return self.words

    def __bool__(self):
        return bool(self.words)


def page_language():
    """The language of the page, as BCP 47: es, pt-BR, en."""
    active = get_language() or settings.LANGUAGE_CODE
    return TAGS.get(active, active)


def text_of(row, field):
    """The text of `row.field` in the active language, or in the first of es, pt-br, en that has it."""
    active = get_language() or settings.LANGUAGE_CODE
    for language in (active, *settings.MODELTRANSLATION_LANGUAGES):
        words = getattr(row, build_localized_fieldname(field, language), "")
        if words:
            return Text(words, TAGS[language], language != active)
    return Text("", page_language(), False)


def texts_of(row, *fields):
    """Every text of `row` in the translated `fields`, in all languages: es, pt-br, en of the first, then of the next."""
    localized = (
        build_localized_fieldname(field, language) for field in fields for language in settings.MODELTRANSLATION_LANGUAGES
    )
    return [words for name in localized if (words := getattr(row, name, ""))]


def texts_in_languages(row, field):
    """What `row.field` says in each language that it has, that of the page first."""
    active = get_language() or settings.LANGUAGE_CODE
    found = []
    for language in dict.fromkeys((active, *settings.MODELTRANSLATION_LANGUAGES)):
        words = getattr(row, build_localized_fieldname(field, language), "")
        if words:
            found.append(Text(words, TAGS[language], language != active))
    return found
