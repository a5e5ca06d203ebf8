"""What is typed to open an account, and to ask for a code or a link, checked."""

from allauth.account import forms as allauth_forms
from allauth.core import context
from django.contrib.auth.password_validation import validate_password
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.accounts.limits import too_much_mail
from members.models import User
from rifess.base.cleaned import forms, plain_address

TOO_MUCH_MAIL = _(
    "Several messages were sent to this address in the last hours. Use the latest one, or try again in an hour; "
    "you can also sign in another way."
)


class LimitedMail:
    """A form that sends a code or a link to `email`, within the limits of `too_much_mail`."""

    def clean_email(self):
        self.cleaned_data["email"] = plain_address(self.cleaned_data["email"])
        email = super().clean_email()
        context.request.mail_is_counted = True
        if too_much_mail(context.request, email):
            raise forms.ValidationError(TOO_MUCH_MAIL, code="too_much_mail")
        return email


class LoginForm(allauth_forms.LoginForm):
    def clean_login(self):
        return plain_address(super().clean_login())


class RequestCodeForm(LimitedMail, allauth_forms.RequestLoginCodeForm):
    pass


class ResetPasswordForm(LimitedMail, allauth_forms.ResetPasswordForm):
    pass


class WayIn(models.TextChoices):
    """How somebody wishes to sign in from now on."""

    PASSWORD = "password", _("With a password")
    CODE = "code", _("Without a password: each time with a code sent by email, or with a passkey")


class OpenAccountForm(forms.Form):
    """What an invited person decides about the new account. `account` is the one to be opened, not kept yet."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As it should appear to the Secretariat and to the other delegations."),
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    way = forms.ChoiceField(label=_("How you will sign in"), choices=WayIn, initial=WayIn.PASSWORD, widget=forms.RadioSelect)
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        error_messages={"required": _("Enter a password, or choose to sign in without one.")},
        help_text=_("At least eight characters; a sentence of several words is easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The password once more"),
        strip=False,
        error_messages={"required": _("Enter the password again.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    use_required_attribute = False  # without a password, both are left empty

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        given = super().clean()
        if given.get("way") == WayIn.CODE:
            self.errors.pop("password1", None)
            self.errors.pop("password2", None)
            return given | {"password1": None, "password2": None}
        if given.get("password1") and given.get("password2"):
            self._check_password(given["password1"], given["password2"])
        return given

    def _check_password(self, first, second):
        if first != second:
            self.add_error("password2", _("The two passwords do not match. Enter them again."))
        try:
            validate_password(first, User(email=self.email, name=self.cleaned_data.get("name", "")))
        except forms.ValidationError as error:
            self.add_error("password1", error)
