"""Django's forms, whose texts are cleaned before they are checked: what looks empty is empty, what is too long is so as kept."""

from django import forms as django
from django.forms import *  # noqa: F403  (all the rest is Django's)

from rifess.base.cleaned import check_is_no_other, check_is_seen, clean_text, plain_address


def _plain(value):
    return plain_address(value) if isinstance(value, str) else value


class CharField(django.CharField):
    """A text, of several lines where its widget has them. A NUL is refused, as by Django; a password stays as it was typed."""

    def to_python(self, value):
        value = super().to_python(value)
        if not self.strip or not value or "\0" in value:
            return value
        return clean_text(value, lines=isinstance(self.widget, django.Textarea)) or self.empty_value

    def has_changed(self, initial, data):
        """A text kept before there was a cleaning is not changed by being shown."""
        return super().has_changed(self.to_python(initial), data)


class EmailField(django.EmailField):
    default_validators = [*django.EmailField.default_validators, check_is_seen, check_is_no_other]

    def to_python(self, value):
        return _plain(super().to_python(value))


class URLField(django.URLField):
    default_validators = [*django.URLField.default_validators, check_is_seen]


def __getattr__(name):
    return getattr(django, name)
