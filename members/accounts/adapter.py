"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext_lazy as _

from members.accounts.encryption import decrypt, encrypt
from members.accounts.limits import (
    forget_places,
    known_browser,
    remember_browser,
    too_much_mail,
    tried_from_too_many_places,
    who_tries,
)
from members.accounts.mail import is_asked_for, tell
from members.accounts.refused_sign_ins import note_refusal
from rifess.base.cleaned import forms
from rifess.base.limits import client_address

FIRST_FACTORS = {"reauthenticate", "reauthenticate_by_code"}  # allauth's names for the password and the code by e-mail
OF_A_KNOWN_BROWSER = "5/5m/key,30/h/key"  # allauth's way to write so many failed sign-ins
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

    def clean_email(self, email):
        """An address that somebody adds to an account, spelled and checked as everywhere."""
        return forms.EmailField().clean(super().clean_email(email))

    def is_safe_url(self, url):
        """Where a `next` may lead. What cannot be read as an address (`http://[`) leads nowhere."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def send_mail(self, template_prefix, email, context):
        """Leave it in the outbox: whoever asks waits for no mail server, and an address that is known answers like any other.

        The forms refuse with a sentence what is asked too often; what comes around them (another code of the same page) is
        dropped.
        """
        kind = template_prefix.rpartition("/")[2]
        if is_asked_for(kind) and not getattr(self.request, "mail_is_counted", False) and too_much_mail(self.request, email):
            note_refusal(self.request, "too many codes and links", email)
            return
        tell(kind, email, context)

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

    def _get_login_attempts_cache_key(self, request, **credentials):
        return who_tries(request, credentials.get("email", ""))

    def _delete_login_attempts_cached_email(self, request, **credentials):
        super()._delete_login_attempts_cached_email(request, **credentials)
        forget_places(credentials.get("email", ""))

    def pre_authenticate(self, request, **credentials):
        """Refuse what is tried too often: by network and account, but by browser where the owner has signed in before."""
        email = credentials.get("email", "")
        known = known_browser(request, email)
        config = {"login_failed": OF_A_KNOWN_BROWSER} if known else None
        key = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed", key=key, config=config
        )
        if not self._login_failed_rl_usage or (not known and tried_from_too_many_places(request, email)):
            note_refusal(request, "tried too often", email)
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request, user, **given):
        response = super().post_login(request, user, **given)
        remember_browser(response, user.email)
        return response

    def authentication_failed(self, request, **credentials):
        note_refusal(request, "wrong address or password", credentials.get("email"))


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not the code that the app shows now, nor one of your recovery codes."),
        "used_code": _("This code was used already. Wait until the app shows another one, and type that."),
    }

    def generate_authenticator_name(self, user, type):
        return ""  # whoever adds a passkey knows best: members.accounts.passkeys

    def encrypt(self, text):
        return encrypt(text)

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text)

    def _get_site_name(self):
        return "RIFESS"
