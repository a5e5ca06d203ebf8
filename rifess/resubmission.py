"""What was typed into a form that could not be taken: shown again and offered to be sent, never lost (docs/adr/0034).

It travels in the page that is answered, and nowhere else: nothing of it is written, and no rule is passed by.
"""

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.choices import flatten_choices

AGAIN = "_sent_again"  # the name of the button on the page of what was kept
MOST_FIELDS, MOST_CHARACTERS = 2_000, 300_000  # what a page may carry
LONG = 40  # characters
SECRET = re.compile(r"passw|secret|credential|otp|recovery|^code$|^csrfmiddlewaretoken$", re.IGNORECASE)


@dataclass(frozen=True)
class Kept:
    """The fields of a form that was sent, but passwords, codes and files."""

    fields: list
    has_files: bool
    is_again: bool  # sent by the page that offers it again
    known: Mapping  # the fields of the form, by name, where the address tells which form it is

    @property
    def has_sentences(self):
        """Whether somebody wrote more than a word or two, and would not like to write it once more."""
        return any(len(value.split()) > 2 or len(value) > LONG for _name, value in self.fields)

    @property
    def shown(self):
        """Pairs of a label and what was typed or chosen. Keys, signatures and buttons are sent with the rest, and not shown."""
        return [line for name, value in self.fields if value.strip() and (line := self._line(name, value))]

    def _line(self, name, value):
        field = self.known.get(name)
        if field is None:  # of a form that is not known, only sentences
            return ("", value) if len(value.split()) > 1 else None
        if field.widget.is_hidden or isinstance(field, (forms.BooleanField, forms.ModelChoiceField)):
            return None
        choices = {str(key): words for key, words in flatten_choices(getattr(field, "choices", ()))}
        return field.label or "", choices.get(value, value)


def kept(request):
    """What `request` brought from one of our own pages; None where that is nothing, too much, or another site's words."""
    if request.method != "POST" or not is_from_our_own_page(request):
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:  # what cannot be read, for any reason, cannot be kept
        return None
    fields = [(name, value) for name, values in sent.lists() for value in values if name != AGAIN and not SECRET.search(name)]
    too_much = len(fields) > MOST_FIELDS or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS
    if too_much or not any(value.strip() for _name, value in fields):
        return None
    return Kept(fields, bool(files), AGAIN in sent, known_fields(request))


def known_fields(request):
    """The fields of the forms that the page at this address takes, by name: `form_class` or `form_classes` of its view.

    They are read from the classes, since the database may be what is away.
    """
    view = getattr(getattr(request.resolver_match, "func", None), "view_class", None)
    classes = getattr(view, "form_classes", None) or [getattr(view, "form_class", None)]
    return ChainMap(*(form.base_fields for form in classes if form))


def is_from_our_own_page(request):
    """Whether the browser says that a page of this portal sent the form. Another site's words are not repeated in our name."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    if not sender:
        return True  # no browser of today leaves both out of a form that another site sends
    parts = urlsplit(sender)
    own = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"
    return f"{parts.scheme}://{parts.netloc}" in {own, *settings.CSRF_TRUSTED_ORIGINS}
