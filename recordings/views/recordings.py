"""Recordings, for visitors."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from events.programme.schema_org import breadcrumbs
from members.models import Audience, standing_of
from recordings.linked_data import video
from recordings.models import Consent, ConsentScope, Recording
from recordings.playback import moments
from recordings.playback.chapters import chapters_of
from recordings.playback.sources import first_living, ways_to
from recordings.playback.transcripts import transcript_of
from recordings.related import related_to
from recordings.subjects import topics_of
from recordings.views.taking import take_with_you
from rifess.base.dates import say_days
from rifess.base.text.translated import text_of
from rifess.base.views import SluggedDetail, current_slug
from rifess.links import hosts


class RecordingDetail(SluggedDetail):
    """A recording with its player at the moment asked for (`?t=`), what lies where in it, and what was said (`?lang=`)."""

    model = Recording
    template_name = "recordings/recording_detail.html"

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            slug = current_slug(Recording, self.kwargs["slug"])
            withdrawn = Recording.objects.withdrawn_from(request.user).filter(slug=slug).first()
            if withdrawn is None:
                raise
            return say_withdrawn(request, withdrawn)

    def get_queryset(self):
        return super().get_queryset().with_card().select_related("intervention__panel__seminar")

    def address_of(self, recording):
        return f"{super().address_of(recording)}{self.query}"

    @property
    def query(self):
        """What the visitor asked for, as it is handed on to a new address."""
        asked = self.request.GET.urlencode(safe=",")
        return f"?{asked}" if asked else ""

    def get_context_data(self, **kwargs):
        recording, user = self.object, self.request.user
        span = moments.read(self.request.GET.get("t"))
        ways = ways_to(recording, span)
        self.playing = first_living(ways)
        marks = marks_at(recording, span)
        transcript = transcript_of(recording, self.request.GET.get("lang", ""), span)
        return super().get_context_data(
            **kwargs,
            **self.words(recording, marks, transcript),
            seminar=recording.seminar,
            panel=recording.panel,
            span=span,
            playing=self.playing,
            has_episodes=any(way.is_episode for way in ways),
            other_ways=[way for way in ways if way is not self.playing],
            all_dead=all(way.is_dead for way in ways),
            transcript=transcript,
            take=take_with_you(recording, span, plays=self.playing is not None),
            marks=marks,
            voices=voices_in(recording, marks),
            topics=topics_of(Recording.objects.filter(pk=recording.pk)),
            related=related_to(recording, user),
            variants=Recording.objects.visible_to(user).recorded_with(recording).prefetch_related("languages"),
            may_tell_where=not ways and may_tell_where(recording, user),
            not_public=why_not_public(recording) if user.has_perm("recordings.view_recording") else {},
        )

    def words(self, recording, marks, transcript):
        """What the page says of the recording, beside what lies in it."""
        described = video(recording, self.playing.source, [mark for mark, *_rest in marks], transcript) if self.playing else None
        steps = [
            (gettext("Recordings"), reverse("recordings:recordings")),
            (text_of(recording.seminar, "title"), recording.seminar.get_absolute_url()),
        ]
        return {
            "days_in_words": say_days(recording.seminar.starts_on, recording.seminar.ends_on),
            "permanent_url": f"{settings.SITE_URL}{recording.get_permanent_url()}",
            "crumbs": steps,
            "linked_data": [
                *([described] if described else []),
                breadcrumbs(*steps, (text_of(recording, "title"), recording.get_absolute_url())),
            ],
        }

    def render_to_response(self, context, **response_kwargs):
        response = super().render_to_response(context, **response_kwargs)
        if self.playing:
            response._csp_config = settings.SECURE_CSP | hosts.origins(self.playing.source.host, self.playing.source.url)
        return response


def may_tell_where(recording, user):
    """Whether `user` may propose an address for `recording`, of which none is known."""
    standing = standing_of(user)
    return standing is not None and standing.may_act and recording.seminar.cancelled_on is None


def marks_at(recording, span):
    """Each mark of `recording` with its Span, and whether the second asked for lies in it."""
    marks = [(mark, moments.of(mark.start, mark.end)) for mark in chapters_of(recording)]
    begun = [mark for mark, its_span in marks if span and its_span.start <= span.start]
    return [(mark, its_span, begun[-1:] == [mark]) for mark, its_span in marks]


def voices_in(recording, marks):
    """The interventions heard in `recording` that are not among its `marks`, with their Span; None when nobody has noted it."""
    said = {mark.intervention.pk for mark, *_rest in marks if mark.intervention}
    clips = recording.clips.select_related("intervention__person", "intervention__panel__seminar")
    return [
        (clip, None if clip.start is None else moments.of(clip.start, clip.end))
        for clip in clips
        if clip.intervention_id not in said
    ]


def why_not_public(recording):
    """What keeps visitors from `recording`, for the secretariat."""
    seminar = recording.seminar
    consents = recording.consents.select_related("person") if seminar.waits_for_consent else Consent.objects.none()
    narrow = consents.in_force().filter(scope=ConsentScope.NETWORK) if seminar.audience == Audience.EVERYONE else []
    reasons = {
        "draft": recording.published_at is None,
        "withdrawn_on": recording.withdrawn_on,
        "taken_back": list(consents.taken_back()),
        "narrow": list(narrow),
        "seminar": not seminar.is_published,
    }
    return {reason: said for reason, said in reasons.items() if said}


def say_withdrawn(request, recording):
    """Tell that something was here, and until when: nothing of what it was, nor its address."""
    context = {"since": recording.withdrawn_since, "page_meta": None}
    return render(request, "recordings/recording_withdrawn.html", context, status=HTTPStatus.GONE)


@require_safe
def recording_by_key(request, key):
    """Lead from the short address that never changes to the page, at the same moment.

    Not a permanent redirect: the page's language is the visitor's, and its address may change.
    """
    recording = Recording.objects.visible_to(request.user).filter(key=key).first()
    if recording is None:
        return say_withdrawn(request, get_object_or_404(Recording.objects.withdrawn_from(request.user), key=key))
    span = moments.read(request.GET.get("t"))
    query = f"?{urlencode({'t': str(span)}, safe=',')}" if span else ""
    return redirect(recording.get_absolute_url() + query)
