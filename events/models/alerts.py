"""Who wants to hear of new seminars and recordings, without an account."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from events.models.seminars import Topic
from rifess.base.address_marks import is_mark_of, mark_of
from rifess.base.cleaned import models
from rifess.base.text.translated import text_of

SIGNER = Signer(salt="events.alerts")


def read_signed(signed):
    """The number of an alert and the mark of its address, from what links carry: older ones no mark, forged ones nothing."""
    try:
        number, _dot, mark = SIGNER.unsign(signed).partition(".")
        return int(number), mark
    except (BadSignature, ValueError):
        return None, ""


class AlertQuerySet(models.QuerySet):
    def confirmed(self):
        """Alerts whose address was confirmed by its owner."""
        return self.filter(confirmed_at__isnull=False)

    def at(self, email):
        """Alerts of one address, whatever its case."""
        return self.filter(email__iexact=email)

    def behind(self, signed):
        """The alert to which the signed part of an address leads, as long as it goes to the same e-mail address: one or none."""
        number, mark = read_signed(signed)
        found = self.filter(pk=number)
        return found if not mark or any(is_mark_of(mark, alert.email) for alert in found) else self.none()

    def of_the_reader_of(self, signed):
        """The alerts of the e-mail address whose letter carried `signed`, also when that one is gone."""
        _number, mark = read_signed(signed)
        addresses = self.order_by().values_list("email", flat=True).distinct() if mark else []
        email = next((each for each in addresses if is_mark_of(mark, each)), None)
        return self.none() if email is None else self.at(email)


class Alert(models.Model):
    """An address that wants to hear of what is new: all of it, of a topic, or of a country.

    `told_until` is the moment up to which it was told.
    """

    email = models.EmailField(_("email address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alerts",
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    topic = models.ForeignKey(Topic, verbose_name=_("topic"), on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    country = CountryField(_("country"), blank=True)
    of_seminars = models.BooleanField(_("when a seminar is announced"), default=True)
    of_recordings = models.BooleanField(_("when recordings appear"), default=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    told_until = models.DateTimeField(_("told until"), null=True, blank=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("alert"), _("alerts")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "topic", "country", condition=Q(topic__isnull=False), name="one_alert_of_each_topic"
            ),
            models.UniqueConstraint(Lower("email"), "country", condition=Q(topic__isnull=True), name="one_alert_of_each_country"),
            models.CheckConstraint(
                name="alert_is_of_something",
                condition=Q(of_seminars=True) | Q(of_recordings=True),
                violation_error_message=_("Choose seminars, recordings or both."),
            ),
            models.CheckConstraint(
                name="alert_is_of_a_topic_or_a_country",
                condition=Q(topic__isnull=True) | Q(country=""),
                violation_error_message=_("Choose a topic or a country, not both."),
            ),
        ]

    def __str__(self):
        return self.email

    def get_absolute_url(self):
        """The page of whoever asked for it, behind a signed address."""
        return reverse("events:alert", args=[self.signed])

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def subject(self):
        """What it is of, in the active language: a topic, a country, or everything."""
        if self.topic:
            return str(text_of(self.topic, "name"))
        return self.country.name or gettext("All topics and countries")

    @property
    def signed(self):
        """What its addresses carry instead of an e-mail address."""
        return SIGNER.sign(f"{self.pk}.{mark_of(self.email)}")
