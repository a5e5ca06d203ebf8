"""Recordings, for visitors."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django_filters.views import FilterView

from events.calendar_times import say_days
from events.linked_data import breadcrumbs
from recordings import hosts, moments
from recordings.filters import RecordingFilter
from recordings.linked_data import video
from recordings.models import Recording
from recordings.playing import first_living, ways_to
from rifess.base.texts import text_of
from rifess.base.views import SluggedDetail


class RecordingList(FilterView):
    filterset_class = RecordingFilter
    template_name = "recordings/recording_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Recording.objects.visible_to(self.request.user).with_card()


class RecordingDetail(SluggedDetail):
    model = Recording
    template_name = "recordings/recording_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_card().select_related("intervention__panel__seminar")

    def get_context_data(self, **kwargs):
        recording = self.object
        ways = ways_to(recording)
        self.playing = first_living(ways)
        steps = [
            (gettext("Recordings"), reverse("recordings:recordings")),
            (text_of(recording.seminar, "title"), recording.seminar.get_absolute_url()),
        ]
        return super().get_context_data(
            **kwargs,
            seminar=recording.seminar,
            panel=recording.panel,
            playing=self.playing,
            other_ways=[way for way in ways if way is not self.playing],
            days_in_words=say_days(recording.seminar.starts_on, recording.seminar.ends_on),
            permanent_url=f"{settings.SITE_URL}{reverse('recording_by_key', args=[recording.key])}",
            crumbs=steps,
            linked_data=[
                *([video(recording, self.playing.source)] if self.playing else []),
                breadcrumbs(*steps, (text_of(recording, "title"), recording.get_absolute_url())),
            ],
        )

    def render_to_response(self, context, **response_kwargs):
        response = super().render_to_response(context, **response_kwargs)
        if self.playing:
            response._csp_config = settings.SECURE_CSP | hosts.origins(self.playing.source.host, self.playing.source.url)
        return response


@require_safe
def recording_by_key(request, key):
    """Lead from the short address that never changes to the page, at the same moment.

    Not a permanent redirect: the page's language is the visitor's, and its address may change.
    """
    recording = get_object_or_404(Recording.objects.visible_to(request.user), key=key)
    span = moments.read(request.GET.get("t"))
    query = f"?{urlencode({'t': str(span)}, safe=',')}" if span else ""
    return redirect(recording.get_absolute_url() + query)
