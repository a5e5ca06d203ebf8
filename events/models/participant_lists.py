"""How the columns of the spreadsheets that institutions send were understood, so that it is asked once."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rifess.base.cleaned import models


class KnownColumns(models.Model):
    """A first line seen before, folded and joined, and which of its columns says what."""

    heading = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the folded names of the columns, in order.")
    columns = models.JSONField(_("columns"), default=dict, help_text="Field of a participant → number of the column, from 0.")
    used_at = models.DateTimeField(_("last used"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("known columns"), _("known columns")

    def __str__(self):
        return self.heading[:12]
