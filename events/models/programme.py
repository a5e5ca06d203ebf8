from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.seminars import InstitutionRole, Seminar, Topic
from members.models import Institution
from rifess.base.cleaned import models
from rifess.base.models import SluggedModel, SourcedModel, on_the_web


class PanelKind(models.TextChoices):
    OPENING = "opening", _("opening")
    PANEL = "panel", _("panel")
    PLENARY = "plenary", _("plenary")
    LECTURE = "lecture", _("lecture")
    WORKSHOP = "workshop", _("workshop")
    SESSION = "session", _("session")
    CLOSING = "closing", _("closing")


class PanelQuerySet(models.QuerySet):
    def public(self):
        """Panels of seminars any visitor may see."""
        return self.filter(seminar__in=Seminar.objects.public())

    def visible_to(self, user):
        """Panels of the seminars that `user` may see."""
        return self.filter(seminar__in=Seminar.objects.visible_to(user))

    def undated(self):
        """Panels whose day is not known."""
        return self.filter(held_on=None)

    def with_calendar(self):
        """Bring what a calendar shows of a panel."""
        return self.select_related("seminar").prefetch_related("topics")

    def with_speakers(self):
        """Bring everything a panel's page says: one query per table."""
        return self.select_related("seminar").prefetch_related(
            "topics",
            "institutions__institution",
            "interventions__person",
            "interventions__positions__institution",
        )


class Panel(SluggedModel, SourcedModel):
    """A part of a seminar's programme. Its day and its times may be unknown; its title may be our own description."""

    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, related_name="panels")
    position = models.PositiveSmallIntegerField(_("order"), default=1, help_text=_("Within its day."))
    kind = models.CharField(_("kind"), max_length=10, choices=PanelKind, default=PanelKind.PANEL)
    title = models.CharField(_("title"), max_length=250)
    title_is_ours = models.BooleanField(
        _("the title is our description"), default=False, help_text=_("The source gives none. The page says so.")
    )
    summary = models.TextField(_("summary"), blank=True)
    conclusions = models.TextField(_("conclusions"), blank=True)
    held_on = models.DateField(_("day"), null=True, blank=True, help_text=_("Leave it empty when it is not known."))
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="panels")

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("panel"), _("panels")
        ordering = [F("held_on").asc(nulls_last=True), F("starts_at").asc(nulls_last=True), "position", "pk"]
        constraints = [
            on_the_web("panel_source_is_on_the_web", "source_url"),
            models.UniqueConstraint(
                fields=["seminar", "slug"],
                name="one_panel_per_address",
                violation_error_message=_("Another panel of this seminar has this address."),
            ),
            models.CheckConstraint(
                name="panel_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A panel ends after it starts."),
            ),
            models.CheckConstraint(
                name="panel_with_an_end_has_a_start",
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False),
                violation_error_message=_("Give the start too, or neither."),
            ),
            models.CheckConstraint(
                name="panel_with_a_time_has_a_day",
                condition=Q(starts_at__isnull=True) | Q(held_on__isnull=False),
                violation_error_message=_("Give the day too: a time alone says nothing."),
            ),
        ]

    def __str__(self):
        return self.title

    def slug_scope(self):
        return str(self.seminar_id)

    def slug_source(self):
        return self.title_es

    def slug_siblings(self):
        return super().slug_siblings().filter(seminar=self.seminar_id)

    def get_absolute_url(self):
        return reverse("events:panel", args=[self.seminar.slug, self.slug])

    def clean(self):
        if self.held_on and self.seminar_id:
            self._be_within_the_seminar()

    def _be_within_the_seminar(self):
        first, last = self.seminar.starts_on, self.seminar.ends_on
        if first and (self.held_on < first or (last and self.held_on > last)):
            raise ValidationError(
                {"held_on": ValidationError(_("This day is not one of the seminar’s."), code="outside_seminar")}
            )
        if self.starts_at and timezone.localdate(self.starts_at, self.seminar.zone) != self.held_on:
            raise ValidationError({"held_on": ValidationError(_("The time falls on another day."), code="other_day")})

    @property
    def has_time(self):
        return self.starts_at is not None


class PanelInstitution(models.Model):
    """What an institution does in a panel."""

    panel = models.ForeignKey(Panel, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="institutions")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="panel_roles"
    )
    role = models.CharField(_("role"), max_length=12, choices=InstitutionRole, default=InstitutionRole.ORGANIZES)

    class Meta:
        verbose_name, verbose_name_plural = _("institution of the panel"), _("institutions of the panel")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "institution", "role"],
                name="each_role_in_a_panel_once",
                violation_error_message=_("This institution already has this role."),
            )
        ]

    def __str__(self):
        return f"{self.institution} · {self.get_role_display()}"
