import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Intervention, Panel, Seminar
from recordings import hosts
from rifess.base.models import Language, SluggedModel, SourcedModel

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read wrongly aloud


def new_key():
    """A short permanent key that is never used again."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class RecordingTrack(models.TextChoices):
    FLOOR = "floor", _("as spoken")
    INTERPRETED = "interpreted", _("interpretation")


class RecordingQuerySet(models.QuerySet):
    def public(self):
        """Recordings any visitor may see: published, not withdrawn, of a seminar they may see."""
        return self._shown().filter(seminar__in=Seminar.objects.public())

    def visible_to(self, user):
        """All for the secretariat; for everyone else the published ones of seminars they may see."""
        if user.has_perm("recordings.view_recording"):
            return self
        return self._shown().filter(seminar__in=Seminar.objects.visible_to(user))

    def _shown(self):
        return self.filter(published_at__isnull=False, withdrawn_on__isnull=True)

    def without_source(self):
        """Recordings that exist, but whose link is not known."""
        return self.filter(sources=None)

    def with_card(self):
        """Bring what a row of a list shows: one query per table."""
        return self.select_related("seminar", "panel__seminar", "intervention__person").prefetch_related("languages", "sources")


class Recording(SluggedModel, SourcedModel):
    """A recording of a seminar, of one of its panels, or of one intervention. Having no source yet is a normal state."""

    key = models.CharField(_("permanent key"), max_length=12, unique=True, default=new_key, editable=False)
    seminar = models.ForeignKey(Seminar, verbose_name=_("seminar"), on_delete=models.PROTECT, related_name="recordings")
    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.PROTECT, null=True, blank=True, related_name="recordings"
    )
    intervention = models.ForeignKey(
        Intervention, verbose_name=_("intervention"), on_delete=models.PROTECT, null=True, blank=True, related_name="recordings"
    )
    title = models.CharField(_("title"), max_length=250)
    part = models.PositiveSmallIntegerField(_("part"), default=1, help_text=_("For a panel recorded in several files."))
    track = models.CharField(_("sound"), max_length=12, choices=RecordingTrack, default=RecordingTrack.FLOOR)
    languages = models.ManyToManyField(Language, verbose_name=_("languages heard"), blank=True, related_name="+")
    duration = models.DurationField(_("duration"), null=True, blank=True, help_text=_("Hours:minutes:seconds."))
    summary = models.TextField(_("summary"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, help_text=_("It disappears everywhere at once."))

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("recording"), _("recordings")
        ordering = ["-seminar__starts_on", "panel__position", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="one_recording_per_address",
                violation_error_message=_("Another recording has this address."),
            ),
            models.CheckConstraint(
                name="recording_lasts_some_time",
                condition=Q(duration__isnull=True) | Q(duration__gt=timedelta(0)),
                violation_error_message=_("A recording lasts longer than nothing."),
            ),
            models.CheckConstraint(
                name="recording_of_an_intervention_names_its_panel",
                condition=Q(intervention__isnull=True) | Q(panel__isnull=False),
                violation_error_message=_("Choose the intervention's panel too."),
            ),
        ]

    def __str__(self):
        return self.title

    def slug_source(self):
        return self.title_es

    def get_absolute_url(self):
        return reverse("recordings:recording", args=[self.slug])

    def clean(self):
        if self.panel_id and self.seminar_id and self.panel.seminar_id != self.seminar_id:
            raise ValidationError({"panel": ValidationError(_("This panel is of another seminar."), code="other_seminar")})
        if self.intervention_id and self.intervention.panel_id != self.panel_id:
            raise ValidationError(
                {"intervention": ValidationError(_("This intervention is of another panel."), code="other_panel")}
            )

    @property
    def is_published(self):
        return self.published_at is not None and self.withdrawn_on is None


class LinkState(models.TextChoices):
    UNKNOWN = "unknown", _("not checked")
    ALIVE = "alive", _("works")
    DEAD = "dead", _("does not work")


class Source(models.Model):
    """Where a recording can be seen. `offset` is how much later the session starts here than in the recording."""

    recording = models.ForeignKey(Recording, verbose_name=_("recording"), on_delete=models.CASCADE, related_name="sources")
    url = models.URLField(_("address"), max_length=500, help_text=_("Paste it as the site gives it: the player is recognized."))
    host = models.CharField(_("site"), max_length=10, choices=hosts.Host, editable=False)
    video_id = models.CharField(max_length=200, blank=True, editable=False)
    offset = models.DurationField(_("offset"), default=timedelta(0))
    state = models.CharField(_("state of the link"), max_length=8, choices=LinkState, default=LinkState.UNKNOWN)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name, verbose_name_plural = _("source"), _("sources")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "url"],
                name="each_source_of_a_recording_once",
                violation_error_message=_("This address is already written."),
            )
        ]

    def __str__(self):
        return self.url

    def clean(self):
        self.recognize()

    def recognize(self):
        """Fill in which site it is and the video's name there. Raises ValidationError (code "address") for no web address."""
        place = hosts.recognize(self.url)
        self.host, self.video_id, self.url = place.host, place.video_id, place.url
