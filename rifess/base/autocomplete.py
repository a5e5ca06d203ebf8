"""The admin's widgets that look for rows while one types, for values that no row can have."""

from django.contrib.admin import widgets
from django.core.exceptions import ValidationError


class _OnlyPossibleRows:
    """Django's asks the database for whatever was sent, and fails where that is no key: `xx`, thirty digits, a NUL."""

    def optgroups(self, name, value, attr=None):
        key = self.field.target_field
        return super().optgroups(name, [each for each in value if may_be(each, key)], attr)


class AutocompleteSelect(_OnlyPossibleRows, widgets.AutocompleteSelect):
    pass


class AutocompleteSelectMultiple(_OnlyPossibleRows, widgets.AutocompleteSelectMultiple):
    pass


def may_be(value, column):
    """Whether a row could have `value` in `column`: of its kind and within its range."""
    try:
        column.run_validators(column.to_python(value))
    except ValidationError:
        return False
    return "\0" not in str(value)
