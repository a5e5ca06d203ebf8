"""Words compared without accents or capitals, alike in Python, SQLite and PostgreSQL."""

import unicodedata

from django.db.backends.signals import connection_created
from django.db.models import CharField, Func, Lookup, TextField

_LETTERS = [chr(code) for block in ((0xC0, 0x180), (0x1E00, 0x1F00)) for code in range(*block)]
_PLAIN = {letter: unicodedata.normalize("NFD", letter)[0] for letter in _LETTERS} | dict(zip("ŁłØøĐđ", "LlOoDd", strict=True))
FROM = "".join(letter for letter in _LETTERS if _PLAIN[letter] != letter)
TO = "".join(_PLAIN[letter] for letter in FROM)
_TABLE = str.maketrans(FROM, TO)


def fold(words):
    """`words` in lower case and without accents: "Héctor" → "hector"."""
    return unicodedata.normalize("NFC", words).translate(_TABLE).lower() if words is not None else None


class Fold(Func):
    """The same in the database."""

    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="RIFESS_FOLD", **context)

    def as_postgresql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"LOWER(TRANSLATE({sql}, %s, %s))", [*params, FROM, TO]


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


def _teach_sqlite(connection, **_kwargs):
    if connection.vendor == "sqlite":
        connection.connection.create_function("RIFESS_FOLD", 1, fold, deterministic=True)


connection_created.connect(_teach_sqlite, dispatch_uid="rifess fold")
