from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models


class EnquiryQuerySet(models.QuerySet):
    def unanswered(self):
        """Messages to answer; suspected spam is not among them."""
        return self.filter(answered_on=None, is_suspected_spam=False)

    def suspected(self):
        return self.filter(answered_on=None, is_suspected_spam=True)

    def kept_since_before(self, moment):
        """Messages answered before `moment`; suspected spam, which is seldom answered, when it came before `moment`."""
        return self.filter(Q(answered_on__lt=moment.date()) | Q(is_suspected_spam=True, received_at__lt=moment))


class Enquiry(models.Model):
    """What somebody wrote to the secretariat by the contact form; a message of the outbox sends it on."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("email address"))
    text = models.TextField(_("message"), max_length=5000)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    is_suspected_spam = models.BooleanField(
        _("suspected spam"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("A field that people do not see was filled in. It was not sent to the Secretariat by email."),
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("message from a visitor"), _("messages from visitors")
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.name} ({self.received_at:%Y-%m-%d})"
