"""What calendars remember of a seminar or a panel from one download to the next (RFC 5545 §3.8.7.4: SEQUENCE)."""

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.programme import Panel
from events.models.seminars import Seminar
from rifess.base.cleaned import models


class CalendarEntryQuerySet(models.QuerySet):
    def following(self, kind, shown):
        """The entries of seminars or panels (`kind`) by key of their row, after writing down which of them changed.

        `shown` has the fingerprint of each row, by its key. While nothing changes this is one query and writes nothing; of
        several who see the same change, only one counts it.
        """
        kept = self._by_row(kind, shown)
        new = [self.model(**{f"{kind}_id": key}, fingerprint=shown[key]) for key in shown if key not in kept]
        changed = {key: entry for key, entry in kept.items() if entry.fingerprint != shown[key]}
        if not (new or changed):
            return kept
        self.bulk_create(new, ignore_conflicts=True)
        for key, entry in changed.items():
            entry.change_to(shown[key])
        return self._by_row(kind, shown)

    def _by_row(self, kind, shown):
        return {getattr(entry, f"{kind}_id"): entry for entry in self.filter(**{f"{kind}__in": shown})}


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

    objects = CalendarEntryQuerySet.as_manager()

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

    def change_to(self, fingerprint):
        """Count that it shows something else now, unless somebody has counted that since it was read."""
        as_it_was = CalendarEntry.objects.filter(pk=self.pk, fingerprint=self.fingerprint)
        as_it_was.update(fingerprint=fingerprint, sequence=F("sequence") + 1, changed_at=timezone.now())
