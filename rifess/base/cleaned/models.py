"""Django's models with text fields that clean what is written. Migrations name Django's own fields: the columns are the same."""

from django.db import models as django
from django.db.models import *  # noqa: F403  (all the rest is Django's)
from django.db.models.lookups import IExact

from rifess.base.cleaned import check_is_no_other, check_is_seen, clean_text, forms, plain_address


def _plain(value):
    return plain_address(value) if isinstance(value, str) else value


class _AsDjangos:
    """A field of ours that migrations know under the name of the one it extends."""

    def deconstruct(self):
        name, _path, *given = super().deconstruct()
        theirs = next(kind for kind in type(self).__mro__ if kind.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{theirs.__name__}", *given


class _Cleaned(_AsDjangos):
    """A text: checked as it will be kept, and kept so by `save()`, `bulk_create()` and `update()` alike."""

    lines = False

    def _clean(self, value):
        return clean_text(value, lines=self.lines) if isinstance(value, str) else value

    def to_python(self, value):
        return self._clean(super().to_python(value))

    def pre_save(self, model_instance, add):
        value = self._clean(super().pre_save(model_instance, add))
        vars(model_instance)[self.attname] = value  # not setattr: on a translated field it would write the language of the page
        return value

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self._clean(value), connection)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": forms.CharField, **kwargs})


class CharField(_Cleaned, django.CharField):
    """A text on one line."""


class TextField(_Cleaned, django.TextField):
    """A text of several lines."""

    lines = True


class EmailField(_AsDjangos, django.EmailField):
    default_validators = [*django.EmailField.default_validators, check_is_seen, check_is_no_other]

    def to_python(self, value):
        return _plain(super().to_python(value))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": forms.EmailField, **kwargs})

    def pre_save(self, model_instance, add):
        value = _plain(super().pre_save(model_instance, add))
        vars(model_instance)[self.attname] = value  # also where it goes on from here, as to the table of allauth
        return value

    def get_prep_value(self, value):
        """Of what is written, and of what is looked for."""
        return _plain(super().get_prep_value(value))


@EmailField.register_lookup
class SameAddress(IExact):
    """`iexact`, for an address that is looked for in any spelling: Django's takes what is looked for as it is given."""

    prepare_rhs = True


class URLField(_AsDjangos, django.URLField):
    default_validators = [*django.URLField.default_validators, check_is_seen]


def __getattr__(name):
    return getattr(django, name)
