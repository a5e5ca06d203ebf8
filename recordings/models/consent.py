from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Audience, Person
from rifess.base.cleaned import models
from rifess.base.text.collation import SortKey


class ConsentScope(models.TextChoices):
    EVERYONE = "everyone", _("everyone may see it")
    NETWORK = "network", _("only those who belong to the Network may see it")


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        """Permissions given and not taken back."""
        return self.filter(given_on__isnull=False, withdrawn_on__isnull=True)

    def taken_back(self):
        return self.filter(withdrawn_on__isnull=False)

    def that_allow(self, audience):
        """Permissions in force that are enough for a seminar shown to `audience`."""
        return self.in_force().filter(scope=ConsentScope.EVERYONE) if audience == Audience.EVERYONE else self.in_force()


class Consent(models.Model):
    """A speaker's permission to show a recording: asked, given on a day, and perhaps taken back on another."""

    recording = models.ForeignKey(
        "recordings.Recording", verbose_name=_("recording"), on_delete=models.CASCADE, related_name="consents"
    )
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="consents")
    given_on = models.DateField(_("given on"), null=True, blank=True, help_text=_("Empty while it has only been asked for."))
    scope = models.CharField(_("for whom"), max_length=8, choices=ConsentScope, default=ConsentScope.EVERYONE)
    evidence = models.CharField(
        _("evidence"), max_length=300, blank=True, help_text=_("Where it can be read: a message and its date, a signed sheet.")
    )
    document = models.ForeignKey(
        "recordings.Document",
        verbose_name=_("signed paper"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Kept among the documents, for the Secretariat only."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("speaker’s consent"), _("speakers’ consents")
        ordering = [SortKey("person__name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "person"],
                name="one_consent_per_person_and_recording",
                violation_error_message=_("This person’s consent has already been recorded."),
            ),
            models.CheckConstraint(
                name="consent_taken_back_after_it_was_given",
                condition=Q(withdrawn_on__isnull=True) | Q(given_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                violation_error_message=_("A consent cannot be withdrawn before the day it was given."),
            ),
        ]

    def __str__(self):
        return str(self.person)

    def clean(self):
        if self.given_on and not (self.evidence or self.document_id):
            sentence = _("Enter where the consent can be read.")
            raise ValidationError({"evidence": ValidationError(sentence, code="no_evidence")})
        if self.document_id and {self.document.audience, self.document.readers} != {Audience.SECRETARIAT}:
            sentence = _("Others may read this document: choose one that is for the Secretariat only.")
            raise ValidationError({"document": ValidationError(sentence, code="open_document")})
