"""What calendars remember of a seminar or a panel from one download to the next (RFC 5545 §3.8.7.4: SEQUENCE)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.programme import Panel
from events.models.seminars import Seminar


class CalendarEntry(models.Model):
    """How often what a calendar shows of something has changed, and when it did last. `fingerprint` is of what it shows now."""

    seminar = models.OneToOneField(
        Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_entry"
    )
    panel = models.OneToOneField(
        Panel, verbose_name=_("panel"), on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_entry"
    )
    sequence = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("entry of a calendar"), _("entries of calendars")
        constraints = [
            models.CheckConstraint(
                name="calendar_entry_is_of_one_thing",
                condition=models.Q(seminar__isnull=False, panel__isnull=True)
                | models.Q(seminar__isnull=True, panel__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.seminar or self.panel} · {self.sequence}"
