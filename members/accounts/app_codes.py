"""Codes of an authenticator app: each opens once, and whoever types one a second time reads that, not that it is wrong."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.core.exceptions import ValidationError

from members.accounts.encryption import decrypt


class SaysUsedCodes:
    """Tells a code that was used from a wrong one. Both count as attempts: else a used code would make room for guesses."""

    def clean_code(self):
        try:
            return super().clean_code()
        except ValidationError as refusal:
            if refusal.code == "incorrect_code" and self._was_used():
                raise get_adapter().validation_error("used_code") from None
            raise

    def _was_used(self):
        app = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        return app is not None and validate_totp_code(decrypt(app.data["secret"]), self.cleaned_data["code"])


class SignInCodeForm(SaysUsedCodes, AuthenticateForm):
    pass


class ConfirmingCodeForm(SaysUsedCodes, ReauthenticateForm):
    pass


class FirstCodeForm(ActivateTOTPForm):
    """The code that sets up the app is spent with it: it does not sign in after that."""

    def clean_code(self):
        code = super().clean_code()
        TOTP(Authenticator(user=self.user))._mark_code_used(code)
        return code
