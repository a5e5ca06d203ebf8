from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordingTrack(models.TextChoices):
    FLOOR = "floor", _("as spoken")
    INTERPRETED = "interpreted", _("interpretation")
