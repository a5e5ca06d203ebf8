from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.mandates import Delegate
from members.models.people import Person
from rifess.base.address_marks import is_mark_of, mark_of
from rifess.base.cleaned import models

SIGNER = TimestampSigner(salt="members.data_requests")
LINK_LASTS = timedelta(days=3)


class MandateReminder(models.Model):
    """That a mandate's due date was told, so many days before it. What is due and has no such row is still to be told."""

    delegate = models.ForeignKey(Delegate, verbose_name=_("delegate"), on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField(_("mandate due on"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    told_at = models.DateTimeField(_("told"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("reminder of a mandate"), _("reminders of mandates")
        ordering = ["-told_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegate", "due_on", "days_before"],
                name="each_reminder_of_a_mandate_once",
                violation_error_message=_("This was told already."),
            )
        ]

    def __str__(self):
        return f"{self.delegate} {self.days_before}"


class DataRequestKind(models.TextChoices):
    EXPORT = "export", _("a copy of the personal data")
    ERASURE = "erasure", _("erasure of the personal data")


class DataRequestQuerySet(models.QuerySet):
    def waiting(self):
        """Requests that the secretariat has to answer, oldest first: those that came by an address are confirmed by it."""
        return self.confirmed().filter(answered_at=None).order_by("asked_at", "pk")

    def confirmed(self):
        """Requests of people who signed in, that the secretariat wrote down, or whose address was confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self):
        return self.filter(confirmed_at=None)

    def behind(self, signed):
        """The request to which the signed part of an address leads, while that is valid and was sent where it is sent now.

        One or none.
        """
        try:
            key, _dot, mark = SIGNER.unsign(signed, max_age=LINK_LASTS).partition(".")
            found = self.exclude(email="").filter(pk=int(key))
        except (BadSignature, ValueError):
            return self.none()
        return found if any(is_mark_of(mark, request.email) for request in found) else self.none()


class DataRequest(models.Model):
    """Somebody asked for a copy of their personal data, or for its erasure. The row outlives what it was about.

    Whose data: those of the account, of the person, or of whoever reads the mail of `email`. Who asks with an address alone
    confirms it by the link that is sent there.
    """

    kind = models.CharField(_("asked for"), max_length=8, choices=DataRequestKind)
    email = models.EmailField(
        _("email address"),
        blank=True,
        db_default="",
        help_text=_("Of participants, subscribers, and others without an account."),
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default="es",
        db_default="es",
        help_text=_("The language of the messages."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.SET_NULL, null=True, related_name="data_requests"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.SET_NULL, null=True, blank=True, related_name="data_requests"
    )
    words = models.TextField(_("message"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True, default=timezone.now)
    answered_at = models.DateTimeField(pgettext_lazy("request", "answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    answer = models.TextField(_("what was done"), blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("request about personal data"), _("requests about personal data")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.asked_at:%Y-%m-%d}"

    @property
    def signed(self):
        """What the link in a letter carries instead of an e-mail address. It is good for `LINK_LASTS`."""
        return SIGNER.sign(f"{self.pk}.{mark_of(self.email)}")
