"""A trap field against programs that fill in every form, and what becomes of what they send (docs/adr/0039)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import forms

TRAP = "nothing_here"  # a word of no form of addresses, so that no browser and no password manager has something for it
NOT_FOR_PASSWORD_MANAGERS = {"data-1p-ignore": "", "data-bwignore": "", "data-lpignore": "true"}
LEAVE_EMPTY = _("This field catches automatic programs. Empty it and send the form again: all the rest is kept as you typed it.")


class HasTrap(forms.Form):
    """A form with a field that people do not see (`forms/trap.html`); `is_spam` when it was filled in.

    Nothing is lost: the form comes back with the field shown. Forms whose rows the secretariat reads anyway set
    `keeps_spam`, and their rows are marked instead.
    """

    keeps_spam = False

    nothing_here = forms.CharField(
        required=False,
        label=_("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", **NOT_FOR_PASSWORD_MANAGERS}),
    )

    @property
    def trap(self):
        return self[TRAP]

    @property
    def is_spam(self):
        return bool(self.cleaned_data.get(TRAP))

    def clean(self):
        cleaned = super().clean()
        if self.is_spam and not self.keeps_spam:
            self.add_error(TRAP, ValidationError(LEAVE_EMPTY, code="trap"))
        return cleaned
