"""Where an intervention can be heard: the recordings and seconds to which every page of the portal links."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, Q

from recordings.models import Clip, Recording, RecordingTrack
from recordings.playback import moments
from recordings.playback.sources import Way, first_living, ways_to_each


@dataclass(frozen=True)
class Moment:
    """An intervention in a recording: from `start`, which may be unknown. `way` plays it there, or None."""

    recording: Recording
    way: Way | None
    start: timedelta | None
    end: timedelta | None = None

    @property
    def url(self):
        """The page; one that can play there begins at once (`#play`)."""
        address = self.recording.get_absolute_url()
        if self.start is None:
            return address
        span = moments.of(self.start)
        return f"{address}{f'?t={span}' if span else ''}{'#play' if self.way else ''}"

    @property
    def is_interpreted(self):
        return self.recording.track == RecordingTrack.INTERPRETED


def bring_moments(interventions, user):
    """Give each of `interventions` its `moments`, in recordings that `user` may see: as spoken first, then interpreted.

    It asks once when nothing is recorded, and five times at most, however many they are.
    """
    rows = list(interventions)
    recordings = list(_recordings_of(rows, user))
    playing = {pk: first_living(ways) for pk, ways in ways_to_each(recordings).items()}
    found = defaultdict(list)
    for recording in recordings:
        way = playing[recording.pk]
        if recording.intervention_id and not recording.clips_shown:
            found[recording.intervention_id].append(Moment(recording, way, timedelta(0)))
        for clip in recording.clips_shown:
            found[clip.intervention_id].append(Moment(recording, way, clip.start, clip.end))
    for row in rows:
        row.moments = found[row.pk]


def _recordings_of(interventions, user):
    clips = Clip.objects.filter(intervention__in=interventions)
    within = Q(intervention__in=interventions) | Q(pk__in=clips.values("recording"))
    visible = Recording.objects.visible_to(user).filter(within).order_by("track", "part", "pk")
    return visible.prefetch_related("sources", Prefetch("clips", clips, to_attr="clips_shown"))
