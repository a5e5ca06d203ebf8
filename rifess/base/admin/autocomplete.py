"""The choices of the desk's pages: widgets that look for rows while the user types, and selects that read their table once."""

from django.contrib.admin import widgets
from django.core.exceptions import EmptyResultSet, ValidationError
from django.forms.models import ModelChoiceIterator


class _RowsAlreadyLoaded:
    """Shows the rows that the form's record has `loaded`, without a query, and others as Django does.

    Django's asks the database in every form, and fails where a value is no key: `xx`, thirty digits, a NUL.
    """

    loaded = ()

    def optgroups(self, name, value, attr=None):
        key = self.field.target_field
        possible = [each for each in value if may_be(each, key)]
        loaded = {str(getattr(row, key.attname)): row for row in self.loaded}
        if not all(str(each) in loaded for each in possible):
            return super().optgroups(name, possible, attr)
        labels = [("", "")] if not (self.is_required or self.allow_multiple_selected) else []
        labels += [(each, self.choices.field.label_from_instance(loaded[str(each)])) for each in possible]
        options = [self.create_option(name, each, label, each != "", index) for index, (each, label) in enumerate(labels)]
        return [(None, options, 0)]


class AutocompleteSelect(_RowsAlreadyLoaded, widgets.AutocompleteSelect):
    pass


class AutocompleteSelectMultiple(_RowsAlreadyLoaded, widgets.AutocompleteSelectMultiple):
    pass


def read_once():
    """Choices of a table that the forms of one page share: each question is asked of the database once.

    Django makes the forms of a page from one class, which copies its fields; a field gets the result as its `iterator`.
    """
    read = {}

    class ChoicesReadOnce(ModelChoiceIterator):
        def __iter__(self):
            try:
                question = (self.field.empty_label, str(self.queryset.query))
            except EmptyResultSet:
                question = None
            if question not in read:
                read[question] = list(super().__iter__())
            return iter(read[question])

    return ChoicesReadOnce


def may_be(value, column):
    """Whether a row could have `value` in `column`: of its kind and within its range."""
    try:
        column.run_validators(column.to_python(value))
    except ValidationError:
        return False
    return "\0" not in str(value)
