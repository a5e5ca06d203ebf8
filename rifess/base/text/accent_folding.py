"""Words compared without accents or capitals, alike in Python, SQLite and PostgreSQL."""

import unicodedata
from collections import defaultdict

from django.db.backends.signals import connection_created
from django.db.models import CharField, Func, Lookup, TextField

_LETTERS = [chr(code) for block in ((0xC0, 0x180), (0x1E00, 0x1F00)) for code in range(*block)]
DIGRAPHS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij"}  # letters that are two when they are written plainly
UNDECOMPOSED = dict(zip("ŁłØøĐđÐðĦħŦŧŊŋıĸſẞÆŒÞĲ", "LlOoDdDdHhTtNniqsßæœþĳ", strict=True))  # with a dash, without a dot; capitals
_PLAIN = {letter: unicodedata.normalize("NFD", letter)[0] for letter in _LETTERS} | UNDECOMPOSED
FROM = "".join(letter for letter in _LETTERS if _PLAIN[letter] != letter)
TO = "".join(_PLAIN[letter] for letter in FROM)
_TABLE = {code: code for code in range(128)} | str.maketrans(FROM, TO)  # a letter that a table lacks costs an exception
_TWO = str.maketrans(DIGRAPHS)

# Cyrillic and Greek as passports write them, nearly (ICAO 9303, ISO 843): for addresses only. Signs without a sound go.
_PAIRS = """
аa бb вv гg ґg дd еe ёe єye жzh зz иi іi їyi йy кk лl мm нn оo пp рr сs тt уu ўu фf хkh цts чch шsh щshch ыy эe юyu яya
ђdj јj љlj њnj ћc џdz ѓg ќk ѕdz
αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo
"""
_ROMAN = str.maketrans({pair[0]: pair[1:] for pair in _PAIRS.split()} | {"ъ": "", "ь": ""})
LONGEST_PATTERN = 200  # letters of a regular expression: PostgreSQL refuses one that is too complex


def fold(words):
    """`words` in lower case and in plain letters: "Héctor Ørsted" → "hector orsted", "Weiß" → "weiss"."""
    if words is None or words.isascii():
        return words and words.lower()
    folded = unicodedata.normalize("NFC", words).translate(_TABLE).lower()
    return folded if folded.isascii() else folded.translate(_TWO)


def romanized(words):
    """`words` folded, those in Cyrillic or Greek in Latin letters: "Чайковский" → "chaykovskiy"."""
    parted = unicodedata.normalize("NFD", fold(words).translate(_ROMAN))
    return "".join(sign for sign in parted if not unicodedata.combining(sign)).translate(_ROMAN)  # again: some had an accent


def _alike():
    """Each folded letter with all the letters that are folded to it."""
    letters = defaultdict(set)
    for letter in FROM:
        letters[fold(letter)].add(letter)
    return letters


_ALIKE = _alike()
_DOUBLE = f"[{''.join(sorted({*DIGRAPHS, *(letter for letter in FROM if len(fold(letter)) > 1)}))}]"


def pattern_of(folded):
    """A regular expression of PostgreSQL that finds, in a text as it is written, what would be `folded`."""
    return "".join(map(_letters_folded_to, folded))


def _letters_folded_to(letter):
    if not (letter.isalpha() or letter in _ALIKE):
        return letter if letter.isalnum() or letter == "_" else f"\\{letter}"
    written = {letter, *(other for other in (letter.upper(),) if len(other) == 1)} | _ALIKE[letter]
    return f"[{''.join(sorted(written))}]"


class Fold(Func):
    """The same in the database."""

    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="RIFESS_FOLD", **context)

    def as_postgresql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        folded, params = f"LOWER(TRANSLATE({sql}, %s, %s))", [*params, FROM, TO]
        for letter, plain in DIGRAPHS.items():
            folded, params = f"REPLACE({folded}, %s, %s)", [*params, letter, plain]
        return folded, params


@CharField.register_lookup
@TextField.register_lookup
class Resembles(Lookup):
    """`name__resembles="hector"` finds "Héctor": the folded column contains the folded words."""

    lookup_name = "resembles"
    prepare_rhs = True

    def get_prep_lookup(self):
        return fold(str(self.rhs))

    def as_sql(self, compiler, connection):
        left, left_params = compiler.compile(Fold(self.lhs))
        escaped = connection.ops.prep_for_like_query(self.rhs)
        return f"{left} LIKE %s ESCAPE '\\'", [*left_params, f"%{escaped}%"]

    def as_sqlite(self, compiler, connection):
        """Python folds each text: not those that are empty, as most translations are."""
        left, params = compiler.compile(self.lhs)
        return f"({left} <> '' AND RIFESS_RESEMBLES({left}, %s))", [*params, *params, self.rhs]

    def as_postgresql(self, compiler, connection):
        """The question is widened instead of each text being folded: TRANSLATE compares each letter with some four hundred."""
        if len(self.rhs) > LONGEST_PATTERN:
            return self.as_sql(compiler, connection)
        left, params = compiler.compile(self.lhs)
        folded, folded_params = self.as_sql(compiler, connection)  # for the few texts with a letter that is folded to two
        asked = [*params, pattern_of(self.rhs), *params, _DOUBLE, *folded_params]
        return f"({left} ~ %s OR ({left} ~ %s AND {folded}))", asked


def _teach_sqlite(connection, **_kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_function("RIFESS_FOLD", 1, fold, deterministic=True)
        connection.connection.create_function("RIFESS_RESEMBLES", 2, _resembles, deterministic=True)


def _resembles(text, folded):
    return folded in fold(str(text))


connection_created.connect(_teach_sqlite, dispatch_uid="rifess fold")
