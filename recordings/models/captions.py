from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models
from rifess.base.text.languages import SPOKEN


class CaptionKind(models.TextChoices):
    FLOOR = "floor", _("what was said")
    INTERPRETATION = "interpretation", _("what the interpreters said")
    TRANSLATION = "translation", _("a translation")


class CaptionOrigin(models.TextChoices):
    PERSON = "person", _("written by a person")
    MACHINE = "machine", _("made by a machine")
    OFFICIAL = "official", _("the official record")


class CaptionQuerySet(models.QuerySet):
    def without_text(self):
        """Without their words: enough for lists and links, however long the transcripts."""
        return self.defer("cues")


class Caption(models.Model):
    """What was said in a recording, with its times, in one language. The file is kept as it was uploaded.

    `cues` are rows of start and end in milliseconds, speaker, text and settings, as `recordings.captions` writes them.
    """

    recording = models.ForeignKey(
        "recordings.Recording", verbose_name=_("recording"), on_delete=models.CASCADE, related_name="captions"
    )
    language = models.CharField(_("language"), max_length=12, choices=SPOKEN)
    kind = models.CharField(_("what it gives"), max_length=14, choices=CaptionKind, default=CaptionKind.FLOOR)
    origin = models.CharField(_("who made it"), max_length=8, choices=CaptionOrigin, default=CaptionOrigin.MACHINE)
    reviewed_by = models.CharField(_("reviewed by"), max_length=150, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    original = models.FileField(_("file"), upload_to="captions/%Y/", help_text=_("WebVTT or SRT, as it is."))
    original_name = models.CharField(max_length=200, blank=True, editable=False)
    cues = models.JSONField(default=list, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = CaptionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("captions"), _("captions")
        ordering = ["language", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "language", "kind"],
                name="captions_of_a_kind_once_per_language",
                violation_error_message=_("This recording already has such captions in this language."),
            ),
            models.CheckConstraint(
                name="caption_review_says_who_and_when",
                condition=Q(reviewed_by="", reviewed_on__isnull=True) | (~Q(reviewed_by="") & Q(reviewed_on__isnull=False)),
                violation_error_message=_("Say who reviewed them and when, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.get_language_display()} · {self.get_kind_display()}"

    @property
    def is_machine(self):
        """Whether a machine wrote it: readers are told so, reviewed or not."""
        return self.origin == CaptionOrigin.MACHINE
