"""What lies where in a recording: interventions as ranges of it, and chapters. Counted from the recording's start."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models import Intervention
from rifess.base.cleaned import models


class Clip(models.Model):
    """An intervention as a range of a recording: from `start` up to, and not including, `end`. Either may be unknown."""

    recording = models.ForeignKey(
        "recordings.Recording", verbose_name=_("recording"), on_delete=models.CASCADE, related_name="clips"
    )
    intervention = models.ForeignKey(Intervention, verbose_name=_("talk"), on_delete=models.CASCADE, related_name="clips")
    start = models.DurationField(_("from"), null=True, blank=True, help_text=_("Hours:minutes:seconds. Empty: not known."))
    end = models.DurationField(_("to"), null=True, blank=True, help_text=_("Hours:minutes:seconds. Empty: not known."))

    class Meta:
        verbose_name, verbose_name_plural = _("talk in the recording"), _("talks in the recording")
        ordering = [F("start").asc(nulls_last=True), "intervention__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "intervention"],
                name="each_intervention_once_in_a_recording",
                violation_error_message=_("This talk already has its range in this recording."),
            ),
            models.CheckConstraint(
                name="clip_starts_within_the_recording",
                condition=Q(start__isnull=True) | Q(start__gte=timedelta(0)),
                violation_error_message=_("A talk starts at 0:00 or later."),
            ),
            models.CheckConstraint(
                name="clip_ends_after_it_starts",
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                violation_error_message=_("A talk ends after it starts."),
            ),
            models.CheckConstraint(
                name="clip_with_an_end_has_a_start",
                condition=Q(end__isnull=True) | Q(start__isnull=False),
                violation_error_message=_("Give the start too, or neither."),
            ),
        ]

    def __str__(self):
        return str(self.intervention)

    def clean(self):
        if self.recording_id and self.intervention_id:
            self._be_of_the_recording()
        if self.recording_id:
            for field in ("start", "end"):
                refuse_beyond(self.recording, getattr(self, field), field=field, included=field == "end")

    def _be_of_the_recording(self):
        panel, recording = self.intervention.panel, self.recording
        if panel.seminar_id != recording.seminar_id or recording.panel_id not in {None, panel.pk}:
            sentence = _("This talk is not of the recording’s panel.")
            raise ValidationError({"intervention": ValidationError(sentence, code="other_panel")})


class Chapter(models.Model):
    """A part of a recording that somebody named. It lasts until the next one."""

    recording = models.ForeignKey(
        "recordings.Recording", verbose_name=_("recording"), on_delete=models.CASCADE, related_name="chapters"
    )
    start = models.DurationField(_("from"), help_text=_("Hours:minutes:seconds."))
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name, verbose_name_plural = _("chapter"), _("chapters")
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "start"],
                name="one_chapter_at_a_time",
                violation_error_message=_("Another chapter starts at this second."),
            ),
            models.CheckConstraint(
                name="chapter_starts_within_the_recording",
                condition=Q(start__gte=timedelta(0)),
                violation_error_message=_("A chapter starts at 0:00 or later."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.recording_id:
            refuse_beyond(self.recording, self.start, field="start")


def refuse_beyond(recording, moment, *, field, included=False):
    """Raise ValidationError (code "beyond_the_end") for a `moment` after the `recording`, whose end is out unless `included`."""
    if moment is None or recording.duration is None:
        return
    if moment > recording.duration or (moment == recording.duration and not included):
        raise ValidationError({field: ValidationError(_("The recording is over by then."), code="beyond_the_end")})
