"""The paper that proves it: who took part, spoke or organized; what is printed, the code that finds it, the key that signs it."""

from functools import partial

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.registrations import Registration, by_whom
from events.models.seminars import Seminar
from members.models import Person
from rifess.base.cleaned import models
from rifess.base.codes import new_code


class CertificateKind(models.TextChoices):
    ATTENDANCE = "attendance", _("of attendance")
    INTERVENTION = "intervention", _("of speakers")
    ORGANIZATION = "organization", _("of organization")


class CertificateMeasure(models.TextChoices):
    REGISTERED = "came", _("everyone who attended, for any length of time")
    MINUTES = "minutes", pgettext_lazy("length of time", "minutes")
    PANELS = "panels", _("panels")


class CertificateRules(models.Model):
    """Who earns a certificate of attendance of a seminar, and who signs all of its certificates."""

    seminar = models.OneToOneField(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="certificate_rules")
    measure = models.CharField(_("what counts"), max_length=8, choices=CertificateMeasure, default=CertificateMeasure.REGISTERED)
    at_least = models.PositiveIntegerField(_("at least"), default=1, help_text=_("So many minutes, or so many panels."))
    hours = models.PositiveSmallIntegerField(
        _("hours to print"), null=True, blank=True, help_text=_("Left empty, the certificate says no number of hours.")
    )
    signed_by = models.CharField(_("name of who signs"), max_length=200, blank=True)
    signed_as = models.CharField(_("position of who signs"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("rules of certificates"), _("rules of certificates")
        constraints = [
            models.CheckConstraint(
                name="certificate_asks_for_something",
                condition=Q(at_least__gte=1),
                violation_error_message=_("Ask for at least one."),
            )
        ]

    def __str__(self):
        return str(self.seminar)


class SigningKey(models.Model):
    """The public half of a key that signs certificates. Old ones stay, so that what they signed can be checked."""

    name = models.CharField(_("name"), max_length=60, unique=True, help_text="RFC 7517 §4.5: kid.")
    public = models.CharField(_("public key"), max_length=60, help_text="RFC 8037: x of an Ed25519 key, base64url.")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    signs = models.BooleanField(_("signs now"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("key that signs certificates"), _("keys that sign certificates")
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["signs"], condition=Q(signs=True), name="one_key_signs_at_a_time")]

    def __str__(self):
        return self.name


class CertificateQuerySet(models.QuerySet):
    def valid(self):
        """Certificates that hold: neither revoked nor replaced."""
        return self.filter(revoked_at=None)


class Certificate(models.Model):
    """What one certificate says, as it was when it was issued. A correction is a new one that takes its place."""

    code = models.CharField(_("code"), max_length=16, unique=True, default=partial(new_code, 3, 4), editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=CertificateKind, default=CertificateKind.ATTENDANCE)
    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.PROTECT, related_name="certificates")
    registration = models.ForeignKey(
        Registration, verbose_name=_("participant"), on_delete=models.SET_NULL, null=True, blank=True, related_name="certificates"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.SET_NULL, null=True, blank=True, related_name="certificates"
    )
    email = models.EmailField(_("sent to"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    name = models.CharField(_("name"), max_length=200)
    said = models.JSONField(_("what it says"), default=dict, help_text="Every line on the paper but the name and the code.")
    issued_at = models.DateTimeField(pgettext_lazy("certificate", "issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("certificate", "issued by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    credential = models.TextField(_("credential"), editable=False, help_text="Open Badges 3.0 §8.2.4: VC-JWT.")
    key = models.ForeignKey(SigningKey, verbose_name=_("signed with"), on_delete=models.PROTECT, editable=False, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    revoked_by = by_whom(_("revoked by"))
    revoked_because = models.CharField(_("reason"), max_length=300, blank=True)
    names_successor = models.BooleanField(
        default=True, db_default=True, editable=False, help_text="Not where its code was sent to an address that was corrected."
    )
    replaces = models.OneToOneField(
        "self", verbose_name=_("takes the place of"), on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("certificate"), _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "seminar", "registration"],
                condition=Q(registration__isnull=False, revoked_at__isnull=True),
                name="one_valid_certificate_for_each_participant",
                violation_error_message=_("This person has this certificate already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "seminar", "person"],
                condition=Q(person__isnull=False, registration__isnull=True, revoked_at__isnull=True),
                name="one_valid_certificate_for_each_person",
                violation_error_message=_("This person has this certificate already."),
            ),
            models.CheckConstraint(
                name="certificate_has_a_name", condition=~Q(name=""), violation_error_message=_("Enter the name to be printed.")
            ),
        ]

    def __str__(self):
        return f"{self.code} · {self.name}"

    def get_absolute_url(self):
        """Where anybody who has the paper checks it."""
        return reverse("certificate", args=[self.code])


class IssuingJob(models.Model):
    """The certificates of a seminar, issued in the background: how far it is."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="issuing_jobs")
    kind = models.CharField(_("kind"), max_length=12, choices=CertificateKind, default=CertificateKind.ATTENDANCE)
    sends_mail = models.BooleanField(_("tells each person"), default=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    total = models.PositiveIntegerField(_("people"), default=0)
    issued = models.PositiveIntegerField(_("issued"), default=0)
    there_already = models.PositiveIntegerField(_("had theirs already"), default=0)
    trouble = models.TextField(_("what happened"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("issue of certificates"), _("issues of certificates")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.seminar} · {self.get_kind_display()}"
