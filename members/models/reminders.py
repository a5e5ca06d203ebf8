from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models.mandates import Delegate
from members.models.people import Person
from rifess.base.cleaned import models


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
        """Requests that the secretariat has to answer, oldest first."""
        return self.filter(answered_at=None).order_by("asked_at", "pk")


class DataRequest(models.Model):
    """Somebody asked for a copy of their personal data, or for its erasure. The row outlives what it was about."""

    kind = models.CharField(_("asked for"), max_length=8, choices=DataRequestKind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.SET_NULL, null=True, related_name="data_requests"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.SET_NULL, null=True, blank=True, related_name="data_requests"
    )
    words = models.TextField(_("message"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
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
