"""One alphabetical order for names and titles, alike in Python, SQLite and PostgreSQL (docs/adr/0049).

Accents and case do not matter, ñ follows n, punctuation only separates words: "Álvaro" before "Zulema", "Nuñez" after
"Nunziata". The collations of databases and operating systems differ from one another and between versions.
"""

import re
import unicodedata

import django_countries
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models import Case, F, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django_countries import countries
from modeltranslation.utils import build_localized_fieldname

from rifess.base.text.accent_folding import DIGRAPHS, UNDECOMPOSED

_APOSTROPHES = "'`´’‘ʼʻ"  # within a word: "O’Brien" stands where "Obrien" does
_LETTERS = UNDECOMPOSED | {"ª": "a", "º": "o"}
_FROM, _TO = "".join(_LETTERS) + _APOSTROPHES, "".join(_LETTERS.values())  # what has no counterpart goes, as in TRANSLATE
_TABLE = {ord(letter): plain for letter, plain in _LETTERS.items()} | dict.fromkeys(map(ord, _APOSTROPHES))
# Python and PostgreSQL read these alike. What is neither a letter nor a digit, and what is written over letters.
_SIGNS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u2000-\u2bff\u3000-\u303f]+"
_MARKS = r"[\u0300-\u036f]+"
_TILDE = "n\u0303"
_REPLACED = DIGRAPHS | {"ς": "σ", _TILDE: "n{"}  # "{" follows "z", and no other sign is left
_TIE = "\x01"  # before every character that names have: of names with the same letters, the one whose letters come first


def sort_key(words):
    """What texts are sorted by: "Ñancupil, Úrsula" → "n{ancupil ursula", a separator, and the text as it is written."""
    words = str(words or "")
    plain = re.sub(_SIGNS, " ", unicodedata.normalize("NFD", words).translate(_TABLE)).lower()
    for letter, instead in _REPLACED.items():
        plain = plain.replace(letter, instead)
    return f"{re.sub(_MARKS, '', plain).strip(' ')}{_TIE}{words}"


def by_label(choices):
    """Pairs of a value and its label, by label."""
    return sorted(choices, key=lambda choice: sort_key(choice[1]))


def names_of_countries(codes):
    """Pairs of a code (ISO 3166-1 alpha-2) and its name in the active language, by name."""
    return by_label((code, countries.name(code)) for code in codes if code)


def position_of_country(column):
    """The place of a column's country among all of them, by name in the active language; in the database."""
    places = (When(**{column: code}, then=n) for n, (code, _name) in enumerate(names_of_countries(countries.countries)))
    return Case(*places, default=-1, output_field=IntegerField())


class SortKey(Func):
    """`sort_key` of a column, in the database. An empty column comes first on both."""

    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="RIFESS_SORT_KEY", **context)

    def as_postgresql(self, compiler, connection, **context):
        """TRANSLATE, which compares each character with all the letters it is given, is left to the few texts that need it."""
        column, params = compiler.compile(self.source_expressions[0])
        text = f"COALESCE({column}, '')"
        parted = f"NORMALIZE({text}, NFD)"
        plain = f"CASE WHEN REGEXP_MATCH({parted}, %s) IS NULL THEN {parted} ELSE TRANSLATE({parted}, %s, %s) END"
        plain = f"LOWER(REGEXP_REPLACE({plain}, %s, ' ', 'g'))"
        asked = [*params, f"[{_FROM}]", *params, *params, _FROM, _TO, _SIGNS]
        for letter, instead in _REPLACED.items():
            plain, asked = f"REPLACE({plain}, %s, %s)", [*asked, letter, instead]
        plain, asked = f"BTRIM(REGEXP_REPLACE({plain}, %s, '', 'g'), ' ')", [*asked, _MARKS]
        return f'(({plain} || %s || {text}) COLLATE "C")', [*asked, _TIE, *params]


class ShownSortKey(SortKey):
    """`sort_key` of a translated column as the page shows it: in the active language, or in the first of es, pt-br, en that has
    it (rifess.base.text.translated.text_of)."""

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        clone = self.copy()
        clone.set_source_expressions([shown(each.name) for each in self.get_source_expressions()])
        return Func.resolve_expression(clone, query, allow_joins, reuse, summarize, for_save)


def shown(field):
    """The text of the translated column `field` that the page shows; `field` may lead over relations."""
    languages = dict.fromkeys((get_language() or settings.LANGUAGE_CODE, *settings.MODELTRANSLATION_LANGUAGES))
    columns = [NullIf(F(build_localized_fieldname(field, language)), Value("")) for language in languages]
    return Coalesce(*columns, Value(""), output_field=TextField())


def _teach_sqlite(connection, **_kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_function("RIFESS_SORT_KEY", 1, sort_key, deterministic=True)


def _key_of_country(country):
    return sort_key(country[1])


django_countries.sort_key = _key_of_country  # its own puts capitals first: “Costa Rica” before “Costa de Marfil”
connection_created.connect(_teach_sqlite, dispatch_uid="rifess sort key")
