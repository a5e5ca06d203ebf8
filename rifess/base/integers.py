"""Numbers that visitors send: in plain digits, and within what a column holds. Any other stands in no row.

Django knows that of one number in a column of its own (`pk=`). Here it learns it of several (`pk__in=`) and of foreign keys:
otherwise the databases answer with an error.
"""

from math import inf

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField
from django.db.models.fields.related import ForeignObject
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In

MOST_DIGITS = 18  # of a number that a column of 64 bits holds


def whole_number(text) -> int | None:
    """Return the number that `text` writes in plain digits, or None.

    More digits than a key has are none either: `int` raises ValueError beyond some thousands of them.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def _fits(value, column, connection):
    if not isinstance(value, int):
        return True
    kind = getattr(column, "target_field", column).get_internal_type()
    lowest, highest = connection.ops.integer_field_range(kind) if kind.endswith(("IntegerField", "AutoField")) else (None, None)
    return (-inf if lowest is None else lowest) <= value <= (inf if highest is None else highest)


class _OnlyWhatFits:
    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            self.rhs = [each for each in self.rhs if _fits(each, self.lhs.output_field, connection)]
        return super().process_rhs(compiler, connection)


@IntegerField.register_lookup
class InThatFits(_OnlyWhatFits, In):
    pass


@ForeignObject.register_lookup
class RelatedInThatFits(_OnlyWhatFits, RelatedIn):
    pass


@ForeignObject.register_lookup
class RelatedExactThatFits(RelatedExact):
    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value() and not _fits(self.rhs, self.lhs.output_field, connection):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)
