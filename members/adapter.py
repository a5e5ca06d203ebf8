"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.account_mail import tell
from members.refusals import note_refusal
from rifess.base.limits import client_address

FIRST_FACTORS = {"reauthenticate", "reauthenticate_by_code"}  # allauth's names for the password and the code by e-mail
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody opens an account alone: delegates are invited by the secretariat."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The address or the password is not correct."),
        "incorrect_code": _("That is not the code. It may have expired: ask for another one."),
        "rate_limited": _("That was asked very often in a short while. Wait a few minutes and try again."),
        "too_many_login_attempts": _("There were too many failed attempts. Wait a few minutes, or sign in another way."),
    }

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Leave it in the outbox: whoever asks waits for no mail server, and an address that is known answers like any other."""
        tell(template_prefix.rpartition("/")[2], email, context)

    def get_client_ip(self, request):
        return client_address(request)

    def get_reauthentication_methods(self, user):
        """Accounts with a second factor confirm with it: neither a password nor a mailbox alone may add another factor.

        Without one, the password confirms, or the code sent to the address: an account without a password has only that.
        """
        methods = super().get_reauthentication_methods(user)
        if is_mfa_enabled(user, SECOND_FACTORS):
            return [each for each in methods if each["id"] not in FIRST_FACTORS]
        return methods

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_refusal(request, "tried too often", credentials.get("email"))
            raise

    def authentication_failed(self, request, **credentials):
        note_refusal(request, "wrong address or password", credentials.get("email"))


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not the code that the app shows now, nor one of your recovery codes."),
    }

    def generate_authenticator_name(self, user, type):
        return ""  # whoever adds a passkey knows best: members.passkeys

    def _get_site_name(self):
        return "RIFESS"
