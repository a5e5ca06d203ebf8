"""Agreeing to a notice: what is recorded as agreed to is what was shown."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CHANGED = _("This notice has changed since you opened the page. Read it again and, if you agree, check the box.")


class AgreesToNotice(forms.Form):
    """A form with the checkbox `agrees`, whose page carries the mark of the notice that it shows.

    When another one is in force on sending, it is shown, and asked for again; all that was typed stays. The form that uses it
    gives `notice_mark`, which tells the notice in force from any other.
    """

    shown_notice = forms.CharField(required=False, widget=forms.HiddenInput)

    def could_be_another(self):
        """Whether a page that says nothing of its notice may have shown another than the one in force."""
        return False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["shown_notice"] = self.notice_mark

    def clean(self):
        cleaned = super().clean()
        says_what_it_showed = self.add_prefix("shown_notice") in self.data  # nothing, where there was no notice yet
        shown = self.cleaned_data.get("shown_notice")
        if shown != self.notice_mark and (says_what_it_showed or self.could_be_another()):
            self._ask_again()
        return cleaned

    def _ask_again(self):
        self.data = self.data.copy()
        self.data[self.add_prefix("shown_notice")] = self.notice_mark
        self.data.pop(self.add_prefix("agrees"), None)
        if "agrees" not in self.errors:
            self.add_error("agrees", ValidationError(CHANGED, code="changed"))
