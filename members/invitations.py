"""The secretariat invites; whoever reads the message accepts. There is no other way to an account."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from members.accounts.reach import groups_within_reach
from members.models import Delegate, Invitation, InvitedAs, Message, User
from members.models.invitations import new_nonce, two_weeks_from_now
from members.outbox.mail import withdraw, write
from rifess.base.dates import today_in_the_network
from rifess.base.groups import EDITORS, SECRETARIAT
from rifess.base.periods import lock

SALT = "members.invitations"
BEYOND_REACH = _lazy("You do not have all the rights that this role gives. Someone who has them can invite.")
GROUPS = {InvitedAs.SECRETARIAT: SECRETARIAT, InvitedAs.EDITOR: EDITORS}


# The link


def token_of(invitation) -> str:
    """What the link carries: signed, and replaced when the invitation is sent again."""
    return signing.Signer(salt=SALT).sign_object([invitation.pk, invitation.nonce])


def named_by(token) -> tuple[Invitation | None, bool]:
    """The invitation whose link carries `token`, and whether it is its last link. (None, False) for what we did not sign."""
    try:
        pk, nonce = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None, False
    invitation = Invitation.objects.select_related("person__user", "membership__institution").filter(pk=pk).first()
    return invitation, bool(invitation) and invitation.nonce == nonce


def address_of(invitation) -> str:
    """The page of the invitation, in its language."""
    with override(invitation.language):
        return settings.SITE_URL + reverse("members:invitation", args=[token_of(invitation)])


# The secretariat


@transaction.atomic
def invite(invitation, *, by):
    """Keep a new `invitation` and write to the person. Raises ValidationError when it cannot be (see `check`).

    Also with code "beyond_reach", when `by` does not have the rights that it gives.
    """
    if by and invitation.role not in roles_within_reach(by):
        raise ValidationError({"role": ValidationError(BEYOND_REACH, code="beyond_reach")})
    invitation.invited_by = by
    invitation.full_clean()
    lock(invitation.membership or invitation.person)  # of two who invite to the same at once, the second finds the first
    check(invitation)
    invitation.save()
    _write(invitation)
    return invitation


@transaction.atomic
def resend(invitation):
    """Write again, with a new link, good for two weeks: the former one opens nothing any more.

    Raises ValidationError (code "closed") for one that was accepted or taken back.
    """
    invitation = _locked(invitation)
    check(invitation)
    withdraw(_unsent(invitation))
    invitation.nonce, invitation.expires_at = new_nonce(), two_weeks_from_now()
    _write(invitation)
    return invitation


@transaction.atomic
def revoke(invitation, *, by):
    """Take the invitation back: its link opens nothing any more. Raises ValidationError (code "closed") as `resend` does."""
    invitation = _locked(invitation)
    withdraw(_unsent(invitation))
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    return invitation


def roles_within_reach(actor):
    """The roles in which `actor` may invite: those of the secretariat only with all the rights of their group."""
    groups = {*groups_within_reach(actor, Group.objects.filter(name__in=GROUPS.values())).values_list("name", flat=True)}
    return [role for role in InvitedAs if role not in GROUPS or GROUPS[role] in groups]


def sendings(invitation):
    """The messages that brought the invitation, and what became of each."""
    return Message.objects.filter(kind="invitation", to__iexact=invitation.email, written_at__gte=invitation.invited_at)


def _unsent(invitation):
    return sendings(invitation).filter(text__contains=token_of(invitation))


def _locked(invitation):
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.accepted_at:
        raise ValidationError(_("This invitation was accepted. End the mandate instead."), code="closed")
    if found.revoked_at:
        raise ValidationError(_("This invitation was withdrawn. Make a new one."), code="closed")
    return found


def _write(invitation):
    invitation.sendings, invitation.sent_at = invitation.sendings + 1, timezone.now()
    invitation.save(update_fields=["nonce", "expires_at", "sendings", "sent_at"])
    write(
        "invitation",
        to=invitation.email,
        to_name=invitation.person.name,
        user=_account(invitation),
        language=invitation.language,
        context={"invitation": invitation, "url": address_of(invitation)},
        is_secret=True,
        expires_at=invitation.expires_at,
        about=invitation,
    )


def check(invitation):
    """Raise ValidationError when `invitation` contradicts a mandate, an account or another invitation."""
    _refuse_another_persons_account(invitation)
    seat = invitation.membership
    if seat is None and not invitation.is_for_staff:  # the table's own rule says so
        return
    if seat and not seat.is_active():
        raise ValidationError({"membership": ValidationError(_("This membership is not in force today."), code="not_in_force")})
    _refuse_a_second_invitation(invitation)
    if invitation.role == InvitedAs.TITULAR:
        _refuse_a_second_titular(invitation)


def _refuse_another_persons_account(invitation):
    account = _account(invitation)
    theirs = getattr(account, "person", None)
    if theirs and theirs != invitation.person:
        said = _("This address is that of %(person)s’s account. Each person needs their own.") % {"person": theirs}
        raise ValidationError({"email": ValidationError(said, code="taken")})


def _refuse_a_second_invitation(invitation):
    others = Invitation.objects.open().filter(membership=invitation.membership, role=invitation.role).exclude(pk=invitation.pk)
    if others.filter(person=invitation.person).exists():
        said = _("This person was already invited to this, and has not answered yet. Send that invitation again instead.")
        raise ValidationError({"person": ValidationError(said, code="waiting")})
    waiting = others.select_related("person").first()
    if waiting and invitation.role == InvitedAs.TITULAR:
        said = _("%(person)s is invited as principal delegate of this membership. Withdraw that invitation first.")
        raise ValidationError({"role": ValidationError(said % {"person": waiting.person}, code="waiting")})


def _refuse_a_second_titular(invitation):
    titulars = Delegate.objects.on().filter(membership=invitation.membership, role=InvitedAs.TITULAR)
    titular = titulars.exclude(person=invitation.person).select_related("person").first()
    if titular:
        said = _("%(person)s is principal delegate of this membership. End that mandate first, or invite as an alternate.")
        raise ValidationError({"role": ValidationError(said % {"person": titular.person}, code="titular")})


# Whoever was invited


def account_for(invitation):
    """The account that has to accept: the person's, or the one with that address; None when it is still to be opened."""
    return invitation.person.user or _account(invitation)


