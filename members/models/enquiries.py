from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models


class EnquiryQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_on=None)


class Enquiry(models.Model):
    """What somebody wrote to the secretariat by the contact form; a message of the outbox sends it on."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    text = models.TextField(_("message"), max_length=5000)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("message from a visitor"), _("messages from visitors")
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.name} ({self.received_at:%Y-%m-%d})"
