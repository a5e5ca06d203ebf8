from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models
from rifess.base.models import SluggedModel, on_the_web
from rifess.base.text.collation import SortKey
from rifess.search.full_text import TITLE
from rifess.search.narrowing import with_words, words_of


class PersonQuerySet(models.QuerySet):
    def named(self, words):
        """People whose name, or a known variant of it, has every one of `words` or what begins with it, in any order and without
        accents. The search index answers."""
        words = words_of(words)
        return self.filter(with_words("person", words, (TITLE,))) if words else self.all()


class Person(SluggedModel):
    """A human being with a page: whoever takes part in seminars or speaks for an institution. The position held at a
    given time belongs to the intervention or the mandate, not to the person."""

    name = models.CharField(_("name"), max_length=200)
    biography = models.TextField(_("biography"), blank=True, help_text=_("A few lines for the person’s public page."))
    website = models.URLField(_("website"), max_length=300, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        ordering = [SortKey("name"), "pk"]
        constraints = [
            on_the_web("person_website_is_on_the_web", "website"),
            models.UniqueConstraint(
                fields=["slug"], name="one_person_per_address", violation_error_message=_("Another person has this address.")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person", args=[self.slug])


class NameVariant(models.Model):
    """Another way in which a person's name has been printed: "Jaime Sánchez-Cervera"."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="variants")
    name = models.CharField(_("variant of the name"), max_length=200)

    class Meta:
        verbose_name, verbose_name_plural = _("variant of the name"), _("variants of the name")
        ordering = [SortKey("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                name="each_variant_of_a_name_once",
                violation_error_message=_("This variant is already written."),
            )
        ]

    def __str__(self):
        return self.name
