"""What else to hear after a recording."""

from django.db.models import Case, Q, Value, When

from events.models import Intervention, Topic
from recordings.models import Recording
from recordings.models.hearing import heard
from recordings.subjects import about

MOST = 4


def related_to(recording, user):
    """The recordings nearest to `recording` that `user` may see: of its panel, then with the same people, then of its topics.

    Of each the latest seminars first, MOST in all. The same session's other parts and sound (`recorded_with`) are no news.
    """
    people = list(recording.interventions_heard().exclude(person=None).values_list("person", flat=True))
    topics = list(_topics_of(recording).values_list("pk", flat=True))
    nearness = Case(
        When(Q(panel__isnull=False, panel=recording.panel_id), then=Value(0)),
        When(heard(Intervention.objects.filter(person__in=people)), then=Value(1)),
        When(about(topics), then=Value(2)),
    )
    same = Recording.objects.recorded_with(recording).order_by().values("pk")
    others = Recording.objects.visible_to(user).exclude(pk=recording.pk).exclude(pk__in=same)
    near = others.annotate(nearness=nearness).filter(nearness__isnull=False).with_card()
    return near.order_by("nearness", "-seminar__starts_on", "panel__position", "part", "track", "pk")[:MOST]


def _topics_of(recording):
    """The topics of its panel or, where that has none, those of its seminar."""
    of_panel = Topic.objects.filter(panels=recording.panel_id)
    return of_panel if recording.panel_id and of_panel.exists() else Topic.objects.filter(seminars=recording.seminar_id)
