"""Who is heard in which recording, asked from both sides.

An intervention is heard in its own recording and where it has a range; while nobody has noted one, somewhere in those of its
panel. It is somewhere in those of its whole seminar in any case.
"""

from django.db.models import Exists, OuterRef, Q

from events.models import Intervention
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
    """The interventions heard in one of `recordings`."""
    of_panels = recordings.filter(intervention=None)
    somewhere = (
        Exists(recordings.filter(intervention=OuterRef("pk")))
        | (~_has_range() & Exists(of_panels.filter(panel=OuterRef("panel"))))
        | Exists(recordings.filter(panel=None, seminar=OuterRef("panel__seminar")))
    )
    in_ranges = Exists(Clip.objects.filter(intervention=OuterRef("pk"), recording__in=recordings.values("pk")))
    spoken = Intervention.objects.spoken().values("pk")
    return Intervention.objects.filter(in_ranges | (Q(pk__in=spoken) & somewhere))


def _has_range():
    return Exists(Clip.objects.filter(intervention=OuterRef("pk")))
