from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from events.models.programme import Panel
from members.models import Institution, Person
from rifess.base.cleaned import models
from rifess.base.models import SourcedModel, on_the_web


class InterventionRole(models.TextChoices):
    OPENS = "opens", pgettext_lazy("role", "opens")
    CHAIRS = "chairs", pgettext_lazy("role", "chairs")
    MODERATES = "moderates", pgettext_lazy("role", "moderates")
    SPEAKS = "speaks", pgettext_lazy("role", "speaks")
    REPORTS = "reports", pgettext_lazy("role", "reports")
    ATTENDS = "attends", pgettext_lazy("role", "attends")
    ACCOMPANIES = "accompanies", pgettext_lazy("role", "accompanies")


SILENT = {InterventionRole.ATTENDS, InterventionRole.ACCOMPANIES}


class Certainty(models.TextChoices):
    """How sure the source is that it was so."""

    STATED = "stated", _("the source says so")
    IMPLIED = "implied", _("the source implies it")
    UNCLEAR = "unclear", _("the source is unclear")


class InterventionQuerySet(models.QuerySet):
    def public(self):
        """Interventions in seminars any visitor may see."""
        return self.filter(panel__in=Panel.objects.public())

    def visible_to(self, user):
        return self.filter(panel__in=Panel.objects.visible_to(user))

    def spoken(self):
        """Interventions in which something is said: those who only attend or accompany are left out."""
        return self.exclude(role__in=SILENT)

    def with_panel(self):
        """Bring the panel, its seminar and the positions along, for a person's or an institution's page."""
        return self.select_related("person", "panel__seminar").prefetch_related("positions__institution")


class Intervention(SourcedModel):
    """What one person (or a collective) does or says in a panel. One person may have several in the same panel.

    Name and positions are kept as they were printed then: a later post changes nothing here.
    """

    panel = models.ForeignKey(Panel, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="interventions")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, null=True, blank=True, related_name="interventions"
    )
    collective = models.CharField(
        _("collective"),
        max_length=250,
        blank=True,
        help_text=_("Instead of a person: for example, delegations of the member countries."),
    )
    name_as_printed = models.CharField(
        _("name as printed"), max_length=200, blank=True, help_text=_("Only when it differs from the person’s name.")
    )
    role = models.CharField(_("role"), max_length=12, choices=InterventionRole, default=InterventionRole.SPEAKS)
    title = models.CharField(_("title"), max_length=250, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    quote = models.TextField(_("quotation"), blank=True)
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty, default=Certainty.STATED)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("talk"), _("talks")
        ordering = ["position", "pk"]
        constraints = [
            on_the_web("intervention_source_is_on_the_web", "source_url"),
            models.CheckConstraint(
                name="intervention_by_a_person_or_a_collective",
                condition=(Q(person__isnull=False) & Q(collective="")) | (Q(person__isnull=True) & ~Q(collective="")),
                violation_error_message=_("Choose a person or write a collective: one of the two."),
            ),
        ]

    def __str__(self):
        return f"{self.printed_name} · {self.get_role_display()}"

    def get_absolute_url(self):
        return f"{self.panel.get_absolute_url()}#i{self.pk}"

    @property
    def printed_name(self):
        """The name as it was printed then."""
        return self.name_as_printed or (self.person.name if self.person else self.collective)


class PrintedPosition(models.Model):
    """A position as it was printed then. One person may speak under two."""

    intervention = models.ForeignKey(Intervention, verbose_name=_("talk"), on_delete=models.CASCADE, related_name="positions")
    text = models.CharField(
        _("position"), max_length=300, help_text=_("As it was printed, for example: Director of the Subregional Office.")
    )
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="printed_positions",
    )
    country = CountryField(_("country represented"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name, verbose_name_plural = _("position as printed"), _("positions as printed")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text
