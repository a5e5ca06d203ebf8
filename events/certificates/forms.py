"""What somebody types to check a certificate: its code, or the signed file."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.certificates import signing_keys
from rifess.base.cleaned import forms
from rifess.base.codes import as_typed


class CodeForm(forms.Form):
    """The code on the paper, however it is typed."""

    code = forms.CharField(
        label=_("Verification code"),
        help_text=_("It is printed beside the QR code, for example 7KQ2-M4XD-88PA. Capitals and hyphens do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the code.")},
    )

    def clean_code(self):
        code = as_typed(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("Type the code as it is printed."), code="code")
        return code


class CredentialForm(forms.Form):
    """A signed certificate, as a file or as text. `claims` is what it says, once it is valid."""

    file = forms.FileField(
        label=_("Signed file"),
        help_text=_("It ends with .jwt and has a few kilobytes."),
        required=False,
        widget=forms.FileInput(attrs={"class": "file", "accept": ".jwt,.txt"}),
    )
    text = forms.CharField(
        label=_("Or its contents"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    claims = None

    def clean(self):
        cleaned = super().clean()
        token = self._token(cleaned.get("file"), cleaned.get("text", ""))
        if not self.errors:
            self.claims = signing_keys.check(token)
        return cleaned

    def _token(self, file, text):
        if not file and not text:
            raise ValidationError(_("Choose the file, or paste its contents."), code="empty")
        return file.read(signing_keys.LONGEST + 1).decode("ascii", "replace") if file else text
