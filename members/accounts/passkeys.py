"""What is asked of whoever adds a passkey."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django.utils.translation import gettext as _in_words
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import forms


class CredentialField(forms.JSONField):
    """What the browser signed. JSON with a number of thousands of digits is none: Python refuses to read it."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as unreadable:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from unreadable


class LoginPasskeyForm(LoginWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class ReauthenticatePasskeyForm(ReauthenticateWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)


class AddPasskeyForm(AddWebAuthnForm):
    credential = CredentialField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What shall we call it?"),
        help_text=_("For example: my telephone, the blue key. Only you see it."),
        max_length=60,
        required=False,
    )
    passwordless = forms.BooleanField(
        label=_("Open my account with it alone, without a password"),
        help_text=_("It asks for your finger, your face or its own code. Old security keys cannot: unmark it for them."),
        required=False,
        initial=True,
    )

    field_order = ["name", "passwordless"]

    def clean_name(self):
        return self.cleaned_data["name"] or _in_words("Passkey")
