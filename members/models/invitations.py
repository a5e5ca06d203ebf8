import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.mandates import Delegate, Membership
from members.models.people import Person
from rifess.base.cleaned import models

VALID_FOR = timedelta(days=14)


class InvitedAs(models.TextChoices):
    """The roles of mandates, and the two of the secretariat."""

    TITULAR = "titular", _("principal delegate")
    ALTERNATE = "alternate", _("alternate")
    TECHNICAL = "technical", _("technical contact")
    SECRETARIAT = "secretariat", _("Secretariat")
    EDITOR = "editor", _("editor of contents")


STAFF_ROLES = [InvitedAs.SECRETARIAT, InvitedAs.EDITOR]


class InvitationState(models.TextChoices):
    WAITING = "waiting", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("withdrawn")


class InvitationQuerySet(models.QuerySet):
    def open(self, now=None):
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now or timezone.now())

    def expired(self, now=None):
        """Invitations that nobody accepted in time."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__lte=now or timezone.now())


def new_nonce():
    return secrets.token_urlsafe(16)


def two_weeks_from_now():
    return timezone.now() + VALID_FOR


class Invitation(models.Model):
    """A person is asked to open an account and to speak for a membership, or to work in the secretariat.

    Its link carries the `nonce`, which sending it again replaces: only the last link opens. The mandate begins on acceptance.
    """

    email = models.EmailField(_("email address"))
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="invitations",
        help_text=_("Who is invited: look whether the Network knows the person before adding a new one."),
    )
    membership = models.ForeignKey(
        Membership,
        verbose_name=_("membership"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        help_text=_("For whom the person will speak. Empty for the Secretariat."),
    )
    role = models.CharField(_("role"), max_length=12, choices=InvitedAs)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="es", help_text=_("The language of the message.")
    )
    mandate_due_on = models.DateField(
        _("mandate due on"), null=True, blank=True, help_text=_("It is only a reminder and does not end access.")
    )
    accreditation = models.CharField(_("accreditation"), max_length=300, blank=True, help_text=_("Letter or act that appoints."))
    nonce = models.CharField(max_length=40, default=new_nonce, editable=False)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("last sent"), null=True, editable=False)
    sendings = models.PositiveSmallIntegerField(_("times sent"), default=0, editable=False)
    expires_at = models.DateTimeField(_("valid until"), default=two_weeks_from_now, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="accepted_invitations",
    )
    mandate = models.ForeignKey(
        Delegate, verbose_name=_("mandate"), on_delete=models.SET_NULL, null=True, editable=False, related_name="invitations"
    )
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_of_a_delegate_names_the_membership",
                condition=Q(role__in=STAFF_ROLES, membership__isnull=True)
                | (~Q(role__in=STAFF_ROLES) & Q(membership__isnull=False)),
                violation_error_message=_(
                    "A delegate speaks for a membership: choose it. The Secretariat’s people speak for none: leave it empty."
                ),
            ),
            models.CheckConstraint(
                name="invitation_is_accepted_or_taken_back",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                violation_error_message=_("This invitation was accepted. End the mandate instead."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_role_display()}"

    @property
    def is_for_staff(self):
        return self.role in STAFF_ROLES

    def state(self, now=None):
        """What became of it by `now`."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= (now or timezone.now()) else InvitationState.WAITING
