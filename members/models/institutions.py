from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from rifess.base.cleaned import models
from rifess.base.models import SluggedModel, SourcedModel, on_the_web
from rifess.base.text.collation import ShownSortKey


class InstitutionKind(models.TextChoices):
    GOVERNMENT = "government", _("national government institution")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental body")
    UNITED_NATIONS = "united-nations", _("United Nations body")
    ACADEMIC = "academic", _("school or university")
    MOVEMENT = "movement", _("organization of the social economy")
    OTHER = "other", _("other")


class Institution(SluggedModel, SourcedModel):
    """A public or social body. Its name is kept as it calls itself; bodies with official names in several languages have each."""

    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind, default=InstitutionKind.GOVERNMENT)
    country = CountryField(_("country"), blank=True)
    part_of = models.CharField(_("part of"), max_length=250, blank=True, help_text=_("For example: Government of Mexico."))
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("institution"), _("institutions")
        ordering = [ShownSortKey("name"), "pk"]
        constraints = [
            on_the_web("institution_source_is_on_the_web", "source_url"),
            on_the_web("institution_website_is_on_the_web", "website"),
            models.UniqueConstraint(
                fields=["slug"],
                name="one_institution_per_address",
                violation_error_message=_("Another institution has this address."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def slug_source(self):
        return f"{self.acronym or self.name} {self.country.code or ''}"

    def get_absolute_url(self):
        return reverse("institution", args=[self.slug])

    @property
    def short_name(self):
        """The acronym, or the name when there is none."""
        return self.acronym or self.name
