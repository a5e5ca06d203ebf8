from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.programme import Panel
from events.models.seminars import Seminar
from members.models import Proposal


class SeminarProposal(Proposal):
    """A seminar that delegates would hold; accepted, it becomes a draft."""

    seminar = models.ForeignKey(
        Seminar, verbose_name=_("seminar"), on_delete=models.SET_NULL, null=True, editable=False, related_name="proposals"
    )

    became = "seminar"

    class Meta:
        verbose_name, verbose_name_plural = _("proposal of a seminar"), _("proposals of seminars")

    def row(self, *, for_update=False):
        return Seminar()


class PanelProposal(Proposal):
    """A panel for a seminar that is being prepared. Accepted, it stands in the programme: shown, when the seminar is."""

    seminar = models.ForeignKey(
        Seminar, verbose_name=_("seminar"), on_delete=models.CASCADE, editable=False, related_name="panel_proposals"
    )
    panel = models.ForeignKey(
        Panel, verbose_name=_("panel"), on_delete=models.SET_NULL, null=True, editable=False, related_name="proposals"
    )

    became = "panel"

    class Meta:
        verbose_name, verbose_name_plural = _("proposal of a panel"), _("proposals of panels")

    def row(self, *, for_update=False):
        return Panel(seminar=self.seminar)
