import secrets

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from members.models.institutions import InstitutionKind
from members.models.mandates import Membership, MembershipCategory
from rifess.base.cleaned import models
from rifess.base.models import on_the_web


class ApplicationState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("email address not confirmed")
    RECEIVED = "received", pgettext_lazy("application", "received")
    IN_REVIEW = "in-review", _("in review")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class ApplicationQuerySet(models.QuerySet):
    def waiting(self):
        """Applications whose address is confirmed and that nobody has decided yet, oldest first."""
        return self.filter(state__in=[ApplicationState.RECEIVED, ApplicationState.IN_REVIEW]).order_by("confirmed_at", "pk")


def new_key():
    return secrets.token_urlsafe(12)


class Application(models.Model):
    """An institution asks to join the Network. It is the secretariat's to read once the contact's address is confirmed."""

    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    category = models.CharField(_("asks to be"), max_length=10, choices=MembershipCategory)
    institution_name = models.CharField(_("name of the institution"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    legal_basis = models.TextField(
        _("legal basis"), max_length=3000, blank=True, help_text=_("The law or act that gives the institution its task.")
    )
    work = models.TextField(_("what the institution does for the social and solidarity economy"), max_length=5000)
    reasons = models.TextField(_("why it wishes to join"), max_length=5000)
    contact_name = models.CharField(_("contact person"), max_length=200)
    contact_position = models.CharField(_("position"), max_length=200)
    contact_email = models.EmailField(_("email address"))
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    letter = models.FileField(_("letter"), upload_to="applications/%Y/", blank=True)
    letter_name = models.CharField(_("name of the file"), max_length=200, blank=True, editable=False)
    consented_at = models.DateTimeField(_("consent given"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ApplicationState, default=ApplicationState.UNCONFIRMED)
    applied_at = models.DateTimeField(_("sent in"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    reason = models.TextField(_("reason"), blank=True, help_text=_("The applicant reads it."))
    membership = models.ForeignKey(
        Membership,
        verbose_name=_("membership"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="applications",
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("application"), _("applications")
        ordering = ["-applied_at", "-pk"]
        constraints = [
            on_the_web("application_website_is_on_the_web", "website"),
            models.CheckConstraint(
                name="application_of_a_member_names_its_country",
                condition=~Q(category="member") | ~Q(country=""),
                violation_error_message=_("A member’s seat is a country’s: choose the country."),
            ),
            models.CheckConstraint(
                name="application_declined_says_why",
                condition=~Q(state="declined") | ~Q(reason=""),
                violation_error_message=_("Give the reason: the applicant will read it."),
            ),
            models.CheckConstraint(
                name="application_is_decided_once_confirmed",
                condition=Q(state="unconfirmed", confirmed_at__isnull=True)
                | (~Q(state="unconfirmed") & Q(confirmed_at__isnull=False)),
                violation_error_message=_("The applicant has not confirmed the email address yet."),
            ),
        ]

    def __str__(self):
        return self.institution_name


class ApplicationStep(models.Model):
    """What happened to an application, for both sides to read."""

    application = models.ForeignKey(Application, verbose_name=_("application"), on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=12, choices=ApplicationState)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("step of an application"), _("steps of an application")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"
