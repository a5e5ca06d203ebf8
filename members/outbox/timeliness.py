"""Whether a message of this room is still true, asked of the row that it is about before it is sent (docs/adr/0051).

Each check returns why a message does not leave any more, for the outbox; an empty text when it does.
"""

from allauth.account.models import EmailAddress

from members.models import Application, ApplicationState, DataRequest, Delegate, Enquiry, Invitation, MandateReminder, User
from rifess.base.dates import today_in_the_network

APPLICATION_IS = {  # the states of an application in which a message about it is true
    "application_confirm": {ApplicationState.UNCONFIRMED},
    "application_received": {ApplicationState.RECEIVED, ApplicationState.IN_REVIEW},
    "application_accepted": {ApplicationState.ACCEPTED},
    "application_declined": {ApplicationState.DECLINED},
}
LETS_IN = {"login_code", "reauthentication_code", "password_reset_code", "password_reset_key", "unknown_account"}
ANOTHER_ADDRESS = "Their address is another one now."


def of_invitation(invitation, message, now):
    if not Invitation.objects.open(now).filter(pk=invitation.pk).exists():
        return "The invitation is not open any more."
    if invitation.email.lower() != message.to.lower():
        return ANOTHER_ADDRESS
    return "The invitation was sent again, with another link." if message.written_at < invitation.sent_at else ""


def of_application(application, message, now):
    if application.state not in APPLICATION_IS.get(message.kind, ApplicationState):
        return f"The application is in another state: {application.state}."
    is_to_contact = message.kind != "application_received"
    return ANOTHER_ADDRESS if is_to_contact and application.contact_email.lower() != message.to.lower() else ""


def of_data_request(request, message, now):
    """A copy counts as answered from the moment its link is written; an erasure once it is done."""
    if message.kind in {"data_erasure", "erasure_asked"} and request.answered_at:
        return "The request was answered."
    return ANOTHER_ADDRESS if message.kind == "data_copy" and request.email.lower() != message.to.lower() else ""


def of_enquiry(enquiry, message, now):
    return "It was marked as suspected spam." if enquiry.is_suspected_spam else ""


def of_mandate(mandate, message, now):
    """The message says when the mandate is due: with another date, it is reminded of anew."""
    today = today_in_the_network()
    if not Delegate.objects.on(today).filter(pk=mandate.pk).exists():
        return "The mandate has ended."
    if not MandateReminder.objects.filter(delegate=mandate, due_on=mandate.mandate_due_on).exists():
        return "The mandate is due on another day."
    return (
        ""
        if message.user in Delegate.objects.concerned_by(mandate, today).accounts()
        else "They do not speak for the institution any more."
    )


def of_account(user, message, now):
    """Notices tell what happened and stay true; what lets somebody in follows the account and its address."""
    if message.kind == "account_idle" and user.last_login and user.last_login > message.written_at:
        return "They signed in meanwhile."
    if message.kind in {"account_idle", "account_unlocked", *LETS_IN} and not user.is_active:
        return "The account is locked."
    if message.kind == "account_locked" and user.is_active:
        return "The account was unlocked."
    return ANOTHER_ADDRESS if message.kind in LETS_IN and not _is_address_of(user, message.to) else ""


def _is_address_of(user, email):
    return user.email.lower() == email.lower() or EmailAddress.objects.filter(user=user, email__iexact=email).exists()


CHECKS = {
    Application: of_application,
    DataRequest: of_data_request,
    Delegate: of_mandate,
    Enquiry: of_enquiry,
    Invitation: of_invitation,
    User: of_account,
}