def _account(invitation):
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def open_account(invitation, *, name, password=None):
    """Open an account for whoever holds the link, and accept with it. Without a password one signs in by codes and passkeys.

    The address is known to be theirs: the link was sent there. Raises ValidationError as `accept` does.
    """
    invitation = _still_open(invitation)
    if account_for(invitation):
        raise ValidationError(_("There is already an account with this address. Sign in with it."), code="has_account")
    user = User.objects.create_user(invitation.email, password, name=name, language=invitation.language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    accept(invitation, user=user)
    return user


@transaction.atomic
def accept(invitation, *, user):
    """`user` accepts: the account becomes the person's, and the mandate begins today unless it already holds.

    Raises ValidationError: "closed" when somebody was faster, "another" for somebody else's account, and those of the mandate.
    """
    invitation = _still_open(invitation)
    _join(invitation.person, user)
    if invitation.is_for_staff:
        _take_in(user, invitation.role)
    else:
        invitation.mandate = _mandate(invitation)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["mandate", "accepted_at", "accepted_by"])
    return invitation


def _still_open(invitation):
    opened = Invitation.objects.open().select_for_update(of=["self"]).select_related("person__user", "membership__institution")
    found = opened.filter(pk=invitation.pk, nonce=invitation.nonce).first()
    if found is None:
        raise ValidationError(_("This invitation can no longer be accepted."), code="closed")
    return found


def _join(person, user):
    known = getattr(user, "person", None)
    if (person.user or user) != user or (known or person) != person:
        raise ValidationError(_("This invitation is for another person’s account."), code="another")
    if person.user is None:
        person.user = user
        person.save(update_fields=["user"])


def _take_in(user, role):
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(Group.objects.get(name=GROUPS[role]))


def _mandate(invitation):
    """The mandate in force that was offered, or a new one from today."""
    offered = {"person": invitation.person, "membership": invitation.membership, "role": invitation.role}
    held = Delegate.objects.on().filter(**offered).first()
    if held:
        return held
    mandate = Delegate(
        **offered,
        starts_on=today_in_the_network(),
        mandate_due_on=invitation.mandate_due_on,
        accreditation=invitation.accreditation,
    )
    mandate.full_clean()
    mandate.save()
    return mandate
