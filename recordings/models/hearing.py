"""Who is heard in which recording, asked from both sides.

An intervention is heard in its own recording and where it has a range. While nobody has noted one in the recordings of its
panel with the same sound, it is somewhere in each of them; in those of its whole seminar it is somewhere in any case.
"""

from django.db.models import Exists, OuterRef, Q

from events.models import Intervention
from recordings.models.ranges import Clip
from recordings.models.tracks import RecordingTrack


def heard(said):
    """The condition that one of the interventions `said` is heard in a recording."""
    spoken = said.spoken()
    condition = (
        Exists(said.filter(clips__recording=OuterRef("pk")))
        | Exists(spoken.filter(pk=OuterRef("intervention")))
        | (Q(panel=None) & Exists(spoken.filter(panel__seminar=OuterRef("seminar"))))
    )
    for track in RecordingTrack:
        somewhere = without_range(spoken, track).filter(panel=OuterRef("panel"))
        condition |= Q(intervention=None, track=track) & Exists(somewhere)
    return condition


def heard_in(recordings):
    """The interventions heard in one of `recordings`. Each set is found once, not for each intervention anew."""
    spoken, of_panels = Intervention.objects.spoken(), recordings.filter(intervention=None)
    condition = (
        Q(pk__in=Clip.objects.filter(recording__in=recordings.values("pk")).values("intervention"))
        | Q(pk__in=spoken.filter(pk__in=recordings.exclude(intervention=None).values("intervention")).values("pk"))
        | Q(pk__in=spoken.filter(panel__seminar__in=recordings.filter(panel=None).values("seminar")).values("pk"))
    )
    for track in RecordingTrack:
        panels = of_panels.filter(track=track).values("panel")
        condition |= Q(pk__in=without_range(spoken, track).filter(panel__in=panels).values("pk"))
    return Intervention.objects.filter(condition)


def without_range(interventions, track):
    """Those of `interventions` of which nobody has noted where they are in the recordings of their panel with this sound."""
    noted = Clip.objects.filter(intervention=OuterRef("pk"), recording__panel=OuterRef("panel"), recording__track=track)
    return interventions.filter(~Exists(noted))
