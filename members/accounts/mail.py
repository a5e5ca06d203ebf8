"""What the portal writes about somebody's account: allauth says when, these are the words."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.models import User
from members.outbox.mail import write

A_CODE, A_LINK, A_NOTICE = "code", "password_reset_key", "notice"
NOBODY = "unknown_account"
TO_AN_UNCONFIRMED_ADDRESS = {"email_confirmation", "email_confirmation_signup", NOBODY}
CODE_LASTS = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
LINK_LASTS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
ALREADY_KNOWN = _("Someone entered your address to open an account. You already have one. Sign in, or ask for a new password.")
CODE_TO_SIGN_IN = (
    A_CODE,
    _("Your code to sign in"),
    _("Enter this code on the page you left open. It is valid for 15 minutes."),
)
CODE_TO_CONFIRM_ONESELF = (
    A_CODE,
    _("Confirm that it is you"),
    _("You are signed in, and asked to do something that needs a second look. Enter this code on the page you left open:"),
)
CODE_TO_CONFIRM = (
    A_CODE,
    _("Confirm your email address"),
    _("Enter this code on the page that asked you for it to confirm this address:"),
)

# Each message of allauth, by its name: template, subject, sentence.
ABOUT = {
    "login_code": CODE_TO_SIGN_IN,
    "reauthentication_code": CODE_TO_CONFIRM_ONESELF,
    "email_confirmation": CODE_TO_CONFIRM,
    "email_confirmation_signup": CODE_TO_CONFIRM,
    "password_reset_code": (
        A_CODE,
        _("Your code for a new password"),
        _("Enter this code on the page you left open, and choose a new password."),
    ),
    "password_reset_key": (A_LINK, _("Choose a new password"), ""),
    "account_already_exists": (A_NOTICE, _("You already have an account"), ALREADY_KNOWN),
    NOBODY: CODE_TO_SIGN_IN,  # never seen
    "email_changed": (A_NOTICE, _("Your email address was changed"), _("The email address of your account was changed.")),
    "email_confirm": (A_NOTICE, _("Your email address is confirmed"), _("An email address of your account was confirmed.")),
    "email_deleted": (
        A_NOTICE,
        _("An email address was removed"),
        _("An email address was removed from your account."),
    ),
    "password_changed": (A_NOTICE, _("Your password was changed"), _("The password of your account was changed.")),
    "password_reset": (A_NOTICE, _("Your password was changed"), _("A new password was chosen by a link sent to this address.")),
    "password_set": (A_NOTICE, _("Your account has a password"), _("A password was set for your account.")),
    "totp_activated": (
        A_NOTICE,
        _("An authenticator app was added"),
        _("From now on your account also asks for the code of an authenticator app."),
    ),
    "totp_deactivated": (
        A_NOTICE,
        _("The authenticator app was removed"),
        _("Your account no longer asks for the code of an authenticator app."),
    ),
    "recovery_codes_generated": (
        A_NOTICE,
        _("New recovery codes were made"),
        _("Your account has new recovery codes; the former ones no longer work."),
    ),
    "second_factor_reset": (
        A_NOTICE,
        _("Your second factor was removed"),
        _("The Secretariat removed the authenticator app, passkeys and recovery codes of your account. Set up new ones."),
    ),
    "rights_changed": (
        A_NOTICE,
        _("What your account may do has changed"),
        _("The Secretariat changed what your account may do in the administration of the portal."),
    ),
    "person_linked": (
        A_NOTICE,
        _("Your account was linked to a person"),
        _("The Secretariat linked your account to the record of a person, with their delegation if they have one."),
    ),
    "person_unlinked": (
        A_NOTICE,
        _("Your account is no longer linked to its person"),
        _("The Secretariat took your account from the record of a person. It no longer opens their delegation."),
    ),
    "webauthn_added": (A_NOTICE, _("A passkey was added"), _("A passkey was added to your account.")),
    "webauthn_removed": (A_NOTICE, _("A passkey was removed"), _("A passkey was removed from your account.")),
}


def is_asked_for(kind):
    """Whether visitors can cause this message: a code or a link. Notices follow from what the owner did."""
    return ABOUT[kind][0] != A_NOTICE


@transaction.atomic
def tell(kind, email, context):
    """Write allauth's message `kind` to `email`, in the language of the account, or in that of the page without one.

    To an address without an account it is written and taken away: the answer takes as long, and nothing goes to a stranger.
    """
    if context.get("reauthentication"):
        kind = "reauthentication_code"
    template, subject, sentence = ABOUT[kind]
    user = context.get("user") or User.objects.filter(email__iexact=email).first()
    language = user.language if user else get_language()
    said = {"about": {"subject": subject, "sentence": sentence}} | _said(context, language)
    lasts = {A_CODE: CODE_LASTS, A_LINK: LINK_LASTS}.get(template)
    message = write(
        kind,
        template=template,
        to=email,
        to_name="" if kind in TO_AN_UNCONFIRMED_ADDRESS else None,
        user=user,
        language=language,
        context=said,
        is_secret=lasts is not None,
        expires_at=timezone.now() + lasts if lasts else None,
        about=user,
    )
    if kind == NOBODY:
        message.delete()


def tell_of_person(before, after):
    """Tell the owners of two accounts, either of which may be None, that a person has the second and no longer the first."""
    for kind, user in (("person_unlinked", before), ("person_linked", after)):
        if user is not None:
            tell(kind, user.email, {"user": user, "timestamp": timezone.now()})


def _said(context, language):
    """Of what allauth hands over, what the messages say; its link in the language of the message."""
    said = {name: context[name] for name in ("code", "reauthentication", "timestamp", "ip", "user_agent") if name in context}
    if "password_reset_url" in context:
        path = urlsplit(translate_url(context["password_reset_url"], language)).path
        said["password_reset_url"] = settings.SITE_URL + path
    return said
