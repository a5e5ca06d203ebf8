"""Who is heard in which recording, asked from both sides.

An intervention is heard in its own recording and where it has a range; while nobody has noted one, somewhere in those of its
panel. It is somewhere in those of its whole seminar in any case.
"""

from django.db.models import Exists, OuterRef, Q

from events.models import Intervention
from events.models.interventions import SILENT
from recordings.models.ranges import Clip


def heard(said):
    """The condition that one of the interventions `said` is heard in a recording."""
    spoken = said.spoken()
    without_range = spoken.filter(~_has_range())
    return (
        Exists(said.filter(clips__recording=OuterRef("pk")))
        | Exists(spoken.filter(pk=OuterRef("intervention")))
        | (Q(intervention=None) & Exists(without_range.filter(panel=OuterRef("panel"))))
        | (Q(panel=None) & Exists(spoken.filter(panel__seminar=OuterRef("seminar"))))
    )


def heard_in(recordings):
    """The interventions heard in one of `recordings`. Each set is found once, not for each intervention anew."""
    of_panels = recordings.filter(intervention=None).exclude(panel=None)
    somewhere = (
        Q(pk__in=recordings.exclude(intervention=None).values("intervention"))
        | (~_has_range() & Q(panel__in=of_panels.values("panel")))
        | Q(panel__seminar__in=recordings.filter(panel=None).values("seminar"))
    )
    in_ranges = Q(pk__in=Clip.objects.filter(recording__in=recordings.values("pk")).values("intervention"))
    return Intervention.objects.filter(in_ranges | (~Q(role__in=SILENT) & somewhere))


def _has_range():
    return Exists(Clip.objects.filter(intervention=OuterRef("pk")))
