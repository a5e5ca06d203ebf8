"""How files name languages, and in which column a text of each is kept."""

from functools import cache

from django.conf import settings
from django.utils.translation import override

from rifess.base.text.accent_folding import fold
from rifess.base.text.languages import LANGUAGES

COLUMNS = {"es": "es", "pt-BR": "pt_br", "en": "en"}
OF_THREE_LETTERS = {  # ISO 639-2, as pyvideo and libraries write them
    "spa": "es",
    "por": "pt-BR",
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "grn": "gn",
    "que": "qu",
    "aym": "ay",
    "cat": "ca",
}


def language_called(word):
    """The BCP 47 code that the portal has for a `word`: a code ("spa", "pt", "es-MX") or a name ("inglés"); else None."""
    name = fold(word.strip())
    return _names().get(name) or _names().get(name.partition("-")[0])


@cache
def _names():
    names = {**OF_THREE_LETTERS, "pt": "pt-BR", "castellano": "es"}
    for code, _label in settings.LANGUAGES:
        with override(code):
            names |= {fold(str(name)): language for language, name in LANGUAGES}
    return names | {language.lower(): language for language, _name in LANGUAGES}
