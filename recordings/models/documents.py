from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Seminar, Topic
from members.models import Audience, Institution, audiences_open_to
from rifess.base.dates import check_precision, precision_field
from rifess.base.languages import LANGUAGES
from rifess.base.models import SluggedModel, SourcedModel, on_the_web


class DocumentKind(models.TextChoices):
    STATUTE = "statute", _("statute")
    AGREEMENT = "agreement", _("agreement")
    MINUTES = "minutes", _("minutes")
    DECLARATION = "declaration", _("declaration")
    UN_RESOLUTION = "un-resolution", _("United Nations resolution")
    REGISTRATION = "registration", _("registration")
    REPORT = "report", _("report")
    PRESENTATION = "presentation", _("presentation")
    LAW = "law", _("law")
    GOOD_PRACTICE = "good-practice", _("good practice")


class DocumentQuerySet(models.QuerySet):
    def public(self):
        """Documents any visitor may read. A paper of a seminar they may not see stays closed whatever its audience."""
        return self.filter(audience=Audience.EVERYONE).filter(Q(seminar=None) | Q(seminar__in=Seminar.objects.public()))

    def visible_to(self, user):
        """All for the secretariat; for everyone else those whose audience they belong to."""
        if user.has_perm("recordings.view_document"):
            return self
        theirs = self.filter(audience__in=audiences_open_to(user))
        return theirs.filter(Q(seminar=None) | Q(seminar__in=Seminar.objects.visible_to(user)))

    def with_card(self):
        """Bring what a row of a list shows."""
        return self.select_related("seminar", "institution")


class Document(SluggedModel, SourcedModel):
    """A text the Network keeps or points to. Only the secretariat reads it unless somebody says otherwise."""

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=16, choices=DocumentKind)
    symbol = models.CharField(_("symbol"), max_length=60, blank=True, help_text=_("For example A/RES/77/281."))
    dated_on = models.DateField(_("date"), null=True, blank=True)
    dated_on_precision = precision_field()
    language = models.CharField(_("language"), max_length=12, choices=LANGUAGES, blank=True)
    file = models.FileField(_("file"), upload_to="documents/%Y/", blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True, help_text=_("Where it can be read, when we keep no file."))
    summary = models.TextField(_("summary"), blank=True)
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    seminar = models.ForeignKey(
        Seminar, verbose_name=_("seminar"), on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="documents")
    audience = models.CharField(_("who may read it"), max_length=24, choices=Audience, default=Audience.SECRETARIAT)
    is_milestone = models.BooleanField(_("milestone of the Network"), default=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        ordering = [models.F("dated_on").desc(nulls_last=True), "title"]
        constraints = [
            on_the_web("document_source_is_on_the_web", "source_url"),
            models.UniqueConstraint(
                fields=["slug"], name="one_document_per_address", violation_error_message=_("Another document has this address.")
            ),
            on_the_web("document_is_on_the_web", "url"),
        ]

    def __str__(self):
        return f"{self.title} ({self.symbol})" if self.symbol else self.title

    def slug_source(self):
        return self.symbol or self.title_es

    def get_absolute_url(self):
        return reverse("recordings:document", args=[self.slug])

    def clean(self):
        check_precision(self.dated_on, self.dated_on_precision, field="dated_on")
        if self.file and self.url:
            raise ValidationError({"url": ValidationError(_("Give a file or a link, not both."), code="file_and_link")})
